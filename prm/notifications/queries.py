"""What somebody was told."""

from __future__ import annotations

from datetime import date
from itertools import groupby
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from prm.accounts.models import Membership
from prm.notifications import words
from prm.notifications.models import Notification


def list_of(member: Membership) -> QuerySet:
    """A person's list: what they want to see in the portal."""
    return Notification.objects.filter(user_id=member.user_id, is_in_portal=True)


def new_of(member: Membership) -> QuerySet:
    """The entries of the list that are new."""
    return list_of(member).filter(read_at__isnull=True)


def unread(member: Membership) -> int:
    """How many entries of the list are new."""
    return new_of(member).count()


def by_day(notifications: list[Notification]) -> list[tuple[date, list[dict[str, Any]]]]:
    """Return entries with their words under the reader's days, in the order they come in."""
    entries: list[dict[str, Any]] = [
        {"notification": row, "words": words.of(row.kind, row.facts)} for row in notifications
    ]
    days = groupby(entries, lambda entry: timezone.localtime(entry["notification"].at).date())
    return [(day, list(of_day)) for day, of_day in days]
