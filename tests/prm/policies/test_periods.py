from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prm.policies.periods import Duration, Period, Span, Unit, Window, WindowKind
from tests.prm.policies import reference

DAYS = st.dates(date(2019, 1, 1), date(2033, 12, 31))


@given(DAYS, st.integers(-60, 60), st.sampled_from(list(Unit)))
def test_a_day_so_much_later_is_found_by_walking(day, count, unit):
    assert Duration(count, unit).from_day(day) == reference.shifted(day, ("", count, unit))


@given(DAYS, st.integers(-60, 60), st.sampled_from(list(Unit)))
def test_it_is_as_far_as_it_was_moved(day, count, unit):
    span = Span(day, Duration(count, unit).from_day(day))

    assert span.compared(Duration(count, unit)) == 0
    assert span.compared(Duration(count + 1, unit)) < 0
    assert span.compared(Duration(count - 1, unit)) > 0


@given(DAYS, st.integers(1, 400), st.sampled_from(list(Unit)))
def test_later_is_never_shorter(day, number, unit):
    nearer, farther = (Span(day, day + timedelta(days=days)) for days in (number, number + 1))

    assert nearer.length(unit).count <= farther.length(unit).count


WINDOWS = st.builds(
    Window,
    st.sampled_from(list(WindowKind)),
    length=st.integers(1, 36),
    back=st.integers(0, 5),
    year_starts_in=st.integers(1, 12),
)


@given(WINDOWS, DAYS)
def test_a_window_holds_the_days_that_belong_to_it_and_no_others(window, today):
    body = {name: getattr(window, name) for name in ("kind", "length", "back", "year_starts_in")}
    period = window.days(today)
    edges = [period.first - timedelta(days=1), period.first, period.last, period.last + timedelta(days=1)]

    assert [day in period for day in edges] == [False, True, True, False]
    assert [reference.within(body, day, today) for day in edges] == [False, True, True, False]


@pytest.mark.parametrize(
    ("window", "expected"),
    [
        (Window(WindowKind.QUARTER, year_starts_in=2), (date(2026, 11, 1), date(2027, 1, 31))),
        (Window(WindowKind.YEAR, year_starts_in=2), (date(2026, 2, 1), date(2027, 1, 31))),
        (Window(WindowKind.YEAR, back=1), (date(2025, 1, 1), date(2025, 12, 31))),
        (Window(WindowKind.MONTH, back=11), (date(2025, 12, 1), date(2025, 12, 31))),
        (Window(WindowKind.ROLLING_MONTHS, 12), (date(2025, 11, 27), date(2026, 11, 26))),
        (Window(WindowKind.ROLLING_DAYS, 1), (date(2026, 11, 26), date(2026, 11, 26))),
    ],
)
def test_windows_of_a_day(window, expected):
    assert window.days(date(2026, 11, 26)) == Period(*expected)
