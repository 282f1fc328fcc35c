from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partners.enums import WindowKind
from partners.rules.windows import LOOKING_BACK, Window
from prm.policies.periods import Period, months_later

DAYS = st.dates(date(2019, 1, 1), date(2032, 12, 31))


@pytest.mark.parametrize(
    ("window", "day", "first", "last"),
    [
        (Window(WindowKind.ROLLING_DAYS, 1), "2028-02-29", "2028-02-29", "2028-02-29"),
        (Window(WindowKind.ROLLING_DAYS, 366), "2028-12-31", "2028-01-01", "2028-12-31"),
        (Window(WindowKind.ROLLING_MONTHS, 12), "2028-02-29", "2027-03-01", "2028-02-29"),
        (Window(WindowKind.ROLLING_MONTHS, 12), "2029-02-28", "2028-02-29", "2029-02-28"),
        (Window(WindowKind.ROLLING_MONTHS, 12), "2026-12-31", "2026-01-01", "2026-12-31"),
        (Window(WindowKind.ROLLING_MONTHS, 1), "2027-03-31", "2027-03-01", "2027-03-31"),
        (Window(WindowKind.CALENDAR_YEAR), "2026-12-31", "2026-01-01", "2026-12-31"),
        (Window(WindowKind.CALENDAR_YEAR), "2027-01-01", "2027-01-01", "2027-12-31"),
        (Window(WindowKind.QUARTER), "2028-02-29", "2028-01-01", "2028-03-31"),
        (Window(WindowKind.QUARTER), "2026-12-31", "2026-10-01", "2026-12-31"),
        (Window(WindowKind.FISCAL_YEAR, starts=(2, 1)), "2027-01-31", "2026-02-01", "2027-01-31"),
        (Window(WindowKind.FISCAL_YEAR, starts=(2, 1)), "2027-02-01", "2027-02-01", "2028-01-31"),
        (Window(WindowKind.FISCAL_YEAR, starts=(2, 29)), "2027-02-28", "2027-02-28", "2028-02-28"),
        (Window(WindowKind.FISCAL_YEAR, starts=(2, 29)), "2028-02-29", "2028-02-29", "2029-02-27"),
    ],
)
def test_a_day_lies_in_the_period_of_its_calendar(window, day, first, last):
    expected = Period(date.fromisoformat(first), date.fromisoformat(last))

    assert window.periods(date.fromisoformat(day))[0] == expected


def test_windows_that_look_back_count_the_period_before_too():
    window = Window(WindowKind.CALENDAR_YEAR_OR_LAST)

    assert window.periods(date(2027, 1, 1)) == (
        Period(date(2027, 1, 1), date(2027, 12, 31)),
        Period(date(2026, 1, 1), date(2026, 12, 31)),
    )


@given(
    day=DAYS,
    kind=st.sampled_from(list(WindowKind)),
    length=st.integers(1, 36),
    month=st.integers(1, 12),
    start=st.integers(1, 31),
)
def test_every_day_lies_in_its_period_and_the_one_before_ends_the_day_before(day, kind, length, month, start):
    periods = Window(kind, length, (month, start)).periods(day)

    assert day in periods[0]
    assert len(periods) == (2 if kind in LOOKING_BACK else 1)
    if len(periods) == 2:
        assert periods[1].last == periods[0].first - timedelta(days=1)


@given(day=DAYS, months=st.integers(-40, 40))
def test_the_same_day_months_later_is_the_last_of_a_month_that_is_too_short(day, months):
    later = months_later(day, months)

    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == months
    assert later.day == day.day or (later + timedelta(days=1)).day == 1
