"""What to do about a reason code: one sentence of advice for each code that a caller meets."""

from __future__ import annotations

_ADVICE = {
    -1004: "Names are case-sensitive and must be exact, as in the node's list of services",
    -1007: "The service could not start; its traces on the node say why",
    -1010: "Names are case-sensitive and must be exact, as in the node's list of services",
    -1012: "Check the names and, with the Ex operations, the product id",
    -1019: "The service could not start or has failed; its traces on the node say why",
    -1029: "The node is still busy with an earlier request; ask again when it has finished",
    -1031: "The node took too long; ask for the status, the service may still arrive",
    -1036: "Stop what depends on it first",
    -1037: "Start what it depends on first; the node's list of services says what that is",
    -1041: "Wait until what it depends on has started",
    -1042: "Wait until the service has finished its present transition, then ask again",
    -1045: "The API may not do this to this service; on the node's command line try: utils service restart …",
    -1047: "A restart is scheduled already; wait for it",
    -1068: "Activate the service first",
    -1070: "Each service has a reason of its own in `services` of this exception",
}


def advice(code: int) -> str:
    """What to do about a reason code; a general sentence for those that nobody meets."""
    return _ADVICE.get(code, "The node's Control Center page shows the service in its context")
