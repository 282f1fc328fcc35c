"""How the dispute about a record stands, for its page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from prm.accounts.models import Membership, VendorProfile
from prm.disputes import permissions, queries, subjects
from prm.disputes.models import Dispute
from prm.questions import services as questions
from prm.questions.models import Question
from prm.tenancy.models import TenantModel


@dataclass(frozen=True)
class Panel:
    """The dispute about the decision that stands, or until when there can be one."""

    subject: TenantModel
    subject_type: str
    days: int
    dispute: Dispute | None
    until: date | None
    is_over: bool
    may_appeal: bool
    may_decide: bool
    question: Question | None
    reason: str
    outcome: str


def of(subject: TenantModel, member: Membership, *, at: datetime) -> Panel | None:
    """Return what a record's page says of disputes; nothing as long as there is nothing to appeal and never was."""
    is_own, decides = subjects.may_appeal(subject, member), member.has(permissions.can_decide)
    return _of(subject, member.profile, at, is_own=is_own, decides=decides)


def of_visitor(subject: TenantModel, *, at: datetime) -> Panel | None:
    """Return what is said of disputes to those whose record it is, and who have no login yet."""
    return _of(subject, VendorProfile.objects.get(), at, is_own=True, decides=False)


def _of(subject: TenantModel, profile: VendorProfile, at: datetime, *, is_own: bool, decides: bool) -> Panel | None:
    declared = subjects.of(subject)
    if not declared.was_decided(subject):
        return None  # nothing that could have been appealed
    disputes = queries.of(subject)
    decision = queries.decision_about(subject, disputes)
    if decision is None and not disputes:
        return None
    dispute = disputes[-1] if disputes and (decision is None or disputes[-1].decision_at == decision.at) else None
    terms = declared.appeals(subject)
    until = terms.until(profile.day_of(decision.at)) if decision else None
    if dispute is None and until is None:
        return None
    is_over = until is not None and profile.day_of(at) > until
    return Panel(
        subject=subject,
        subject_type=subject._meta.label_lower,
        days=terms.decision_business_days,
        dispute=dispute,
        until=until,
        is_over=is_over,
        may_appeal=dispute is None and is_own and not is_over,
        may_decide=dispute is not None and dispute.is_waiting and decides,
        question=questions.open_one(dispute) if dispute and dispute.is_asked else None,
        reason=queries.reason_in_words(queries.APPEAL, dispute.reason_code) if dispute else "",
        outcome=queries.reason_in_words(queries.OUTCOME, dispute.outcome_code) if dispute else "",
    )
