"""Requests that wait for the vendor's decision, and all a person needs beside one to decide."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from mdf.enums import RequestStatus
from mdf.models import ApprovalStep, FundRequest, FundRequestLine
from mdf.models.requests import WAITING
from mdf.queries import approvals, checks, funds, requests
from mdf.queries import terms as fund_terms
from mdf.queries.funds import Share
from mdf.rules.eligibility import Finding
from mdf.rules.steps import USUAL
from mdf.rules.terms import Terms
from partners.queries import benefits
from prm.accounts.models import Membership
from prm.accounts.roles import Role
from prm.approvals import queries as agreement
from prm.approvals.models import Approval, ApprovalPlace
from prm.choices import TextChoices
from prm.events.outbox import UNDO_TIME
from prm.money import Money
from prm.questions import services as questions
from prm.questions.models import Question

DONE_DAYS = 14
PAST = 5


class View(TextChoices):
    """The tabs of the inbox."""

    MINE = "mine", _("Mine")
    TEAM = "team", _("Team")
    ASKED = "asked", _("Asked")
    DONE = "done", _("Done")


ORDER = {View.MINE: "decide_by", View.TEAM: "decide_by", View.ASKED: "answer_by", View.DONE: "-decided_at"}


def rows_of(view: View, member: Membership, at: datetime) -> QuerySet[FundRequest]:
    """Return what a tab lists."""
    rows = FundRequest.objects.visible_to(member)
    match view:
        case View.MINE:
            return rows.waiting().filter(mine(member, at))
        case View.TEAM:
            return rows.waiting()
        case View.ASKED:
            return rows.filter(status=RequestStatus.INFO_REQUESTED)
        case View.DONE:
            since = at - timedelta(days=DONE_DAYS)
            return rows.filter(decided_by=member.user_id, decided_at__gte=since)
    raise ValueError(view)


def mine(member: Membership, at: datetime) -> Q:
    """The condition that a request waits for this person: a step asks them, or they look after its partner.

    The usual first steps ask everybody who decides, so that they count for whoever looks after the partner.
    """
    asked = agreement.waiting_for(member, at)
    if member.role == Role.FINANCE:
        return Q(pk__in=asked.values("subject_id"))
    others = Exists(ApprovalPlace.objects.filter(approval=OuterRef("pk")).exclude(step__in=USUAL))
    has_steps = Exists(Approval.objects.filter(subject_id=OuterRef("pk"), status=Approval.Status.WAITING))
    own = Q(pk__in=asked.values("subject_id")) | ~has_steps
    return Q(pk__in=asked.filter(others).values("subject_id")) | Q(partner__channel_manager=member.user_id) & own


def counts(member: Membership, at: datetime) -> dict[View, int]:
    """Return how much work each tab holds; what is done is no work."""
    rows = FundRequest.objects.visible_to(member)
    is_asked = Q(status=RequestStatus.INFO_REQUESTED)
    found = rows.filter(Q(status__in=WAITING) | is_asked).aggregate(
        mine=Count("pk", filter=~is_asked & mine(member, at)),
        team=Count("pk", filter=~is_asked),
        asked=Count("pk", filter=is_asked),
    )
    return {View(name): number for name, number in found.items()}


@dataclass(frozen=True)
class PlanLine:
    """A cost with the amount that is recommended for it."""

    line: FundRequestLine
    limit: Money
    recommended: Money

    @property
    def is_cut(self) -> bool:
        return self.limit < self.line.asked


@dataclass(frozen=True)
class Record:
    """What a partner did with earlier requests to the vendor."""

    approved: int
    claimed: int
    lapsed: int
    latest: tuple[FundRequest, ...]

    @property
    def is_empty(self) -> bool:
        return not self.latest


@dataclass(frozen=True)
class Dossier:
    """A request with everything that belongs on one screen to decide about it."""

    request: FundRequest
    lines: list[PlanLine]
    share: Share
    findings: list[Finding]
    questions: list[Question]
    steps: list[ApprovalStep]
    record: Record
    terms: Terms
    tier: str

    @property
    def recommended(self) -> Money:
        total = sum((line.recommended.amount for line in self.lines), Decimal(0))
        return Money(total, self.request.currency)

    @property
    def is_short(self) -> bool:
        """Say that less than was asked for is recommended, because the partner's share does not hold it."""
        limit = sum((line.limit.amount for line in self.lines), Decimal(0))
        return self.recommended.amount < limit

    @property
    def can_start_review(self) -> bool:
        return self.request.status == RequestStatus.SUBMITTED


def dossier_of(request: FundRequest, today: date) -> Dossier:
    """Return a request's dossier."""
    steps = approvals.steps_of(request)
    terms = fund_terms.pinned(request.policy)
    share = funds.share_of(request.allocation)
    lines = _plan(requests.lines_of(request), steps, share.balances.available, request)
    submitted = fund_terms.today_of_vendor(request.submitted_at) if request.submitted_at else today
    return Dossier(
        request=request,
        lines=lines,
        share=share,
        findings=checks.findings_of(request, today=submitted),
        questions=questions.of(request),
        steps=steps,
        record=record_of(request),
        terms=terms,
        tier=benefits.held_by(request.partner, today).tier_name,
    )


def _plan(
    lines: list[FundRequestLine], steps: list[ApprovalStep], available: Decimal, request: FundRequest
) -> list[PlanLine]:
    """Recommend what was asked for, or agreed in the step before; cut from the last line on what is not there."""
    agreed = steps[-1].amounts if steps else {}
    limits = [
        min(line.asked_amount, Decimal(agreed.get(str(line.pk), "0"))) if agreed else line.asked_amount
        for line in lines
    ]
    left = available if request.is_waiting else sum(limits, Decimal(0))
    found = []
    for line, limit in zip(lines, limits, strict=True):
        amount = min(limit, max(left, Decimal(0)))
        left -= amount
        found.append(PlanLine(line, Money(limit, line.currency), Money(amount, line.currency)))
    return found


def record_of(request: FundRequest) -> Record:
    """Return how the partner's earlier requests went."""
    rows = FundRequest.objects.filter(partner=request.partner_id, decided_at__isnull=False).exclude(pk=request.pk)
    counted = rows.aggregate(
        approved=Count("pk", filter=Q(approved_amount__isnull=False)),
        claimed=Count("pk", filter=Q(status=RequestStatus.COMPLETED)),
        lapsed=Count("pk", filter=Q(status=RequestStatus.LAPSED)),
    )
    latest = rows.select_related("fund", "activity_type").order_by("-decided_at", "-id")[:PAST]
    return Record(**counted, latest=tuple(latest))


def undo_until(request: FundRequest, member: Membership) -> datetime | None:
    """Return until when this person may take the decision on a request back."""
    if request.status == RequestStatus.INFO_REQUESTED:
        question = questions.open_one(request)
        return question.asked_at + UNDO_TIME if question and question.asked_by_id == member.user_id else None
    if request.decided_at and request.decided_by_id == member.user_id:
        return request.decided_at + UNDO_TIME
    own = [step for step in approvals.steps_of(request) if step.by_id == member.user_id]
    return own[-1].at + UNDO_TIME if own else None


def tick_of(request: FundRequest) -> str:
    """Return what the tick box of a row sends: the request and the version that was on the screen."""
    return f"{request.pk}.{request.version}"
