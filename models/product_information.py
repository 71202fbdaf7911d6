"""What a node says of its products: the answer to one question, looked up in its cluster."""

from __future__ import annotations

from typing import NamedTuple

from ucmsim.models import products
from ucmsim.models.catalogue import Service
from ucmsim.models.cluster import Cluster, Node
from ucmsim.models.products import Installed
from ucmsim.models.states import Product


class ProductInformation(NamedTuple):
    """What a node says of its products: `primary` is the publisher as its server table names it (`U-37`)."""

    version: str
    primary: str
    secondary: str
    products: tuple[Installed, ...]
    services: tuple[Service, ...]


def product_information(cluster: Cluster, node: Node) -> ProductInformation:
    """Return the products and services of a node (specification section 4.5)."""
    product, version = node.spec.product, node.version
    # A node of IM and Presence is a subscriber of the UCM publisher's server table.
    first = cluster.publisher(Product.UCM if product is Product.IMP else product)
    publisher = (first or node).spec
    return ProductInformation(
        version,
        publisher.fqdn or publisher.id,
        "",
        products.installed(product, version),
        tuple(node.services.values()),
    )
