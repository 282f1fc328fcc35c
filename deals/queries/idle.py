"""Protected deals that do not move: nothing was said of them for some days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, QuerySet

from deals.events import CheckinDone, RegistrationReceived, StageChanged
from deals.models import Registration
from deals.queries import terms as registration_terms
from partners.models import Partner
from prm.events.models import Event
from prm.tenancy.context import seeing_all_partners

MOVES = (CheckinDone.name, StageChanged.name, RegistrationReceived.name)


@dataclass(frozen=True)
class Hoard:
    """That a partner holds as many deals without movement as the terms let it, or more."""

    number: int
    limit: int
    days: int


def without_movement(rows: QuerySet[Registration], since: datetime) -> QuerySet[Registration]:
    """Return the protected ones that were approved before, with no check-in, change of stage or transfer since."""
    moved = Event.objects.filter(subject_id=OuterRef("pk"), name__in=MOVES)
    return rows.protected().filter(~Exists(moved.filter(at__gte=since)), decided_at__lt=since)  # type: ignore[attr-defined]


def hoard_of(partner: Partner, at: datetime) -> Hoard | None:
    """Return what a partner holds without movement, if that draws a warning by the terms in force; one query if any."""
    _version, terms = registration_terms.current(registration_terms.today_of_vendor(at))
    if not terms.idle_limit:
        return None
    with seeing_all_partners():  # also what whoever had a deal before did
        rows = without_movement(Registration.objects.filter(partner=partner), at - timedelta(days=terms.idle_days))
        number = rows.count()
    return Hoard(number, terms.idle_limit, terms.idle_days) if number >= terms.idle_limit else None
