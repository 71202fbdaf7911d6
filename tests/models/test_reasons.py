"""The vendor's reasons: the codes that clients test and the exact texts beside them (specification section 5.3)."""

import pytest

from ucmsim.models import reasons
from ucmsim.models.reasons import TABLE


@pytest.mark.parametrize(
    ("code", "wire"),
    [
        (-1, " "),
        (-1007, "Unsuccessful completion "),
        (-1010, "No such service "),
        (-1012, "Bad arguments "),
        (-1013, "Internal error "),
        (-1019, "Component is not running "),
        (-1029, "Operation is pending "),
        (-1037, "Dependency is not in active state "),
        (-1039, "Component already started "),
        (-1040, "Component already stopped "),
        (-1041, "Dependencies still pending "),
        (-1042, "Requested process state transition not allowed "),
        (-1045, "Operation not supported "),
        (-1068, "Service Not Activated "),
        (-1069, "Commanded Out of Service "),
        (-1070, "Multiple Modules have error "),
    ],
)
def test_a_reason_travels_with_its_text_and_a_space(code, wire):
    """Section 5.1."""
    assert TABLE[code].wire == wire


def test_the_table_has_every_code_of_the_vendor():
    assert set(TABLE) == {-1, *range(-1075, -999)}
    assert all(code == reason.code for code, reason in TABLE.items())
    assert len({reason.text for reason in TABLE.values()}) == len(TABLE)


def test_every_named_reason_stands_in_the_table():
    named = [value for value in vars(reasons).values() if isinstance(value, reasons.Reason)]
    assert len(named) >= 15
    assert all(TABLE[reason.code] is reason for reason in named)
