"""Quirks of the legacy endpoint, most of whose known clients write their requests by hand."""

from __future__ import annotations

from tests.api.compatibility.quirk import ANYBODY, Asks, Cuts, Does, Hears, Quirk, Sent
from tests.api.compatibility.transport import get
from tests.api.soap.conversation import NODE
from ucmsim.api.faces import CONTROL_CENTER_LEGACY
from ucmsim.models.commands import Control, Deploy
from ucmsim.models.states import Action

TFTP = ("Cisco Tftp",)

CENTREON = b"""<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" xmlns:soap="http://schemas.cisco.com/ast/soap">
   <soapenv:Header/>
   <soapenv:Body>
      <soapGetServiceStatus>
        <ServiceStatus></ServiceStatus>
      </soapGetServiceStatus>
   </soapenv:Body>
</soapenv:Envelope>"""
WRONG_ACTION = "http://schemas.cisco.com/ast/soap/action/#ControlCenterServices#soapGetServiceList"

ENCODED = (
    '<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"'
    ' xmlns:xsd="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
    ' xmlns:enc="http://schemas.xmlsoap.org/soap/encoding/" xmlns:ast="http://schemas.cisco.com/ast/soap/"'
    ' xmlns:cc="http://cisco.com/ccm/serviceability/soap/ControlCenterServices/"><soapenv:Body>{}</soapenv:Body>'
    "</soapenv:Envelope>"
)


def legacy(body: bytes, *headers: tuple[str, str]) -> Sent:
    return Sent(body, CONTROL_CENTER_LEGACY, headers or (("Content-Type", "text/xml"),))


def encoded(body: str) -> Sent:
    return legacy(ENCODED.format(body).encode())


LEGACY = (
    Quirk(
        "centreon-plugins",
        "sends an operation in no namespace, under the SOAPAction of another one",
        legacy(CENTREON, ("Content-Type", "text/xml"), ("SOAPAction", WRONG_ACTION)),
        Asks(),
        "section 9",
    ),
    Quirk(
        "zabbix community template",
        "sends the wrong SOAPAction in quotes",
        legacy(CENTREON, ("Content-Type", "text/xml"), ("SOAPAction", f'"{WRONG_ACTION}"')),
        Asks(),
        "section 9",
    ),
    Quirk(
        "zabbix community template",
        "cuts name and status where their tags touch",
        legacy(CENTREON),
        Cuts(
            r"<ServiceName [^>]*>([^<]*)</ServiceName><ServiceStatus [^>]*>([^<]*)</ServiceStatus>",
            (
                ("A Cisco DB", "Started"),
                ("Cisco License Manager", "Starting"),
                ("Cisco Tftp", "Started"),
                ("Cisco Wireless Controller Synchronization Service", "Stopped"),
            ),
        ),
        "section 9",
    ),
    Quirk(
        "Nessus 70088",
        "sends `GetProductInformationList` as a form with an empty SOAPAction, and cuts the version",
        legacy(
            ENCODED.format(
                "<GetProductInformationList><ServiceInfo></ServiceInfo></GetProductInformationList>"
            ).encode(),
            ("Content-Type", "application/x-www-form-urlencoded"),
            ("SOAPAction", '""'),
        ),
        Cuts(
            r"^<\?xml version=.1\.0. encoding=.UTF-8.\?><soapenv:Envelope.*"
            r'<ActiveServerVersion xsi:type="xsd:string">([^<]+)<',
            ("15.0.1.12900-43",),
        ),
        "section 9",
    ),
    Quirk(
        "suds users",
        "asks for everything with an array of one empty text",
        encoded(
            '<ast:soapGetServiceStatus><ServiceStatus xsi:type="cc:ArrayOfString" enc:arrayType="xsd:string[1]">'
            '<item xsi:type="xsd:string"></item></ServiceStatus></ast:soapGetServiceStatus>'
        ),
        Asks(),
        "section 9",
    ),
    Quirk(
        "SOAP::Lite",
        "gives an argument no name",
        encoded(
            '<soapGetServiceStatus xmlns="http://schemas.cisco.com/ast/soap/"><c-gensym5 xsi:type="xsd:string">Cisco Tftp'
            "</c-gensym5></soapGetServiceStatus>"
        ),
        Asks(TFTP),
        "SOAP 1.1, section 7.1",
    ),
    Quirk(
        ".NET",
        "calls the entries of an array after their type",
        encoded(
            '<ast:soapGetServiceStatus><ServiceStatus xsi:type="enc:Array" enc:arrayType="xsd:string[1]">'
            "<string>Cisco Tftp</string></ServiceStatus></ast:soapGetServiceStatus>"
        ),
        Asks(TFTP),
        "SOAP 1.1, section 5.4.2",
    ),
    Quirk(
        "Java (Axis)",
        "puts every structure behind the call and refers to it",
        encoded(
            '<ast:soapDoControlServices><ControlServiceRequest href="#id0"/></ast:soapDoControlServices>'
            '<multiRef id="id0"><ControlType>Stop</ControlType><ServiceList href="#id1"/></multiRef>'
            '<multiRef id="id1" enc:arrayType="xsd:string[1]"><multiRef>Cisco Tftp</multiRef></multiRef>'
        ),
        Does(Control(NODE, Action.STOP, TFTP)),
        "SOAP 1.1, section 5.2.1",
    ),
    Quirk(
        ANYBODY,
        "begins an operation with a capital letter",
        encoded(
            "<SoapDoServiceDeployment><DeploymentServiceRequest><DeployType>Deploy</DeployType><ServiceList>"
            "<item>Cisco Tftp</item></ServiceList></DeploymentServiceRequest></SoapDoServiceDeployment>"
        ),
        Does(Deploy(NODE, activate=True, names=TFTP)),
        "U-53",
    ),
    Quirk(
        "centreon-plugins",
        "tells a failure by a Fault in the Body and by its status",
        encoded("<soapNothing/>"),
        Cuts(
            r"<soapenv:Body><soapenv:Fault><faultcode[^>]*>([^<]*)</faultcode><faultstring>([^<]*)</faultstring>",
            (("ns1:Client", "No such operation 'soapNothing'"),),
        ),
        "section 9",
    ),
    Quirk(
        "suds, zeep, PHP SoapClient",
        "reads the contract and the one schema that it imports, all from the same server",
        get(CONTROL_CENTER_LEGACY + "?wsdl"),
        Cuts(
            r'schemaLocation="([^"]*)"',
            (f"https://127.0.0.1{CONTROL_CENTER_LEGACY}?xsd=SoapEncoding.xsd",),
        ),
        "section 9",
    ),
    Quirk(
        "suds, zeep, PHP SoapClient",
        "fetches that schema",
        get(CONTROL_CENTER_LEGACY + "?xsd=SoapEncoding.xsd"),
        Hears(200, 'targetNamespace="http://schemas.xmlsoap.org/soap/encoding/"'),
        "section 9",
    ),
)
