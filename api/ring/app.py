"""The application that the server runs: sends each request to the web application, mount or page that its path names."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping
from itertools import groupby

from ucmsim.api.ring.addressing import Addressing
from ucmsim.api.ring.exchange import (
    Application,
    BodyBrokenError,
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
from ucmsim.api.ring.severing import reset
from ucmsim.api.ring.web_application import READING, Face, Surroundings, WebApplication
from ucmsim.models.states import NodeRef

log = logging.getLogger(__name__)


class App:
    """An ASGI application.

    `faces` maps paths such as `/controlcenterservice2/services/ControlCenterServices` to SOAP APIs; `mounts` maps prefixes
    such as `/api/v1` to ASGI applications, which find the request's node in `scope["state"]["node"]`. A node that is not
    `listening` resets whoever asks for one of the vendor's paths; the mounts answer all the same, or nobody could bring
    it back (`U-48`, `U-55`).
    """

    def __init__(
        self,
        addressing: Addressing,
        surroundings: Surroundings,
        health: Health,
        faces: Mapping[str, Face],
        mounts: Mapping[str, Application] | None = None,
        listening: Callable[[NodeRef], bool] = lambda _node: True,
    ) -> None:
        self._listening = listening
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
        mounted = self._mounted(exchange.path)
        reading = exchange.method in {"GET", "HEAD"}
        if exchange.path in HEALTH_PATHS and (reading or mounted is None):
            await exchange.reply(self._health.reply(exchange.path) if reading else page(405, READING))
            return
        if mounted is not None:
            await mounted(scope, receive, send)
            return
        if not self._listening(node):
            reset(scope)
            await exchange.gone()
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
        except BodyBrokenError:
            reply = page(400)
        except Exception:  # the client gets an answer whatever happens, and the log gets the reason
            log.exception("%s %s failed", exchange.method, exchange.path)
            reply = page(500)
        await exchange.reply(reply)

    def _mounted(self, path: str) -> Application | None:
        for prefix, mounted in self._mounts:
            if path == prefix or path.startswith(prefix + "/"):
                return mounted
        return None


def _by_application(paths: Iterable[str]) -> Iterable[tuple[str, list[str]]]:
    """The paths grouped by their first segment."""
    return [(name, list(group)) for name, group in groupby(sorted(paths), lambda path: path.split("/", 2)[1])]
