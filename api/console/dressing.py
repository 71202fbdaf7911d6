"""What every template can use: the way times and spans are written, addresses of files, who is looking.

It puts values into words and marks; it asks for no state but the visitor and the clock.
"""

from __future__ import annotations

from datetime import UTC, datetime, tzinfo
from importlib import metadata
from pathlib import Path
from typing import Any
from zlib import crc32

from flask import Flask, request, url_for
from markupsafe import Markup

from ucmsim.api.console import navigation, visitor
from ucmsim.api.console.look import LOOKS
from ucmsim.api.console.surroundings import engine
from ucmsim.api.console.wording import DOING, sentence
from ucmsim.api.events.happenings import Type
from ucmsim.models.states import Instant

_THEMES = ("light", "dark")


def dress(app: Flask) -> None:
    """Give an application's templates their filters and values."""
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters["instant"] = instant
    app.jinja_env.filters["span"] = span
    app.jinja_env.filters["lasting"] = lasting
    app.jinja_env.filters["sentence"] = sentence
    app.jinja_env.globals.update(
        asset=_Assets(app),
        looks=LOOKS,
        doing=DOING,
        event_types=" ".join(Type),
        version=metadata.version("ucmsim"),
    )
    app.context_processor(_surroundings)


def written(at: Instant, zone: tzinfo) -> str:
    """Write a time to the second with the name of its zone, as a node's own clock shows it."""
    return f"{datetime.fromtimestamp(at // 1000, zone):%Y-%m-%d %H:%M:%S %Z}"


def instant(at: Instant, zone: tzinfo = UTC) -> Markup:
    """Write a time for people and for machines."""
    machine = datetime.fromtimestamp(at / 1000, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return Markup('<time datetime="{}">{}</time>').format(machine, written(at, zone))


def span(milliseconds: int) -> str:
    """Write how long something lasts: `3 d 04:05:06`, or `0:07` under an hour; `app.js` writes the same."""
    seconds = max(milliseconds, 0) // 1000
    minutes, second = divmod(seconds, 60)
    hours, minute = divmod(minutes, 60)
    days, hour = divmod(hours, 24)
    if days:
        return f"{days} d {hour:02}:{minute:02}:{second:02}"
    return f"{hour}:{minute:02}:{second:02}" if hour else f"{minute}:{second:02}"


def lasting(milliseconds: int) -> str:
    """Say roughly how long something lasts: `about 12 seconds`."""
    seconds = round(milliseconds / 1000)
    if seconds < 2:
        return "about a second"
    return f"about {seconds} seconds" if seconds < 120 else f"about {round(seconds / 60)} minutes"


class _Assets:
    """Addresses of the console's own files, with what changes when their content does, so that browsers may keep them."""

    def __init__(self, app: Flask) -> None:
        folder = Path(app.static_folder or "")
        self._marks = {
            path.name: f"{crc32(path.read_bytes()):08x}" for path in folder.iterdir() if path.is_file()
        }
        app.config["SEND_FILE_MAX_AGE_DEFAULT"] = 31_536_000

    def __call__(self, name: str) -> str:
        return url_for("static", filename=name, v=self._marks[name])


def _surroundings() -> dict[str, Any]:
    clock = engine().clock
    found = visitor.visitor()
    theme = request.cookies.get("ucmsim-theme", "auto")
    return {
        "visitor": found,
        "token": visitor.token(found.session) if found else "",
        "theme": theme if theme in _THEMES else "auto",
        "now": clock.now(),
        "rate": clock.setting.rate,
        "navigation": navigation.entries(found) if found else (),
        "windows": navigation.WINDOWS,
    }
