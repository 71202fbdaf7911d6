"""Settings of the simulation: how the server behaves where that is a matter of taste (REST specification section 9).

Values only; each is obeyed by the part that it is about.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum


class WsdlAddress(Enum):
    """Which address a contract gives for its endpoint."""

    HOST_HEADER = "HOST_HEADER"
    LOCALHOST = "LOCALHOST"
    PORT_8080 = "PORT_8080"


@dataclass(frozen=True)
class Settings:
    """All settings with their defaults.

    Rates are calls a minute, None for any number (`U-47`): `control_center_rate` of each node, `rest_rate` of each
    user. `rest_follows_tomcat` takes a node's resources away from the operator's API while its Tomcat is down.
    `callback_allow_list` are the networks to which the server may send. `seed` is what chances are drawn from.
    """

    rest_follows_tomcat: bool = False
    rest_rate: int | None = None
    control_center_rate: int | None = None
    wsdl_address: WsdlAddress = WsdlAddress.HOST_HEADER
    callback_allow_list: tuple[str, ...] = field(
        default=("127.0.0.0/8", "::1/128", "192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24")
    )
    journal_size: int = 1000
    mask_secrets: bool = True
    seed: int = 1


def located(how: WsdlAddress, address: str) -> str:
    """Return what a contract gives for the endpoint that the caller reached at `address`.

    LOCALHOST is what the vendor's own files say, PORT_8080 what those of its platform services do.
    """
    rest = address.partition("://")[2]
    authority, slash, path = rest.partition("/")
    match how:
        case WsdlAddress.HOST_HEADER:
            return address
        case WsdlAddress.LOCALHOST:
            return f"https://localhost:8443{slash}{path}"
        case WsdlAddress.PORT_8080:
            end = authority.index("]") + 1 if authority.startswith("[") else len(authority.partition(":")[0])
            return f"http://{authority[:end]}:8080{slash}{path}"
