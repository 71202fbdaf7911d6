"""Subscriptions over REST: where events are to be sent."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Annotated, Any, ClassVar

from pydantic import AfterValidator, Field

from ucmsim.api.engine import Engine
from ucmsim.api.events.happenings import Type
from ucmsim.api.events.log import Filter
from ucmsim.api.rest.calls import IF_MATCH, Call, Header
from ucmsim.api.rest.documents import Body, Document, Page, Timestamp
from ucmsim.api.rest.problems import NOT_FOUND, PRECONDITION_FAILED, Problem, define
from ucmsim.api.rest.resources.names import (
    BASE,
    OPERATION_ID,
    UNKNOWN_NAMES,
    cluster_ids,
    everywhere,
    node_ids,
    wire_names,
)
from ucmsim.api.rest.resources.paging import PageQuery, page
from ucmsim.api.rest.routes import Link, Path, Reply, Resource, delete, get, patch, post
from ucmsim.api.subscriptions import shelf
from ucmsim.api.subscriptions.allowance import NotAllowedError, destination
from ucmsim.api.subscriptions.postman import Postman
from ucmsim.api.subscriptions.record import Subscription, number_of
from ucmsim.models.catalogue import slug

CALLBACK_NOT_ALLOWED = define(
    "callback-not-allowed",
    "Nothing may be sent to this URL",
    422,
    meaning="The server sends to the networks of its allow-list only (`callbackAllowList` of `/sim/v1/settings`).",
)

SubscriptionId = Annotated[str, Path("The subscription's id.", "sub_01J8Z3K5V7Q2XN4T6B8M0C9D1E")]


def _usable(secret: str) -> str:
    if secret.startswith("whsec_"):
        try:
            base64.b64decode(secret.removeprefix("whsec_"), validate=True)
        except binascii.Error:
            raise ValueError("what follows whsec_ has to be base 64") from None
    return secret


Secret = Annotated[
    str,
    Field(
        min_length=8,
        max_length=256,
        description="What deliveries are signed with: `whsec_` and a key in base 64, or any text. Never shown.",
        examples=["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"],
        json_schema_extra={"writeOnly": True},
    ),
    AfterValidator(_usable),
]
Url = Annotated[
    str,
    Field(
        min_length=8,
        max_length=2000,
        pattern="^https?://",
        description="Where to POST events, without credentials.",
        examples=["http://127.0.0.1:9000/hook"],
    ),
]
Types = Annotated[
    list[Type],
    Field(
        max_length=50,
        description="Only events of these types; none: all.",
        examples=[["service.state.changed"]],
    ),
]


class FilterRequest(Body):
    """Which events are wanted; what is absent lets everything pass."""

    cluster: str | None = Field(default=None, examples=["lab"])
    node: str | None = Field(default=None, examples=["cucm-pub"])
    service: str | None = Field(default=None, description="By id or exact name.", examples=["cisco-tftp"])
    operation: str | None = Field(
        default=None, pattern=OPERATION_ID, examples=["op_01J8Z3K5V7Q2XN4T6B8M0C9D1E"]
    )

    def wanted(self, engine: Engine, types: list[Type]) -> Filter:
        """Return what is wanted, in the log's words; raises Problem for a name that means nothing."""

        def named(name: str | None) -> tuple[str, ...]:
            return () if name is None else (name,)

        return Filter(
            tuple(kind.value for kind in types),
            cluster_ids(engine, named(self.cluster)),
            node_ids(everywhere(engine), named(self.node)),
            wire_names(named(self.service)),
            named(self.operation),
        )


class SubscriptionRequest(Body):
    """Where to send which events."""

    url: Url
    secret: Secret
    types: Types = Field(default_factory=list)
    filter: FilterRequest = Field(
        default=FilterRequest(), description="Which events are wanted; absent: all."
    )
    enabled: bool = Field(default=True, description="Whether to begin at once.")


