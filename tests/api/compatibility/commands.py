"""Quirks of requests: names, wrappers and values other than the contract has them."""

from __future__ import annotations

from tests.api.compatibility.envelopes import TFTP, status
from tests.api.compatibility.quirk import ANYBODY, Asks, Does, Hears, Quirk, Sent
from tests.api.soap.conversation import NIL, NODE, control, deployment, envelope
from ucmsim.api.faces import CONTROL_CENTER_EX
from ucmsim.models.commands import Control, Deploy
from ucmsim.models.states import Action

TWO = ("Cisco Tftp", "A Cisco DB")

RESTART = "<ast:ControlType>Restart</ast:ControlType>"
DEPLOY = "<ast:DeployType>Deploy</ast:DeployType>"
LIST = "<ast:ServiceList><ast:item>Cisco Tftp</ast:item></ast:ServiceList>"

RESTARTS = Does(Control(NODE, Action.RESTART, TFTP))
DEPLOYS = Does(Deploy(NODE, activate=True, names=TFTP))
REFUSED = Hears(
    200,
    "<ns1:ReturnCode>0</ns1:ReturnCode><ns1:ReasonCode>-1012</ns1:ReasonCode>"
    "<ns1:ReasonString>Bad arguments </ns1:ReasonString><ns1:ServiceInfoList></ns1:ServiceInfoList>",
)


def controls(inside: str, wrapper: str = "ControlServiceRequest") -> Sent:
    return Sent(envelope(control(inside, wrapper)))


def deploys(inside: str, wrapper: str = "DeploymentServiceRequest") -> Sent:
    return Sent(envelope(deployment(inside, wrapper)))


def extended(operation: str, wrapper: str, inside: str) -> Sent:
    body = f"<ast:{operation}><ast:{wrapper}>{inside}</ast:{wrapper}></ast:{operation}>"
    return Sent(envelope(body), CONTROL_CENTER_EX)


NAMES = (
    Quirk(
        "CiscoDevNet samples, checkmk, zabbix, tinyCUCM",
        "asks with one empty element: everything",
        Sent(),
        Asks(),
        "section 4.2",
    ),
    Quirk(ANYBODY, "asks without any element: everything", Sent(status("")), Asks(), "U-5"),
    Quirk(
        "zeep users who pass None",
        "asks with nil: everything",
        Sent(status(f"<ast:ServiceStatus {NIL}/>")),
        Asks(),
        "U-5",
    ),
    Quirk(
        ANYBODY,
        "says that an element is not nil",
        Sent(status(f"<ast:ServiceStatus {NIL.replace('true', 'false')}>Cisco Tftp</ast:ServiceStatus>")),
        Asks(TFTP),
        "XML Schema",
    ),
    Quirk(
        "CiscoDevNet samples",
        "sends an element for each name",
        Sent(status("".join(f"<ast:ServiceStatus>{name}</ast:ServiceStatus>" for name in TWO))),
        Asks(TWO),
        "section 4.2",
    ),
    Quirk(
        "polling scripts",
        "sends the same name twice",
        Sent(status("<ast:ServiceStatus>Cisco Tftp</ast:ServiceStatus>" * 2)),
        Asks(TFTP * 2),
        "U-4",
    ),
    Quirk(
        ANYBODY,
        "sends empty elements beside names",
        Sent(status("<ast:ServiceStatus/><ast:ServiceStatus>Cisco Tftp</ast:ServiceStatus>")),
        Asks(TFTP),
        "U-5",
    ),
    Quirk(
        "calltelemetry/cisco-cucm-mcp",
        "puts the names into one element, as `item`",
        Sent(
            status(
                "<ast:ServiceStatus><ast:item>Cisco Tftp</ast:item><ast:item>A Cisco DB</ast:item></ast:ServiceStatus>"
            )
        ),
        Asks(TWO),
        "section 6",
    ),
    Quirk(
        "sieteunoseis/cisco-serviceability",
        "puts the name into one element, as `ServiceName`",
        Sent(status("<ast:ServiceStatus><ast:ServiceName>Cisco Tftp</ast:ServiceName></ast:ServiceStatus>")),
        Asks(TFTP),
        "section 6",
    ),
)

