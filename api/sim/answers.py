"""Answers that injected faults give or spoil: SOAP faults, the vendor's rate sentence, a reason or a text put into XML.

Bytes in, bytes out; the spoilt answer is written as the untouched one is (specification section 3.1).
"""

from __future__ import annotations

import re
from collections.abc import Callable

from lxml import etree

from ucmsim.api.ring.reply import XML, Reply
from ucmsim.api.sim.effects import SoapFault, WrongResult
from ucmsim.api.soap import envelope
from ucmsim.api.soap.text import escape
from ucmsim.models.disturbances import Refusal
from ucmsim.models.faults import Match

Element = etree._Element  # noqa: SLF001  lxml has no other name for it

DEFAULT_RATE = 15
"""Calls a minute that the rate sentence of Control Center names while no other limit is set (`U-47`)."""

_STEP = re.compile(r"([^\[\]]+)(?:\[(\d+)\])?")


def fault(effect: SoapFault) -> Reply:
    """Return a SOAP fault."""
    detail = "<detail />" if effect.detail is None else f"<detail>{escape(effect.detail)}</detail>"
    payload = (
        f"<soapenv:Fault><faultcode>{escape(effect.faultcode)}</faultcode>"
        f"<faultstring>{escape(effect.faultstring)}</faultstring>{detail}</soapenv:Fault>"
    )
    return Reply(500, envelope.wrap(payload), XML)


def throttled(rate: int | None) -> Reply:
    """Return what Control Center says to one call too many; "Reatime" is the vendor's (`U-47`)."""
    return fault(
        SoapFault(
            "soapenv:Server.RateControl",
            "Exceeded allowed rate for Reatime information. "
            f"Current allowed rate for realtime information is {rate or DEFAULT_RATE} requests per minute.",
        )
    )


def with_reason(reply: Reply, effect: Refusal, match: Match) -> Reply:
    """Put a reason into the items of an answer that the rule is about, and into the answer as a whole."""

    def change(root: Element) -> None:
        meant = Match(service=effect.service) if effect.service else match
        for element in root.iter("{*}ServiceName"):
            if meant.meets(element.text or "") and (item := element.getparent()) is not None:
                _set(item, "ReasonCode", str(effect.reason.code))
                _set(item, "ReasonCodeString", effect.reason.wire)
        for element in root.iter("{*}ReasonString"):
            element.text = effect.reason.wire
            if (whole := element.getparent()) is not None:
                _set(whole, "ReasonCode", str(effect.reason.code))

    return _changed(reply, change)


def with_text(reply: Reply, effect: WrongResult) -> Reply:
    """Put a text into one element of an answer; an answer without that element stays as it is."""

    def change(root: Element) -> None:
        found = root.xpath(_xpath(effect.path))
        if isinstance(found, list) and found:
            element = found[0]
            assert isinstance(element, Element)
            for child in list(element):
                element.remove(child)
            element.text = effect.value

    return _changed(reply, change)


def _xpath(path: str) -> str:
    """Return an XPath for a path of local names, whose first step may stand anywhere."""
    first, *others = [_STEP.fullmatch(step) for step in path.split("/")]
    assert first is not None
    found = f"(//*[local-name()='{first[1]}'])" + (f"[{first[2]}]" if first[2] else "")
    for step in others:
        assert step is not None
        found += f"/*[local-name()='{step[1]}']" + (f"[{step[2]}]" if step[2] else "")
    return found


def _set(parent: Element, name: str, text: str) -> None:
    for child in parent.iterchildren(f"{{*}}{name}"):
        child.text = text


def _changed(reply: Reply, change: Callable[[Element], None]) -> Reply:
    root = etree.fromstring(reply.body, etree.XMLParser(resolve_entities=False, no_network=True))
    change(root)
    for element in root.iter():
        # An empty element has a start and an end tag, but for the detail of a fault.
        if element.text is None and len(element) == 0 and element.tag != "detail":
            element.text = ""
    written = etree.tostring(root, encoding="UTF-8", xml_declaration=True)
    body = written.replace(b"?>\n", b"?>", 1).replace(b"<detail/>", b"<detail />")
    return Reply(reply.status, body, reply.content_type, reply.headers)