class SubscriptionPatch(Body):
    """What to change of a subscription."""

    url: Url | None = Field(default=None, description="Where to send from now on.")
    secret: Secret | None = Field(default=None, description="What to sign with from now on.")
    types: Types | None = Field(default=None, description="Of which types; the empty list: of all.")
    filter: FilterRequest | None = Field(default=None, description="Which events are wanted, as a whole.")
    enabled: bool | None = Field(
        default=None, description="A subscription that failed and is enabled again goes on where it was."
    )


class FilterDocument(Document):
    """Which events are wanted."""

    cluster: str | None = Field(examples=["lab"])
    node: str | None = Field(examples=["cucm-pub"])
    service: str | None = Field(examples=["cisco-tftp"])
    operation: str | None = Field(examples=["op_01J8Z3K5V7Q2XN4T6B8M0C9D1E"])


class SubscriptionDocument(Document):
    """A subscription. Its secret is never shown."""

    volatile: ClassVar[Mapping[str, Any]] = {"cursor": True, "failures": True}

    id: str = Field(examples=["sub_01J8Z3K5V7Q2XN4T6B8M0C9D1E"])
    url: str = Field(description="Where events are sent.", examples=["http://127.0.0.1:9000/hook"])
    types: list[Type] = Field(description="Only events of these types; none: all.")
    filter: FilterDocument
    enabled: bool = Field(description="False after an event could not be delivered in five attempts.")
    created_at: Timestamp
    cursor: str = Field(description="The last event that was dealt with.", examples=["42"])
    failures: int = Field(description="How many attempts for the next event have failed.")
    links: dict[str, str]


class SubscriptionPage(Page[SubscriptionDocument]):
    """A part of the subscriptions, the oldest first."""


class PingDocument(Document):
    """What became of a test delivery."""

    delivered: bool = Field(description="Whether the receiver answered with a 2xx status.")
    status: int | None = Field(description="What the receiver answered, null if it did not.", examples=[204])


