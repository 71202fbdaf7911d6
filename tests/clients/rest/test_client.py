"""The REST client against a running cluster: the façade of ControlCenter, and what only REST can."""

from __future__ import annotations

import inspect
from datetime import UTC, datetime, timedelta

import pytest

from ucmsim.clients import Action, ControlCenter, Status
from ucmsim.clients.errors import (
    CredentialsError,
    ForbiddenError,
    NotReachedError,
    RefusedError,
    UnreachableError,
)
from ucmsim.clients.rest import RestClient
from ucmsim.clients.rest.reading import ProblemError

TFTP = "Cisco Tftp"
ONLY_SOAP = {"extended_services", "files", "extended_control", "activate_unrecorded", "deactivate_unrecorded"}


def methods(kind):
    return {
        name: list(inspect.signature(found).parameters.values())
        for name, found in inspect.getmembers(kind, inspect.isfunction)
        if not name.startswith("_")
    }


def test_it_has_the_methods_of_control_center_with_their_parameters():
    soap, rest = methods(ControlCenter), methods(RestClient)
    assert set(soap) - set(rest) == ONLY_SOAP
    assert {name: rest[name] for name in set(soap) & set(rest)} == {
        name: soap[name] for name in set(soap) & set(rest)
    }


def test_both_clients_tell_the_same_of_a_node(lab):
    soap, rest = lab.control_center(), lab.rest()
    by_soap = {state.name: state for state in soap.status()}
    by_rest = {state.name: state for state in rest.status()}
    assert by_soap.keys() == by_rest.keys()
    for name, state in by_rest.items():
        assert (state.status, state.reason) == (by_soap[name].status, by_soap[name].reason)
    listed = {service.name: service for service in soap.product_information().services}
    assert {service.name: service for service in rest.services()} == listed
    assert rest.product_information().version == soap.product_information().version


def test_a_node_is_found_by_its_address_or_by_name(lab):
    assert lab.rest("cucm-sub").product_information().primary_node == "cucm-pub"
    by_address = RestClient(lab.node("cucm-sub").host, *lab.credentials, verify=lab.verify, port=lab.port)
    with by_address as client:
        (state,) = client.status(TFTP)
    assert not state.activated  # as on the subscriber, not on the publisher


def test_a_node_is_found_by_whatever_name_leads_to_its_address(lab):
    with RestClient("localhost", *lab.credentials, verify=lab.verify, port=lab.port) as client:
        assert next(iter(client.nodes())).id == "cucm-pub"
        assert client.product_information().primary_node == "cucm-pub"


def test_a_host_without_a_node_is_told(lab):
    with (
        RestClient(
            lab.host, *lab.credentials, verify=lab.verify, port=lab.port, node="nowhere.invalid"
        ) as client,
        pytest.raises(ProblemError, match=r"no node named 'nowhere\.invalid'"),
    ):
        client.status()


def test_an_unknown_node_is_told_with_the_closest(lab):
    with (
        RestClient(lab.host, *lab.credentials, verify=lab.verify, port=lab.port, node="cucm-sup") as client,
        pytest.raises(ProblemError, match="cucm-su") as told,
    ):
        client.status()
    assert told.value.code == "NODE_NOT_FOUND"


def test_the_whole_cluster_in_one_view(lab):
    client = lab.rest()
    assert [(cluster.id, cluster.nodes, cluster.publisher) for cluster in client.clusters()] == [
        ("lab", 2, "cucm-pub")
    ]
    assert [(node.id, node.role, node.reachable) for node in client.nodes()] == [
        ("cucm-pub", "PUBLISHER", True),
        ("cucm-sub", "SUBSCRIBER", True),
    ]
    matrix = client.matrix()
    assert (matrix["cucm-pub"][TFTP], matrix["cucm-sub"][TFTP]) == (Status.STARTED, Status.STOPPED)


