"""The guide's recommendations for clusters of Unified Communications Manager (its table 1), node by node.

What a service needs is in `ucmsim.models.advice.needs`; what belongs on the publisher in `placement`.
"""

from __future__ import annotations

from collections.abc import Iterator

from ucmsim.models.advice.finding import Finding
from ucmsim.models.advice.placement import apart_from, at_most, on_every
from ucmsim.models.advice.scene import Scene, advise, note, warn
from ucmsim.models.states import Product

UCM = Product.UCM
CALL_MANAGER = "Cisco CallManager"
MEDIA = "Cisco IP Voice Media Streaming App"
ASSISTANT = "Cisco IP Manager Assistant"
ANALYZER = "Cisco Dialed Number Analyzer"
ANALYZER_SERVER = "Cisco Dialed Number Analyzer Server"
BANDWIDTH = "Cisco Location Bandwidth Manager"
DHCP = "Cisco DHCP Monitor Service"
TFTP = "Cisco Tftp"
UXL = "Cisco UXL Web Service"
AXL = "Cisco AXL Web Service"
PLATFORM = "Platform Administrative Web Service"
MESSAGING = "Cisco Messaging Interface"

EVERYWHERE = ("Cisco CTL Provider", "Cisco CallManager SNMP Service", "Cisco Extension Mobility")


def table_1(scene: Scene) -> Iterator[Finding]:
    """Go through the rows of table 1.

    Advised on every node: G-DEP-18; beside Cisco CallManager: G-DEP-13, G-DEP-14; on one node: G-DEP-19.
    """
    nodes = scene.nodes(UCM)
    for name in EVERYWHERE:
        yield from on_every(scene, "G-DEP-18", name, nodes)
    callers, beside = scene.used(CALL_MANAGER, UCM), f"every node that runs {CALL_MANAGER}"
    yield from on_every(scene, "G-DEP-13", "Cisco Headset Service", callers, beside)
    yield from on_every(scene, "G-DEP-14", BANDWIDTH, callers, beside)
    yield from at_most(scene, "G-DEP-19", "Cisco WebDialer Web Service", UCM, 1)
    yield from at_most(scene, "G-DEP-17", UXL, UCM, 1)
    yield from _bandwidth(scene)
    yield from _media(scene)
    yield from _analyzer(scene)
    yield from _assistant(scene)
    yield from _tftp(scene)
    yield from _dhcp(scene)
    yield from _publisher(scene)
    yield from _special(scene)


def _bandwidth(scene: Scene) -> Iterator[Finding]:
    """Cisco Location Bandwidth Manager runs beside Cisco CallManager (G-DEP-14)."""
    for node in scene.used(BANDWIDTH, UCM):
        if not scene.uses(node, CALL_MANAGER):
            yield advise(
                "G-DEP-14",
                node,
                BANDWIDTH,
                f"{BANDWIDTH} is advised on nodes that run {CALL_MANAGER}.",
                "Configure the bandwidth manager group, or move the service.",
            )


def _media(scene: Scene) -> Iterator[Finding]:
    """Cisco IP Voice Media Streaming App runs on one or two nodes, neither the first nor one that runs calls (G-DEP-12)."""
    if len(scene.nodes(UCM)) < 2:
        return
    yield from at_most(scene, "G-DEP-12", MEDIA, UCM, 2)
    yield from apart_from(scene, "G-DEP-12", MEDIA, CALL_MANAGER, UCM)
    for node in scene.used(MEDIA, UCM):
        if node.is_publisher:
            yield advise(
                "G-DEP-12",
                node,
                MEDIA,
                f"{MEDIA} is advised on a node other than the first.",
                f"Activate {MEDIA} on another node and deactivate it on {node.id}.",
            )


