"""The application that the server runs: sends each request to the web application, mount or page that its path names."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from itertools import groupby

from ucmsim.api.ring.addressing import Addressing
from ucmsim.api.ring.exchange import (
    Application,
    BodyTooLargeError,
    BodyTooSlowError,
    ClientGoneError,
    Exchange,
    Receive,
    Scope,
    Send,
)
from ucmsim.api.ring.health import PATHS as HEALTH_PATHS
from ucmsim.api.ring.health import Health
from ucmsim.api.ring.interception import InterceptedError
from ucmsim.api.ring.pages import page
from ucmsim.api.ring.reply import Reply
from ucmsim.api.ring.web_application import READING, Face, Surroundings, WebApplication

log = logging.getLogger(__name__)


class App:
    """An ASGI application.

    `faces` maps paths such as `/controlcenterservice2/services/ControlCenterServices` to SOAP APIs; `mounts` maps prefixes
    such as `/api/v1` to ASGI applications, which find the request's node in `scope["state"]["node"]`.
    """

    def __init__(
        self,
        addressing: Addressing,
        surroundings: Surroundings,
        health: Health,
        faces: Mapping[str, Face],
        mounts: Mapping[str, Application] | None = None,
    ) -> None:
        self._addressing = addressing
        self._health = health
        self._applications = {
            name: WebApplication(name, {path: faces[path] for path in paths}, surroundings)
            for name, paths in _by_application(faces)
        }
        # The longest prefix wins.
        self._mounts = sorted((mounts or {}).items(), key=lambda item: len(item[0]), reverse=True)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one HTTP request."""
        exchange = Exchange(scope, receive, send)
        node = self._addressing.node(scope["server"][0], exchange.header(b"host"))
        exchange.note(node=node)
        if exchange.path in HEALTH_PATHS:
            reading = exchange.method in {"GET", "HEAD"}
            await exchange.reply(self._health.reply(exchange.path) if reading else page(405, READING))
            return
        for prefix, mounted in self._mounts:
            if exchange.path == prefix or exchange.path.startswith(prefix + "/"):
                await mounted(scope, receive, send)
                return
        application = self._applications.get(exchange.path.lstrip("/").partition("/")[0])
        reply: Reply
        try:
            reply = await application.reply(exchange, node) if application else page(404)
        except ClientGoneError:
            return
        except InterceptedError as intercepted:
            reply = intercepted.reply
        except BodyTooLargeError:
            reply = page(413)
        except BodyTooSlowError:
            reply = page(408)
        except Exception:  # the client gets an answer whatever happens, and the log gets the reason
            log.exception("%s %s failed", exchange.method, exchange.path)
            reply = page(500)
        await exchange.reply(reply)


def _by_application(paths: Iterable[str]) -> Iterable[tuple[str, list[str]]]:
    """The paths grouped by their first segment."""
    return [(name, list(group)) for name, group in groupby(sorted(paths), lambda path: path.split("/", 2)[1])]
