"""What the clock has to do: offers to end or to be reminded of."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Q

from deals.queries.terms import today_of_vendor
from prm.accounts.models import VendorProfile
from prm.policies.models import PolicyVersion
from quotes.enums import Status
from quotes.models import QuoteRevision
from quotes.rules.terms import AREA, Terms

MORNING = time(7)  # nobody is reminded at night


def ended(at: datetime) -> Iterable[QuoteRevision]:
    """Return the offers whose last day is over at the vendor, the oldest first."""
    rows = QuoteRevision.objects.filter(status=Status.ISSUED, valid_until__lt=today_of_vendor(at))
    return rows.order_by("valid_until", "id")


def to_be_reminded(at: datetime) -> Iterable[QuoteRevision]:
    """Return the offers that a reminder is due for, by the terms that each was issued under."""
    local = at.astimezone(ZoneInfo(VendorProfile.objects.values_list("time_zone", flat=True).get()))
    if local.time() < MORNING:
        return []
    rows = QuoteRevision.objects.filter(status=Status.ISSUED, valid_until__gte=local.date())
    return rows.filter(_is_reminder_due(local.date())).order_by("valid_until", "id")


def _is_reminder_due(today: date) -> Q:
    """Say in SQL what `Terms.reminder_due` says, so that only those rows are read: few of many."""
    due = Q(pk__in=[])
    for version in PolicyVersion.objects.filter(area=AREA):
        for mark in Terms.from_body(version.body).reminder_days:
            is_near = Q(policy=version, valid_until__lte=today + timedelta(days=mark))
            due |= is_near & (Q(reminded_days__isnull=True) | Q(reminded_days__gt=mark))
    return due
