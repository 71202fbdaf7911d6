"""What a node is besides its services: the machine it runs on, and what its platform calls itself.

Facts that follow from the product and its version; a simulated node has no machine, so it gets a usual one.
"""

from __future__ import annotations

from typing import NamedTuple
from zlib import crc32

from ucmsim.models.cluster import Node
from ucmsim.models.products import Installed, installed
from ucmsim.models.states import Product

API_VERSION = "5.0.2.0"
"""The version of the platform's own API (PAWS reference, section 8)."""

DEPLOYMENT_MODE = "Enterprise"

_ADMINISTRATION = {
    "CallManager": "ccmadmin/showHome.do",
    "Cups": "cupadmin/showHome.do",
    "Connection": "cuadmin/home.do",
}


class PlatformService(NamedTuple):
    """A row of `utils service list` about the platform itself: whether it runs, and a remark."""

    name: str
    running: bool = True
    remark: str = ""


SERVICES = (
    PlatformService("System SSH"),
    PlatformService("Cluster Manager"),
    PlatformService("Password Reset", running=False, remark="Service Activated"),
    PlatformService("Name Service Cache"),
    PlatformService("Entropy Monitoring Daemon"),
    PlatformService("Cisco SCSI Watchdog"),
    PlatformService("Service Manager"),
)
"""What every node's command line shows above the services (section 10.1): no SOAP API lists or controls any of it."""


class Hardware(NamedTuple):
    """A machine: its model, and sizes in megabytes."""

    model: str
    virtual: bool
    processors: int
    memory: int
    disks: int
    serial_number: str


def hardware(node: Node) -> Hardware:
    """Return the machine of a node: the smallest one that the product supports, its serial number made of its name."""
    drawn = f"{crc32(node.id.encode()):08x}"
    if node.conditions.virtual:
        uuid = " ".join(drawn[index : index + 2] for index in range(0, 8, 2))
        return Hardware("VMware", True, 2, 8192, 1, f"VMware-42 00 {uuid}")
    return Hardware("UCSC-C220-M5SX", False, 8, 32_768, 8, f"WZP{drawn.upper()}")


def product_name(node: Node) -> str:
    """Return the name of the product that a node is installed with."""
    return main_product(node).name


def main_product(node: Node) -> Installed:
    """Return the product that gives a node its role, among those installed."""
    ids = {Product.UCM: "CallManager", Product.IMP: "Cups", Product.CUC: "Connection"}
    wanted = ids[node.spec.product]
    return next(one for one in installed(node.spec.product, node.version) if one.id == wanted)


def administration(product: Installed) -> str:
    """Return the path of a product's administration page, empty if it has none of its own."""
    return _ADMINISTRATION.get(product.id, "")