def _analyzer(scene: Scene) -> Iterator[Finding]:
    """The two services of the Dialed Number Analyzer work together on one node, dedicated or least loaded (G-DEP-15)."""
    for name in (ANALYZER, ANALYZER_SERVER):
        yield from at_most(scene, "G-DEP-15", name, UCM, 1)
        yield from apart_from(scene, "G-DEP-15", name, CALL_MANAGER, UCM)
    for node in scene.used(ANALYZER_SERVER, UCM):
        if not scene.uses(node, ANALYZER):
            yield advise(
                "G-DEP-15",
                node,
                ANALYZER_SERVER,
                f"{ANALYZER_SERVER} works together with {ANALYZER}.",
                f"Activate {ANALYZER} on {node.id}.",
            )


def _assistant(scene: Scene) -> Iterator[Finding]:
    """Cisco IP Manager Assistant has a primary and a backup node (G-DEP-3)."""
    used = scene.used(ASSISTANT, UCM)
    if len(used) == 1 and len(scene.nodes(UCM)) > 1:
        yield advise(
            "G-DEP-3",
            used[0],
            ASSISTANT,
            f"{ASSISTANT} is advised on a primary and a backup node; only one has it.",
            f"Activate {ASSISTANT} on a second node.",
        )
    yield from at_most(scene, "G-DEP-3", ASSISTANT, UCM, 2)


def _tftp(scene: Scene) -> Iterator[Finding]:
    """Cisco Tftp has a node of its own where there are several (G-DEP-20)."""
    yield from apart_from(scene, "G-DEP-20", TFTP, CALL_MANAGER, UCM)
    for node in scene.used(TFTP, UCM)[1:]:
        yield note(
            "G-DEP-20",
            node,
            TFTP,
            f"More than one node of the cluster runs {TFTP}.",
            "Configure DHCP option 150.",
        )


def _dhcp(scene: Scene) -> Iterator[Finding]:
    """Cisco DHCP Monitor Service goes with DHCP (G-DEP-21)."""
    for node in scene.nodes(UCM):
        if scene.uses(node, DHCP) and not node.conditions.dhcp:
            yield advise("G-DEP-21", node, DHCP, "DHCP is not enabled on this node.", f"Deactivate {DHCP}.")
        if node.conditions.dhcp and not scene.uses(node, DHCP):
            yield advise("G-DEP-21", node, DHCP, "DHCP is enabled on this node.", f"Activate {DHCP}.")


def _publisher(scene: Scene) -> Iterator[Finding]:
    """What the publisher should have, or have alone (G-ACT-9, G-DEP-17)."""
    several = len(scene.nodes(UCM)) > 1
    for node in scene.nodes(UCM):
        if node.is_publisher and not scene.uses(node, AXL):
            message = f"{AXL} should stay activated on the publisher: other products configure it over AXL."
            yield advise("G-ACT-9", node, AXL, message, f"Activate {AXL} on {node.id}.")
        if node.is_publisher and several and not scene.uses(node, PLATFORM):
            message = f"{PLATFORM} is advised on the first node: upgrades are run over it."
            yield advise("G-DEP-17", node, PLATFORM, message, f"Start {PLATFORM} on {node.id}.")
        if not node.is_publisher and scene.uses(node, UXL):
            message = f"{UXL} is advised on the publisher, and only if the address book is synchronised."
            yield advise("G-DEP-17", node, UXL, message, f"Activate {UXL} on the publisher instead.")


def _special(scene: Scene) -> Iterator[Finding]:
    """Services for special set-ups: the server that drives upgrades (G-DEP-23), voice mail over a serial line (table 1)."""
    for product in Product:
        for node in scene.nodes(product):
            if node.conditions.drives_upgrades and scene.uses(node, PLATFORM):
                message = f"{PLATFORM} must not be active on the server that drives the upgrades."
                yield warn("G-DEP-23", node, PLATFORM, message, f"Stop {PLATFORM} on {node.id}.")
    for node in scene.used(MESSAGING, UCM):
        message = f"{MESSAGING} is for voice mail systems on a serial line (SMDI) only."
        yield note("table 1", node, MESSAGING, message, f"Deactivate {MESSAGING} without one.")
