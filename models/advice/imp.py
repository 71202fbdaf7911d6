"""The guide's recommendations for clusters of the IM and Presence Service (its table 2), node by node.

What keeps services from starting is in `ucmsim.models.advice.upkeep`; what belongs on the publisher in `placement`.
"""

from __future__ import annotations

from collections.abc import Iterator

from ucmsim.models.advice.finding import Finding
from ucmsim.models.advice.placement import on_every
from ucmsim.models.advice.scene import Scene, advise, note, warn
from ucmsim.models.conditions import Peering
from ucmsim.models.redundancy import groups
from ucmsim.models.release import numbers
from ucmsim.models.states import Product

IMP = Product.IMP
AXL = "Cisco AXL Web Service"
CHAT = "Cisco XCP Text Conference Manager"
ARCHIVER = "Cisco XCP Message Archiver"
SIP_FEDERATION = "Cisco XCP SIP Federation Connection Manager"
XMPP_FEDERATION = "Cisco XCP XMPP Federation Connection Manager"

EVERYWHERE = (
    "Cisco SIP Proxy",
    "Cisco Presence Engine",
    "Cisco Sync Agent",
    "Cisco XCP Web Connection Manager",
    "Cisco XCP Connection Manager",
    "Cisco XCP Directory Service",
    "Cisco XCP Authentication Service",
)


def table_2(scene: Scene) -> Iterator[Finding]:
    """Go through the rows of table 2; advised on every node: G-IMP-1."""
    for name in EVERYWHERE:
        yield from on_every(scene, "G-IMP-1", name, scene.nodes(IMP))
    yield from _axl(scene)
    yield from _chat(scene)
    yield from _sip_federation(scene)
    yield from _xmpp_federation(scene)


def _axl(scene: Scene) -> Iterator[Finding]:
    """AXL stays active on the publisher (G-ACT-9), and in both nodes of each sub-cluster that peers (G-IMP-12)."""
    for node in scene.nodes(IMP):
        if node.is_publisher and not scene.uses(node, AXL):
            message = f"{AXL} should stay activated on the publisher: other products configure it over AXL."
            yield advise("G-ACT-9", node, AXL, message, f"Activate {AXL} on {node.id}.")
    for group in groups(scene.cluster):
        if all(node.conditions.peering is Peering.NONE for node in group):
            continue
        for node in group:
            if node in scene.nodes(IMP) and not scene.runs(node, AXL):
                message = f"With inter-cluster peering {AXL} has to run on both nodes, or a failover loses messaging."
                yield warn("G-IMP-12", node, AXL, message, f"Activate and start {AXL} on {node.id}.")


def _chat(scene: Scene) -> Iterator[Finding]:
    """Chat and compliance run on each node that has the feature (G-IMP-2, G-IMP-3)."""
    for node in scene.nodes(IMP):
        if node.conditions.persistent_chat and not scene.uses(node, CHAT):
            message = "Persistent chat is on, and this node does not run chat."
            yield advise("G-IMP-2", node, CHAT, message, f"Activate {CHAT} on {node.id}.")
    if scene.used(ARCHIVER, IMP):
        yield from on_every(scene, "G-IMP-3", ARCHIVER, scene.nodes(IMP))


def _sip_federation(scene: Scene) -> Iterator[Finding]:
    """SIP federation runs where it is configured; a 9.x cluster that peers with an 8.6 one has it everywhere (G-IMP-6)."""
    for node in scene.nodes(IMP):
        bridges = node.conditions.peering is Peering.RELEASE_8_6 and numbers(node.version)[0] == 9
        if (node.conditions.sip_federation or bridges) and not scene.uses(node, SIP_FEDERATION):
            cause = "The cluster peers with one of release 8.6" if bridges else "SIP federation is configured"
            message = f"{cause}, and this node does not run {SIP_FEDERATION}."
            yield advise("G-IMP-6", node, SIP_FEDERATION, message, f"Activate {SIP_FEDERATION} on {node.id}.")


def _xmpp_federation(scene: Scene) -> Iterator[Finding]:
    """XMPP federation runs on each node where it is turned on (G-IMP-5)."""
    for node in scene.nodes(IMP):
        if node.conditions.xmpp_federation and not scene.uses(node, XMPP_FEDERATION):
            message = f"XMPP federation is on, and this node does not run {XMPP_FEDERATION}."
            yield note(
                "G-IMP-5", node, XMPP_FEDERATION, message, f"Activate {XMPP_FEDERATION}, or turn it off."
            )
