"""The table of quirks: every one that is known of a client, in the sections of the document made from it."""

from __future__ import annotations

from collections.abc import Mapping

from tests.api.compatibility import answers, commands, envelopes, legacy, transport
from tests.api.compatibility.quirk import Quirk

SECTIONS: Mapping[str, tuple[Quirk, ...]] = {
    "Paths and pages": transport.PATHS,
    "SOAPAction": transport.ACTIONS,
    "Content types": transport.CONTENT_TYPES,
    "How a request travels": transport.TRANSFERS,
    "Credentials": transport.CREDENTIALS,
    "Encodings of the document": envelopes.ENCODINGS,
    "Prefixes, headers and what stands between": envelopes.PREFIXES,
    "Names of services": commands.NAMES,
    "Commands": commands.COMMANDS,
    "Commands that ask for nothing": commands.NOTHING,
    "The legacy endpoint": legacy.LEGACY,
    "Answers that are cut, compared and counted": answers.ANSWERS,
}

ROWS = [quirk for section in SECTIONS.values() for quirk in section]
