"""The clock of the promise to decide on a registration, read from what happened to it."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet

from deals.events import (
    ConflictDecided,
    ConflictSettled,
    EvidenceAsked,
    EvidenceGiven,
    EvidenceMissed,
    ResearchBegun,
)
from deals.models import Registration
from prm.clocks import calendars
from prm.clocks.clock import Happening, Mark, Promise, Reading, read
from prm.events.models import Event
from prm.questions import services as questions
from prm.tenancy.context import seeing_all_partners

Pause = tuple[datetime, datetime | None]  # without an end it stands still
EVIDENCE_OVER = (EvidenceGiven, EvidenceMissed, ConflictDecided, ConflictSettled)


def of(registration: Registration, promise: Promise, *, at: datetime) -> Reading:
    """Say how the time of a registration that waits for either side was counted until now."""
    assert registration.submitted_at is not None
    marks = [Mark(registration.submitted_at, Happening.STARTED)]
    for since, until in _stood(registration):
        marks.append(Mark(since, Happening.PAUSED))
        if until is not None:
            marks.append(Mark(until, Happening.RESUMED))
    return read(promise, calendars.of(promise), marks, now=at)


def researches_of(registration: Registration) -> QuerySet[Event]:
    """Return when time for research was taken."""
    return Event.objects.filter(subject_id=registration.pk, name=ResearchBegun.name)


def _stood(registration: Registration) -> list[Pause]:
    """Return when the partner was waited for, for an answer or for evidence, as times that do not touch.

    Evidence that is asked while a question is open lets the clock stand no longer than the question.
    """
    with seeing_all_partners():  # also what whoever had the deal before was asked
        asked = [(question.asked_at, question.answered_at) for question in questions.of(registration)]
        evidence = _evidence(registration)
    more = [
        pause
        for pause in evidence
        if not any(since <= pause[0] and (until is None or pause[0] < until) for since, until in asked)
    ]
    found: list[Pause] = []
    for since, until in sorted([*asked, *more], key=lambda pause: pause[0]):
        if found and (found[-1][1] is None or since <= found[-1][1]):
            first, last = found[-1]
            found[-1] = (first, None if last is None or until is None else max(last, until))
        else:
            found.append((since, until))
    return found


def _evidence(registration: Registration) -> list[Pause]:
    """Return when evidence was waited for in conflict cases."""
    names = [fact.name for fact in (EvidenceAsked, *EVIDENCE_OVER)]
    events = Event.objects.filter(subject_id=registration.pk, name__in=names)
    found: list[Pause] = []
    since: datetime | None = None
    for event in events.order_by("at", "id"):
        if event.name == EvidenceAsked.name:
            since = since or event.at
        elif since is not None:
            found.append((since, event.at))
            since = None
    return found if since is None else [*found, (since, None)]
