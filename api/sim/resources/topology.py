"""The topology over HTTP: the inventory's clusters and nodes, read and replaced as a whole."""

from __future__ import annotations

import json
from typing import Any

import tomli_w
from pydantic import Field
from werkzeug.datastructures import MIMEAccept
from werkzeug.http import parse_accept_header

from ucmsim.api.inventory import InventoryError, loads, parse
from ucmsim.api.listeners import ListenError
from ucmsim.api.rest.calls import Call
from ucmsim.api.rest.documents import Document, Query
from ucmsim.api.rest.problems import VALIDATION_ERROR, Problem
from ucmsim.api.rest.routes import JSON, Content, Reply, Resource, get, put
from ucmsim.api.sim import topology
from ucmsim.api.sim.resources import by
from ucmsim.api.sim.topology import Difference
from ucmsim.models.inventory import Inventory

TOML = "application/toml"
BODY_LIMIT = 10 * 1024 * 1024

_EXAMPLE = Content(
    TOML,
    b"""[[clusters]]
id = "lab"
version = "15.0.1.12900-43"

[[clusters.nodes]]
id = "cucm-pub"
product = "UCM"
role = "publisher"
address = "127.0.0.1"
""",
)


class TopologyQuery(Query):
    """Whether it is meant."""

    dry_run: bool = Field(default=False, description="Only say what would change.")


class DifferenceDocument(Document):
    """A cluster or a node that differs."""

    change: str = Field(description="ADDED, REMOVED or CHANGED", examples=["ADDED"])
    cluster: str = Field(examples=["lab"])
    node: str | None = Field(description="Null for a cluster as a whole.", examples=["cucm-sub"])


class TopologyChangeDocument(Document):
    """What differs between the topology that was there and the one that was sent."""

    dry_run: bool = Field(description="Whether nothing was done.")
    changes: list[DifferenceDocument] = Field(description="Empty if both are the same.")


class Topology(Resource):
    """Which clusters and nodes there are, in the inventory's form, as JSON or TOML; accounts are no part of it.

    What stays as it is described goes on. A node that is new or described differently is installed anew, and the server
    listens at its address; running operations are forgotten. The topology survives a restart of the server until that is
    started with another inventory. Where new names need it a new certificate takes the place of the old one.
    """

    name = "topology"

    def __init__(self, handled: topology.Topology) -> None:
        self._topology = handled

    @get("/topology", produces=(JSON, TOML))
    def read(self, call: Call) -> Reply[Any]:
        """Read the topology, as JSON or as TOML by `Accept`."""
        document = self._topology.document
        accepted = parse_accept_header(call.headers.get("Accept"), MIMEAccept)
        if accepted.best_match((JSON, TOML), JSON) == TOML:
            return Reply(content=Content(TOML, tomli_w.dumps(document).encode()))
        return Reply(content=Content(JSON, json.dumps(document).encode()))

    @put("/topology", consumes=(JSON, TOML), problems=(VALIDATION_ERROR,), example=_EXAMPLE)
    def change(self, content: Content, query: TopologyQuery, call: Call) -> TopologyChangeDocument:
        """Put a topology in place of the present one; the same once more changes nothing."""
        after = _inventory(content)
        if query.dry_run:
            return _document(self._topology.compare(after), dry_run=True)
        try:
            return _document(self._topology.change(after, by(call)), dry_run=False)
        except ListenError as error:
            raise Problem(VALIDATION_ERROR, f"{error}; {error.hint}", status=422) from None


def _inventory(content: Content) -> Inventory:
    try:
        text = content.body.decode()
        inventory = loads(text, "body") if content.media_type == TOML else parse(json.loads(text))
    except UnicodeDecodeError:
        raise Problem(VALIDATION_ERROR, "the body is not text in UTF-8", errors=[("#", "no UTF-8")]) from None
    except (json.JSONDecodeError, RecursionError) as error:
        raise Problem(VALIDATION_ERROR, f"the body is no JSON: {error}", errors=[("#", str(error))]) from None
    except InventoryError as error:
        errors = [
            ("#" + "".join(f"/{part}" for part in each.path), str(each.message)) for each in error.problems
        ]
        raise Problem(VALIDATION_ERROR, "this topology cannot be", status=422, errors=errors) from None
    if inventory.users:
        text = "accounts are no part of the topology"
        raise Problem(VALIDATION_ERROR, text, status=422, errors=[("#/users", text)])
    return inventory


def _document(found: tuple[Difference, ...], *, dry_run: bool) -> TopologyChangeDocument:
    return TopologyChangeDocument(
        dry_run=dry_run,
        changes=[
            DifferenceDocument(change=each.turn.value, cluster=each.cluster, node=each.node) for each in found
        ],
    )
