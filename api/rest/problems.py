"""Problems: every way in which a request can fail, in one table, and the document that says so (RFC 9457, section 6).

It knows no route; a face may add types of its own to the table.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic import Field

from ucmsim.api.identifiers import unguessable
from ucmsim.api.rest.documents import Document
from ucmsim.models import reasons
from ucmsim.models.reasons import Reason

MEDIA_TYPE = "application/problem+json"
CATALOGUE = "/api/v1/problems"
CHALLENGE = {"WWW-Authenticate": 'Basic realm="ucmsim", charset="UTF-8"'}


@dataclass(frozen=True)
class ProblemType:
    """One kind of problem: its name in the URL, the statuses it comes with, and what it means.

    `wire` is what SOAP says in its place, None where SOAP has no counterpart.
    """

    name: str
    title: str
    statuses: tuple[int, ...]
    meaning: str
    wire: Reason | None = None

    @property
    def code(self) -> str:
        """The name in upper snake: stable, for programs."""
        return self.name.upper().replace("-", "_")

    @property
    def uri(self) -> str:
        """The address of its description, relative to the server."""
        return f"{CATALOGUE}/{self.name}"


TYPES: dict[str, ProblemType] = {}
"""All types by name."""


def define(name: str, title: str, *statuses: int, meaning: str, wire: Reason | None = None) -> ProblemType:
    """Add a type to the table. Without a status it only stands in the results of operations."""
    TYPES[name] = ProblemType(name, title, statuses, meaning, wire)
    return TYPES[name]


NOT_AUTHENTICATED = define(
    "not-authenticated", "Credentials are missing or wrong", 401,
    meaning="Send the name and password of an account with HTTP Basic.",
)  # fmt: skip
FORBIDDEN = define(
    "forbidden", "The account's role does not allow this", 403,
    meaning="The account is known, but this needs a higher role; or a browser sent the request on behalf of another site.",
)  # fmt: skip
NOT_FOUND = define("not-found", "There is nothing here", 404, meaning="No resource has this path.")
CLUSTER_NOT_FOUND = define(
    "cluster-not-found", "There is no such cluster", 404,
    meaning="The inventory has no cluster of this id; the detail names the nearest one.",
)  # fmt: skip
NODE_NOT_FOUND = define(
    "node-not-found", "There is no such node", 404,
    meaning="The cluster has no node of this host name, address or FQDN; the detail names the nearest one.",
)  # fmt: skip
SERVICE_NOT_FOUND = define(
    "service-not-found", "There is no such service", 404,
    meaning="The node offers no service of this id or exact name; the detail names the nearest one.",
    wire=reasons.NO_SUCH_SERVICE,
)  # fmt: skip
METHOD_NOT_ALLOWED = define(
    "method-not-allowed", "The method is not allowed here", 405,
    meaning="The header Allow names the methods that are.",
)  # fmt: skip
NOT_ACCEPTABLE = define(
    "not-acceptable", "No representation is acceptable", 406,
    meaning="The header Accept excludes every media type that this resource has.",
)  # fmt: skip
BODY_TIMEOUT = define(
    "request-timeout", "The body did not arrive in time", 408, meaning="Send the request again."
)
BODY_TOO_LARGE = define(
    "body-too-large", "The body is too large", 413, meaning="The detail says how many bytes are accepted."
)
UNSUPPORTED_MEDIA_TYPE = define(
    "unsupported-media-type", "The body's media type is not supported", 415,
    meaning="The header Content-Type has to name a media type that this resource reads.",
)  # fmt: skip
VALIDATION_ERROR = define(
    "validation-error", "The request is not valid", 400, 422,
    meaning="`errors` names each field or parameter that is wrong, and why. 422: it is well-formed, but impossible.",
)  # fmt: skip
SERVICE_NOT_ACTIVATED = define(
    "service-not-activated", "The service is not activated", 409,
    meaning="A feature service has to be activated before it can be started, stopped or restarted (G-CTL-1).",
    wire=reasons.NOT_ACTIVATED,
)  # fmt: skip
SERVICE_NOT_DEPLOYABLE = define(
    "service-not-deployable", "The service can be neither activated nor deactivated", 409,
    meaning="Network services are installed running; only feature services are activated (G-ACT-2).",
    wire=reasons.NOT_SUPPORTED,
)  # fmt: skip
SERVICE_NOT_CONTROLLABLE = define(
    "service-not-controllable", "The service cannot be controlled this way", 409,
    meaning="The platform reserves this service (G-CTL-7), or it is controlled from the command line only (`via`: `CLI`).",
    wire=reasons.NOT_SUPPORTED,
)  # fmt: skip
SERVICE_NOT_ON_THIS_NODE = define(
    "service-not-on-this-node", "The service runs on another node", 409,
    meaning="A first-node-only service can be activated and started on the publisher alone (G-ACT-15).",
    wire=reasons.COMMANDED_OUT_OF_SERVICE,
)  # fmt: skip
DEPENDENCY_NOT_ACTIVE = define(
    "dependency-not-active", "A service that this one depends on is down", 409,
    meaning="Start or activate what `dependsOn` names first.",
    wire=reasons.DEPENDENCY_NOT_ACTIVE,
)  # fmt: skip
ALREADY_IN_STATE = define(
    "already-in-state", "The service is in another state than the caller requires", 409,
    meaning="The request named states with `ifState`, and the service is in none of them.",
    wire=reasons.ALREADY_STARTED,
)  # fmt: skip
OPERATION_IN_PROGRESS = define(
    "operation-in-progress", "Another operation is in progress", 409,
    meaning="`operation` names it when it is known; wait for its end. A service that is stopping cannot be started before it has stopped (G-CTL-3).",
    wire=reasons.PENDING,
)  # fmt: skip
OPERATION_NOT_FOUND = define(
    "operation-not-found", "There is no such operation", 404,
    meaning="The id is wrong, or the operation ended more than 24 hours ago and is forgotten.",
)  # fmt: skip
OPERATION_NOT_CANCELLABLE = define(
    "operation-not-cancellable", "The operation cannot be cancelled", 409,
    meaning="It has ended, or its services are already on their way.",
)  # fmt: skip
PRECONDITION_FAILED = define(
    "precondition-failed", "The resource has changed", 412,
    meaning="The resource's ETag is not the one in If-Match: read it again.",
)  # fmt: skip
IDEMPOTENCY_KEY_REUSED = define(
    "idempotency-key-reused", "The idempotency key was used for another request", 422,
    meaning="Within 24 hours a key stands for one request: same user, same path, same body.",
)  # fmt: skip
RATE_LIMITED = define(
    "rate-limited", "Too many requests", 429, meaning="The header Retry-After says when to come back."
)
INTERNAL_ERROR = define(
    "internal-error", "The server failed", 500,
    meaning="A fault of ours; the log has the details under the answer's `traceId`.",
)  # fmt: skip
NODE_UNREACHABLE = define(
    "node-unreachable", "The node cannot be reached", 503,
    meaning="The node answers nobody at present (G-CTL-16).",
)  # fmt: skip
NOT_READY = define("not-ready", "The server is not ready", 503, meaning="It is starting, or about to stop.")
OPERATION_TIMEOUT = define(
    "operation-timeout", "The operation did not end in time",
    meaning="`timeoutSeconds` have passed; the service carries on.",
    wire=reasons.TABLE[-1031],
)  # fmt: skip
SERVICE_FAILED = define(
    "service-failed", "The service did not come up",
    meaning="It was started and went down again, or was forced down on its way.",
    wire=reasons.NOT_RUNNING,
)  # fmt: skip


class FieldError(Document):
    """One thing that is wrong with a request."""

    pointer: str = Field(
        description="A JSON pointer into the body (`#/targets/0/service`), `?` and the name of a query parameter, or nothing for a "
        "header.",
        examples=["#/targets/0/service"],
    )
    detail: str = Field(examples=["no service named 'cisco-callmanger'; closest: 'cisco-callmanager'"])


class WireReason(Document):
    """What SOAP says in the same case."""

    api: str = Field(examples=["CONTROLCENTER"])
    reason_code: int = Field(examples=[-1068])
    reason_code_string: str = Field(
        description="With the trailing space of the wire.", examples=["Service Not Activated "]
    )


class ProblemDocument(Document):
    """Why a request, or one target of an operation, failed (RFC 9457)."""

    type: str = Field(
        description="Where the kind of problem is described.",
        examples=["/api/v1/problems/service-not-activated"],
    )
    title: str = Field(examples=["The service is not activated"])
    status: int = Field(description="The HTTP status; in the result of an operation, the one it would be.")
    code: str = Field(description="The kind of problem in upper snake.", examples=["SERVICE_NOT_ACTIVATED"])
    detail: str = Field(description="What is wrong in this case, for people.")
    instance: str = Field(description="The path of the request.")
    cluster: str | None = Field(examples=["lab"])
    node: str | None = Field(examples=["cucm-sub"])
    service: str | None = Field(examples=["cisco-tftp"])
    operation: str | None = Field(description="The operation that is in the way, or that was created.")
    rule: str | None = Field(
        description="The rule of the administration guide behind it.", examples=["G-CTL-1"]
    )
    wire: WireReason | None = Field(
        description="What SOAP says in the same case, null where it has no counterpart."
    )
    errors: list[FieldError] = Field(
        description="Each thing that is wrong with the request, if it is not valid."
    )
    trace_id: str = Field(description="Names this answer in the server's log.")


@dataclass
class Problem(Exception):  # noqa: N818 (RFC 9457 calls it a problem)
    """Ends a request with a problem of `type`. `wire` replaces the type's own reason, `status` its first status."""

    type: ProblemType
    detail: str
    status: int | None = None
    cluster: str | None = None
    node: str | None = None
    service: str | None = None
    operation: str | None = None
    rule: str | None = None
    wire: Reason | None = None
    errors: Iterable[tuple[str, str]] = ()
    headers: Mapping[str, str] = field(default_factory=dict)

    def document(self, instance: str, trace_id: str) -> ProblemDocument:
        """The problem as it is sent in answer to a request for the path `instance`."""
        reason = self.wire or self.type.wire
        return ProblemDocument(
            type=self.type.uri,
            title=self.type.title,
            status=self.status or next(iter(self.type.statuses), 500),
            code=self.type.code,
            detail=self.detail,
            instance=instance,
            cluster=self.cluster,
            node=self.node,
            service=self.service,
            operation=self.operation,
            rule=self.rule,
            wire=wire_reason(reason) if reason else None,
            errors=[FieldError(pointer=pointer, detail=detail) for pointer, detail in self.errors],
            trace_id=trace_id,
        )


def problem_response(problem: Problem, path: str) -> tuple[int, dict[str, str], bytes]:
    """The status, headers and body that a problem is answered with."""
    now = time.time_ns() // 1_000_000  # names the answer for the log: no simulated time
    document = problem.document(path, unguessable("", now))
    headers = {"Content-Type": MEDIA_TYPE, "Cache-Control": "no-store", **problem.headers}
    if problem.type is NOT_AUTHENTICATED:
        headers |= CHALLENGE
    return document.status, headers, document.json()


def wire_reason(reason: Reason) -> WireReason:
    """A reason as SOAP would put it."""
    return WireReason(api="CONTROLCENTER", reason_code=reason.code, reason_code_string=reason.wire)


def example(kind: ProblemType, status: int) -> dict[str, Any]:
    """A problem document of a type, for the description."""
    shown = Problem(kind, kind.meaning, status=status).document("/api/v1/…", "01J8Z3K5V7Q2XN4T6B8M0C9D1E")
    return shown.model_dump(mode="json", by_alias=True)
