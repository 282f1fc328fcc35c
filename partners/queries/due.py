"""What the clock has to do: drafts and questions whose time is over, addresses nobody confirmed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q

from partners.enums import ApplicationStatus, JoinStatus
from partners.models import Application, JoinRequest
from prm.policies.courses import Deemed


def applications(at: datetime) -> Iterable[Application]:
    """Return the drafts that end and the applications that nobody answered for, the oldest first."""
    ended = Q(status=ApplicationStatus.DRAFT, expires_at__lt=at)
    unanswered = Q(status=ApplicationStatus.INFO_REQUESTED, answer_by__lt=at)
    return Application.objects.filter(ended | unanswered).order_by("saved_at", "id")


def undecided(at: datetime) -> Iterable[Application]:
    """Return the applications that nobody decided in time, where silence counts as a decision."""
    rows = Application.objects.waiting().exclude(deemed=Deemed.NONE)
    return rows.filter(decide_by__lt=at).order_by("decide_by", "id")


def join_requests(at: datetime) -> Iterable[JoinRequest]:
    """Return the wishes to join whose address was not confirmed in time."""
    return JoinRequest.objects.filter(status=JoinStatus.UNCONFIRMED, expires_at__lt=at).order_by("expires_at", "id")
