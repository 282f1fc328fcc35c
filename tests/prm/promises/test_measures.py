"""How well promises were kept, without a database."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prm.promises.measures import Case, Kept, measure, percentile

START = datetime(2026, 11, 1, tzinfo=UTC)
END = START + timedelta(days=30)
HOUR = timedelta(hours=1)


def at(day):
    return START + timedelta(days=day)


def kept(*cases, now=END):
    return measure(cases, since=START, until=END, now=now)


def test_nothing_to_keep_has_no_share_and_no_times():
    assert kept() == Kept()
    assert kept().percent is None
    assert not kept().is_few


def test_done_in_time_done_late_and_late_and_open():
    found = kept(Case(at(5), at(5)), Case(at(5), at(6), HOUR), Case(at(7), None))

    assert (found.done, found.in_time, found.open_late, found.counted) == (2, 1, 1, 3)
    assert found.percent == 33
    assert found.is_few


def test_what_is_open_and_not_due_yet_does_not_count():
    assert kept(Case(at(20), None), now=at(20)).counted == 0
    assert kept(Case(at(20), None), now=at(21)).open_late == 1


@pytest.mark.parametrize(("day", "counts"), [(-1, 0), (0, 1), (29, 1), (30, 0)])
def test_a_case_counts_when_it_was_done_from_the_first_instant_to_before_the_last(day, counts):
    assert kept(Case(at(100), at(day))).counted == counts


def test_a_share_is_never_rounded_up_to_all():
    assert kept(*[Case(at(9), at(8))] * 999, Case(at(5), at(6))).percent == 99


def test_percentiles_are_times_that_occurred():
    times = [hours * HOUR for hours in range(1, 11)]

    assert percentile(times, 50) == 5 * HOUR
    assert percentile(times, 90) == 9 * HOUR
    assert percentile([HOUR], 90) == HOUR
    assert percentile([], 50) is None


CASES = st.lists(
    st.builds(
        Case,
        due=st.integers(-5, 40).map(at),
        done=st.none() | st.integers(-5, 40).map(at),
        took=st.none() | st.integers(0, 99).map(lambda hours: hours * HOUR),
    ),
    max_size=30,
)


@given(CASES, st.integers(0, 30))
def test_periods_add_up(cases, cut):
    first = measure(cases, since=START, until=at(cut), now=END)
    second = measure(cases, since=at(cut), until=END, now=END)
    whole = kept(*cases)

    assert first.done + second.done == whole.done
    assert first.in_time + second.in_time == whole.in_time
    assert first.open_late + second.open_late == whole.open_late
    assert whole.percent is None or 0 <= whole.percent <= 100
    assert whole.median is None or whole.median <= whole.ninth
