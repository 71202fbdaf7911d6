"""The shelf: subscriptions in the store. Each function takes the connection of its caller's transaction."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sql

from ucmsim.api.events.log import Filter
from ucmsim.api.rows import Json
from ucmsim.api.schema import subscriptions
from ucmsim.api.subscriptions.record import Subscription
from ucmsim.models.states import Instant

LEASE = 60_000
"""For how many real milliseconds a server process has a subscription to itself while it sends."""

_KEYS = ("types", "clusters", "nodes", "services", "operations")


def add(connection: sql.Connection, at: Instant, subscription: Subscription) -> Subscription:
    """Keep a new subscription and return it with its number."""
    number: int = connection.execute(
        sql.insert(subscriptions)
        .values(at=at, leased_until=0, **_row(subscription))
        .returning(subscriptions.c.number)
    ).scalar_one()
    found = find(connection, number)
    assert found is not None
    return found


def find(connection: sql.Connection, number: int) -> Subscription | None:
    """Return the subscription of this number, None if there is none."""
    row = connection.execute(sql.select(subscriptions).where(subscriptions.c.number == number)).first()
    return _subscription(row) if row else None


def everything(connection: sql.Connection) -> list[Subscription]:
    """Return all subscriptions, the oldest first."""
    rows = connection.execute(sql.select(subscriptions).order_by(subscriptions.c.number))
    return [_subscription(row) for row in rows]


def replace(connection: sql.Connection, subscription: Subscription) -> None:
    """Put another state of a subscription in place of the present one."""
    statement = sql.update(subscriptions).where(subscriptions.c.number == subscription.number)
    connection.execute(statement.values(_row(subscription)))


def remove(connection: sql.Connection, number: int) -> bool:
    """Forget a subscription; return whether there was one."""
    done = connection.execute(sql.delete(subscriptions).where(subscriptions.c.number == number))
    return bool(done.rowcount)


def clear(connection: sql.Connection) -> None:
    """Forget all subscriptions."""
    connection.execute(sql.delete(subscriptions))


def lease(connection: sql.Connection, number: int, now: int) -> Subscription | None:
    """Take a subscription for this process alone; None if it is gone, disabled, not due yet, or taken. `now` is real."""
    statement = sql.update(subscriptions).where(
        subscriptions.c.number == number,
        subscriptions.c.enabled,
        subscriptions.c.due <= now,
        subscriptions.c.leased_until <= now,
    )
    if not connection.execute(statement.values(leased_until=now + LEASE)).rowcount:
        return None
    return find(connection, number)


def progress(connection: sql.Connection, subscription: Subscription, leased_until: int) -> bool:
    """Note how far a subscription is, unless it was changed or removed meanwhile; return whether it is still enabled."""
    statement = sql.update(subscriptions).where(
        subscriptions.c.number == subscription.number,
        subscriptions.c.url == subscription.url,
        subscriptions.c.enabled,
    )
    done = connection.execute(
        statement.values(
            cursor=subscription.cursor,
            failures=subscription.failures,
            due=subscription.due,
            enabled=subscription.enabled,
            leased_until=leased_until,
        )
    )
    return bool(done.rowcount) and subscription.enabled


def release_all(connection: sql.Connection) -> None:
    """End all leases: those of a process that is no more."""
    connection.execute(sql.update(subscriptions).values(leased_until=0))


def _row(subscription: Subscription) -> Json:
    return {
        "url": subscription.url,
        "secret": subscription.secret,
        "wanted": {key: list(getattr(subscription.wanted, key)) for key in _KEYS},
        "enabled": subscription.enabled,
        "cursor": subscription.cursor,
        "failures": subscription.failures,
        "due": subscription.due,
    }


def _subscription(row: sql.Row[Any]) -> Subscription:
    return Subscription(
        row.number,
        row.at,
        row.url,
        row.secret,
        Filter(**{key: tuple(row.wanted[key]) for key in _KEYS}),
        row.enabled,
        row.cursor,
        row.failures,
        row.due,
    )
