"""The way through the console: every link leads somewhere, wherever the console is mounted."""

from collections import deque
from urllib.parse import urlsplit

from tests.api.console.conftest import PREFIX


def test_every_link_and_form_leads_to_a_page_below_the_mount(administrator):
    """All pages are walked from the first one on; of pages that differ only in their query, a few are looked at."""
    queries: dict[str, int] = {}
    waiting, seen = deque(["/"]), {"/"}
    while waiting:
        page = administrator.open(waiting.popleft())
        assert page.status == 200, page.path
        shown = page.page
        for target in shown.xpath("//a/@href | //form/@action | //script/@src | //link/@href"):
            parts = urlsplit(target)
            assert not parts.netloc
            if not parts.path:
                continue
            assert parts.path.startswith(f"{PREFIX}/"), f"{target} on {page.path}"
        for target in shown.xpath("//a/@href"):
            parts = urlsplit(target)
            path = parts.path.removeprefix(PREFIX) or page.path
            address = f"{path}?{parts.query}" if parts.query else path
            if address in seen or queries.get(path, 0) > 3:
                continue
            seen.add(address)
            queries[path] = queries.get(path, 0) + bool(parts.query)
            waiting.append(address)
    assert {
        "/clusters/lab/timeline",
        "/clusters/lab/events",
        "/clusters/lab/nodes/cuc-pub/feature-services",
    } <= seen
