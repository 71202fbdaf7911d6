"""Every operation with suds-community, from the contracts that the server hands out."""

import os
import ssl
import urllib.request

import suds  # type: ignore[import-not-found]
from suds.client import Client  # type: ignore[import-not-found]
from suds.transport.http import HttpAuthenticated  # type: ignore[import-not-found]

URL, USER, PASSWORD = os.environ["UCM_URL"], os.environ["UCM_USER"], os.environ["UCM_PASSWORD"]
TFTP = {"item": ["Cisco Tftp"]}


class Trusting(HttpAuthenticated):  # type: ignore[misc]
    """suds's own transport, which trusts the server's certificate."""

    def u2handlers(self):
        context = ssl.create_default_context(cafile=os.environ["UCM_CACERT"])
        return [*super().u2handlers(), urllib.request.HTTPSHandler(context=context)]


def client(path):
    transport = Trusting(username=USER, password=PASSWORD)
    return Client(f"{URL}{path}?wsdl", transport=transport, cache=None)


def tell(service, operation, good, detail):
    print(f"{service}\t{operation}\t{'ok' if good else 'FAILED'}\t{detail}")


def outcome(answer):
    items = answer.ServiceInfoList
    item = items[0] if isinstance(items, list) else items.item[0]
    return int(answer.ReasonCode), item.ServiceStatus, int(item.ReasonCode)


def control(name, call, names):
    listed = call.soapGetStaticServiceList("").Services
    listed = listed if isinstance(listed, list) else listed.item
    tell(
        name,
        "soapGetStaticServiceList",
        "Cisco Tftp" in [each.ServiceName for each in listed],
        f"{len(listed)} services",
    )
    done = outcome(call.soapDoServiceDeployment({"DeployType": "Deploy", "ServiceList": names}))
    tell(name, "soapDoServiceDeployment", done == (-1, "Started", -1), done)
    done = outcome(call.soapDoControlServices({"ControlType": "Restart", "ServiceList": names}))
    tell(name, "soapDoControlServices", done == (-1, "Started", -1), done)
    states = call.soapGetServiceStatus([""]).ServiceInfoList
    states = states if isinstance(states, list) else states.item
    tell(name, "soapGetServiceStatus", len(states) == len(listed), f"{len(states)} services")


def current():
    name = "ControlCenterServices"
    call = client(f"/controlcenterservice2/services/{name}").service
    control(name, call, TFTP)
    found = call.getProductInformationList("")
    tell(
        name,
        "getProductInformationList",
        found.PrimaryNode == "cucm-pub.example.com",
        found.ActiveServerVersion,
    )
    try:
        call.soapDoControlServices({"ControlType": "Halt", "ServiceList": TFTP})
        tell(name, "a fault", False, "none")
    except suds.WebFault as fault:
        tell(name, "a fault", fault.fault.faultstring == "unknown", fault.fault.faultcode)


def extended():
    name = "ControlCenterServicesEx"
    call = client(f"/controlcenterservice2/services/{name}").service
    found = call.getStaticServiceListExtended("")
    tell(
        name,
        "getStaticServiceListExtended",
        found.PrimaryNode is True,
        f"{len(found.Services.item)} services",
    )
    names = call.getFileDirectoryList("/var/log/active/tomcat/logs/ccmservice").File
    tell(name, "getFileDirectoryList", names[0] == "ccmservice00001.log", f"{len(names)} files")
    asked = {
        "ProductId": "CallManager",
        "DependencyType": "Enforce",
        "ControlType": "Stop",
        "ServiceList": TFTP,
    }
    done = outcome(call.soapDoControlServicesEx(asked))
    tell(name, "soapDoControlServicesEx", done == (-1, "Stopped", -1069), done)
    done = outcome(call.soapDoServiceDeploymentNoDbUpdate({"DeployType": "UnDeploy", "ServiceList": TFTP}))
    tell(name, "soapDoServiceDeploymentNoDbUpdate", done == (-1, "Stopped", -1068), done)


def legacy():
    name = "ControlCenterServicesPort"
    call = client(f"/controlcenterservice/services/{name}").service
    control(name, call, ["Cisco Tftp"])
    found = call.GetProductInformationList("")
    tell(
        name,
        "GetProductInformationList",
        found.PrimaryNode == "cucm-pub.example.com",
        found.ActiveServerVersion,
    )


current()
extended()
legacy()
