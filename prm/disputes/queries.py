"""Disputes as somebody may see them, and who may decide about one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Q, QuerySet

from prm.accounts.models import Membership, VendorProfile
from prm.approvals.models import ApprovalDecision, StandIn
from prm.approvals.people import absence_of
from prm.disputes import neutrality, permissions, subjects
from prm.disputes.models import WAITING, Dispute
from prm.disputes.neutrality import Partiality
from prm.policies.models import ReasonCode
from prm.tenancy.models import TenantModel

APPEAL, OUTCOME = "disputes.appeal", "disputes.outcome"
REASONS = {
    APPEAL: ("facts_overlooked", "rule_misread", "new_evidence", "unequal", "other"),
    OUTCOME: ("facts_stand", "rule_applied", "evidence_convinces", "mistake", "other"),
}


def visible_to(member: Membership) -> QuerySet[Dispute]:
    """Return the disputes about records that somebody may see."""
    seen = Q(pk__in=[])
    for name, declared in subjects.SUBJECTS.items():
        seen |= Q(subject_type=name, subject_id__in=declared.visible(member).values("pk"))
    return Dispute.objects.filter(seen).select_related("raised_by", "decided_by")


def waiting(member: Membership) -> QuerySet[Dispute]:
    """Return the disputes that are not decided, the first promised first."""
    return visible_to(member).filter(status__in=WAITING).order_by("decide_by", "id")


def of(subject: TenantModel) -> list[Dispute]:
    """Return all disputes about a record, the first first."""
    rows = Dispute.objects.filter(subject_id=subject.pk).select_related("raised_by", "decided_by")
    return list(rows.order_by("raised_at", "id"))


@dataclass(frozen=True)
class Deciders:
    """Who of the vendor's people may decide about a dispute, and why others may not. For the vendor only."""

    members: tuple[Membership, ...]
    partialities: dict[str, Partiality]

    def of(self, member: Membership) -> Partiality | None:
        return self.partialities.get(str(member.user_id))

    @property
    def neutral(self) -> list[Membership]:
        return [member for member in self.members if not self.of(member)]


def deciders_of(dispute: Dispute, *, at: datetime) -> Deciders:
    """Return who is neutral: nobody who decided about the record before, and nobody who stands in for them."""
    members = Membership.objects.filter(
        partner_id=None, status=Membership.Status.ACTIVE, role__in=permissions.can_decide.roles
    )
    found = tuple(members.select_related("user").order_by("user__name", "id"))
    agreed = ApprovalDecision.objects.filter(approval__subject_id=dispute.subject_id)
    people = {
        dispute.decision_by_id,
        *(person for pair in agreed.values_list("by_id", "on_behalf_id") for person in pair),
    }
    profile = VendorProfile.objects.get()
    days = {profile.day_of(dispute.decision_at), profile.day_of(at)}
    facts: dict[str, Any] = {
        "deciders": {str(person) for person in people if person},
        "raised_by": str(dispute.raised_by_id),
        "absences": [absence_of(row) for row in _absences(days)],
        "days": days,
    }
    judged = {str(member.user_id): neutrality.partiality(str(member.user_id), **facts) for member in found}
    return Deciders(found, {user: why for user, why in judged.items() if why})


def _absences(days: Iterable[date]) -> QuerySet[StandIn]:
    around = Q(pk__in=[])
    for day in days:
        around |= Q(starts_on__lte=day, ends_on__gte=day)
    return StandIn.objects.filter(around)


def reasons(area: str) -> list[ReasonCode]:
    """Return the reasons that can be chosen: the vendor's, or those of the product where it has none."""
    kept = list(ReasonCode.objects.filter(area=area, is_active=True).order_by("position", "code"))
    return kept or [ReasonCode(area=area, code=code) for code in REASONS[area]]


def reason_in_words(area: str, code: str) -> str:
    """Return a reason in the reader's language, also one that can no longer be chosen."""
    if not code:
        return ""
    return str(ReasonCode.objects.filter(area=area, code=code).first() or ReasonCode(code=code, label=""))
