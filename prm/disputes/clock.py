"""What the clock does to disputes."""

from __future__ import annotations

from django.utils import timezone

from prm.accounts.models import User
from prm.clocks.clock import Promise
from prm.disputes import queries, services, subjects
from prm.disputes.models import Dispute, Status
from prm.events.schedule import every, for_each_row
from prm.promises import waiting


@every(minutes=5)
def lapse_unanswered() -> None:
    """Withdraw appeals whose question nobody answered in time."""
    for_each_row(queries.unanswered, lambda row, at: services.lapse(row, at=at))


def promise_of(dispute: Dispute) -> Promise:
    """Return within how many business days a decision about an appeal is promised."""
    subject = subjects.load(dispute.subject_type, dispute.subject_id)
    return subjects.of(subject).appeals(subject).promise


def deciders_of(dispute: Dispute) -> list[User]:
    """Return those who are neutral; where nobody is, those who can appoint somebody."""
    neutral = queries.deciders_of(dispute, at=timezone.now()).neutral
    return [member.user for member in neutral or queries.administrators()]


waiting.declare(
    "prm.dispute",
    page="dispute",
    rows=lambda: Dispute.objects.filter(status=Status.OPEN),
    promise=promise_of,
    deciders=deciders_of,
    record=lambda dispute: subjects.load(dispute.subject_type, dispute.subject_id),
    start="raised_at",
)