def test_an_order_is_an_operation_that_can_be_waited_for(lab):
    client = lab.rest()
    operation = client.order(Action.RESTART, TFTP, reason="new certificate", wait=10)
    assert (operation.kind, operation.status, operation.reason) == (
        "SERVICE_RESTART",
        "SUCCEEDED",
        "new certificate",
    )
    assert operation.over
    assert client.operation(operation.id).outcomes == operation.outcomes
    assert operation.created.tzinfo is not None
    assert abs(operation.created - datetime.now(UTC)) < timedelta(minutes=5)


def test_one_order_for_every_node_that_has_the_service(lab):
    operation = lab.rest().order(Action.STOP, "Cisco CallManager", nodes=["*"], wait=10)
    assert [(outcome.node, outcome.status) for outcome in operation.outcomes] == [
        ("cucm-pub", "SUCCEEDED"),
        ("cucm-sub", "SUCCEEDED"),
    ]


def test_what_came_over_soap_is_in_the_list_of_operations(lab):
    lab.control_center().stop(TFTP)
    found = next(lab.rest().operations(kind="SERVICE_STOP"))
    assert found.origin == "SOAP"
    assert [outcome.service for outcome in found.outcomes] == ["cisco-tftp"]


def test_a_refusal_carries_the_reason_that_soap_would_have(lab):
    with pytest.raises(RefusedError) as refused:
        lab.rest().start("Cisco CTIManager")
    assert (refused.value.node, refused.value.service, refused.value.reason.code) == (
        "cucm-pub",
        "Cisco CTIManager",
        -1068,
    )
    assert "activate it" in refused.value.hint


def test_waiting_in_vain_says_what_was_seen(lab):
    with pytest.raises(NotReachedError, match="Cisco CTIManager: Stopped, Service Not Activated"):
        lab.rest().wait_until("Cisco CTIManager", Status.STARTED, timeout=0)


def test_the_events_of_a_command_in_their_order(lab):
    client = lab.rest()
    since = list(client.events())[-1].cursor  # events go on over a reset
    client.stop(TFTP)
    events = list(client.events("service.state.changed", service="cisco-tftp", since=since))
    assert [(event.data["from"], event.data["to"]) for event in events] == [
        ("STARTED", "STOPPING"),
        ("STOPPING", "STOPPED"),
    ]
    assert {(event.node, event.service) for event in events} == {("cucm-pub", "cisco-tftp")}
    assert list(client.events(since=events[-1].cursor)) == []


def test_events_are_followed_as_they_happen(lab):
    client, actor = lab.rest(), lab.rest()
    actor.stop(TFTP)
    since = list(client.events())[-1].cursor
    followed = client.events("service.state.changed", since=since, follow=True)
    actor.start(TFTP)
    assert [next(followed).data["to"] for _ in range(2)] == ["STARTING", "STARTED"]
    followed.close()


def test_advice_is_what_the_guide_would_have_otherwise(lab):
    lab.control_center("cucm-pub").activate("Cisco CTIManager")
    findings = lab.rest().advice()
    assert findings
    assert all(each.rule.startswith("G-") and each.message and each.remedy for each in findings)


def test_a_wrong_password_is_told(lab):
    with (
        RestClient(lab.host, "administrator", "wrong", verify=lab.verify, port=lab.port) as client,
        pytest.raises(CredentialsError, match="does not accept the password of 'administrator'"),
    ):
        client.clusters()


def test_nothing_listens(lab):
    with (
        RestClient(lab.host, *lab.credentials, verify=lab.verify, port=1) as client,
        pytest.raises(UnreachableError, match="port 1"),
    ):
        client.clusters()


def test_a_role_that_is_too_low_is_told(tmp_path):
    from tests.clients.lab import QUICK
    from ucmsim.clients.testing import serve

    watcher = '\n[[users]]\nname = "watcher"\nroles = ["monitor"]\npassword = "eyes"\n'
    with (
        serve(QUICK + watcher) as ucm,
        RestClient(ucm.host, "watcher", "eyes", verify=ucm.verify, port=ucm.port) as client,
    ):
        assert client.status(TFTP)
        with pytest.raises(ForbiddenError):
            client.stop(TFTP)
