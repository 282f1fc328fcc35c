"""Claims that wait for the vendor, and all a person needs beside one of them to decide."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from mdf.enums import ClaimStatus, ExtensionStatus
from mdf.models import ApprovalStep, Claim, ClaimExtension, ClaimLine, ClaimProof
from mdf.queries import approvals, claims, ledger
from mdf.queries import terms as fund_terms
from mdf.queries.claims import Known
from mdf.queries.inbox import mine
from mdf.rules.preflight import Check, Covered
from partners.models import TierMembership
from prm.accounts.models import Membership
from prm.accounts.roles import Role
from prm.approvals import panel
from prm.approvals.panel import Panel
from prm.approvals.plans import Hindrance
from prm.choices import TextChoices
from prm.events.outbox import UNDO_TIME
from prm.money import Money
from prm.questions import services as questions
from prm.questions.models import Question

DONE_DAYS = 14
OTHERS = 4


class View(TextChoices):
    """The tabs of the inbox."""

    MINE = "mine", _("Mine")
    TEAM = "team", _("Team")
    ASKED = "asked", _("Asked")
    DONE = "done", _("Done")


ORDER = {View.MINE: "decide_by", View.TEAM: "decide_by", View.ASKED: "answer_by", View.DONE: "-decided_at"}


def rows_of(view: View, member: Membership, at: datetime) -> QuerySet[Claim]:
    """Return what a tab lists."""
    rows = Claim.objects.visible_to(member)
    match view:
        case View.MINE:
            return rows.waiting().filter(mine(member, at))
        case View.TEAM:
            return rows.waiting()
        case View.ASKED:
            return rows.filter(status=ClaimStatus.INFO_REQUESTED)
        case View.DONE:
            return rows.filter(decided_by=member.user_id, decided_at__gte=at - timedelta(days=DONE_DAYS))
    raise ValueError(view)


def counts(member: Membership, at: datetime) -> dict[View, int]:
    """Return how much work each tab holds; what is done is no work."""
    rows = Claim.objects.visible_to(member)
    open_rows = rows.waiting() | rows.filter(status=ClaimStatus.INFO_REQUESTED)
    is_asked = Q(status=ClaimStatus.INFO_REQUESTED)
    found = open_rows.aggregate(
        mine=Count("pk", filter=~is_asked & mine(member, at)),
        team=Count("pk", filter=~is_asked),
        asked=Count("pk", filter=is_asked),
    )
    return {View(name): number for name, number in found.items()}


def partners_of(rows: QuerySet[Claim]) -> list[tuple[UUID, str]]:
    """Return whose claims a tab holds, for its filter."""
    return list(rows.order_by("partner__name").values_list("partner_id", "partner__name").distinct())


def funds_of(rows: QuerySet[Claim]) -> list[tuple[UUID, str]]:
    """Return which funds the claims of a tab draw on, for its filter."""
    return list(rows.order_by("fund__name").values_list("fund_id", "fund__name").distinct())


def standing(known: Known) -> str:
    """Return the strongest word on a claim, as the state its badge shows: a repetition before an amount."""
    checks = {finding.check for finding in known.assessment.flags}
    if Check.SAME_FILE in checks or Check.SAME_INVOICE in checks:
        return "duplicate"
    if checks & {Check.PLAN, Check.RESERVED}:
        return "over_plan"
    return "flags" if checks else "clean"


# -- one claim under decision ------------------------------------------------------------------------------
@dataclass(frozen=True)
class Row:
    """A line of plan against claim: what was planned, claimed, is covered, and what was said of it."""

    line: ClaimLine | None
    what: str
    planned: Money | None
    covered: Covered | None
    pays: Money | None

    @property
    def tone(self) -> str:
        is_cut = self.covered is not None and self.covered.cut is not None
        is_lowered = self.pays is not None and self.covered is not None and self.pays != self.covered.asked
        return "warn" if is_cut or is_lowered else ""

    @property
    def is_judged(self) -> bool:
        return self.line is not None and self.line.approved_amount is not None


@dataclass(frozen=True)
class Dossier:
    """A claim with everything that belongs on one screen to decide about it."""

    claim: Claim
    known: Known
    rows: list[Row]
    proofs: list[ClaimProof]
    questions: list[Question]
    steps: list[ApprovalStep]
    approval: Panel | None
    hindrance: Hindrance | None
    others: list[Claim]
    tier: str
    left_in_fund: Money
    is_last: bool = True  # whether nobody else has to agree

    @property
    def pays(self) -> Money:
        """Return what an approval would pay as it stands."""
        nothing = Money(Decimal(0), self.claim.currency)
        return sum((row.pays for row in self.rows if row.pays is not None), nothing)

    @property
    def planned(self) -> Money:
        nothing = Money(Decimal(0), self.claim.currency)
        return sum((row.planned for row in self.rows if row.planned is not None), nothing)

    @property
    def eligible(self) -> Money:
        nothing = Money(Decimal(0), self.claim.currency)
        return sum((row.covered.cost for row in self.rows if row.covered is not None), nothing)

    @property
    def returned(self) -> list[ClaimProof]:
        return [proof for proof in self.proofs if proof.is_returned]

    @property
    def can_start_review(self) -> bool:
        return self.claim.status == ClaimStatus.SUBMITTED


def dossier_of(claim: Claim, member: Membership, at: datetime, *, known: Known | None = None) -> Dossier:
    """Return a claim's dossier, for the person who is to decide."""
    known = known or claims.known(claim, at)
    steps = approvals.steps_of(claim)
    rows = _rows(known)
    total = sum((row.pays.amount for row in rows if row.pays is not None), Decimal(0))
    needed = fund_terms.pinned(claim.policy).approvals_needed(total)
    approval = panel.of(claim, member, at=at)
    return Dossier(
        claim=claim,
        known=known,
        rows=rows,
        proofs=known.proofs,
        questions=questions.of(claim),
        steps=steps,
        approval=approval,
        hindrance=_hindrance(claim, member, approval),
        is_last=approval.is_last if approval and approval.is_waiting else needed == 1,
        others=_others(claim),
        tier=_tier_of(claim, fund_terms.today_of_vendor(at)),
        left_in_fund=Money(ledger.balances_of(claim.allocation).available, claim.currency),
    )


