"""Every operation with zeep in strict mode, from the contracts that the server hands out."""

import os
import warnings

import requests
import zeep
from zeep.exceptions import Fault

URL, USER, PASSWORD = os.environ["UCM_URL"], os.environ["UCM_USER"], os.environ["UCM_PASSWORD"]
TFTP = {"item": ["Cisco Tftp"]}

warnings.filterwarnings("ignore", category=DeprecationWarning)


def client(path):
    session = requests.Session()
    session.trust_env = False
    session.verify = os.environ["UCM_CACERT"]
    session.auth = (USER, PASSWORD)
    transport = zeep.Transport(session=session)
    return zeep.Client(f"{URL}{path}?wsdl", transport=transport, settings=zeep.Settings(strict=True))


def tell(service, operation, good, detail):
    print(f"{service}\t{operation}\t{'ok' if good else 'FAILED'}\t{detail}")


def outcome(answer):
    item = answer.ServiceInfoList.item[0]
    return answer.ReasonCode, item.ServiceStatus, item.ReasonCode


def current():
    name = "ControlCenterServices"
    call = client(f"/controlcenterservice2/services/{name}").service
    listed = call.soapGetStaticServiceList("").item
    tell(
        name,
        "soapGetStaticServiceList",
        "Cisco Tftp" in [each.ServiceName for each in listed],
        f"{len(listed)} services",
    )
    done = outcome(call.soapDoServiceDeployment({"DeployType": "Deploy", "ServiceList": TFTP}))
    tell(name, "soapDoServiceDeployment", done == (-1, "Started", -1), done)
    done = outcome(call.soapDoControlServices({"ControlType": "Restart", "ServiceList": TFTP}))
    tell(name, "soapDoControlServices", done == (-1, "Started", -1), done)
    states = {
        each.ServiceName: each.ServiceStatus for each in call.soapGetServiceStatus("").ServiceInfoList.item
    }
    tell(
        name,
        "soapGetServiceStatus",
        len(states) == len(listed) and states["Cisco Tftp"] == "Started",
        f"{len(states)} services",
    )
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
    except Fault as fault:
        tell(name, "a fault", (fault.code, fault.message) == ("soapenv:Server", "unknown"), fault.message)


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
    names = call.getFileDirectoryList("/var/log/active/tomcat/logs/ccmservice")
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
    made = client(f"/controlcenterservice/services/{name}")
    call = made.service

    def names(*names):
        entry = zeep.xsd.Element("item", zeep.xsd.String())
        return {"_value_1": [zeep.xsd.AnyObject(entry, name) for name in names]}

    def outcome(answer):
        return (
            answer.ReasonCode,
            answer.ServiceInfoList[0].ServiceStatus,
            answer.ServiceInfoList[0].ReasonCode,
        )

    listed = call.soapGetStaticServiceList("")  # zeep leaves out what holds nothing but the list
    tell(
        name,
        "soapGetStaticServiceList",
        "Cisco Tftp" in [each.ServiceName for each in listed],
        f"{len(listed)} services",
    )
    done = outcome(call.soapDoServiceDeployment({"DeployType": "Deploy", "ServiceList": names("Cisco Tftp")}))
    tell(name, "soapDoServiceDeployment", done == (-1, "Started", -1), done)
    done = outcome(call.soapDoControlServices({"ControlType": "Restart", "ServiceList": names("Cisco Tftp")}))
    tell(name, "soapDoControlServices", done == (-1, "Started", -1), done)
    states = call.soapGetServiceStatus(names("")).ServiceInfoList
    tell(name, "soapGetServiceStatus", len(states) == len(listed), f"{len(states)} services")
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
