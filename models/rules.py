"""The guide's rules in one line each, by id: the text that pages and documents show beside an id.

A rule is honoured where its id stands in a docstring, and proved where its id stands in a test; this list says only
what there is to honour.
"""

from __future__ import annotations

from collections.abc import Mapping

ACTIVATION: Mapping[str, str] = {
    "G-ACT-1": "Feature services are not activated after an installation; each is activated by hand before it is used.",
    "G-ACT-2": "Only feature services can be activated and deactivated; network services refuse.",
    "G-ACT-3": "Activating a service starts it; one that did not come up is started from Control Center.",
    "G-ACT-4": "Deactivating a service stops it.",
    "G-ACT-5": "Any number of services can be activated or deactivated in one request.",
    "G-ACT-6": "What a feature service depends on is activated first; the one node alone is looked at.",
    "G-ACT-7": "Set to Default selects what a single server needs, with dependencies; Check All every feature service.",
    "G-ACT-8": "Services that were activated before an upgrade start by themselves after it.",
    "G-ACT-9": "Cisco AXL Web Service is activated on every node from the start, and should stay so on the publisher.",
    "G-ACT-10": "Cisco XCP Router is on after an installation of IM and Presence.",
    "G-ACT-11": "Cisco SOAP - CDRonDemand Service is not activated by default; it is deployed by hand.",
    "G-ACT-12": "Deactivating Cisco CallManager or Cisco CTIManager removes the node's server entry; activating it again "
    "makes the entry anew, as CM_ and the server's name.",
    "G-ACT-13": "Activating Cisco Headset Service activates Cisco CallManager.",
    "G-ACT-14": "A node offers only the services of its product.",
    "G-ACT-15": "First-node-only services are refused, or flagged, on any other node.",
}

CONTROL: Mapping[str, str] = {
    "G-CTL-1": "A feature service is activated before it can be started, stopped or restarted.",
    "G-CTL-2": "Network services start after an installation and can be stopped, started and restarted.",
    "G-CTL-3": "While a service is stopping it cannot be started.",
    "G-CTL-4": "Status shows name, group, state, exact start time and up time.",
    "G-CTL-5": "Status is viewed, and services are controlled, for one node at a time.",
    "G-CTL-6": "A restart can take a while; a person is told so and confirms.",
    "G-CTL-7": "Platform Communication Web Service can be neither started nor stopped by hand.",
    "G-CTL-8": "Restarting Cisco XCP Router restarts the XCP services that were active; stopping it stops them, and "
    "starting it again does not start them.",
    "G-CTL-9": "Stopping a service can stop, and starting it start, others that belong to it.",
    "G-CTL-10": "Stopping a service stops call processing for its devices: they fail over to their secondary; calls "
    "between IP phones and through MGCP gateways go on, others drop.",
    "G-CTL-11": "Without Cisco CallManager Serviceability a node's serviceability pages are away, without its Admin "
    "service the administration pages.",
    "G-CTL-12": "Cisco Tomcat carries the web server: while it is away, so is every page and web service of the node.",
    "G-CTL-13": "Each SOAP API answers on a node only while the service that it is runs there.",
    "G-CTL-14": "Trace collection needs Cisco Trace Collection Service and its servlet; the service is restarted before "
    "the servlet.",
    "G-CTL-15": "Only administrators with the serviceability role start and stop services.",
    "G-CTL-16": "A node that cannot be reached is answered for with the guide's sentence.",
    "G-CTL-17": "After SNMP configuration the SNMP Master Agent has to be restarted.",
    "G-CTL-18": "Some services can be listed, started, stopped and restarted from the command line as well.",
    "G-CTL-19": "While Cisco Certificate Change Notification is stopped, certificates are not synchronised.",
    "G-CTL-20": "Who stops Cisco Tomcat Stats Servlet or an SNMP service is warned.",
    "G-CTL-21": "While SOAP - Diagnostic Portal Database Service is stopped, real-time tools cannot collect call records.",
}

