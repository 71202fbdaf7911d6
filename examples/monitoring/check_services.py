"""A check for Nagios, Icinga or checkmk: are the activated services of these nodes running?

    UCM_PASSWORD=… python check_services.py --cacert cucm.pem --user monitor cucm-pub.example.com cucm-sub.example.com

Exit status as monitoring systems want it: 0 fine, 1 something is on its way, 2 something is down, 3 a node was not asked.
"""

import argparse
import os
import sys

from ucmsim.clients import ControlCenter, ServiceState, Status
from ucmsim.clients.errors import UcmError

FINE, WARNING, CRITICAL, UNKNOWN = range(4)
COMMANDED_OUT = -1069


def verdict(state: ServiceState) -> int:
    """What one service means. What nobody activated, or an administrator stopped, is as it should be."""
    if state.status is Status.STARTED or not state.activated or state.reason.code == COMMANDED_OUT:
        return FINE
    return CRITICAL if state.status is Status.STOPPED else WARNING


def check(node: ControlCenter) -> tuple[int, str]:
    """The worst verdict of a node, and a line for the operator."""
    states = node.status()
    bad = [state for state in states if verdict(state) != FINE]
    worst = max((verdict(state) for state in bad), default=FINE)
    running = sum(state.status is Status.STARTED for state in states)
    return worst, f"{node.host}: {running} running" + "".join(f"; {state}" for state in bad)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("nodes", nargs="+")
    parser.add_argument("--user", default="administrator")
    parser.add_argument("--cacert", default=True, help="PEM file with the certificate of the nodes")
    parser.add_argument("--port", type=int, default=8443)
    options = parser.parse_args()

    worst = FINE
    for host in options.nodes:
        try:
            with ControlCenter(
                host,
                options.user,
                os.environ["UCM_PASSWORD"],
                verify=options.cacert,
                port=options.port,
                timeout=30,
            ) as node:
                result, line = check(node)
        except UcmError as error:
            result, line = UNKNOWN, str(error)
        print(line)
        worst = max(worst, result)
    return worst


if __name__ == "__main__":
    sys.exit(main())
