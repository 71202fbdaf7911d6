"""Why a stopped service is stopped: one word, where the wire has a reason code that several causes share.

A service that went down from Started without having been told to has crashed; its timeline keeps the moment before.
"""

from __future__ import annotations

from enum import Enum

from ucmsim.models.cluster import Node
from ucmsim.models.reasons import COMMANDED_OUT_OF_SERVICE, NOT_ACTIVATED
from ucmsim.models.states import Instant, Status


class Cause(Enum):
    """The causes of Stopped."""

    NOT_ACTIVATED = "not activated"
    COMMANDED = "commanded"
    NOT_ON_THIS_NODE = "not on this node"
    CRASHED = "crashed"
    NOT_RUNNING = "not running"


def cause(node: Node, name: str, now: Instant) -> Cause | None:
    """Return why a service of `node` is stopped at `now`, None if it is not stopped.

    A first-node-only service that another node lists is out of service there from the start (`U-25`, G-ACT-15).
    """
    passed = [moment for moment in node.instances[name].moments if moment.at <= now]
    moment = node.instances[name].at(now)
    if moment.status is not Status.STOPPED:
        return None
    if moment.reason == NOT_ACTIVATED:
        return Cause.NOT_ACTIVATED
    if moment.reason == COMMANDED_OUT_OF_SERVICE:
        return Cause.COMMANDED if node.belongs(node.services[name]) else Cause.NOT_ON_THIS_NODE
    crashed = len(passed) > 1 and passed[-2].status is Status.STARTED
    return Cause.CRASHED if crashed else Cause.NOT_RUNNING
