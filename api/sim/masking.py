"""Masking: takes secrets out of headers and bodies before anything is kept.

Texts only, be they well-formed or not: a request that is broken may hold a password as well.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

MASK = "***"

_CREDENTIALS = {"authorization", "proxy-authorization"}
_COOKIES = {"cookie", "set-cookie"}

_NAME = r"[\w.-]*(?:password|passwd|secret)[\w.-]*"
_ELEMENT = r"(<(?:[\w.-]+:)?({name})(?:\s[^<>]*)?>)(.*?)(</(?:[\w.-]+:)?\2\s*>|\Z)"
_XML = re.compile(_ELEMENT.format(name=_NAME), re.IGNORECASE | re.DOTALL)
# The third argument of get_file is the password of the server that the files are sent to; it has no name of its own.
_GET_FILE = re.compile(_ELEMENT.format(name="in2"), re.DOTALL)
_JSON = re.compile(rf'("{_NAME}"\s*:\s*)("(?:[^"\\]|\\.)*(?:"|\Z))', re.IGNORECASE | re.DOTALL)
_ASSIGNED = re.compile(rf"(\b{_NAME}\s*=\s*)(\"[^\"]*\"?|'[^']*'?|[^\s&<>\"']+)", re.IGNORECASE)


def headers(pairs: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return headers with their credentials and the values of their cookies masked; schemes and names stay."""
    return [(name, _header(name.lower(), value)) for name, value in pairs]


def text(body: str) -> str:
    """Return a text with every value masked whose element, field or parameter is called a password or a secret."""
    if not re.search("passw|secret|get_file", body, re.IGNORECASE):
        return body
    if re.search(r"\bget_file\b", body):
        body = _GET_FILE.sub(_filled, body)
    body = _XML.sub(_filled, body)
    body = _JSON.sub(rf'\1"{MASK}"', body)
    return _ASSIGNED.sub(lambda found: found[1] + _quoted(found[2]), body)


def _header(name: str, value: str) -> str:
    if name in _CREDENTIALS:
        scheme, space, _ = value.strip().partition(" ")
        return f"{scheme} {MASK}" if space else MASK
    if name in _COOKIES:
        pairs = value.split(";")
        secret = pairs if name == "cookie" else pairs[:1]
        masked = [f"{pair.partition('=')[0]}={MASK}" for pair in secret]
        return ";".join([*masked, *pairs[len(secret) :]])
    return value


def _filled(found: re.Match[str]) -> str:
    return f"{found[1]}{MASK if found[3] else ''}{found[4]}"


def _quoted(value: str) -> str:
    mark = value[0] if value[0] in "\"'" else ""
    return f"{mark}{MASK}{mark}"
