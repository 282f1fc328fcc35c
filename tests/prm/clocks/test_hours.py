"""Business time equals what somebody counts who looks at a clock on the wall every minute."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from prm.clocks.hours import DAY, WHOLE_DAY, BusinessCalendar, NeverOpens, Span, SpecialDay, day_of, half_of, weekdays

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
OFFICE = (Span(9 * 60, 12 * 60 + 30), Span(13 * 60 + 30, 17 * 60))
NIGHTS = (Span(0, 150), Span(150, 165), Span(1380, 1440))  # every hour at which clocks change somewhere
CHANGES = {  # a zone, and an instant near which its clocks do something
    "Europe/Berlin": (datetime(2026, 3, 29, 1, tzinfo=UTC), datetime(2026, 10, 25, 1, tzinfo=UTC)),
    "America/New_York": (datetime(2026, 3, 8, 7, tzinfo=UTC), datetime(2026, 11, 1, 6, tzinfo=UTC)),
    "America/St_Johns": (datetime(2010, 3, 14, 3, 31, tzinfo=UTC), datetime(2010, 11, 7, 2, 31, tzinfo=UTC)),
    "America/Havana": (datetime(2025, 3, 9, 5, tzinfo=UTC), datetime(2025, 11, 2, 5, tzinfo=UTC)),
    "Australia/Lord_Howe": (datetime(2026, 4, 4, 15, tzinfo=UTC), datetime(2026, 10, 3, 15, 30, tzinfo=UTC)),
    "Asia/Kolkata": (datetime(2026, 12, 31, 18, 30, tzinfo=UTC),),
    "Asia/Kathmandu": (datetime(2026, 1, 1, tzinfo=UTC),),
    "Asia/Beirut": (datetime(2024, 10, 26, 21, tzinfo=UTC),),
    "Pacific/Apia": (datetime(2011, 12, 30, 10, tzinfo=UTC),),
    "Pacific/Kwajalein": (datetime(1993, 8, 21, 12, tzinfo=UTC),),
    "UTC": (datetime(2026, 2, 28, 12, tzinfo=UTC),),
}

UNHURRIED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
FEW = settings(UNHURRIED, max_examples=60)  # those that count by the minute

spans = st.sampled_from([(), OFFICE, NIGHTS, WHOLE_DAY, (Span(60, 61), Span(119, 1439))])


@st.composite
def calendars(draw):
    """A calendar, and an instant some days before or after its zone's clocks do something."""
    zone = draw(st.sampled_from(sorted(CHANGES)))
    change = draw(st.sampled_from(CHANGES[zone]))
    week = draw(st.tuples(*[spans] * 7))
    near = st.dates(change.date() - 6 * DAY, change.date() + 9 * DAY)
    days = draw(st.dictionaries(near, st.builds(SpecialDay, spans), max_size=4))
    at = change + draw(st.integers(-4 * 24 * 60, 2 * 24 * 60)) * MINUTE
    return BusinessCalendar(zone, week, days), at


def looks_open(calendar, at):
    """What somebody sees who looks at the clock and then at the sign on the door."""
    local = at.astimezone(ZoneInfo(calendar.zone))
    minute = local.hour * 60 + local.minute
    return any(span.start <= minute < span.end for span in calendar.spans_on(local.date()))


