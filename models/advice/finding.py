"""One finding about a cluster: which rule of the guide, where, how bad, and what to do."""

from __future__ import annotations

from enum import Enum
from typing import NamedTuple


class Severity(Enum):
    """How bad it is that the guide says otherwise."""

    NOTE = "note"
    ADVICE = "advice"
    WARNING = "warning"


class Finding(NamedTuple):
    """What the guide has to say about one service of one node (`service` None: about the node itself).

    A warning: something does not work as it stands. Advice: it works, and the guide recommends otherwise. A note: what
    the guide recommends for a feature that nobody seems to use.
    """

    rule: str
    node: str
    service: str | None
    severity: Severity
    message: str
    remedy: str
