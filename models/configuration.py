"""What a configuration change leaves to do: services that read it only when they start.

When a subject was changed is a fact of the node; which services are behind is a look-up by their start times.
"""

from __future__ import annotations

from enum import Enum


class Subject(Enum):
    """What can be configured so that services have to be restarted for it."""

    SNMP = "SNMP"
    XCP = "XCP"