COMMANDS = (
    Quirk(
        "phnowicki/serviceabilitytools",
        "sends the node's address as NodeName",
        controls(f"<ast:NodeName>192.0.2.1</ast:NodeName>{RESTART}{LIST}"),
        RESTARTS,
        "section 4.1",
    ),
    Quirk(
        "phnowicki's example scripts",
        "sends a NodeName that ends in a newline",
        controls(f"<ast:NodeName>192.0.2.1\n</ast:NodeName>{RESTART}{LIST}"),
        RESTARTS,
        "section 6",
    ),
    Quirk(
        "calltelemetry/cisco-cucm-mcp",
        "sends another node's name: it selects nothing",
        controls(f"<ast:NodeName>cucm-sub</ast:NodeName>{RESTART}{LIST}"),
        RESTARTS,
        "U-34",
    ),
    Quirk(
        "zeep users",
        "sends NodeName as nil",
        controls(f"<ast:NodeName {NIL}/>{RESTART}{LIST}"),
        RESTARTS,
        "section 4.1",
    ),
    Quirk("hand-written requests", "leaves NodeName out", controls(RESTART + LIST), RESTARTS, "section 4.1"),
    Quirk(
        "hand-written requests",
        "sends the fields in another order",
        controls(LIST + RESTART + "<ast:NodeName/>"),
        RESTARTS,
        "section 6",
    ),
    Quirk(
        "phnowicki/serviceabilitytools",
        "writes `Undeploy`",
        deploys("<ast:DeployType>Undeploy</ast:DeployType>" + LIST),
        Does(Deploy(NODE, activate=False, names=TFTP)),
        "U-33",
    ),
    Quirk(
        ANYBODY,
        "writes an action in small letters, on a line of its own",
        controls("<ast:ControlType>\n restart </ast:ControlType>" + LIST),
        RESTARTS,
        "U-33",
    ),
    Quirk(
        ANYBODY,
        "sends empty and nil entries beside a name",
        controls(RESTART + LIST.replace("<ast:item>", f"<ast:item/><ast:item {NIL}/><ast:item>")),
        RESTARTS,
        "U-5",
    ),
    Quirk(
        "sieteunoseis/cisco-serviceability",
        "calls the wrapper `ControlServiceExRequest`",
        controls(RESTART + LIST, "ControlServiceExRequest"),
        RESTARTS,
        "section 6",
    ),
    Quirk(
        "sieteunoseis/cisco-serviceability",
        "calls the wrapper `DeploymentServiceNoDbUpdateRequest`",
        deploys(DEPLOY + LIST, "DeploymentServiceNoDbUpdateRequest"),
        DEPLOYS,
        "section 6",
    ),
    Quirk(
        "sieteunoseis/cisco-serviceability",
        "leaves the wrapper out",
        Sent(envelope(f"<ast:soapDoControlServices>{RESTART}{LIST}</ast:soapDoControlServices>")),
        RESTARTS,
        "U-35",
    ),
    Quirk(
        "sieteunoseis/cisco-serviceability, older",
        "writes `ServiceName` instead of `item`",
        controls(RESTART + LIST.replace("item", "ServiceName")),
        RESTARTS,
        "U-35",
    ),
    Quirk(
        "sieteunoseis/cisco-serviceability, older",
        "sends a ServiceList of bare text for each service",
        controls(RESTART + "".join(f"<ast:ServiceList>{name}</ast:ServiceList>" for name in TWO)),
        Does(Control(NODE, Action.RESTART, TWO)),
        "section 6",
    ),
    Quirk(
        "sieteunoseis/cisco-serviceability",
        "calls the wrapper `ControlServiceExRequest`",
        extended("soapDoControlServicesEx", "ControlServiceExRequest", RESTART + LIST),
        RESTARTS,
        "section 6",
    ),
    Quirk(
        "sieteunoseis/cisco-serviceability",
        "calls the wrapper `DeploymentServiceNoDbUpdateRequest`",
        extended("soapDoServiceDeploymentNoDbUpdate", "DeploymentServiceNoDbUpdateRequest", DEPLOY + LIST),
        Does(Deploy(NODE, activate=True, names=TFTP, recorded=False)),
        "section 6",
    ),
    Quirk(
        ANYBODY,
        "leaves product and dependency empty",
        extended(
            "soapDoControlServicesEx",
            "ControlServiceRequestEx",
            f"<ast:ProductId/><ast:DependencyType {NIL}/>{RESTART}{LIST}",
        ),
        RESTARTS,
        "U-20",
    ),
)

NOTHING = tuple(
    Quirk(ANYBODY, f"{what}: refused without a fault, nothing is done", sent, REFUSED, rule)
    for what, sent, rule in (
        ("sends no list", controls(RESTART), "U-31"),
        ("sends a nil list", controls(f"{RESTART}<ast:ServiceList {NIL}/>"), "U-31"),
        ("sends an empty list", controls(RESTART + "<ast:ServiceList/>"), "U-31"),
        ("sends a list of empty entries", controls(RESTART + "<ast:ServiceList><ast:item/><ast:item> </ast:item></ast:ServiceList>"), "U-31"),
        ("sends no action", controls(LIST), "U-33"),
        ("sends a nil action", controls(f"<ast:ControlType {NIL}/>{LIST}"), "U-33"),
        ("sends an empty action", controls(f"<ast:ControlType/>{LIST}"), "U-33"),
        ("sends an empty command", controls(""), "U-31"),
        ("deploys nothing", deploys(DEPLOY), "U-31"),
        ("does not say whether to deploy", deploys(LIST), "U-33"),
        ("sends a nil deployment type", deploys(f"<ast:DeployType {NIL}/>{LIST}"), "U-33"),
        ("sends an empty deployment", deploys(""), "U-31"),
    )
)  # fmt: skip
