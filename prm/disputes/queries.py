"""Disputes as somebody may see them, and who may decide about one."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, Least

from prm.accounts.actions import MANAGE_PEOPLE
from prm.accounts.models import Membership, VendorProfile
from prm.accounts.roles import VENDOR_ROLES
from prm.approvals.absences import Absence
from prm.approvals.models import ApprovalDecision, StandIn
from prm.approvals.people import absence_of
from prm.disputes import neutrality, permissions, subjects
from prm.disputes.models import WAITING, Dispute, Status
from prm.disputes.neutrality import Partiality
from prm.disputes.subjects import Decision
from prm.policies.models import ReasonCode
from prm.questions.models import Question
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


def decision_about(subject: TenantModel, disputes: Iterable[Dispute]) -> Decision | None:
    """Return what was decided against whose record it is, and can be appealed: what an appeal brought is final."""
    decision = subjects.of(subject).decision(subject)
    is_final = decision and any(row.status == Status.OVERTURNED and row.closed_at == decision.at for row in disputes)
    return None if is_final else decision


def with_first_decision(rows: QuerySet) -> QuerySet:
    """Say of records with `decided_at` when they were decided first, as `first_decided_at`: not about the appeal."""
    overturned = Dispute.objects.filter(subject_id=OuterRef("pk"), status=Status.OVERTURNED)
    first = Subquery(overturned.order_by("decision_at").values("decision_at")[:1])
    return rows.annotate(first_decided_at=Least(Coalesce(first, F("decided_at")), F("decided_at")))


def kept_since(rows: QuerySet, since: datetime) -> dict[str, int]:
    """Return of how many records with `decide_by` the first decision was made since then, and of how many in time.

    What an appeal brought later is another promise.
    """
    decided = with_first_decision(rows.filter(decided_at__gte=since, decide_by__isnull=False))
    return decided.filter(first_decided_at__gte=since).aggregate(
        decided=Count("pk"), kept=Count("pk", filter=Q(first_decided_at__lte=F("decide_by")))
    )


def unanswered(at: datetime) -> QuerySet[Dispute]:
    """Return the disputes with a question that was not answered in time."""
    late = Question.objects.filter(answered_at__isnull=True, answer_by__lt=at, subject_type=Dispute._meta.label_lower)
    rows = Dispute.objects.filter(status=Status.ASKED, pk__in=late.values("subject_id"))
    return rows.order_by("raised_at", "id")


def administrators() -> list[Membership]:
    """Return those of the vendor who can appoint somebody that decides about disputes."""
    roles = [role for role in MANAGE_PEOPLE.roles if role in VENDOR_ROLES]
    rows = Membership.objects.filter(partner_id=None, status=Membership.Status.ACTIVE, role__in=roles)
    return list(rows.select_related("user").order_by("user__name", "id"))


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
    """Return who is neutral about one dispute."""
    return deciders([dispute], at=at)[dispute.pk]


def deciders(disputes: Collection[Dispute], *, at: datetime) -> dict[UUID, Deciders]:
    """Return who is neutral about each dispute, by its id, in the same number of questions whatever their number.

    Nobody is who decided about the record before, nor who stands in for them.
    """
    if not disputes:
        return {}
    members = Membership.objects.filter(
        partner_id=None, status=Membership.Status.ACTIVE, role__in=permissions.can_decide.roles
    )
    found = tuple(members.select_related("user").order_by("user__name", "id"))
    profile = VendorProfile.objects.get()
    days = {dispute.pk: {profile.day_of(dispute.decision_at), profile.day_of(at)} for dispute in disputes}
    absences = [absence_of(row) for row in _absences({day for pair in days.values() for day in pair})]
    people = _took_part(disputes)
    return {
        dispute.pk: _judged(found, dispute, people[dispute.subject_id], absences, days[dispute.pk])
        for dispute in disputes
    }


def _judged(
    found: tuple[Membership, ...],
    dispute: Dispute,
    people: Collection[UUID | None],
    absences: Sequence[Absence],
    days: Collection[date],
) -> Deciders:
    facts: dict[str, Any] = {
        "deciders": {str(person) for person in (*people, dispute.decision_by_id) if person},
        "raised_by": str(dispute.raised_by_id),
        "absences": absences,
        "days": days,
    }
    judged = {str(member.user_id): neutrality.partiality(str(member.user_id), **facts) for member in found}
    return Deciders(found, {user: why for user, why in judged.items() if why})


def _took_part(disputes: Iterable[Dispute]) -> dict[UUID, set[UUID | None]]:
    """Return whoever agreed to a step or, as the record's app says, had a part in it, by record."""
    kinds: dict[str, list[UUID]] = {}
    for dispute in disputes:
        kinds.setdefault(dispute.subject_type, []).append(dispute.subject_id)
    found: dict[UUID, set[UUID | None]] = {pk: set() for ids in kinds.values() for pk in ids}
    agreed = ApprovalDecision.objects.filter(approval__subject_id__in=found)
    for pk, *people in agreed.values_list("approval__subject_id", "by_id", "on_behalf_id"):
        found[pk] |= set(people)
    for name, ids in kinds.items():
        for pk, person in subjects.SUBJECTS[name].took_part(ids):
            found[pk].add(person)
    return found


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
