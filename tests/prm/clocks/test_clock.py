"""A promise's clock runs while the vendor has the record, and stands while it waits for the partner."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from prm.clocks.clock import Happening, Mark, Promise, State, Unit, moved, read
from prm.clocks.hours import BusinessCalendar, Span, SpecialDay, weekdays

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
MONDAY = datetime(2026, 11, 23, 10, tzinfo=UTC)
UTC_DAYS = weekdays("UTC")
OFFICE = BusinessCalendar("UTC", ((Span(540, 1020),),) * 5 + ((),) * 2)
TWO_DAYS = Promise(2)
EIGHT_HOURS = Promise(8, Unit.HOURS, warn_percent=50, escalate_percent=75)


def marks(*happened):
    return [Mark(at, Happening(what)) for what, at in happened]


STARTED = marks(("started", MONDAY))


def test_a_running_clock_says_when_it_is_due_warns_and_escalates():
    reading = read(EIGHT_HOURS, OFFICE, STARTED, now=MONDAY + 3 * HOUR)

    assert (reading.state, reading.used, reading.left) == (State.RUNNING, 3 * HOUR, 5 * HOUR)
    assert reading.due == MONDAY + DAY
    assert reading.warn_at == MONDAY + 4 * HOUR
    assert reading.escalate_at == MONDAY + 6 * HOUR


def test_business_days_warn_within_a_day():
    reading = read(TWO_DAYS, UTC_DAYS, STARTED, now=MONDAY)

    assert reading.warn_at == MONDAY + DAY + 12 * HOUR
    assert reading.due == MONDAY + 2 * DAY


def test_while_it_waits_for_the_other_side_nothing_is_due():
    history = STARTED + marks(("paused", MONDAY + DAY))

    reading = read(TWO_DAYS, UTC_DAYS, history, now=MONDAY + 9 * DAY)

    assert (reading.state, reading.due, reading.left) == (State.PAUSED, None, DAY)
    assert [(stretch.runs, stretch.used) for stretch in reading.stretches] == [(True, DAY), (False, timedelta())]


def test_after_the_answer_only_what_was_left_is_promised():
    history = STARTED + marks(("paused", MONDAY + DAY), ("resumed", MONDAY + 4 * DAY))

    reading = read(TWO_DAYS, UTC_DAYS, history, now=MONDAY + 4 * DAY)

    assert (reading.state, reading.due) == (State.RUNNING, MONDAY + 7 * DAY)  # Friday and the weekend
    assert reading.closed == ((date(2026, 11, 28), ""), (date(2026, 11, 29), ""))


@pytest.mark.parametrize(
    ("decided", "state"),
    [(MONDAY + DAY, State.MET), (MONDAY + 2 * DAY, State.MET), (MONDAY + 2 * DAY + HOUR, State.MISSED)],
)
def test_a_decision_in_time_meets_the_promise(decided, state):
    reading = read(TWO_DAYS, UTC_DAYS, STARTED + marks(("decided", decided)), now=MONDAY + 90 * DAY)

    assert (reading.state, reading.due) == (state, MONDAY + 2 * DAY)
    assert reading.used == decided - MONDAY


def test_what_is_withdrawn_is_neither_met_nor_missed_unless_it_was_late():
    early, late = MONDAY + HOUR, MONDAY + 3 * DAY

    assert read(TWO_DAYS, UTC_DAYS, STARTED + marks(("stopped", early)), now=late).state == State.STOPPED
    assert read(TWO_DAYS, UTC_DAYS, STARTED + marks(("stopped", late)), now=late).state == State.MISSED


def test_a_question_asked_too_late_does_not_mend_what_was_missed():
    history = STARTED + marks(("paused", MONDAY + 3 * DAY), ("resumed", MONDAY + 4 * DAY))

    reading = read(TWO_DAYS, UTC_DAYS, history, now=MONDAY + 4 * DAY)

    assert (reading.state, reading.due) == (State.MISSED, MONDAY + 2 * DAY)


def test_a_decision_is_deemed_made_only_once_it_is_overdue_and_only_where_the_vendor_says_so():
    deeming = replace(TWO_DAYS, deemed="approve")

    assert read(deeming, UTC_DAYS, STARTED, now=MONDAY + 2 * DAY).deemed == ""
    assert read(deeming, UTC_DAYS, STARTED, now=MONDAY + 2 * DAY + HOUR).deemed == "approve"
    assert read(TWO_DAYS, UTC_DAYS, STARTED, now=MONDAY + 9 * DAY).deemed == ""


def test_a_changed_calendar_is_explained_by_the_days_that_moved_it():
    holiday = {date(2026, 11, 24): SpecialDay((), "Founders’ Day")}
    before = read(TWO_DAYS, UTC_DAYS, STARTED, now=MONDAY)
    after = read(TWO_DAYS, replace(UTC_DAYS, days=holiday), STARTED, now=MONDAY)

    change = moved(before, after)

    assert change is not None
    assert (change.was, change.now) == (MONDAY + 2 * DAY, MONDAY + 3 * DAY)
    assert (change.closed, change.opened) == (((date(2026, 11, 24), "Founders’ Day"),), ())
    assert moved(after, before).opened == change.closed
    assert moved(before, before) is None


@pytest.mark.parametrize(
    "happened",
    [
        [],
        [("paused", 0)],
        [("started", 0), ("started", 1)],
        [("started", 0), ("resumed", 1)],
        [("started", 0), ("paused", 1), ("paused", 2)],
        [("started", 0), ("decided", 1), ("paused", 2)],
        [("started", 0), ("stopped", 1), ("decided", 2)],
    ],
)
def test_marks_that_cannot_follow_one_another_are_no_clock(happened):
    with pytest.raises(ValueError):
        read(TWO_DAYS, UTC_DAYS, marks(*((what, MONDAY + n * HOUR) for what, n in happened)), now=MONDAY)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.sampled_from([OFFICE, UTC_DAYS, weekdays("America/New_York")]),
    st.sampled_from([TWO_DAYS, EIGHT_HOURS, Promise(40, Unit.HOURS)]),
    st.lists(st.integers(1, 3000), max_size=7),
)
@example(UTC_DAYS, Promise(40, Unit.HOURS), [1, 1, 1, 1, 1, 1, 2397])  # paused in the very minute it is due
def test_what_was_used_and_is_left_is_the_promise_and_waiting_costs_nothing(calendar, promise, minutes):
    at, happenings = MONDAY, [("started", MONDAY)]
    for number, waited in enumerate(minutes):
        at += timedelta(minutes=waited)
        happenings.append(("resumed" if number % 2 else "paused", at))

    reading = read(promise, calendar, marks(*happenings), now=at)

    running = [stretch for stretch in reading.stretches if stretch.runs]
    assert reading.used == sum((promise.between(calendar, s.since, s.until or at) for s in running), timedelta())
    assert reading.left == max(promise.whole - reading.used, timedelta())
    assert (reading.due is None) == (reading.state == State.PAUSED and reading.left > timedelta())
    if reading.state == State.RUNNING:
        assert promise.between(calendar, at, reading.due) == reading.left