def open_minutes(calendar, since, until):
    return sum(looks_open(calendar, since + n * MINUTE) for n in range((until - since) // MINUTE))


@FEW
@given(calendars(), st.integers(0, 3 * 24 * 60))
def test_the_time_between_two_instants_is_the_number_of_open_minutes(given_, minutes):
    calendar, at = given_
    until = at + minutes * MINUTE

    assert calendar.hours_between(at, until) == open_minutes(calendar, at, until) * MINUTE


@FEW
@given(calendars(), st.integers(0, 30 * 60))
def test_adding_hours_ends_where_so_many_minutes_were_counted(given_, minutes):
    calendar, at = given_
    expected, left = at, minutes
    while left and expected < at + 12 * DAY:
        left -= looks_open(calendar, expected)
        expected += MINUTE
    if left:
        return  # open too seldom for a walk by the minute

    assert calendar.add_hours(at, minutes * MINUTE) == expected


@UNHURRIED
@given(calendars())
def test_the_next_opening_is_the_first_open_minute(given_):
    calendar, at = given_
    minutes = (at + n * MINUTE for n in range(8 * 24 * 60))
    expected = next((minute for minute in minutes if looks_open(calendar, minute)), None)
    if expected is None:
        return

    assert calendar.next_opening(at) == expected
    assert calendar.is_open(expected)
    assert calendar.is_open(at) == (expected == at)


@UNHURRIED
@given(calendars(), st.integers(0, 60 * 60), st.integers(0, 59))
def test_what_was_added_is_between(given_, seconds, second):
    calendar, at = given_
    if not any(calendar.week):
        return
    at, amount = at + timedelta(seconds=second), timedelta(seconds=seconds)

    end = calendar.add_hours(at, amount)

    assert calendar.hours_between(at, end) == amount
    assert calendar.hours_between(at, end - timedelta(microseconds=1)) < amount or not amount


@UNHURRIED
@given(calendars(), st.integers(0, 4000), st.integers(0, 4000), st.integers(0, 3000))
def test_later_is_never_earlier(given_, minutes, later, amount):
    calendar, at = given_
    if not any(calendar.week):
        return
    after, longer = at + minutes * MINUTE, (amount + later) * MINUTE

    for add in (calendar.add_hours, calendar.add_days):
        assert add(at, amount * MINUTE) <= add(after, amount * MINUTE)
        assert add(at, amount * MINUTE) <= add(at, longer)
        assert add(at, amount * MINUTE) >= at
    for between in (calendar.hours_between, calendar.days_between):
        assert between(at, at + longer) <= between(at, after + longer)
        assert between(after, after + longer) <= between(at, after + longer)


# Business days


def walked(calendar, at, days):
    """The same time of day, so many business days later, by walking from day to day."""
    local = at.astimezone(ZoneInfo(calendar.zone)).replace(tzinfo=None)
    day, clock = local.date(), local.time()
    while not calendar.spans_on(day):
        day, clock = day + DAY, time()
    for _ in range(days):
        day += DAY
        while not calendar.spans_on(day):
            day += DAY
    return datetime.combine(day, clock, ZoneInfo(calendar.zone)).astimezone(UTC)


@UNHURRIED
@given(
    st.sampled_from(["UTC", "Asia/Kolkata", "Asia/Kathmandu", "Europe/Berlin", "America/New_York"]),
    st.datetimes(datetime(2026, 11, 2), datetime(2027, 2, 1), timezones=st.just(UTC)),
    st.sets(st.dates(date(2026, 11, 1), date(2027, 3, 1)), max_size=20),
    st.integers(0, 20),
)
def test_business_days_are_walked_over_weekends_holidays_and_the_end_of_the_year(zone, at, holidays, days):
    calendar = BusinessCalendar(zone, weekdays(zone).week, {day: SpecialDay() for day in holidays})

    assert calendar.add_days(at, days * DAY) == walked(calendar, at, days)


@UNHURRIED
@given(calendars(), st.integers(0, 9 * 24 * 60))
@example((weekdays("Pacific/Apia"), datetime(2011, 12, 29, 9, tzinfo=UTC)), 2 * 24 * 60)
def test_the_days_that_were_added_are_between(given_, minutes):
    calendar, at = given_
    if not any(calendar.week):
        return
    end = calendar.add_days(at, minutes * MINUTE)
    is_skipped = calendar.days_between(at, end - timedelta(microseconds=1)) < minutes * MINUTE - MINUTE

    assert calendar.days_between(at, end) == minutes * MINUTE or is_skipped


def berlin(*parts):
    return datetime(*parts, tzinfo=ZoneInfo("Europe/Berlin"))


@pytest.mark.parametrize(
    ("start", "days", "end"),
    [
        (berlin(2026, 11, 24, 15, 30), 2, berlin(2026, 11, 26, 15, 30)),
        (berlin(2026, 11, 26, 15, 30), 2, berlin(2026, 11, 30, 15, 30)),
        (berlin(2026, 11, 28, 15, 30), 1, berlin(2026, 12, 1)),  # Saturday counts as Monday's first instant
        (berlin(2026, 11, 27), 1, berlin(2026, 11, 30)),
        (berlin(2026, 12, 24, 12), 2, berlin(2026, 12, 28, 12)),
        (berlin(2026, 3, 27, 2, 30), 1, berlin(2026, 3, 30, 2, 30)),
    ],
)
def test_business_days_keep_the_time_of_day(start, days, end):
    assert weekdays("Europe/Berlin").add_days(start, days * DAY) == end


def test_a_day_goes_on_behind_what_the_clock_skips_and_what_it_tells_twice_is_over_the_second_time():
    always = BusinessCalendar("Europe/Berlin", (WHOLE_DAY,) * 7)
    second_time = datetime(2026, 10, 25, 1, 15, tzinfo=UTC)

    assert always.add_days(berlin(2026, 3, 28, 2, 30), DAY) == berlin(2026, 3, 29, 3)
    assert always.add_days(second_time, DAY) == berlin(2026, 10, 26, 3)
    assert always.add_days(berlin(2026, 10, 24, 2, 15), DAY) == datetime(2026, 10, 25, 0, 15, tzinfo=UTC)


def test_samoa_had_no_thirtieth_of_december():
    calendar = weekdays("Pacific/Apia")  # the Friday of that week
    samoa = ZoneInfo("Pacific/Apia")
    thursday = datetime(2011, 12, 29, 10, tzinfo=samoa)

    assert calendar.add_days(thursday, DAY) == datetime(2012, 1, 2, 10, tzinfo=samoa)
    assert calendar.hours_between(thursday, datetime(2012, 1, 1, tzinfo=samoa)) == 14 * HOUR
    assert [day for day, _name in calendar.closed_days(thursday, datetime(2012, 1, 2, tzinfo=samoa))] == [
        date(2011, 12, 30),
        date(2011, 12, 31),
        date(2012, 1, 1),
    ]


def test_an_hour_told_twice_is_open_twice_and_one_that_is_skipped_not_at_all():
    night = BusinessCalendar("Europe/Berlin", ((),) * 6 + ((Span(120, 180),),))

    assert night.hours_between(berlin(2026, 10, 25), berlin(2026, 10, 26)) == 2 * HOUR
    assert night.hours_between(berlin(2026, 3, 29), berlin(2026, 3, 30)) == timedelta()
    assert night.next_opening(berlin(2026, 3, 29)) == berlin(2026, 4, 5, 2)


def test_a_holiday_a_half_day_and_a_one_off_opening_replace_the_hours_of_their_day():
    calendar = BusinessCalendar(
        "Europe/Berlin",
        (OFFICE,) * 5 + ((),) * 2,
        {
            date(2026, 12, 24): SpecialDay(half_of(OFFICE), "Christmas Eve"),
            date(2026, 12, 25): SpecialDay((), "Christmas"),
            date(2026, 12, 26): SpecialDay((Span(600, 660),), "Stocktaking"),
        },
    )
    eve = berlin(2026, 12, 24, 11, 30)

    assert calendar.add_hours(eve, HOUR) == berlin(2026, 12, 24, 12, 30)
    assert calendar.add_hours(eve, 2 * HOUR) == berlin(2026, 12, 26, 11)
    assert calendar.add_hours(eve, 3 * HOUR) == berlin(2026, 12, 28, 10)
    assert calendar.closed_days(eve, berlin(2026, 12, 28, 10)) == [
        (date(2026, 12, 25), "Christmas"),
        (date(2026, 12, 27), ""),
    ]


@pytest.mark.parametrize(
    ("whole", "half"),
    [
        ((), ()),
        ((Span(540, 1020),), (Span(540, 780),)),
        (OFFICE, (Span(540, 750),)),
        ((Span(0, 60), Span(100, 400)), (Span(0, 60), Span(100, 220))),
    ],
)
def test_half_a_day_is_the_first_half_of_its_hours(whole, half):
    assert half_of(whole) == half


@pytest.mark.parametrize(
    "ask",
    [
        lambda calendar, at: calendar.next_opening(at),
        lambda calendar, at: calendar.add_hours(at, HOUR),
        lambda calendar, at: calendar.add_days(at, DAY),
    ],
)
def test_a_calendar_that_never_opens_says_so(ask):
    past = {date(2020, 1, 1): SpecialDay(WHOLE_DAY)}

    with pytest.raises(NeverOpens):
        ask(BusinessCalendar("Europe/Berlin", ((),) * 7, past), berlin(2026, 11, 26))


@pytest.mark.parametrize("pair", list(pairwise([Span(0, 60), Span(30, 90), Span(0, 10)])))
def test_hours_that_overlap_are_no_calendar(pair):
    with pytest.raises(ValueError):
        BusinessCalendar("UTC", (pair, *((),) * 6))


@pytest.mark.parametrize(("start", "end"), [(60, 60), (60, 30), (-1, 30), (0, 1441)])
def test_a_span_is_a_part_of_a_day(start, end):
    with pytest.raises(ValueError):
        Span(start, end)


def test_the_day_is_the_vendors():
    assert day_of(datetime(2026, 11, 26, 23, 30, tzinfo=UTC), "Europe/Berlin") == date(2026, 11, 27)
