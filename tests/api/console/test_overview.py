"""The overview: all services of all nodes at one glance, problems first."""

from dataclasses import replace

from tests.api.console.conftest import ACCOUNTS, Browser
from ucmsim.api.clock import Clock
from ucmsim.api.console import look
from ucmsim.api.console.app import console
from ucmsim.api.console.overview import matrices, problems
from ucmsim.api.console.surroundings import Surroundings
from ucmsim.api.engine import Engine
from ucmsim.api.origin import Origin
from ucmsim.api.store import Store
from ucmsim.models.commands import Control, Deploy
from ucmsim.models.inventory import ClusterSpec, Inventory, NodeSpec
from ucmsim.models.states import Action, NodeRef, Product, Role

PUB = NodeRef("lab", "cucm-pub")
IMP = NodeRef("lab", "imp-pub")
SOMEBODY = Origin("SOAP", "somebody", "127.0.0.9")


def test_a_fresh_lab_has_no_problem(administrator):
    assert "None: everything that is activated runs." in administrator.open("/clusters/lab").text()


def test_a_stopped_service_is_a_problem_and_links_to_its_place(administrator, engine, clock):
    engine.execute(Control(PUB, Action.STOP, ("Cisco DRF Local",)), SOMEBODY)
    clock.advance(60_000)
    administrator.open("/clusters/lab")
    assert "Stopped Cisco DRF Local on cucm-pub since" in administrator.text("//section[@id='problems']")
    assert administrator.page.xpath("//section[@id='problems']//a/@href") == [
        "/ucmsim/clusters/lab/nodes/cucm-pub/network-services#cisco-drf-local"
    ]


def test_what_failed_comes_before_what_was_stopped_and_both_before_the_rest(engine, clock):
    """A service that fails (G-IMP-4) is more urgent than one that somebody stopped."""
    engine.execute(Control(IMP, Action.STOP, ("Cisco XCP Config Manager",)), SOMEBODY)
    engine.execute(Control(IMP, Action.STOP, ("Cisco Tomcat Stats Servlet",)), SOMEBODY)
    clock.advance(600_000)
    cluster = engine.cluster("lab")
    found = problems(cluster, clock.now())
    assert [problem.service.look.rank for problem in found] == sorted(
        problem.service.look.rank for problem in found
    )
    imp = next(matrix for matrix in matrices(cluster, clock.now()) if matrix.product is Product.IMP)
    first = {line.service.name for line in imp.lines[: len(found)]}
    assert {problem.service.name for problem in found} == first


def test_every_state_has_a_word_a_shape_and_a_place_in_the_legend(administrator):
    administrator.open("/clusters/lab")
    shapes = {symbol.get("id") for symbol in administrator.page.xpath("//symbol")}
    assert shapes == {seen.mark for seen in look.LOOKS}
    legend = administrator.text("//ul[@class='legend']")
    assert all(seen.word in legend for seen in look.LOOKS)


def test_every_cell_says_its_state_in_words_too(administrator):
    cells = administrator.open("/clusters/lab").page.xpath("//table[contains(@class, 'matrix')]//td")
    words = {seen.word for seen in look.LOOKS} | {"Not offered"}
    assert cells
    assert {cell.text_content().strip() for cell in cells} <= words
    assert all(cell.get("title") == cell.text_content().strip() for cell in cells)


def test_a_service_that_belongs_on_the_first_node_is_no_problem_elsewhere(engine, clock):
    """G-ACT-15: a subscriber lists such services as stopped; nobody has to do anything about it."""
    node = engine.node(NodeRef("lab", "cucm-sub"))
    seen = look.look(node, node.services["Cisco CDR Repository Manager"], clock.now())
    assert seen is look.IDLE
    assert not seen.concerns


def test_a_start_that_nothing_ends_is_shown_as_held_back(engine, clock):
    """A transition is never shown as moving when the timeline says that it is not."""
    engine.execute(Deploy(PUB, activate=True, names=("Cisco Tftp",)), SOMEBODY)
    node = engine.node(PUB)
    tftp = node.services["Cisco Tftp"]
    assert look.look(node, tftp, clock.now()) is look.STARTING
    begun = node.instances["Cisco Tftp"]
    stuck = replace(
        node, instances={**node.instances, "Cisco Tftp": replace(begun, moments=begun.moments[:1])}
    )
    assert look.look(stuck, tftp, clock.now()) is look.HELD


def test_the_matrix_of_a_very_big_cluster_is_light_too(sessions, tmp_path):
    """Twenty nodes of Unified Communications Manager and six of IM and Presence, the most that go together."""
    engine = Engine(Store(f"sqlite:///{tmp_path / 'big.sqlite'}"), Inventory((BIG,)), Clock.frozen(0))
    browser = Browser(console(Surroundings(engine, lambda: ACCOUNTS, sessions)).test_client())
    browser.open("/sign-in").submit(name="watcher", password="eyes")
    browser.open("/clusters/big")
    assert len(browser.page.xpath("//td[@title]")) > 1_800
    assert len(browser.answer.data) < 150_000
    engine.close()


def nodes(product, count):
    return [
        NodeSpec(
            f"{product.value.lower()}-{number:02}", product, Role.SUBSCRIBER if number else Role.PUBLISHER,
            f"10.0.{list(Product).index(product)}.{number + 1}", "", "15.0.1.12900-43",
        )
        for number in range(count)
    ]  # fmt: skip


BIG = ClusterSpec("big", "Big", (*nodes(Product.UCM, 20), *nodes(Product.IMP, 6)))
