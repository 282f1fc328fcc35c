"""What the clock has to do: protections to end or to be reminded of, questions nobody answered."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, time
from zoneinfo import ZoneInfo

from deals.enums import Review
from deals.models import Registration
from deals.queries import terms as registration_terms
from prm.accounts.models import VendorProfile

MORNING = time(7)  # nobody is reminded at night


def ended(at: datetime) -> Iterable[Registration]:
    """Return the protections whose last day is over at the vendor, the oldest first."""
    today = registration_terms.today_of_vendor(at)
    return Registration.objects.protected().filter(protected_until__lt=today).order_by("protected_until", "id")


def to_be_reminded(at: datetime) -> Iterator[Registration]:
    """Yield the protections that a reminder is due for, by the terms that each stands under."""
    local = at.astimezone(ZoneInfo(VendorProfile.objects.values_list("time_zone", flat=True).get()))
    if local.time() < MORNING:
        return
    today = local.date()
    rows = Registration.objects.protected().filter(protected_until__gte=today).select_related("policy")
    for row in rows.order_by("protected_until", "id"):
        left = row.days_left(today)
        terms = registration_terms.pinned(row.policy)
        if left is not None and terms.reminder_due(left, row.reminded_days) is not None:
            yield row


def unanswered(at: datetime) -> Iterable[Registration]:
    """Return the registrations whose question was not answered in time."""
    return Registration.objects.filter(review=Review.INFO_REQUESTED, answer_by__lt=at).order_by("answer_by", "id")
