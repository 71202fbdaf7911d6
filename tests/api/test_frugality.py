"""How little a server asks of its database, and that it knows what it has to all the same."""

import pytest
import sqlalchemy as sql

from ucmsim.api import inventory
from ucmsim.api.clock import Clock
from ucmsim.api.engine import Engine
from ucmsim.api.events.log import Filter
from ucmsim.api.operations import undertaking
from ucmsim.api.origin import Origin
from ucmsim.api.store import Store
from ucmsim.models.commands import Control
from ucmsim.models.states import Action, NodeRef, Status

NOW = 1_700_000_000_000
PUB = NodeRef("lab", "cucm-pub")
SERVICE = "Cisco DRF Local"
ADMIN = Origin("SOAP", "administrator", "127.0.0.1", "soapDoControlServices")
CHANGES = Filter(types=("service.state.changed",), services=(SERVICE,))


@pytest.fixture
def clock():
    return Clock.frozen(NOW)


@pytest.fixture
def url(tmp_path):
    return f"sqlite:///{tmp_path / 'ucmsim.sqlite'}"


@pytest.fixture
def engine(url, clock):
    engine = Engine(Store(url), inventory.builtin("lab"), clock)
    yield engine
    engine.close()


@pytest.fixture
def neighbours(url, clock):
    """Two server processes, as it were, over one store."""
    both = [Engine(Store(url), inventory.builtin("lab"), clock, shared=True) for _ in range(2)]
    yield both
    for each in both:
        each.close()


@pytest.fixture
def statements():
    """What is said to any database from now on."""
    said = []

    def note(_connection, _cursor, statement, *_more):
        said.append(statement.split(None, 1)[0])

    sql.event.listen(sql.Engine, "before_cursor_execute", note)
    yield said
    sql.event.remove(sql.Engine, "before_cursor_execute", note)


def command(action=Action.RESTART):
    return Control(PUB, action, (SERVICE,))


def test_a_command_is_stored_in_few_statements(engine, statements):
    """Each costs a round trip where the database is another machine."""
    engine.cluster("lab")
    statements.clear()

    engine.control(command(), ADMIN)

    assert statements.count("BEGIN") == 1
    assert len(statements) <= 12, statements


def test_a_question_about_one_thing_begins_no_transaction(engine, statements):
    assert engine.next_change() is None

    assert statements == ["SELECT"]


def test_who_has_commanded_need_not_ask_how_things_stand(neighbours, statements):
    first, _ = neighbours
    first.control(command(), ADMIN)
    stored = statements.index("UPDATE")

    assert "SELECT" not in statements[statements.index("DELETE", stored) :]


def test_a_future_that_is_given_up_in_the_same_transaction_is_never_told(engine, clock):
    with engine.transaction(["lab"], ADMIN) as transaction:
        before = transaction.cluster("lab")
        undertaking.carry(transaction, command(Action.STOP))
        transaction.replace(before)

    clock.advance(600_000)
    told = [event.data["to"] for event in engine.events(0, 100, CHANGES)]
    assert told == ["STOPPING", "STARTED"]


def test_a_cluster_that_was_not_read_lately_is_known_to_be_so(neighbours):
    first, second = neighbours
    assert first.read_lately("nowhere")
    assert not first.read_lately("lab")
    first.cluster("lab")
    assert first.read_lately("lab")

    second.control(command(Action.STOP), ADMIN)
    first.refresh()

    assert not first.read_lately("lab")
    assert first.glance(PUB).status((SERVICE,)).rows[0].status is Status.STARTED
    assert first.view(PUB).status((SERVICE,)).rows[0].status is Status.STOPPING
    assert first.read_lately("lab")
    assert first.glance(PUB).status((SERVICE,)).rows[0].status is Status.STOPPING
