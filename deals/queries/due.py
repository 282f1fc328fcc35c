"""What the clock has to do: protections to end or to be reminded of, questions nobody answered."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Q

from deals.enums import Deemed, Review
from deals.models import Registration
from deals.queries import terms as registration_terms
from deals.rules.terms import AREA, Terms
from prm.accounts.models import VendorProfile
from prm.policies.models import PolicyVersion

MORNING = time(7)  # nobody is reminded at night


def ended(at: datetime) -> Iterable[Registration]:
    """Return the protections whose last day is over at the vendor, the oldest first."""
    today = registration_terms.today_of_vendor(at)
    return Registration.objects.protected().filter(protected_until__lt=today).order_by("protected_until", "id")


def to_be_reminded(at: datetime) -> Iterable[Registration]:
    """Return the protections that a reminder is due for, by the terms that each stands under."""
    local = at.astimezone(ZoneInfo(VendorProfile.objects.values_list("time_zone", flat=True).get()))
    if local.time() < MORNING:
        return []
    rows = Registration.objects.protected().filter(protected_until__gte=local.date())
    return rows.filter(_is_reminder_due(local.date())).order_by("protected_until", "id")


def _is_reminder_due(today: date) -> Q:
    """Say in SQL what `Terms.reminder_due` says, so that only those rows are read: few of many."""
    due = Q(pk__in=[])
    for version in PolicyVersion.objects.filter(area=AREA):
        for mark in Terms.from_body(version.body).reminder_days:
            is_near = Q(policy=version, protected_until__lte=today + timedelta(days=mark))
            due |= is_near & (Q(reminded_days__isnull=True) | Q(reminded_days__gt=mark))
    return due


def unanswered(at: datetime) -> Iterable[Registration]:
    """Return the registrations whose question was not answered in time."""
    return Registration.objects.filter(review=Review.INFO_REQUESTED, answer_by__lt=at).order_by("answer_by", "id")


def undecided(at: datetime) -> Iterable[Registration]:
    """Return the registrations that nobody decided in time and the rules have a decision for, the oldest first."""
    rows = Registration.objects.waiting().exclude(deemed=Deemed.NONE)
    return rows.filter(decide_by__lt=at).order_by("decide_by", "id")
