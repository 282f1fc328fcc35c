"""Where the check-ins of a deal stand, and which deals wait for one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import F, Q, QuerySet

from deals.models import CheckIn, Registration
from deals.models.registrations import BESIDE, PROTECTED
from deals.queries import terms as registration_terms
from prm.promises.cases import MOST
from prm.promises.measures import Case

SOON = timedelta(days=7)


@dataclass(frozen=True)
class Standing:
    """The check-in that a deal waits for: by when, and after which day its protection is released without it."""

    due_on: date
    days_left: int
    released_after: date | None

    @property
    def is_missed(self) -> bool:
        return self.days_left < 0

    @property
    def is_soon(self) -> bool:
        return self.days_left <= SOON.days


def standing_of(registration: Registration, today: date) -> Standing | None:
    """Return the check-in that waits, unless the protection ends before it is due."""
    if not registration.is_in_force:
        return None
    waiting = CheckIn.objects.filter(expected(), registration=registration).first()
    if waiting is None:
        return None
    warned_on = registration_terms.today_of_vendor(waiting.missed_at) if waiting.missed_at else today
    after = registration_terms.pinned(registration.policy).last_day_of_grace(waiting.due_on, warned_on)
    return Standing(waiting.due_on, (waiting.due_on - today).days, after if waiting.due_on < today else None)


def expected() -> Q:
    """The condition that a check-in waits, and is due before the protection ends; beside others, none does."""
    has_time = Q(due_on__lte=F("registration__protected_until"), registration__protection__in=PROTECTED)
    return Q(is_open=True) & (has_time | Q(registration__award__in=BESIDE))


def to_confirm(today: date) -> QuerySet[CheckIn]:
    """Return the check-ins that are missed, or due within a week and before the protection ends."""
    return CheckIn.objects.filter(expected(), due_on__lte=today + SOON)


def cases(since: datetime, until: datetime) -> Iterator[Case]:
    """Yield the check-ins done in a period, and those that were due in it and stayed out."""
    done = Q(done_at__gte=since, done_at__lt=until)
    missed = Q(done_at=None, due_by__gte=since, due_by__lt=until)
    rows = CheckIn.objects.filter(done | missed).order_by("-due_by", "-pk")
    for due, at in rows.values_list("due_by", "done_at")[:MOST]:
        yield Case(due, at)
