"""From JSON documents of the REST API to values, and from its problems to exceptions.

The names of the documents' fields end here (REST specification sections 3 to 7).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from ucmsim.clients.errors import (
    CredentialsError,
    ForbiddenError,
    NotServedError,
    ThrottledError,
    UcmError,
    UnexpectedAnswerError,
    UnreachableError,
)
from ucmsim.clients.rest.values import (
    ClusterInformation,
    Event,
    Finding,
    NodeInformation,
    Operation,
    Outcome,
)
from ucmsim.clients.results import SUCCESS, Form, Reason, Service, ServiceState, Status

Json = Mapping[str, Any]


class ProblemError(UcmError):
    """The server answered with a problem (RFC 9457): `code` is its stable code, `document` all of it."""

    def __init__(self, node: str, document: Json, status: int) -> None:
        self.document = document
        self.status = status
        self.code = str(document.get("code") or "")
        title = str(document.get("title") or f"HTTP status {status}")
        detail = str(document.get("detail") or "").rstrip(".")
        errors = "; ".join(
            f"{each.get('pointer') or 'request'}: {each.get('detail')}" for each in _errors(document)
        )
        super().__init__(detail or title, errors, node=node)

    @property
    def reason(self) -> Reason | None:
        """What SOAP would have said; None where SOAP has no counterpart."""
        return _wire_reason(self.document.get("wire"))


def problem(node: str, user: str, status: int, document: Json, retry_after: str | None) -> UcmError:
    """The exception for an answer of 400 or more."""
    told = ProblemError(node, document, status)
    match status:
        case 401:
            return CredentialsError(
                f"{node} does not accept the password of {user!r}", "Check user name and password", node=node
            )
        case 403:
            return ForbiddenError(
                told.problem, "Give the user the role that this needs, see the inventory's users", node=node
            )
        case 404 if not document:
            return NotServedError(
                f"{node} has no REST API", "Only ucmsim has it; with a real node use SOAP", node=node
            )
        case 429:
            after = float(retry_after) if retry_after and retry_after.isdigit() else None
            return ThrottledError(told.problem, "Ask less often, or later", node=node, after=after)
        case 503 if told.code == "NODE_UNREACHABLE":
            return UnreachableError(told.problem, "Make the node reachable again", node=node)
        case _:
            return (
                told
                if document
                else UnexpectedAnswerError(
                    f"{node} answered with HTTP status {status}", "Check host and port", node=node
                )
            )


def state(document: Json) -> ServiceState:
    """A service's state; raises UnreachableError when its node does not answer, as SOAP would."""
    wire = document["wire"]
    if wire is None:
        node = str(document["node"])
        raise UnreachableError(f"{node} does not answer", "Make the node reachable again", node=node)
    seconds = int(wire["upTime"])
    return ServiceState(
        name=document["name"],
        status=Status(wire["serviceStatus"]),
        reason=Reason(int(wire["reasonCode"]), wire["reasonCodeString"].strip()),
        started=moment(document["startTime"]) if wire["startTime"] else None,
        up_time=timedelta(seconds=seconds) if seconds >= 0 else None,
    )


def service(document: Json, names: Mapping[str, str]) -> Service:
    """What a service is; `names` are the exact names by slug."""
    return Service(
        name=document["name"],
        form=Form.SERVLET if document["implementation"] == "SERVLET" else Form.SERVICE,
        deployable=document["type"] == "FEATURE",
        group=document["group"],
        depends=tuple(names.get(slug, slug) for slug in document["dependsOn"]),
        product_id=document["product"],
    )


def operation(document: Json) -> Operation:
    """An operation with its outcomes."""
    finished = document["finishedAt"]
    return Operation(
        id=document["id"],
        kind=document["kind"],
        status=document["status"],
        reason=document["reason"] or "",
        origin=document["origin"]["face"],
        percent=int(document["progress"]["percent"]),
        created=moment(document["createdAt"]),
        finished=moment(finished) if finished else None,
        outcomes=tuple(_outcome(result) for result in document["results"]),
    )


def event(document: Json, cursor: str) -> Event:
    """A CloudEvent."""
    return Event(
        cursor, document["id"], document["type"], moment(document["time"]), document.get("data") or {}
    )


def finding(document: Json) -> Finding:
    """A piece of advice."""
    return Finding(
        rule=document["rule"],
        severity=document["severity"],
        node=document["node"],
        service=document["service"] or "",
        message=document["message"],
        remedy=document["remedy"],
    )


def node(document: Json) -> NodeInformation:
    """A node."""
    return NodeInformation(
        id=document["id"],
        cluster=document["cluster"],
        address=document["address"],
        fqdn=document["fqdn"] or "",
        product=document["product"],
        role=document["role"],
        version=document["activeVersion"],
        timezone=document["timezone"],
        reachable=document["reachability"] == "REACHABLE",
    )


def cluster(document: Json) -> ClusterInformation:
    """A cluster."""
    return ClusterInformation(
        id=document["id"],
        name=document["name"],
        product=document["product"],
        version=document["version"],
        publisher=document["publisher"],
        nodes=int(document["nodeCount"]),
    )


def moment(text: str) -> datetime:
    """An RFC 3339 time."""
    return datetime.fromisoformat(text)


def _outcome(result: Json) -> Outcome:
    trouble = result["problem"]
    return Outcome(
        node=result["node"],
        service=result["service"] or "",
        status=result["status"],
        changed=result["changed"],
        problem=str(trouble.get("detail") or trouble["title"]) if trouble else "",
        reason=_wire_reason(trouble.get("wire")) if trouble else None,
        cascade=bool(result.get("cascade")),
    )


def _wire_reason(wire: Any) -> Reason | None:
    if not isinstance(wire, Mapping) or wire.get("reasonCode") is None:
        return None
    code = int(wire["reasonCode"])
    return Reason(code, "" if code == SUCCESS else str(wire.get("reasonCodeString") or "").strip())


def _errors(document: Json) -> list[Json]:
    errors = document.get("errors")
    return [each for each in errors if isinstance(each, Mapping)] if isinstance(errors, list) else []
