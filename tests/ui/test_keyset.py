from datetime import UTC, date, datetime
from decimal import Decimal
from operator import gt, lt
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prm.ui import keyset
from prm.ui.keyset import Clause, Cursor

VALUES = st.one_of(st.none(), st.integers(0, 3))
OPS = {"gt": gt, "lt": lt}


def holds(clause: Clause, row: Cursor) -> bool:
    """What the database would say about a comparison; nothing compares with an empty value."""
    found = getattr(row, clause.target)
    if clause.op == "isnull":
        return (found is None) is clause.operand
    if found is None:
        return False
    return found == clause.operand if clause.op == "exact" else OPS[clause.op](found, clause.operand)


def in_order(rows: list[Cursor], *, descending: bool) -> list[Cursor]:
    filled = sorted((row for row in rows if row.value is not None), reverse=descending)
    empty = sorted((row for row in rows if row.value is None), key=lambda row: row.id, reverse=descending)
    return [*filled, *empty]


def page(rows: list[Cursor], cursor: Cursor | None, size: int, *, descending: bool, backwards: bool) -> list[Cursor]:
    ordered = in_order(rows, descending=descending)
    if cursor:
        alternatives = keyset.beyond_clauses(cursor, sorted_by_value=True, descending=descending, backwards=backwards)
        ordered = [row for row in ordered if any(all(holds(clause, row) for clause in way) for way in alternatives)]
    return ordered[-size:] if backwards else ordered[:size]


@given(st.lists(VALUES, max_size=30), st.integers(1, 7), st.booleans())
def test_paging_forwards_and_back_visits_every_row_once(values, size, descending):
    rows = [Cursor(value, id_) for id_, value in enumerate(values)]

    forwards, cursor = [], None
    while found := page(rows, cursor, size, descending=descending, backwards=False):
        forwards.append(found)
        cursor = found[-1]
    back = forwards[-1:]
    while back and (found := page(rows, back[0][0], size, descending=descending, backwards=True)):
        back.insert(0, found)

    assert [row for found in forwards for row in found] == in_order(rows, descending=descending)
    assert back == forwards


@pytest.mark.parametrize(
    "value",
    [
        None,
        7,
        "Ångström",
        Decimal("96500.50"),
        date(2026, 12, 3),
        datetime(2026, 12, 3, 16, 12, tzinfo=UTC),
        True,
        1.5,
    ],
)
def test_a_cursor_survives_its_way_through_the_address(value):
    cursor = Cursor(value, UUID(int=5))

    assert keyset.read(keyset.write(cursor, "value"), "value") == cursor


@pytest.mark.parametrize("token", ["", "nonsense", "W10:abc", "x" * 5000])
def test_nonsense_is_no_cursor(token):
    assert keyset.read(token, "value") is None


def test_a_cursor_of_another_order_is_no_cursor():
    token = keyset.write(Cursor(5, 1), "value")

    assert keyset.read(token, "-value") is None


def test_a_changed_cursor_is_no_cursor():
    token = keyset.write(Cursor(5, 1), "value")

    assert keyset.read(token[:-1] + ("a" if token[-1] != "a" else "b"), "value") is None
