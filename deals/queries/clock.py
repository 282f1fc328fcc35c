"""The clock of the promise to decide on a registration, read from what happened to it."""

from __future__ import annotations

from datetime import datetime

from deals.models import Registration
from prm.clocks import calendars
from prm.clocks.clock import Happening, Mark, Promise, Reading, read
from prm.questions import services as questions


def of(registration: Registration, promise: Promise, *, at: datetime) -> Reading:
    """Say how the time of a registration that waits for either side was counted until now."""
    assert registration.submitted_at is not None
    marks = [Mark(registration.submitted_at, Happening.STARTED)]
    for question in questions.of(registration):
        marks.append(Mark(question.asked_at, Happening.PAUSED))
        if question.answered_at is not None:
            marks.append(Mark(question.answered_at, Happening.RESUMED))
    return read(promise, calendars.of(promise), marks, now=at)
