"""A zeep client in strict mode, built from our contract: the objects that scripts get, as the specification quotes them."""

from __future__ import annotations

import pytest
import zeep
import zeep.helpers
from requests import Response as HttpResponse
from zeep.exceptions import Fault
from zeep.transports import Transport

from tests.api.soap.conversation import Request
from ucmsim import wsdl
from ucmsim.api.soap import SoapApi
from ucmsim.models.states import Action


class InProcess(Transport):  # type: ignore[misc]  # zeep has no types
    """Hands zeep's requests to a face, and its answers back as if they had come over HTTP."""

    def __init__(self, api: SoapApi) -> None:
        super().__init__()
        self.api = api

    def post(self, address, message, headers):
        answer = self.api.answer(Request(message, headers["Content-Type"], headers["SOAPAction"], address))
        response = HttpResponse()
        response.status_code, response._content = answer.status, answer.body
        response.headers["Content-Type"] = "text/xml;charset=UTF-8"
        return response


@pytest.fixture
def service(face):
    transport = InProcess(face.api)
    path = str(wsdl.path("ControlCenterServices"))
    yield zeep.Client(path, transport=transport, settings=zeep.Settings(strict=True)).service
    transport.session.close()


def as_printed(items) -> list[dict]:
    return [zeep.helpers.serialize_object(item, dict) for item in items]


def test_a_restart_as_a_real_server_answered_it(service):
    """Section 11.1, the README of luarvick/tinyCUCM: NodeName goes out as nil."""
    answer = service.soapDoControlServices(
        {"ControlType": "Restart", "ServiceList": {"item": ["Cisco License Manager", "Cisco Tftp"]}}
    )
    assert answer.ReturnCode._value_1 == "0"
    assert (answer.ReasonCode, answer.ReasonString) == (-1, " ")
    assert as_printed(answer.ServiceInfoList.item) == [
        {
            "ServiceName": "Cisco License Manager",
            "ServiceStatus": "Starting",
            "ReasonCode": -1,
            "ReasonCodeString": " ",
            "StartTime": None,
            "UpTime": -1,
        },
        {
            "ServiceName": "Cisco Tftp",
            "ServiceStatus": "Started",
            "ReasonCode": -1,
            "ReasonCodeString": " ",
            "StartTime": "Tue Mar  5 15:53:19 2024",
            "UpTime": 4,
        },
    ]


def test_first_and_last_of_all(service):
    items = as_printed(service.soapGetServiceStatus("").ServiceInfoList.item)
    assert items[0] == {
        "ServiceName": "A Cisco DB",
        "ServiceStatus": "Started",
        "ReasonCode": -1,
        "ReasonCodeString": " ",
        "StartTime": "Tue Mar  5 13:01:39 2024",
        "UpTime": 10012,
    }
    assert items[-1] == {
        "ServiceName": "Cisco Wireless Controller Synchronization Service",
        "ServiceStatus": "Stopped",
        "ReasonCode": -1068,
        "ReasonCodeString": "Service Not Activated ",
        "StartTime": None,
        "UpTime": -1,
    }


def test_a_deployment_of_several(service, engine):
    service.soapDoServiceDeployment(
        {
            "NodeName": "cucm-pub",
            "DeployType": "Deploy",
            "ServiceList": {"item": ["Cisco Tftp", "A Cisco DB"]},
        }
    )
    (command,) = engine.commands
    assert (command.action, command.names) == (Action.ACTIVATE, ("Cisco Tftp", "A Cisco DB"))


def test_the_static_list_is_read_without_a_wrapper(service):
    """Section 2: callers read `.item` directly."""
    listed = service.soapGetStaticServiceList("").item
    assert [(item.ServiceName, item.ServiceType, item.Deployable, item.GroupName) for item in listed] == [
        ("Cisco Tftp", "Service", True, "CM Services"),
        ("Cisco CAR Web Service", "Servlet", True, "CDR Services"),
        ("A Cisco DB", "Service", False, "Platform Services"),
    ]
    assert listed[1].DependentServices.Service == ["Cisco CAR DB", "A Cisco DB"]


def test_the_product_list(service):
    listed = service.getProductInformationList("")
    assert (listed.ActiveServerVersion, listed.PrimaryNode, listed.SecondaryNode) == (
        "15.0.1.12900-43",
        "cucm-pub.example.com",
        None,
    )
    assert [(product.ProductID, product.ShortName) for product in listed.Products.item] == [
        ("CallManager", "UCM"),
        ("Common", "SYS"),
    ]
    assert [found.ProductID for found in listed.Services.item] == ["CallManager", "CallManager", "Common"]


def test_a_fault_arrives_as_a_fault(service):
    with pytest.raises(Fault, match=r"^unknown$") as raised:
        service.soapDoControlServices({"ControlType": "Explode", "ServiceList": {"item": ["Cisco Tftp"]}})
    assert raised.value.code == "soapenv:Server"
