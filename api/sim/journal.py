"""The request journal: the last requests and their answers, in memory, with secrets masked before they are kept.

A ring of entries with search and count; who writes entries and what they mean to a rule is known elsewhere.
"""

from __future__ import annotations

import itertools
import re
import threading
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import NamedTuple

from ucmsim.api.identifiers import Ulid
from ucmsim.api.sim import asking, masking
from ucmsim.models.faults import Match, Subject
from ucmsim.models.states import Instant, NodeRef

KEPT = 64 * 1024
"""Bytes of a body that are kept at most."""

_SUSPICIOUS = (b"passw", b"secret", b"get_file", b"\0", b"lo\xa7\x94")
"""What a body holds in which a secret may be: in lower case, and looked for one by one, for an expression takes ten times as long."""

_ENCODINGS = (
    (b"\xff\xfe\0\0", "utf-32"),
    (b"\0\0\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
    (b"Lo\xa7\x94", "cp037"),
)
_DECLARATION = re.compile(r"\s*<\?xml[^>]*\?>")

Headers = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Message:
    """One half of an entry: headers and body as they were sent, but for the secrets; `size` is the whole body's."""

    headers: Headers
    body: bytes
    size: int

    @property
    def text(self) -> str:
        """The body as text; what is no UTF-8 shows as replacement characters."""
        return self.body.decode("utf-8", "replace")

    def header(self, name: str) -> str | None:
        """Return the value of a header, named in lower case."""
        return next((value for key, value in self.headers if key.lower() == name), None)


def name(at: Instant, number: int) -> str:
    """Return what an entry of this time and number is called."""
    return Ulid(at, number).text("req")


@dataclass(frozen=True)
class Entry:
    """A request, its answer and how they came together. `status` is None if the client was never answered.

    `at` is simulated time, `milliseconds` the real time that the answer took; `faults` are the rules that acted,
    `operation` is the id of the operation that the request began.
    `known` is what was asked for where the body that is kept does not say it any more.
    """

    number: int
    at: Instant
    node: NodeRef
    client: str
    user: str
    method: str
    path: str
    query: str
    request: Message
    status: int | None
    response: Message
    milliseconds: int
    faults: tuple[str, ...] = ()
    operation: str | None = None
    known: asking.Asked | None = None

    @property
    def id(self) -> str:
        """The name of the entry; names sort by time."""
        return name(self.at, self.number)

    @property
    def api(self) -> str | None:
        """The API that the path belongs to."""
        return asking.api_of(self.path)

    @cached_property
    def counted(self) -> tuple[str, str]:
        """Under which API and status it is counted, both empty where there is none."""
        return self.api or "", str(self.status or "")

    @property
    def face(self) -> str:
        """The face that was asked."""
        return "REST" if self.api == asking.REST else "SOAP"

    @cached_property
    def asked(self) -> asking.Asked:
        """What the request asked for."""
        if self.known is not None:
            return self.known
        content_type = self.request.header("content-type")
        return asking.asked(self.method, self.path, self.query, self.request.body, content_type)

    @property
    def subject(self) -> Subject:
        """The entry as the match of a rule sees it."""
        cluster, node = self.asked.cluster or self.node.cluster, self.asked.node or self.node.node
        return Subject(self.api or "", self.asked.operation, cluster, node, self.client, self.asked.services)


class Repetition(NamedTuple):
    """The `entry` of a request that came again, so often perhaps that it is put together only for who looks at it."""

    entry: Entry
    number: int
    at: Instant
    client: str
    response: Message
    milliseconds: int

    @property
    def subject(self) -> Subject:
        """The entry as the match of a rule sees it."""
        return self.written().subject

    def written(self) -> Entry:
        """Return the entry of this time."""
        return replace(
            self.entry,
            number=self.number,
            at=self.at,
            client=self.client,
            response=self.response,
            milliseconds=self.milliseconds,
        )


@dataclass(frozen=True)
class Wanted:
    """What to look for: all of it has to be true."""

    match: Match = field(default_factory=Match)
    since: Instant | None = None
    body_contains: str | None = None
    status: int | None = None

    def fits(self, entry: Entry) -> bool:
        """Whether an entry is wanted; a text is looked for in the bodies of request and answer."""
        return (
            (self.since is None or entry.at >= self.since)
            and (self.status is None or entry.status == self.status)
            and (
                self.body_contains is None
                or self.body_contains in entry.request.text
                or self.body_contains in entry.response.text
            )
            and self.match.fits(entry.subject)
        )


class Journal:
    """The last entries of one process. Thread-safe.

    `counts` are all requests so far by API and status, both empty where there is none.
    """

    def __init__(self, size: int = 1000) -> None:
        self._entries: deque[Entry | Repetition] = deque(maxlen=size)
        self._lock = threading.Lock()
        self._numbers = itertools.count(1)
        self._begun: dict[str, str] = {}
        self.counts: Counter[tuple[str, str]] = Counter()
        self.listeners: list[Callable[[Entry | Repetition], None]] = []

    def next_number(self) -> int:
        """Return the number of the next entry."""
        return next(self._numbers)

    def began(self, request: str, operation: str) -> None:
        """Note the operation that a request began, until its entry is made."""
        with self._lock:
            self._begun.setdefault(request, operation)

    def begun(self, request: str) -> str | None:
        """Return, and forget, the operation that a request began."""
        with self._lock:
            return self._begun.pop(request, None)

    def add(self, added: Entry | Repetition) -> None:
        """Keep an entry, in place of the oldest if there are too many, and tell it to whoever listens."""
        entry = added if isinstance(added, Entry) else added.entry
        with self._lock:
            self._entries.append(added)
            self.counts[entry.counted] += 1
        for listener in self.listeners:
            listener(added)

    def resize(self, size: int) -> None:
        """Keep so many entries from now on; the newest of those that are there stay."""
        with self._lock:
            if size != self._entries.maxlen:
                self._entries = deque(self._entries, maxlen=size)

    def clear(self) -> None:
        """Forget all entries."""
        with self._lock:
            self._entries.clear()

    def find(self, wanted: Wanted | None = None) -> Iterator[Entry]:
        """Yield the entries that are wanted, the newest first."""
        with self._lock:
            entries = tuple(self._entries)
        written = (each if isinstance(each, Entry) else each.written() for each in reversed(entries))
        return (entry for entry in written if wanted is None or wanted.fits(entry))

    def entry(self, identifier: str) -> Entry | None:
        """Return the entry of that name."""
        return next((entry for entry in self.find() if entry.id == identifier), None)


def message(
    headers: Iterable[tuple[bytes, bytes]], body: bytes, size: int, *, masked: bool = True
) -> Message:
    """Return half an entry; credentials in headers are masked always, passwords in bodies if `masked`."""
    pairs = ((name.decode("latin-1"), value.decode("latin-1")) for name, value in headers)
    return Message(tuple(masking.headers(pairs)), kept(body, masked=masked), size)


def kept(body: bytes, *, masked: bool = True) -> bytes:
    """Return as much of a body as is kept, without passwords if `masked`."""
    start = body[:KEPT]
    if masked and _suspicious(start):
        return masking.text(_decoded(start)).encode()
    return start


def _suspicious(body: bytes) -> bool:
    lowered = body.lower()
    return any(sign in lowered for sign in _SUSPICIOUS)


def _decoded(body: bytes) -> str:
    """Return a body as text, also one in an encoding in which no password would be recognised.

    The declaration, which would not be true any more, is left out.
    """
    for mark, encoding in _ENCODINGS:
        if body.startswith(mark):
            return _DECLARATION.sub("", body.decode(encoding, "replace"), 1)
    if b"\0" in body:
        return _DECLARATION.sub("", body.replace(b"\0", b"").decode("latin-1"), 1)
    return body.decode("utf-8", "replace")
