from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quotes.rules import drift
from quotes.rules.drift import Kind, Quoted, Registration, Today

MONDAY = date(2026, 11, 23)
LINE = Quoted("a", "Edge 200", Decimal(100))


SAME = Today(Decimal(100))


def found(now=SAME, registration=None, valid_until=None):
    today = {"a": now} if now else {}
    return drift.find([LINE], today, registration, on=MONDAY, valid_until=valid_until)


def test_what_has_not_changed_does_not_drift():
    assert found() == []


@pytest.mark.parametrize(
    ("now", "kind"),
    [
        (Today(Decimal(101)), Kind.DEARER),
        (Today(Decimal(99)), Kind.CHEAPER),
        (Today(Decimal(100), is_available=False), Kind.UNAVAILABLE),
        (Today(None), Kind.UNPRICED),
        (None, Kind.UNAVAILABLE),
    ],
)
def test_each_change_of_a_line_is_named_and_has_to_be_settled_before_issue(now, kind):
    (only,) = found(now)

    assert (only.kind, only.name, only.blocks_issue) == (kind, "Edge 200", True)


@pytest.mark.parametrize("end", [None, MONDAY - timedelta(days=1)])
def test_a_protection_that_is_over_is_told_and_blocks_nothing(end):
    (only,) = found(registration=Registration(True, end))

    assert (only.kind, only.blocks_issue) == (Kind.UNPROTECTED, False)


def test_a_registration_that_never_was_protected_loses_nothing():
    assert found(registration=Registration(False, None)) == []


def test_a_protection_that_now_ends_before_the_quote_is_told_with_its_day():
    end = MONDAY + timedelta(days=5)

    (only,) = found(registration=Registration(True, end), valid_until=MONDAY + timedelta(days=30))

    assert (only.kind, only.day) == (Kind.PROTECTION_ENDS, end)


DAYS = st.dates(date(2026, 1, 1), date(2027, 12, 31))


@given(DAYS, st.integers(1, 365), st.none() | DAYS)
def test_a_quote_is_never_valid_past_its_days_nor_past_the_protection(today, days, protected_until):
    last = drift.valid_until(today, days, protected_until)

    assert today <= last <= today + timedelta(days=days)
    if protected_until and protected_until >= today:
        assert last <= protected_until
