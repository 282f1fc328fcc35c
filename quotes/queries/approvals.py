"""What a revision needs approved by the rules and the ladder, what was approved of it, and who decides."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from statistics import median
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from deals.queries.terms import today_of_vendor
from prm.accounts.models import Membership, User, VendorProfile
from prm.accounts.roles import Role
from prm.approvals import people as staff
from prm.approvals import queries as agreed
from prm.approvals.models import Approval
from prm.approvals.plans import Facts as PlanFacts
from prm.approvals.plans import Plan, Standing, Turn
from prm.policies import courses, following
from prm.policies.courses import Because, Course, Ruled
from prm.policies.models import CourseTaken
from prm.tenancy.context import seeing_all_partners
from quotes.enums import StepStatus
from quotes.models import QuoteApprovalStep, QuoteLine, QuoteRevision
from quotes.queries import facts, people, prices, pricing
from quotes.queries import terms as quote_terms
from quotes.rules import approvals, steps
from quotes.rules.approvals import Line, Outlook, Reason, Step
from quotes.rules.catalogue import AREA

NO_RULES = Ruled(Course.PERSON, Because.RULES)
REFUSED = "other"  # the reason of a rule that names none


def outlook_of(
    revision: QuoteRevision,
    lines: Iterable[QuoteLine] | None = None,
    *,
    at: datetime | None = None,
    taken: CourseTaken | None = None,
) -> Outlook:
    """Return what a revision needs approved as it is, and what of that was approved before, also in older revisions.

    A draft is judged by the rules in force; what was sent keeps what they said then, or in `taken`.
    """
    found = list(lines) if lines is not None else pricing.lines_of(revision.pk)
    ruled, body = _ruled(revision, found, at or timezone.now(), taken)
    if ruled.course == Course.REFUSE:
        return Outlook(refusal=str(ruled.effects.get("reason", REFUSED)))
    terms = quote_terms.pinned(revision.policy)
    ladder = approvals.steps(ladder_lines(revision, found), terms)
    with override(VendorProfile.objects.values_list("language", flat=True).get()):
        wanted = steps.wanted(ruled, body, ladder, looked_at(revision, found), _("Somebody who looks after partners"))
    rows = QuoteApprovalStep.objects.filter(revision__quote=revision.quote_id, status=StepStatus.APPROVED)
    return approvals.outlook(wanted, map(step_of, rows))


def _ruled(
    revision: QuoteRevision, lines: Sequence[QuoteLine], at: datetime, taken: CourseTaken | None
) -> tuple[Ruled, Mapping[str, Any]]:
    """Return what the rules make of a revision, and the body of their version."""
    if taken is None and not revision.is_draft:
        taken = following.latest(revision)
        if taken is None:
            return NO_RULES, {}
    if taken is not None:
        effects, names = taken.effects, following.matched(taken)
        return Ruled(Course(taken.course), Because(taken.because), effects, names), taken.policy.body
    version = following.in_force(AREA, today_of_vendor(at))
    rules = following.rules_in(version) if version else None
    if version is None:
        return NO_RULES, {}
    if rules is None:
        return courses.unreadable(), version.body
    known = facts.facts_of(revision, at=at, asked=courses.asked(rules), lines=lines)
    return courses.judge(rules, known), version.body


def looked_at(revision: QuoteRevision, lines: Iterable[QuoteLine]) -> dict[str, Any]:
    """Return what approval steps look at, as texts."""
    quote = revision.quote
    customer = ("name", "street", "postcode", "city", "country")
    return {
        "lines": [[row.sku, row.quantity, f"{row.special_percent:.2f}", f"{row.net_total:.4f}"] for row in lines],
        "valid_until": str(revision.valid_until),
        "customer": [getattr(quote, f"customer_{name}") for name in customer],
        "introduction": [revision.language, revision.introduction],
        "tax": [revision.tax_name, f"{revision.tax_percent:.2f}"],
    }


def plan_of(revision: QuoteRevision, missing: Iterable[Step], body: Mapping[str, Any]) -> Plan:
    """Return the plan by which steps are asked, in the words of the vendor's language."""
    terms = quote_terms.pinned(revision.policy)
    with override(VendorProfile.objects.values_list("language", flat=True).get()):
        names = {role: str(Role(role).label) for role in terms.roles}
    owner, calendar = revision.quote.partner.channel_manager_id, following.promise_of(revision, 0).calendar
    about = PlanFacts(revision.net, str(owner or ""), calendar)
    return steps.plan_for(missing, body, terms, names, about)


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
            margin=approvals.margin_of(line.net_unit, costs.get(line.product_id)),
        )
    return [found[line.pk] for line in lines]


