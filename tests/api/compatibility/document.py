"""The compatibility page: the table of quirks for people.

python -m tests.api.compatibility.document     writes it
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from tests.api.compatibility.quirks import ROWS, SECTIONS

PAGE = Path(__file__).parents[3] / "docs" / "compatibility.md"

HEAD = """\
<!-- Generated from the table of quirks by python -m tests.api.compatibility.document; a test compares them. -->

# Compatibility

Clients of the vendor's API send and read more than its contract says. Each row below is one such habit, the client that
has it (`any` where it is only known to occur), and where the behaviour is laid down: a section or a rule (`U-…`) of the
specification, or a standard. Each row is also a test, which sends the request over HTTPS and looks at what came of it.

`make foreign` goes further: it installs zeep, suds, PHP's SoapClient, node-soap, Perl's SOAP::Lite and SOAP::WSDL and curl,
and lets each call every operation of a running server.
"""


def page() -> str:
    """Return the page as it should be."""
    return "\n".join([HEAD, f"{len(ROWS)} habits are known.", *_sections()]) + "\n"


def _sections() -> Iterator[str]:
    for title, quirks in SECTIONS.items():
        yield f"\n## {title}\n"
        yield "| client | what it does | service | source |"
        yield "|---|---|---|---|"
        for quirk in quirks:
            cells = (quirk.client, quirk.what, quirk.endpoint, quirk.source)
            yield f"| {' | '.join(cell.replace('|', '&#124;') for cell in cells)} |"


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
