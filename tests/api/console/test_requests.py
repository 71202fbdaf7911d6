"""The request journal on the pages: what was asked, what was meant, and every byte of it."""

import pytest

from tests.api.console.conftest import NOW, PATH
from ucmsim.api.sim.journal import Entry, message
from ucmsim.models.states import NodeRef

PUB = NodeRef("lab", "cucm-pub")
PAGE = "/simulation/requests"

CALL = """<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" xmlns:n="http://schemas.cisco.com/ast/soap">\
<soapenv:Body><n:soapGetServiceStatus><n:ServiceStatus>{service}</n:ServiceStatus></n:soapGetServiceStatus></soapenv:Body>\
</soapenv:Envelope>"""


@pytest.fixture
def ask(simulation):
    """Puts a request into the journal, as the ring does."""

    def ask(
        service="Cisco Tftp", *, path=f"{PATH}ControlCenterServices", status=200, client="127.0.0.1", **more
    ):
        body = CALL.format(service=service).encode()
        headers = [(b"content-type", b"text/xml"), (b"authorization", b"Basic YWRtaW46c2VjcmV0")]
        simulation.journal.add(
            Entry(
                number=simulation.journal.next_number(), at=NOW, node=PUB, client=client, user="administrator",
                method="POST", path=path, query="", request=message(headers, body, len(body)), status=status,
                response=message([(b"content-type", b"text/xml")], b"<answer><a/></answer>", 21), milliseconds=3, **more,
            )
        )  # fmt: skip

    return ask


def rows(browser):
    found = browser.page.xpath("//div[@id='requests']//tbody/tr")
    return [" ".join(" ".join(text.split()) for text in row.itertext() if text.strip()) for row in found]


def test_an_empty_journal_says_so(administrator):
    assert "No request yet." in administrator.open(PAGE).text()


def test_a_request_is_listed_with_who_what_where_and_how_it_went(administrator, ask):
    ask()
    (row,) = rows(administrator.open(PAGE))
    assert row == (
        "2023-11-14 22:13:20 UTC soapGetServiceStatus CONTROLCENTER Cisco Tftp cucm-pub administrator 127.0.0.1 200 3 ms"
    )


def test_a_name_that_does_not_exist_is_shown_with_what_was_probably_meant(administrator, ask):
    ask("Cisco CallManger")
    ask()
    near = "no service named 'Cisco CallManger' on cucm-pub; closest: 'Cisco CallManager'"
    assert near in rows(administrator.open(PAGE))[1]
    (row,) = rows(administrator.open(PAGE, query_string={"missed": "1"}))
    assert near in row


@pytest.mark.parametrize(
    "wanted",
    [
        {"operation": "soapGet*", "client": "127.0.0.9"},
        {"service": "Cisco CTIManager"},
        {"text": "CTIManager"},
    ],
    ids=["operation and client", "service", "text"],
)
def test_requests_are_filtered(administrator, ask, wanted):
    ask()
    ask("Cisco CTIManager", client="127.0.0.9")
    (row,) = rows(administrator.open(PAGE, query_string=wanted))
    assert "Cisco CTIManager" in row


def test_filters_that_nothing_passes_say_so(administrator, ask):
    ask()
    assert (
        "No request passes these filters." in administrator.open(PAGE, query_string={"node": "imp-*"}).text()
    )


def test_older_requests_are_a_page_further(administrator, ask):
    for _ in range(60):
        ask()
    assert len(rows(administrator.open(PAGE))) == 50
    administrator.open(administrator.page.xpath("//a[@rel='next']/@href")[0])
    assert len(rows(administrator)) == 10


def test_a_request_is_shown_with_both_messages_and_without_the_password(administrator, ask):
    ask("Cisco CallManger", faults=("slow-tftp",), operation="op_1")
    administrator.open(PAGE)
    administrator.open(administrator.page.xpath("//tbody//a/@href")[0])
    shown = administrator.text()
    assert "<n:ServiceStatus>Cisco CallManger</n:ServiceStatus>" in shown
    assert "<answer> <a/> </answer>" in shown
    assert "disturbed by slow-tftp" in shown
    raw = administrator.page.xpath("//a[text()='Bodies as they were sent']/@href")[0]
    assert administrator.open(raw).page.xpath("//pre")[1].text == "<answer><a/></answer>"
    assert "closest: 'Cisco CallManager'" in shown
    assert "YWRtaW46c2VjcmV0" not in administrator.answer.get_data(as_text=True)
    assert administrator.page.xpath("//a[text()='what became of it']/@href") == [
        "/ucmsim/clusters/lab/events?operation=op_1"
    ]


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        (b'{"a":1}', '{ "a": 1 }'),
        (b"{not json", "{not json"),
        (b"plain <b>text</b>", "plain <b>text</b>"),
        (b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>', "&e;"),
        (b"\xff\xfe\x00", "\ufffd"),
        (b"", "No body."),
    ],
    ids=["JSON", "broken JSON", "text", "an entity that stays what it is", "bytes", "nothing"],
)
def test_a_body_is_shown_whatever_it_is(administrator, simulation, body, shown):
    simulation.journal.add(
        Entry(1, NOW, PUB, "127.0.0.1", "x", "POST", "/nowhere", "", message([], body, len(body)), None,
              message([], b"", 0), 1)
    )  # fmt: skip
    administrator.open(PAGE)
    administrator.open(administrator.page.xpath("//tbody//a/@href")[0])
    assert shown in administrator.text("//section[1]")
    assert "root:" not in administrator.text()
    assert "the client was never answered" in administrator.text()


def test_a_request_that_is_not_kept_any_more_is_not_found(administrator):
    assert administrator.open(f"{PAGE}/req_unknown").status == 404


def test_the_journal_is_emptied(administrator, ask):
    ask()
    administrator.open(PAGE).submit("//form[@method='post']")
    assert "The journal is empty." in administrator.text()
    assert rows(administrator) == []
