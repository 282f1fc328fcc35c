"""The clock of approvals, and telling people that something waits for them."""

from __future__ import annotations

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from prm.accounts.models import User
from prm.approvals import people, queries, services
from prm.approvals.events import ApprovalEscalated, ApprovalGiven, ApprovalStarted, ApprovalTouched
from prm.approvals.models import Approval
from prm.approvals.subjects import SUBJECTS
from prm.events.models import Delivery, Event
from prm.events.outbox import handles
from prm.events.schedule import every, for_each_row
from prm.notifications.kinds import Audience, kind
from prm.notifications.services import notify
from prm.tenancy.middleware import URLCONF

ASKED = kind("prm.approval_asked", _("Something waits for your approval"), Audience.VENDOR)
LATE = kind("prm.approval_late", _("The time of an approval is over"), Audience.VENDOR)


@every(minutes=5)
def escalate_late() -> None:
    """Let the next people decide where the time of a step is over."""
    for_each_row(queries.late, lambda row, at: services.escalate(row, at=at))


@handles(ApprovalStarted, ApprovalGiven, ApprovalTouched)
def tell_who_is_asked(event: Event, delivery: Delivery) -> None:
    """Tell those who can decide a step that is asked since this event, stand-ins included."""
    approval = Approval.objects.get(pk=event.payload["approval_id"])
    declared = SUBJECTS.get(approval.subject_type)
    if declared and declared.tells_first and event.name == ApprovalStarted.name:
        return
    _tell(ASKED.code, event, delivery)


@handles(ApprovalEscalated)
def tell_who_may_decide_too(event: Event, delivery: Delivery) -> None:
    """Tell those who could decide before and those who may now."""
    _tell(LATE.code, event, delivery)


def _tell(code: str, event: Event, delivery: Delivery) -> None:
    approval = Approval.objects.get(pk=event.payload["approval_id"])
    declared = SUBJECTS.get(approval.subject_type)
    if declared is None or approval.status != Approval.Status.WAITING:
        return
    asked = _who_can_decide(approval, event.payload["steps"])
    facts = {"title": declared.title(services.subject_of(approval)), "steps": ", ".join(asked)}
    notify(
        {user.pk: user for users in asked.values() for user in users if user.pk != event.by_id}.values(),
        kind=code,
        event=event,
        path=reverse(declared.page, urlconf=URLCONF, args=[approval.subject_id]),
        facts=facts,
        delivery=delivery,
    )


def _who_can_decide(approval: Approval, keys: list[str]) -> dict[str, list[User]]:
    standing = queries.standing_of(approval)
    staff = people.staff(timezone.now())
    return {
        step.name: [member.user for member in staff.able(standing, step)]
        for step in standing.waiting
        if step.key in keys
    }
