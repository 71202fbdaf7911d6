"""ControlCenterServices over the real engine and the built-in lab: every node answers every question validly."""

from __future__ import annotations

import pytest

from tests.api.soap.conversation import ALL, Request, envelope, payload
from tests.api.soap.test_golden import QUESTIONS
from ucmsim.api.soap import SoapApi, control_center, functions
from ucmsim.models.states import NodeRef
from ucmsim.wsdl.contract import load

CONTRACT = load("ControlCenterServices")


@pytest.fixture
def api(lab):
    return SoapApi(CONTRACT, functions(control_center, lab))


@pytest.mark.parametrize("question", ["status-of-all", "static-list", "product-list"])
def test_every_node_answers_by_the_contract(lab, api, question):
    schema = CONTRACT.schema()
    for cluster in lab.clusters.values():
        for node in cluster.nodes:
            answer = api.answer(Request(envelope(QUESTIONS[question]), node=NodeRef(cluster.id, node.id)))
            assert answer.status == 200
            schema.assertValid(payload(answer))
            assert answer.body.count(b"<ns1:ServiceName>") == len(
                lab.static_list(NodeRef(cluster.id, node.id))
            )


def test_a_command_changes_what_the_next_question_shows(lab, api):
    def states() -> dict[str | None, str | None]:
        items = payload(api.answer(Request(envelope(ALL)))).iter("{*}item")
        return {item.findtext("{*}ServiceName"): item.findtext("{*}ServiceStatus") for item in items}

    assert states()["Cisco Tftp"] == "Stopped"
    answer = api.answer(Request(envelope(QUESTIONS["deployment"])))
    assert (
        b"<ns1:ServiceName>Cisco Tftp</ns1:ServiceName><ns1:ServiceStatus>Starting</ns1:ServiceStatus>"
        in answer.body
    )
    assert states()["Cisco Tftp"] == "Starting"
    lab.clock.advance(600_000)
    assert states()["Cisco Tftp"] == "Started"


def test_a_refusal_is_no_fault(api):
    answer = api.answer(Request(envelope(QUESTIONS["deployment"].replace("Cisco Tftp", "Cisco DRF Local"))))
    assert answer.status == 200
    assert (
        b"<ns1:ReasonCode>-1045</ns1:ReasonCode><ns1:ReasonString>Operation not supported </ns1:ReasonString>"
        in (answer.body)
    )
