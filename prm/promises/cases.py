"""Cases out of rows that have a start, a promised end and an end, and out of questions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from prm.clocks import calendars
from prm.clocks.clock import Happening, Mark, Promise, Unit, read
from prm.clocks.hours import BusinessCalendar, NeverOpens
from prm.promises.measures import Case
from prm.questions.models import Question

MOST = 5000  # of one kind; a longer period shows the latest
HOURS = Promise(1, Unit.HOURS)


@dataclass(frozen=True)
class Dates:
    """The columns of a row that say since when, by when and when."""

    start: str
    due: str
    done: str


DECISION = Dates("submitted_at", "decide_by", "decided_at")
FIRST_DECISION = Dates("submitted_at", "decide_by", "first_decided_at")  # of `disputes.with_first_decision`


def of_rows(
    rows: QuerySet, since: datetime, until: datetime, *, waiting: Q, dates: Dates = DECISION, pauses: bool = True
) -> Iterator[Case]:
    """Yield the cases of rows: those done in the period, and those that wait and were due in it.

    Times are open hours of the vendor's calendar, without those in which the other side had to answer.
    """
    start, due, done = dates.start, dates.due, dates.done
    ended = Q(**{f"{done}__gte": since, f"{done}__lt": until})
    late = waiting & Q(**{f"{done}__isnull": True, f"{due}__gte": since, f"{due}__lt": until})
    found = rows.filter(ended | late, **{f"{due}__isnull": False, f"{start}__isnull": False})
    values = list(found.order_by(f"-{due}", "-pk").values_list("pk", start, due, done)[:MOST])
    stood = _pauses([pk for pk, *_rest in values]) if pauses else {}
    calendar = calendars.default()
    for pk, started, promised, ended_at in values:
        took = _open_time(calendar, started, ended_at, stood.get(pk, [])) if ended_at else None
        yield Case(promised, ended_at, took)


def of_questions(since: datetime, until: datetime) -> Iterator[Case]:
    """Yield the questions to partners; those to people who are no partners yet are not theirs."""
    rows = Question.objects.exclude(partner_path="")
    dates = Dates("asked_at", "answer_by", "answered_at")
    yield from of_rows(rows, since, until, waiting=Q(), dates=dates, pauses=False)


def _pauses(ids: list[UUID]) -> dict[UUID, list[tuple[datetime, datetime | None]]]:
    found: dict[UUID, list[tuple[datetime, datetime | None]]] = {}
    rows = Question.objects.filter(subject_id__in=ids).order_by("asked_at", "id")
    for pk, asked, answered in rows.values_list("subject_id", "asked_at", "answered_at"):
        found.setdefault(pk, []).append((asked, answered))
    return found


def _open_time(
    calendar: BusinessCalendar, start: datetime, end: datetime, pauses: list[tuple[datetime, datetime | None]]
) -> Any:
    """Return how long the clock ran; clocks of two machines that differ a little never turn it back."""
    marks = [Mark(start, Happening.STARTED)]
    for asked, answered in pauses:
        if start < asked < end:
            marks.append(Mark(max(asked, marks[-1].at), Happening.PAUSED))
            if answered is None or answered >= end:
                break
            marks.append(Mark(max(answered, marks[-1].at), Happening.RESUMED))
    marks.append(Mark(max(end, marks[-1].at), Happening.DECIDED))
    try:
        return read(HOURS, calendar, marks, now=marks[-1].at).used
    except NeverOpens:
        return None