def step_of(row: QuoteApprovalStep) -> Step:
    """Return a stored step as the rule knows it."""
    reasons = tuple(Reason.from_body(body) for body in row.reasons)
    return Step(row.role, reasons, "" if row.role else row.key, row.name)


def steps_of(revision: QuoteRevision) -> list[QuoteApprovalStep]:
    """Return all steps that were ever asked for a revision, the latest round last."""
    rows = QuoteApprovalStep.objects.filter(revision=revision).select_related("decided_by")
    return list(rows.order_by("round", "position"))


def waiting_steps(revision: QuoteRevision) -> list[QuoteApprovalStep]:
    """Return the steps nobody has decided yet."""
    rows = QuoteApprovalStep.objects.filter(revision=revision, status=StepStatus.WAITING)
    return list(rows.order_by("round", "position"))


def mine_of(revision: QuoteRevision, member: Membership, *, at: datetime, approval: Approval | None = None) -> set[str]:
    """Return the keys of the steps that a person decides with one press: theirs, and of the ladder the rungs below."""
    approval = approval or agreed.current_of(revision)
    if approval is None or approval.status != Approval.Status.WAITING:
        return set()
    turn = staff.staff(at).turn(agreed.standing_of(approval), member)
    return {turn.step.key, *turn.step.covers} if isinstance(turn, Turn) else set()


@dataclass(frozen=True)
class Ahead:
    """A step before it is asked: who decides it, and how long that usually takes."""

    step: Step
    deciders: list[User]
    usual_hours: int | None

    @property
    def label(self) -> str:
        return str(Role(self.step.role).label) if self.step.role else self.step.name


def ahead_of(revision: QuoteRevision, outlook: Outlook, at: datetime | None = None) -> list[Ahead]:
    """Return what will be asked once the partner sends the revision, and whom: of the vendor's people only names."""
    if not outlook.missing:
        return []
    at = at or timezone.now()
    with seeing_all_partners():
        version = following.in_force(AREA, today_of_vendor(at))
        plan = plan_of(revision, outlook.missing, version.body if version else {})
        return [Ahead(step, deciders_of(revision, step, plan, at), usual_hours(step)) for step in outlook.missing]


def deciders_of(revision: QuoteRevision, step: Step, plan: Plan, at: datetime) -> list[User]:
    """Return who decides a step: of a rung those of its own role, although those above may, too."""
    if step.role:
        return people.who_decide(revision.quote, step.role)
    asked = plan.step.get(steps.key_of(step))
    if asked is None:
        return []
    alone = replace(plan, steps=(asked,))
    return [member.user for member in staff.staff(at).able(Standing(alone), asked)]


def usual_hours(step: Step) -> int | None:
    """Return the median hours of the last twenty decisions on a step; None under three."""
    decided = QuoteApprovalStep.objects.filter(key=steps.key_of(step), decided_at__isnull=False)
    times = decided.order_by("-decided_at").values_list("asked_at", "decided_at")[:20]
    hours = [max(1, round((end - start).total_seconds() / 3600)) for start, end in times]
    return round(median(hours)) if len(hours) >= 3 else None
