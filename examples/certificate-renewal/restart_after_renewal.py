"""After a new CallManager certificate: restart what uses it, node by node, and stop at the first node that has trouble.

    UCM_PASSWORD=… python restart_after_renewal.py --cacert cucm.pem cucm-sub2 cucm-sub1 cucm-pub

Phones find another node while theirs restarts, so no two nodes are ever down together.
"""

import argparse
import os
import sys

from ucmsim.clients import ControlCenter
from ucmsim.clients.errors import UcmError

SERVICES = ("Cisco Trust Verification Service", "Cisco Tftp", "Cisco CallManager", "Cisco CTIManager")


def renew(node: ControlCenter, seconds: float) -> list[str]:
    """Restart the services that this node runs, one after the other; returns their names. Raises UcmError."""
    activated = [state.name for state in node.status(*SERVICES) if state.known and state.activated]
    for name in activated:
        node.restart_and_wait(name, timeout=seconds)
    return activated


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("nodes", nargs="+", help="in the order in which they shall restart")
    parser.add_argument("--user", default="administrator")
    parser.add_argument("--cacert", default=True, help="PEM file with the certificate of the nodes")
    parser.add_argument("--port", type=int, default=8443)
    parser.add_argument("--seconds", type=float, default=600, help="how long a service may take")
    options = parser.parse_args()

    for host in options.nodes:
        try:
            with ControlCenter(
                host, options.user, os.environ["UCM_PASSWORD"], verify=options.cacert, port=options.port
            ) as node:
                print(f"{host}: restarted {', '.join(renew(node, options.seconds)) or 'nothing'}")
        except UcmError as error:
            print(f"{error}\nThe nodes after {host} were left alone.", file=sys.stderr)
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