class Subscriptions(Resource):
    """Events sent as they happen (webhooks): one CloudEvent a POST, in order, at least once, signed as Standard Webhooks says.

    `webhook-signature` is `v1,` and the HMAC-SHA256, in base 64, of `webhook-id`, `webhook-timestamp` (real seconds) and
    the body, joined by dots. What does not arrive is sent again after 1, 5, 25 and 125 seconds; then the subscription is
    disabled and `subscription.failed` happens. A receiver that answers 410 is never sent anything again.
    """

    name = "subscriptions"

    def __init__(self, engine: Engine, postman: Postman) -> None:
        self._engine = engine
        self._postman = postman

    @get("/subscriptions")
    def index(self, query: PageQuery) -> SubscriptionPage:
        """List the subscriptions.

        The oldest first.
        """
        with self._engine.reading() as connection:
            found, following = page(shelf.everything(connection), query)
        return SubscriptionPage(items=[_document(one) for one in found], next=following)

    @post(
        "/subscriptions",
        statuses=(201,),
        problems=(CALLBACK_NOT_ALLOWED, *UNKNOWN_NAMES),
        answers={"Location": Header("Location", "Where the subscription is.")},
        links={
            "read": Link("subscriptions_read", {"subscription": "$response.body#/id"}, "The subscription."),
            "delete": Link("subscriptions_remove", {"subscription": "$response.body#/id"}, "End it."),
        },
        example={
            "url": "http://127.0.0.1:9000/hook",
            "types": ["service.state.changed"],
            "filter": {"node": "cucm-pub"},
            "secret": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        },
    )
    def create(self, body: SubscriptionRequest, call: Call) -> Reply[SubscriptionDocument]:
        """Subscribe to what happens from now on."""
        self._check(body.url)
        _, last = self._engine.event_range()
        wanted = body.filter.wanted(self._engine, body.types)
        new = Subscription(0, 0, body.url, body.secret, wanted, body.enabled, last)
        with self._engine.transaction([], call.origin) as transaction:
            made = shelf.add(transaction.connection, transaction.now, new)
        document = _document(made)
        return Reply(document, 201, {"Location": document.links["self"]})

    @get("/subscriptions/{subscription}", versioned=True, problems=(NOT_FOUND,))
    def read(self, subscription: SubscriptionId) -> SubscriptionDocument:
        """Read a subscription."""
        return _document(self._find(subscription))

    @patch(
        "/subscriptions/{subscription}",
        headers=(IF_MATCH,),
        problems=(NOT_FOUND, PRECONDITION_FAILED, CALLBACK_NOT_ALLOWED, *UNKNOWN_NAMES),
        example={"enabled": True},
    )
    def change(
        self, subscription: SubscriptionId, body: SubscriptionPatch, call: Call
    ) -> SubscriptionDocument:
        """Change a subscription.

        What is absent stays as it is. A subscription that failed begins anew with its attempts.
        """
        if body.url is not None:
            self._check(body.url)
        found = self._find(subscription)
        wanted = None if body.filter is None else body.filter.wanted(self._engine, [])

        def changed(present: Subscription) -> Subscription:
            types = body.types if body.types is not None else [Type(kind) for kind in present.wanted.types]
            chosen = present.wanted if wanted is None else wanted
            return replace(
                present,
                url=body.url or present.url,
                secret=body.secret or present.secret,
                wanted=replace(chosen, types=tuple(kind.value for kind in types)),
                enabled=present.enabled if body.enabled is None else body.enabled,
                failures=0,
                due=0,
            )

        return _document(self._change(found, call, changed))

    @delete("/subscriptions/{subscription}", headers=(IF_MATCH,), problems=(NOT_FOUND, PRECONDITION_FAILED))
    def remove(self, subscription: SubscriptionId, call: Call) -> None:
        """End a subscription."""
        found = self._find(subscription)
        _check_version(found, call)
        with self._engine.transaction([], call.origin) as transaction:
            shelf.remove(transaction.connection, found.number)

    @post("/subscriptions/{subscription}/actions/ping", problems=(NOT_FOUND,))
    def ping(self, subscription: SubscriptionId) -> PingDocument:
        """Send a test event.

        Of the type `subscription.ping`, at once, once, whether the subscription is enabled or not.
        """
        status = self._postman.ping(self._find(subscription))
        return PingDocument(delivered=status is not None and 200 <= status < 300, status=status)

    def _change(
        self, found: Subscription, call: Call, change: Callable[[Subscription], Subscription]
    ) -> Subscription:
        with self._engine.transaction([], call.origin) as transaction:
            present = shelf.find(transaction.connection, found.number)
            if present is None:
                raise _unknown(found.id)
            _check_version(present, call)
            changed = change(present)
            shelf.replace(transaction.connection, changed)
        self._postman.hear(())
        return changed

    def _find(self, identifier: str) -> Subscription:
        number = number_of(identifier)
        if number is not None:
            with self._engine.reading() as connection:
                found = shelf.find(connection, number)
            if found is not None and found.id == identifier:
                return found
        raise _unknown(identifier)

    def _check(self, url: str) -> None:
        try:
            destination(url, self._postman.allowed())
        except NotAllowedError as error:
            raise Problem(CALLBACK_NOT_ALLOWED, str(error), errors=[("#/url", str(error))]) from None


def _check_version(found: Subscription, call: Call) -> None:
    if not call.matches(_document(found).etag()):
        raise Problem(PRECONDITION_FAILED, f"{found.id} has changed")


def _unknown(identifier: str) -> Problem:
    return Problem(NOT_FOUND, f"there is no subscription {identifier!r}")


def _document(subscription: Subscription) -> SubscriptionDocument:
    wanted = subscription.wanted

    def only(names: tuple[str, ...]) -> str | None:
        return names[0] if names else None

    service = only(wanted.services)
    path = f"{BASE}/subscriptions/{subscription.id}"
    return SubscriptionDocument(
        id=subscription.id,
        url=subscription.url,
        types=[Type(kind) for kind in wanted.types],
        filter=FilterDocument(
            cluster=only(wanted.clusters),
            node=only(wanted.nodes),
            service=slug(service) if service else None,
            operation=only(wanted.operations),
        ),
        enabled=subscription.enabled,
        created_at=subscription.at,
        cursor=str(subscription.cursor),
        failures=subscription.failures,
        links={"self": path, "ping": f"{path}/actions/ping"},
    )
