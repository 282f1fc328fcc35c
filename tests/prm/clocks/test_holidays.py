"""Holidays are taken over from lines of text and from calendar files."""

from datetime import date

import pytest

from prm.clocks.holidays import DAYS_AT_MOST, DayOff, Unread, read

TODAY = date(2026, 11, 26)
FILE = """BEGIN:VCALENDAR\r
VERSION:2.0\r
BEGIN:VEVENT\r
DTSTART;VALUE=DATE:20261225\r
DTEND;VALUE=DATE:20261227\r
SUMMARY:Christmas\\, both\r
  days\r
END:VEVENT\r
BEGIN:VEVENT\r
DTSTART;VALUE=DATE:20200501\r
RRULE:FREQ=YEARLY;BYMONTH=5;BYMONTHDAY=1\r
SUMMARY;LANGUAGE=en:Labour Day\r
END:VEVENT\r
BEGIN:VEVENT\r
DTSTART:20261231T120000Z\r
STATUS:CANCELLED\r
SUMMARY:Cancelled\r
END:VEVENT\r
END:VCALENDAR\r
"""


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("2026-12-25 Christmas", DayOff(date(2026, 12, 25), "Christmas")),
        ("2026-12-25", DayOff(date(2026, 12, 25))),
        ("  25.12.2026; Christmas; ", DayOff(date(2026, 12, 25), "Christmas")),
        ("2026-12-24; Christmas Eve; half", DayOff(date(2026, 12, 24), "Christmas Eve", is_half=True)),
        ("24.12.2026\tHeiligabend\thalb", DayOff(date(2026, 12, 24), "Heiligabend", is_half=True)),
        ("2026-10-03: Tag der Deutschen Einheit", DayOff(date(2026, 10, 3), "Tag der Deutschen Einheit")),
    ],
)
def test_a_line_is_a_date_a_name_and_perhaps_half(line, expected):
    assert read(line, today=TODAY) == ([expected], [])


@pytest.mark.parametrize("line", ["Christmas", "2026-13-01 Nothing", "31.02.2026", "12/24/2026 Which is it?"])
def test_a_line_without_a_date_is_told_and_the_others_are_read(line):
    days, unread = read(f"2026-12-25 Christmas\n{line}\n", today=TODAY)

    assert [day.name for day in days] == ["Christmas"]
    assert unread == [Unread(line, "date")]


def test_the_last_line_about_a_day_counts_and_days_come_in_order():
    days, _unread = read("2026-12-25 Christmas\n2026-12-24 Eve\n2026-12-25 Feast\n", today=TODAY)

    assert [(day.day.day, day.name) for day in days] == [(24, "Eve"), (25, "Feast")]


def test_a_calendar_file_gives_the_days_of_its_events_and_three_years_of_what_comes_back():
    days, unread = read(FILE, today=TODAY)

    assert unread == []
    assert [(day.day.isoformat(), day.name) for day in days] == [
        ("2026-05-01", "Labour Day"),
        ("2026-12-25", "Christmas, both days"),
        ("2026-12-26", "Christmas, both days"),
        ("2027-05-01", "Labour Day"),
        ("2028-05-01", "Labour Day"),
    ]


@pytest.mark.parametrize(
    ("lines", "reason"),
    [
        ("DTSTART:20261126\nRRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=4TH\n", "repeats"),
        ("DTSTART:20261126\nRRULE:FREQ=WEEKLY\n", "repeats"),
        ("DTSTART:20260101\nDTEND:20270101\n", "long"),
        ("DTSTART:tomorrow\n", "date"),
        ("", "date"),
    ],
)
def test_an_event_that_is_no_plain_day_is_told(lines, reason):
    text = f"BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:Odd\n{lines}END:VEVENT\nEND:VCALENDAR"

    assert read(text, today=TODAY) == ([], [Unread("Odd", reason)])


def test_there_is_an_end_to_a_list():
    lines = "\n".join(f"{2000 + n // 300}-{n % 300 // 25 + 1}-{n % 25 + 1}" for n in range(DAYS_AT_MOST + 5))

    days, unread = read(lines, today=TODAY)

    assert len(days) == DAYS_AT_MOST
    assert [entry.reason for entry in unread] == ["many"]
