"""The entrance of a face: links to everything, the OpenAPI description, and the same for people as a page that needs no network."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from functools import cached_property
from typing import Any

from flask import render_template
from markupsafe import Markup, escape
from pydantic import Field

from ucmsim.api.rest.application import Face
from ucmsim.api.rest.descriptions import describe
from ucmsim.api.rest.documents import Document
from ucmsim.api.rest.routes import JSON, Content, Reply, Resource, get

HTML = "text/html; charset=utf-8"


class EntranceDocument(Document):
    """Where everything is."""

    product: str = Field(description="The name of this software.", examples=["ucmsim"])
    product_version: str = Field(examples=["0.1.0"])
    api_version: str = Field(description="The version of this API.", examples=["v1"])
    links: dict[str, str] = Field(
        description="The collections and single resources, by name.",
        examples=[{"clusters": "/api/v1/clusters"}],
    )


class Entrance(Resource):
    """Links to everything, and what this API can do, for programs (`openapi.json`) and for people (`docs`)."""

    name = "entrance"
    face: Face
    """The face that is described; set by `with_entrance`, as the face has this resource itself."""

    @get("")
    def read(self) -> EntranceDocument:
        """Read the links to everything."""
        plain = [
            route.path for _, route in self.face.routes if route.method == "GET" and "{" not in route.path
        ]
        return EntranceDocument(
            product="ucmsim",
            product_version=self.face.version,
            api_version=self.face.prefix.rpartition("/")[2],
            links={path.strip("/") or "self": self.face.prefix + path for path in plain},
        )

    @get("/openapi.json", public=True)
    def description(self) -> Reply[Any]:
        """Read the OpenAPI 3.1 description."""
        return Reply(content=Content(JSON, self._described))

    @get("/docs", public=True, produces=(HTML.partition(";")[0],))
    def page(self) -> Reply[Any]:
        """Read the description as a page."""
        described = json.loads(self._described)
        return Reply(content=Content(HTML, render_template("description.html", **_page(described)).encode()))

    @cached_property
    def _described(self) -> bytes:
        return json.dumps(describe(self.face), ensure_ascii=False).encode()


def with_entrance(face: Face) -> Face:
    """Return the face with its entrance as the first resource."""
    entrance = Entrance()
    entrance.face = replace(face, resources=(entrance, *face.resources))
    return entrance.face


def public_paths(face: Face) -> frozenset[str]:
    """The paths of a face that need no credentials."""
    return frozenset(face.prefix + route.path for _, route in face.routes if route.public)


def _page(described: dict[str, Any]) -> dict[str, Any]:
    """What the template shows."""
    operations = [
        {"path": path, "method": method.upper(), **operation}
        for path, methods in described["paths"].items()
        for method, operation in methods.items()
    ]
    return {
        "info": described["info"],
        "tags": [
            {**tag, "operations": [one for one in operations if tag["name"] in one["tags"]]}
            for tag in described["tags"]
        ],
        "schemas": described["components"]["schemas"],
        "marked": _marked,
    }


def _marked(text: str | None) -> Markup:
    """A text as HTML, with what stands between backticks as code."""
    return Markup(re.sub("`([^`]+)`", r"<code>\1</code>", str(escape(text or ""))))  # noqa: S704 (escaped before)