DEPENDENCIES: Mapping[str, str] = {
    "G-DEP-1": "Cisco CTIManager needs Cisco CallManager activated on its node; at most one a node.",
    "G-DEP-2": "Self Provisioning IVR needs Cisco CTIManager activated; it is off by default.",
    "G-DEP-3": "Cisco IP Manager Assistant needs Cisco CTIManager in the cluster; a primary and a backup are advised.",
    "G-DEP-4": "Cisco Extended Functions needs Cisco RIS Data Collector on its node and Cisco CTIManager in the cluster.",
    "G-DEP-5": "Cisco TAPS Service: first node only, with Cisco Bulk Provisioning Service on it.",
    "G-DEP-6": "Cisco Bulk Provisioning Service: first node only.",
    "G-DEP-7": "Cisco SOAP - CDRonDemand Service: first node only, with Cisco CDR Repository Manager and Agent running.",
    "G-DEP-8": "Cisco CAR Web Service: first node only, with Cisco CAR Scheduler and Cisco CDR Repository Manager running.",
    "G-DEP-9": "Cisco CDR Agent needs Cisco CallManager activated and running on its node.",
    "G-DEP-10": "Cisco CallManager needs Cisco RIS Data Collector and Cisco Database Layer Monitor running on its node.",
    "G-DEP-11": "Cisco Unified Mobile Voice Access Service: first node, with Cisco CallManager and Cisco Tftp somewhere.",
    "G-DEP-12": "Cisco IP Voice Media Streaming App: one or two nodes, not the first, none that runs Cisco CallManager; "
    "needs Cisco Tftp in the cluster.",
    "G-DEP-13": "Cisco Headset Service: on every node that runs Cisco CallManager.",
    "G-DEP-14": "Cisco Location Bandwidth Manager: advised on nodes that run Cisco CallManager.",
    "G-DEP-15": "Cisco Dialed Number Analyzer and its Server work together on one node, dedicated or least loaded.",
    "G-DEP-16": "Cisco Serviceability Reporter: first node only; elsewhere it reports on that one alone; within 24 hours.",
    "G-DEP-17": "CAPF, DirSync, Platform Administrative Web Service, UXL, Intercluster Lookup: first node.",
    "G-DEP-18": "Cisco CTL Provider, Cisco CallManager SNMP Service, Cisco Extension Mobility: advised on every node.",
    "G-DEP-19": "Cisco WebDialer Web Service: one node of a cluster.",
    "G-DEP-20": "Cisco Tftp: a dedicated node where there are several.",
    "G-DEP-21": "Cisco DHCP Monitor Service: nodes with DHCP enabled.",
    "G-DEP-22": "Cisco CAR DB, SOAP-CallRecord, Smart License Manager, CDR Repository Manager: the publisher's alone.",
    "G-DEP-23": "Platform Administrative Web Service is not active on the server that drives upgrades.",
    "G-DEP-24": "Native Agent Adaptor is not shown on UCM and IM and Presence nodes that are virtual machines.",
    "G-DEP-25": "Cisco DRF Master is not on IM and Presence; Cisco DRF Local runs what the master commands.",
    "G-DEP-26": "Real-time tools show Cisco Certificate Authority Proxy Function for the first node only.",
}

PRESENCE: Mapping[str, str] = {
    "G-IMP-1": "SIP Proxy, Presence Engine, Sync Agent and the XCP client services: advised on all nodes of the cluster.",
    "G-IMP-2": "XCP Text Conference Manager does not start with persistent chat on and no external database.",
    "G-IMP-3": "XCP Message Archiver does not start without an external database that can be reached.",
    "G-IMP-4": "XCP Directory Service starts and stops again while LDAP contact search is not configured.",
    "G-IMP-5": "XCP XMPP Federation Connection Manager needs XMPP federation turned on for the node first.",
    "G-IMP-6": "XCP SIP Federation Connection Manager: each node that runs SIP federation, and all nodes of a 9.x cluster "
    "that peers with an 8.6 one.",
    "G-IMP-7": "The Data Monitor holds its dependents until replication is up, on the publisher also until the Sync "
    "Agent is done; there no longer than its time limit.",
    "G-IMP-8": "A subscriber whose replication is not up holds back no other node.",
    "G-IMP-9": "Serviceability Reporter and Bulk Provisioning on IM and Presence: the publisher only.",
    "G-IMP-10": "XCP Config Manager says when XCP components need a restart and takes that back once they had it.",
    "G-IMP-11": "Server Recovery Manager watches the critical services of a redundancy group and fails over.",
    "G-IMP-12": "With inter-cluster peering Cisco AXL Web Service is active on both nodes of each sub-cluster that peers.",
}

GROUPS: Mapping[str, Mapping[str, str]] = {
    "Activation": ACTIVATION,
    "Control": CONTROL,
    "Dependencies and placement": DEPENDENCIES,
    "IM and Presence": PRESENCE,
}
"""All rules by id, in the guide's order, under the headings of the documentation."""

RULES: Mapping[str, str] = {rule: text for group in GROUPS.values() for rule, text in group.items()}
"""All rules by id."""
