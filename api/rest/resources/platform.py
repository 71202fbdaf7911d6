"""The platform of a node over REST: versions, products and hardware, as the platform's own SOAP API would tell them."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from ucmsim.api.rest.documents import Document
from ucmsim.models import platform
from ucmsim.models.cluster import Node
from ucmsim.models.products import installed


class InstalledDocument(Document):
    """A product that is installed on a node."""

    id: str = Field(examples=["CallManager"])
    display_name: str = Field(examples=["Cisco Unified Communications Manager"])
    version: str = Field(examples=["15.0.1.12900-43"])
    admin_url: str | None = Field(
        description="The path of its administration page.", examples=["ccmadmin/showHome.do"]
    )


class HardwareDocument(Document):
    """The machine of a node."""

    model: str = Field(examples=["VMware"])
    virtual_machine: bool = Field(examples=[True])
    processor_count: int = Field(examples=[2])
    memory_mb: int = Field(examples=[8192])
    disk_count: int = Field(examples=[1])
    serial_number: str = Field(examples=["VMware-42 00 1f 0a 9c 77"])


class PlatformServiceDocument(Document):
    """Something that the platform itself runs."""

    name: str = Field(examples=["System SSH"])
    status: Literal["STARTED", "STOPPED"] = Field(examples=["STARTED"])
    remark: str = Field(description="What the command line says after the status.", examples=[""])


class PlatformDocument(Document):
    """What a node's platform says of itself."""

    node: str = Field(examples=["cucm-pub"])
    api_version: str = Field(examples=["5.0.2.0"])
    product_name: str = Field(examples=["Cisco Unified Communications Manager"])
    active_version: str = Field(examples=["15.0.1.12900-43"])
    inactive_version: str | None = Field(description="The version that it could be switched to.")
    deployment_mode: str = Field(examples=["Enterprise"])
    products: list[InstalledDocument] = Field(description="What is installed, in the order of the wire.")
    options: list[str] = Field(description="The names of installed option files.", examples=[[]])
    hardware: HardwareDocument
    services: list[PlatformServiceDocument] = Field(
        description="What `utils service list` shows above the services of the node, and no SOAP API knows."
    )


def platform_document(node: Node) -> PlatformDocument:
    """Return what a node's platform says of itself."""
    machine = platform.hardware(node)
    return PlatformDocument(
        node=node.id,
        api_version=platform.API_VERSION,
        product_name=platform.product_name(node),
        active_version=node.version,
        inactive_version=node.inactive_version,
        deployment_mode=platform.DEPLOYMENT_MODE,
        products=[
            InstalledDocument(
                id=product.id,
                display_name=product.name,
                version=node.version,
                admin_url=platform.administration(product) or None,
            )
            for product in installed(node.spec.product, node.version)
        ],
        options=[],
        hardware=HardwareDocument(
            model=machine.model,
            virtual_machine=machine.virtual,
            processor_count=machine.processors,
            memory_mb=machine.memory,
            disk_count=machine.disks,
            serial_number=machine.serial_number,
        ),
        services=[
            PlatformServiceDocument(
                name=each.name, status="STARTED" if each.running else "STOPPED", remark=each.remark
            )
            for each in platform.SERVICES
        ],
    )
