"""How a deal ended, until when it can be reopened, and to whom others were lost."""

from __future__ import annotations

from datetime import date, timedelta

from deals.enums import Stage
from deals.events import RegistrationLost, RegistrationWon
from deals.models import Registration
from deals.queries import terms as registration_terms
from prm.events.models import Event

MOST = 50


def latest_of(registration: Registration) -> Event | None:
    """Return when it was last won or lost, with the state it had before."""
    if registration.stage not in (Stage.WON, Stage.LOST):
        return None
    rows = Event.objects.filter(subject_id=registration.pk, name__in=(RegistrationWon.name, RegistrationLost.name))
    return rows.order_by("-at", "-id").first()


def reopens_until(registration: Registration, ending: Event | None = None) -> date | None:
    """Return the last day on which it can be reopened, by the terms it stands under; nothing if it never could."""
    ending = ending or latest_of(registration)
    days = registration_terms.pinned(registration.policy).reopen_days
    if ending is None or not days:
        return None
    return registration_terms.today_of_vendor(ending.at) + timedelta(days=days)


def competitors() -> list[str]:
    """Return the names to which deals were lost that the person sees, in the order of the alphabet."""
    rows = Registration.objects.filter(stage=Stage.LOST).exclude(competitor="").order_by("competitor")
    return list(rows.values_list("competitor", flat=True).distinct()[:MOST])
