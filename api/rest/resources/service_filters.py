"""Filters of services: by state, activation, group, type and name, each of which may be repeated."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import Annotated

from pydantic import AfterValidator, Field

from ucmsim.api.rest.documents import Query
from ucmsim.api.rest.resources.names import node_ids
from ucmsim.api.rest.resources.words import Activation, ServiceType, State
from ucmsim.models.catalogue import SERVICES, Service
from ucmsim.models.cluster import Cluster


def _known_group(name: str) -> str:
    if name not in _GROUPS:
        raise ValueError(f"there is no such group; the groups are {', '.join(_GROUPS)}")
    return name


_GROUPS = sorted({service.group for services in SERVICES.values() for service in services})
Group = Annotated[str, Field(json_schema_extra={"enum": _GROUPS}), AfterValidator(_known_group)]


class ServiceQuery(Query):
    """Which services are asked for: those that pass every filter given, each with one of its values."""

    state: list[State] = Field(
        default=[], description="Only services in these states.", examples=[["STOPPED"]]
    )
    activation: list[Activation] = Field(
        default=[], description="Only services of these activations.", examples=[["ACTIVATED"]]
    )
    group: list[Group] = Field(
        default=[], description="Only services of these groups.", examples=[["CM Services"]]
    )
    type: list[ServiceType] = Field(
        default=[], description="Only services of these types.", examples=[["FEATURE"]]
    )
    name: list[Annotated[str, Field(pattern="[A-Za-z*]")]] = Field(
        default=[],
        description="Only services of these names or ids; `*` stands for any characters.",
        examples=[["Cisco XCP *"]],
    )

    def passes(self, service: Service, state: State, activation: Activation) -> bool:
        """Whether a service in this state is asked for."""
        return (
            (not self.state or state in self.state)
            and (not self.activation or activation in self.activation)
            and (not self.group or service.group in self.group)
            and (not self.type or ServiceType[service.kind.name] in self.type)
            and (not self.name or any(_like(service, pattern) for pattern in self.name))
        )


class MatrixQuery(ServiceQuery):
    """Which part of the matrix is asked for."""

    node: list[str] = Field(
        default=[], description="Only these nodes, by id, address, FQDN or alias.", examples=[["cucm-pub"]]
    )

    def nodes(self, cluster: Cluster) -> tuple[str, ...]:
        """The ids of the nodes asked for, () for all; raises Problem for a name that means nothing."""
        return node_ids([cluster], self.node)


def _like(service: Service, pattern: str) -> bool:
    # Only the asterisk is special: the other wildcards of shells are ordinary characters here.
    plain = "".join(f"[{letter}]" if letter in "?[" else letter for letter in pattern)
    return fnmatchcase(service.name, plain) or fnmatchcase(service.slug, plain)
