"""Filters of services: by state, activation, group, type and name, each of which may be repeated."""

from __future__ import annotations

from fnmatch import fnmatchcase

from pydantic import Field

from ucmsim.api.rest.documents import Query
from ucmsim.api.rest.resources.names import aliases
from ucmsim.api.rest.resources.words import Activation, ServiceType, State
from ucmsim.models.catalogue import Service
from ucmsim.models.cluster import Node


class ServiceQuery(Query):
    """Which services are asked for: those that pass every filter given, each with one of its values."""

    state: list[State] = Field(
        default=[], description="Only services in these states.", examples=[["STOPPED"]]
    )
    activation: list[Activation] = Field(
        default=[], description="Only services of these activations.", examples=[["ACTIVATED"]]
    )
    group: list[str] = Field(
        default=[], description="Only services of these groups, by exact name.", examples=[["CM Services"]]
    )
    type: list[ServiceType] = Field(
        default=[], description="Only services of these types.", examples=[["FEATURE"]]
    )
    name: list[str] = Field(
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

    def means(self, node: Node) -> bool:
        """Whether a node is among those named."""
        wanted = {name.lower() for name in self.node}
        return any(name.lower() in wanted for name in (node.id, *aliases(node)))


def _like(service: Service, pattern: str) -> bool:
    # Only the asterisk is special: the other wildcards of shells are ordinary characters here.
    plain = "".join(f"[{letter}]" if letter in "?[" else letter for letter in pattern)
    return fnmatchcase(service.name, plain) or fnmatchcase(service.slug, plain)
