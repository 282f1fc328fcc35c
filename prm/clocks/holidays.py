"""Days off as people have them: lines of text, or a calendar file (iCalendar, RFC 5545)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

DAYS_AT_MOST = 500
YEARS_AHEAD = 3  # of what comes back every year
LONGEST = 60  # days of one event; what is longer is no holiday
HALVES = {"half", "half day", "halb", "halber tag", "½", "1/2"}
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_DOTTED = re.compile(r"(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})")
_NAME_OF_ICS = re.compile(r"BEGIN:VCALENDAR", re.IGNORECASE)
_ESCAPED = re.compile(r"\\([\\;,nN])")


@dataclass(frozen=True)
class DayOff:
    """A holiday, or half of one."""

    day: date
    name: str = ""
    is_half: bool = False


@dataclass(frozen=True)
class Unread:
    """A line or event that could not be read, and why: data for a sentence."""

    text: str
    reason: str  # "date", "repeats", "long", "many"


def read(text: str, *, today: date) -> tuple[list[DayOff], list[Unread]]:
    """Return the days off of a text or calendar file, and what of it could not be read."""
    found: dict[date, DayOff] = {}
    unread: list[Unread] = []
    for entry in _of_file(text, today) if _NAME_OF_ICS.search(text) else _of_lines(text):
        if isinstance(entry, Unread):
            unread.append(entry)
        elif len(found) >= DAYS_AT_MOST and entry.day not in found:
            return list(found.values()), [*unread, Unread(entry.name or entry.day.isoformat(), "many")]
        else:
            found[entry.day] = entry
    return [found[day] for day in sorted(found)], unread


def _of_lines(text: str) -> Iterator[DayOff | Unread]:
    """Read one day from each line: its date, then what it is called, then perhaps that it is half a day."""
    for line in filter(None, map(str.strip, text.splitlines())):
        day, rest = _date_in(line)
        if day is None:
            yield Unread(line[:80], "date")
            continue
        parts = [part.strip() for part in re.split(r"[;\t|]|,(?=\s)", rest.strip(" ;,\t|:")) if part.strip()]
        is_half = bool(parts) and parts[-1].lower() in HALVES
        yield DayOff(day, ", ".join(parts[:-1] if is_half else parts)[:120], is_half)


def _date_in(line: str) -> tuple[date | None, str]:
    """Return the date a line begins with and what follows it."""
    if match := _ISO.match(line):
        year, month, day = map(int, match.groups())
    elif match := _DOTTED.match(line):
        day, month, year = map(int, match.groups())
    else:
        return None, line
    try:
        return date(year, month, day), line[match.end() :]
    except ValueError:
        return None, line


def _of_file(text: str, today: date) -> Iterator[DayOff | Unread]:
    """Read the days of each event; the day at which it ends does not belong to it."""
    for event in _events(text):
        name = _ESCAPED.sub(lambda match: " " if match[1] in "nN" else match[1], event.get("SUMMARY", "")).strip()[:120]
        start, end = _day(event.get("DTSTART", "")), _day(event.get("DTEND", ""))
        if start is None or event.get("STATUS", "").upper() == "CANCELLED":
            if start is None:
                yield Unread(name or event.get("DTSTART", "")[:80], "date")
            continue
        length = max((end - start).days if end else 1, 1)
        if length > LONGEST:
            yield Unread(name, "long")
            continue
        rule = dict(part.split("=", 1) for part in event.get("RRULE", "").upper().split(";") if "=" in part)
        if rule and not _is_yearly(rule, start):
            yield Unread(name, "repeats")
            continue
        for first in _yearly(start, today) if rule else [start]:
            yield from (DayOff(first + timedelta(days=number), name) for number in range(length))


def _is_yearly(rule: dict[str, str], start: date) -> bool:
    """Say whether a rule means no more than the same day every year."""
    plain = {"FREQ": "YEARLY", "INTERVAL": "1", "BYMONTH": str(start.month), "BYMONTHDAY": str(start.day)}
    return rule.get("FREQ") == "YEARLY" and all(plain.get(name) == value for name, value in rule.items())


def _yearly(start: date, today: date) -> Iterator[date]:
    """Return a date in this year and those after it; a leap day only where there is one."""
    for year in range(max(start.year, today.year), max(start.year, today.year) + YEARS_AHEAD):
        try:
            yield start.replace(year=year)
        except ValueError:
            continue


def _events(text: str) -> Iterator[dict[str, str]]:
    """Return the properties of each event, without their parameters; long lines go on after a space."""
    event: dict[str, str] | None = None
    for line in re.sub(r"\r?\n[ \t]", "", text).splitlines():
        name, _colon, value = line.partition(":")
        name = name.partition(";")[0].strip().upper()
        if name == "BEGIN" and value.strip().upper() == "VEVENT":
            event = {}
        elif name == "END" and value.strip().upper() == "VEVENT" and event is not None:
            yield event
            event = None
        elif event is not None:
            event.setdefault(name, value.strip())


def _day(value: str) -> date | None:
    try:
        return date(int(value[:4]), int(value[4:6]), int(value[6:8]))
    except ValueError:
        return None
