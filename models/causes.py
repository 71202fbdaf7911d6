"""Why a stopped service is stopped: one word, where the wire has a reason code that several causes share.

It looks at one moment of one service; whether that moment is now is the caller's business.
"""

from __future__ import annotations

from enum import Enum

from ucmsim.models.cluster import Node
from ucmsim.models.reasons import COMMANDED_OUT_OF_SERVICE, NOT_ACTIVATED
from ucmsim.models.states import Status
from ucmsim.models.timeline import Moment


class Cause(Enum):
    """The causes of Stopped."""

    NOT_ACTIVATED = "not activated"
    COMMANDED = "commanded"
    NOT_ON_THIS_NODE = "not on this node"
    NOT_RUNNING = "not running"


def cause(node: Node, name: str, moment: Moment) -> Cause | None:
    """Return why a service of `node` is stopped at `moment`, None if it is not stopped.

    A first-node-only service that another node lists is out of service there from the start (`U-25`, G-ACT-15).
    """
    if moment.status is not Status.STOPPED:
        return None
    if moment.reason == NOT_ACTIVATED:
        return Cause.NOT_ACTIVATED
    if moment.reason == COMMANDED_OUT_OF_SERVICE:
        return Cause.COMMANDED if node.belongs(node.services[name]) else Cause.NOT_ON_THIS_NODE
    return Cause.NOT_RUNNING
