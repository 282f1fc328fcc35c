"""The weeks ahead say for how long each day is open."""

from datetime import date
from decimal import Decimal

from prm.clocks.hours import WHOLE_DAY, BusinessCalendar, Span, SpecialDay
from prm.clocks.preview import alike, is_all_day, weeks_ahead

OFFICE = (Span(540, 1020),)


def test_eight_weeks_begin_with_this_one_and_name_what_differs():
    days = {date(2026, 11, 25): SpecialDay((), "Founders’ Day"), date(2026, 11, 28): SpecialDay((Span(600, 690),))}

    weeks = weeks_ahead(BusinessCalendar("Europe/Berlin", (OFFICE,) * 5 + ((),) * 2, days), date(2026, 11, 26))

    first = weeks[0]
    assert (len(weeks), first.days[0].day) == (8, date(2026, 11, 23))
    assert [day.hours for day in first.days] == [8, 8, 0, 8, 8, Decimal("1.5"), 0]
    assert [(day.name, day.is_special, day.is_today) for day in first.days[2:4]] == [
        ("Founders’ Day", True, False),
        ("", False, True),
    ]
    assert first.hours == Decimal("33.5")


def test_a_day_on_which_clocks_change_has_another_number_of_hours():
    always = BusinessCalendar("Europe/Berlin", (WHOLE_DAY,) * 7)

    assert [week.days[6].hours for week in weeks_ahead(always, date(2026, 10, 19), 2)] == [25, 24]
    assert weeks_ahead(always, date(2026, 3, 25), 1)[0].hours == 7 * 24 - 1


def test_days_alike_stand_in_one_row():
    week = (OFFICE, OFFICE, (), OFFICE, WHOLE_DAY, (), ())

    assert alike(week) == [(0, 1, OFFICE), (2, 2, ()), (3, 3, OFFICE), (4, 4, WHOLE_DAY), (5, 6, ())]
    assert [is_all_day(spans) for spans in week[3:6]] == [False, True, False]