def _hindrance(claim: Claim, member: Membership, approval: Panel | None) -> Hindrance | None:
    """Return why this person may not decide now."""
    if member.user_id in (claim.owner_id, claim.request.owner_id):
        return Hindrance.OWN
    if approval and approval.is_waiting:
        return approval.hindrance
    return Hindrance.NOT_ASKED if member.role == Role.FINANCE else None


def _rows(known: Known) -> list[Row]:
    covered = {row.line.id: row for row in known.assessment.lines}
    found = []
    for line in known.lines:
        cover = covered.get(line.pk)
        pays = line.approved if line.approved is not None else cover.share if cover else None
        found.append(Row(line, line.what, line.plan.planned if line.plan else None, cover, pays))
    return found


def _others(claim: Claim) -> list[Claim]:
    """Return what else the partner claimed lately, so that one sees whether this is usual."""
    rows = Claim.objects.filter(partner=claim.partner_id).exclude(pk=claim.pk)
    rows = rows.exclude(status__in=[ClaimStatus.DRAFT, ClaimStatus.WITHDRAWN]).select_related("request")
    return list(rows.order_by("-submitted_at", "-id")[:OTHERS])


def _tier_of(claim: Claim, today: date) -> str:
    row = TierMembership.objects.on(today).filter(partner=claim.partner_id).select_related("tier").first()
    return row.tier.name if row else ""


def undo_until(claim: Claim, member: Membership) -> datetime | None:
    """Return until when this person may take the decision on a claim back."""
    if claim.status == ClaimStatus.INFO_REQUESTED:
        question = questions.open_one(claim)
        return question.asked_at + UNDO_TIME if question and question.asked_by_id == member.user_id else None
    if claim.decided_at and claim.decided_by_id == member.user_id:
        return claim.decided_at + UNDO_TIME
    step = ApprovalStep.objects.filter(subject_id=claim.pk, by=member.user_id).order_by("-number").first()
    return step.at + UNDO_TIME if step else None


def waiting_extensions() -> QuerySet[ClaimExtension]:
    """Return the requests for more time to claim that wait."""
    rows = ClaimExtension.objects.filter(status=ExtensionStatus.PENDING)
    return rows.select_related("request__partner", "asked_by").order_by("asked_at", "id")


def known_rows(rows: Sequence[Claim], at: datetime) -> dict[UUID, Known]:
    """Return what the rules say of the rows of a list."""
    return claims.known_all(list(rows), at) if rows else {}


def tick_of(claim: Claim) -> Any:
    """Return what the tick box of a row sends: the claim and the version that was on the screen."""
    return f"{claim.pk}.{claim.version}"
