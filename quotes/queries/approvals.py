"""What a revision needs approved, what was approved of it, and who decides."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from statistics import median
from uuid import UUID

from prm.accounts.models import User
from prm.accounts.roles import Role
from prm.tenancy.context import seeing_all_partners
from quotes.enums import StepStatus
from quotes.models import QuoteApprovalStep, QuoteLine, QuoteRevision
from quotes.queries import people, prices, pricing
from quotes.queries import terms as quote_terms
from quotes.rules import approvals
from quotes.rules.approvals import Line, Outlook, Reason, Step

HUNDREDTH = Decimal("0.01")


def outlook_of(revision: QuoteRevision, lines: Iterable[QuoteLine] | None = None) -> Outlook:
    """Return what a revision needs approved as it is, and what of that was approved before, also in older revisions."""
    found = list(lines) if lines is not None else pricing.lines_of(revision.pk)
    terms = quote_terms.pinned(revision.policy)
    rows = QuoteApprovalStep.objects.filter(revision__quote=revision.quote_id, status=StepStatus.APPROVED)
    return approvals.outlook(approvals.steps(ladder_lines(revision, found), terms), map(step_of, rows))


def ladder_lines(
    revision: QuoteRevision, lines: Iterable[QuoteLine], costs: Mapping[UUID, Decimal] | None = None
) -> list[Line]:
    """Return the lines as the ladder looks at them; a product that stands twice counts as first and second.

    First is the one with the higher discount, wherever it stands: to move a line is no change to approve.
    """
    found, seen = {}, dict[str, int]()
    lines = list(lines)
    if costs is None:
        costs = prices.costs_of(revision.price_version_id, [line.product_id for line in lines])
    for line in sorted(lines, key=lambda line: (line.special_percent, line.quantity), reverse=True):
        seen[line.sku] = seen.get(line.sku, 0) + 1
        found[line.pk] = Line(
            key=line.sku if seen[line.sku] == 1 else f"{line.sku} {seen[line.sku]}",
            name=line.name,
            quantity=line.quantity,
            at_list=line.list_unit * line.quantity,
            net=line.net_total,
            special_percent=line.special_percent,
            margin=margin_of(line.net_unit, costs.get(line.product_id)),
        )
    return [found[line.pk] for line in lines]


def margin_of(net: Decimal, cost: Decimal | None) -> Decimal | None:
    """Return what is left to the vendor of a price, in percent of it; nothing where no cost is known."""
    if cost is None or net <= 0:
        return None
    return ((net - cost) * 100 / net).quantize(HUNDREDTH, ROUND_HALF_UP)


def step_of(row: QuoteApprovalStep) -> Step:
    """Return a stored step as the rule knows it."""
    return Step(row.role, tuple(Reason.from_body(body) for body in row.reasons))


def steps_of(revision: QuoteRevision) -> list[QuoteApprovalStep]:
    """Return all steps that were ever asked for a revision, the latest round last."""
    rows = QuoteApprovalStep.objects.filter(revision=revision).select_related("decided_by")
    return list(rows.order_by("round", "position"))


def waiting_steps(revision: QuoteRevision) -> list[QuoteApprovalStep]:
    """Return the steps nobody has decided yet."""
    rows = QuoteApprovalStep.objects.filter(revision=revision, status=StepStatus.WAITING)
    return list(rows.order_by("round", "position"))


@dataclass(frozen=True)
class Ahead:
    """A step before it is asked: who decides it, and how long that usually takes."""

    step: Step
    deciders: list[User]
    usual_hours: int | None

    @property
    def role_name(self) -> str:
        return str(Role(self.step.role).label)


def ahead_of(revision: QuoteRevision, outlook: Outlook) -> list[Ahead]:
    """Return what will be asked once the partner sends the revision, and whom: of the vendor's people only names."""
    with seeing_all_partners():
        deciders = {step.role: people.who_decide(revision.quote, step.role) for step in outlook.missing}
    return [Ahead(step, deciders[step.role], usual_hours(step.role)) for step in outlook.missing]


def usual_hours(role: str) -> int | None:
    """Return the median hours of the last twenty decisions on steps of a role; None under three."""
    decided = QuoteApprovalStep.objects.filter(role=role, decided_at__isnull=False)
    times = decided.order_by("-decided_at").values_list("asked_at", "decided_at")[:20]
    hours = [max(1, round((end - start).total_seconds() / 3600)) for start, end in times]
    return round(median(hours)) if len(hours) >= 3 else None
