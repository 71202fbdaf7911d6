"""Sharing: what a server needs when other processes serve the same clusters – sessions in common, and news of each other."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Iterable

import sqlalchemy as sql

from ucmsim.api import schema
from ucmsim.api.engine import Engine
from ucmsim.api.neighbours import Neighbours, Notices, Watch
from ucmsim.api.ring.addressing import Addressing
from ucmsim.api.ring.exchange import Application, Scope
from ucmsim.api.ring.freshness import Freshness
from ucmsim.api.session_register import SessionRegister
from ucmsim.api.sessions import Sessions
from ucmsim.api.store import Store
from ucmsim.api.workers import Workers

_SESSIONS = "sessions"


def sessions(store: Store, users: Callable[[], Iterable[str]], workers: Workers) -> Sessions:
    """Return the sessions of all processes over `store`, which may be any of the `users`'."""
    register = SessionRegister(store, workers.reads)
    return Sessions(time.time, secret=_secret(store), users=users, register=register)


def forget_sessions(store: Store) -> None:
    """End all sessions that began so far: passwords may have changed since."""
    with store.writing() as connection:
        connection.execute(sql.delete(schema.secrets).where(schema.secrets.c.name == _SESSIONS))


def neighbours(store: Store, engine: Engine) -> Neighbours:
    """Return what connects an engine with those of the other processes."""
    return Watch(engine) if store.has_one_writer else Notices(engine, store.url)


def fresh(app: Application, engine: Engine, addressing: Addressing, workers: Workers) -> Application:
    """Return an application that knows, whenever it is asked, what other processes have done."""

    def cluster(scope: Scope) -> str:
        host = next((value for name, value in scope["headers"] if name == b"host"), None)
        return addressing.node(scope["server"][0], host).cluster

    def refresh(asked: str) -> None:
        engine.refresh()
        # Read here, where it may take its time, what will be looked at in the event loop.
        engine.cluster(asked)

    def stale(asked: str) -> bool:
        return engine.stale or not engine.read_lately(asked)

    return Freshness(app, cluster, refresh, workers.reads, stale if engine.prompt else None)


def _secret(store: Store) -> bytes:
    """The secret of the sessions, made by the first process that asks for it."""
    with store.writing() as connection:
        store.add(connection, schema.secrets, [{"name": _SESSIONS, "value": secrets.token_hex(32)}])
    query = sql.select(schema.secrets.c.value).where(schema.secrets.c.name == _SESSIONS)
    with store.reading() as connection:
        return bytes.fromhex(connection.scalars(query).one())
