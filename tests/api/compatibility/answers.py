"""Quirks of clients that read answers without a parser, or more exactly than the contract is: what they look for is there."""

from __future__ import annotations

from tests.api.compatibility.commands import RESTART, controls
from tests.api.compatibility.quirk import Cuts, Quirk, Sent
from tests.api.soap.conversation import envelope
from ucmsim.api.faces import CONTROL_CENTER_EX

UNKNOWN = "<ast:ServiceStatus>Cisco Nothing</ast:ServiceStatus>"
LICENSES = "<ast:ServiceList><ast:item>Cisco License Manager</ast:item></ast:ServiceList>"

ANSWERS = (
    Quirk(
        "zito/cmk-cisco-ucm",
        "cuts each service with one expression over four elements that must touch",
        Sent(),
        Cuts(
            "".join(
                f"<ns1:{name}>(.*?)</ns1:{name}>"
                for name in ("ServiceName", "ServiceStatus", "ReasonCode", "ReasonCodeString")
            ),
            (
                ("A Cisco DB", "Started", "-1", " "),
                ("Cisco License Manager", "Starting", "-1", " "),
                ("Cisco Tftp", "Started", "-1", " "),
                (
                    "Cisco Wireless Controller Synchronization Service",
                    "Stopped",
                    "-1068",
                    "Service Not Activated ",
                ),
            ),
        ),
        "section 11.2",
    ),
    Quirk(
        "Nessus 70088",
        "wants declaration and envelope on one line",
        Sent(),
        Cuts(
            r"^(<\?xml version=.1\.0. encoding=.UTF-8.\?>)<soapenv:Envelope",
            ("<?xml version='1.0' encoding='UTF-8'?>",),
        ),
        "section 3.1",
    ),
    Quirk(
        "a TypeScript client",
        "takes the first `<ns1:ReasonCode>`, which is that of the call",
        Sent(envelope(f"<ast:soapGetServiceStatus>{UNKNOWN}</ast:soapGetServiceStatus>")),
        Cuts(r"^.*?<ns1:ReasonCode>(.*?)</ns1:ReasonCode>", ("-1",)),
        "section 6",
    ),
    Quirk(
        "a shell script",
        "removes `ns1:` everywhere and reads what is left",
        Sent(),
        Cuts(
            r"<soapenv:Body>(<(?!/)(?:ns1:)\w+ xmlns:ns1=.[^'\"]+.>)",
            ('<ns1:soapGetServiceStatusResponse xmlns:ns1="http://schemas.cisco.com/ast/soap">',),
        ),
        "section 6",
    ),
    Quirk(
        "PresidioCode/ciscoucserviceability, aletheiauc",
        "turns every UpTime into a number; what does not run has -1",
        Sent(),
        Cuts(r"<ns1:UpTime>([^<]*)</ns1:UpTime>", ("10012", "-1", "4", "-1")),
        "section 5.2",
    ),
    Quirk(
        "zeep users",
        "finds one space where nothing is to be said, and no StartTime where nothing runs",
        controls(RESTART + LICENSES),
        Cuts(
            r"<ns1:ReasonCodeString>( )</ns1:ReasonCodeString><ns1:StartTime>()</ns1:StartTime>", ((" ", ""),)
        ),
        "section 5.1",
    ),
    Quirk(
        "aletheiauc, phnowicki/serviceabilitytools",
        "reads a date as C writes it, in the node's time, the day padded with a space",
        Sent(),
        Cuts(
            r"<ns1:StartTime>([^<]+)</ns1:StartTime>",
            ("Tue Mar  5 13:01:39 2024", "Tue Mar  5 15:53:19 2024"),
        ),
        "section 5.2",
    ),
    Quirk(
        "polling scripts",
        "finds each name exactly as it was sent, a wrong one too",
        Sent(
            envelope(
                f"<ast:soapGetServiceStatus>{UNKNOWN}<ast:ServiceStatus>Cisco Tftp</ast:ServiceStatus></ast:soapGetServiceStatus>"
            )
        ),
        Cuts(
            r"<ns1:ServiceName>([^<]*)</ns1:ServiceName><ns1:ServiceStatus>([^<]*)<",
            (("Cisco Nothing", "Stopped"), ("Cisco Tftp", "Started")),
        ),
        "U-1",
    ),
    Quirk(
        "phnowicki/serviceabilitytools, fredless",
        "judges a command by the reason of the call, not by ReturnCode",
        controls(RESTART + LICENSES.replace("License Manager", "Nothing")),
        Cuts(
            r"<ns1:ReturnCode>(.*?)</ns1:ReturnCode><ns1:ReasonCode>(.*?)</ns1:ReasonCode>", (("0", "-1010"),)
        ),
        "U-30",
    ),
    Quirk(
        "PresidioCode, tinyCUCM",
        "reads the first item after a command that failed",
        controls(RESTART + LICENSES.replace("License Manager", "Nothing")),
        Cuts(r"<ns1:ServiceInfoList><ns1:item><ns1:ServiceName>(.*?)<", ("Cisco Nothing",)),
        "U-32",
    ),
    Quirk(
        "TypeScript clients",
        "compares Deployable with the text `true`",
        Sent(
            envelope(
                "<ast:soapGetStaticServiceList><ast:ServiceInformationResponse/></ast:soapGetStaticServiceList>"
            )
        ),
        Cuts(r"<ns1:Deployable>(.*?)</ns1:Deployable>", ("true", "true", "false")),
        "section 2.3",
    ),
    Quirk(
        "zeep users",
        "reads PrimaryNode of the extended list as a truth value",
        Sent(
            envelope(
                "<ast:getStaticServiceListExtended><ast:ServiceInformationResponse/></ast:getStaticServiceListExtended>"
            ),
            CONTROL_CENTER_EX,
        ),
        Cuts(
            r"<ns1:PrimaryNode>(.*?)</ns1:PrimaryNode><ns1:SecondaryNode>(.*?)</ns1:SecondaryNode>",
            (("true", "false"),),
        ),
        "U-37",
    ),
)
