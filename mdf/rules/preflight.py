"""What the rules say of a claim before anybody reads it: checks in words as data, and what of each line is covered.

The same checks run for the partner at each upload and before sending, and for whoever decides. A check that blocks
keeps the partner from sending; one that warns is for a person to judge.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

from mdf.enums import ProofKind
from prm.money import Money


class Level(StrEnum):
    """How much a check matters, the worst first."""

    BLOCK = "block"
    WARN = "warn"
    OK = "ok"


class Check(StrEnum):
    """What is checked; each outcome has a sentence in `templates/mdf/claims/_finding.html`."""

    DEADLINE = "deadline"
    BEGUN = "begun"
    COSTS = "costs"
    CURRENCY = "currency"
    TOTAL = "total"
    INVOICE = "invoice"
    INVOICE_DATE = "invoice_date"
    PLAN = "plan"
    RESERVED = "reserved"
    PROOF = "proof"
    ANY_PROOF = "any_proof"
    FILE = "file"
    SAME_FILE = "same_file"
    SAME_INVOICE = "same_invoice"
    PAID = "paid"


class Cut(StrEnum):
    """Why less of a line is covered than was asked."""

    OVER_PLAN = "over_plan"
    PARTLY = "partly"  # as planned, but approved in part only
    NOT_PLANNED = "not_planned"
    USED_BEFORE = "used_before"
    OTHER_CURRENCY = "other_currency"


@dataclass(frozen=True)
class Plan:
    """A line of the approved request: its cost, the share promised for it, and what earlier claims took of that."""

    id: UUID
    what: str
    planned: Money
    promised: Money
    used: Money

    @property
    def left(self) -> Money:
        return self.promised - self.used


@dataclass(frozen=True)
class Line:
    """A cost that is claimed."""

    id: UUID
    what: str
    cost: Money
    plan: UUID | None = None
    supplier: str = ""
    invoice_number: str = ""
    invoice_on: date | None = None
    note: str = ""

    @property
    def invoice_key(self) -> str:
        return invoice_key(self.supplier, self.invoice_number)


@dataclass(frozen=True)
class Proof:
    """A file of the claim."""

    id: UUID
    name: str
    kind: ProofKind
    sha256: str
    is_clean: bool = True
    is_returned: bool = False
    line: UUID | None = None


@dataclass(frozen=True)
class Use:
    """That a file or an invoice occurs in another claim; `partner` is named only where it is another firm's."""

    key: str
    claim: str
    partner: str = ""


@dataclass(frozen=True)
class Terms:
    """What was agreed: the request, its activity's proofs and its deadline."""

    currency: str
    share_percent: Decimal
    starts_on: date
    ends_on: date
    approved_on: date
    claim_by: date
    reserved: Money
    plans: tuple[Plan, ...] = ()
    proofs_all: tuple[ProofKind, ...] = ()
    proofs_any: tuple[ProofKind, ...] = ()


@dataclass(frozen=True)
class Claimed:
    """What is claimed; `stated` is what the partner says its invoices add up to, `settled_on` when it paid them."""

    lines: tuple[Line, ...]
    proofs: tuple[Proof, ...] = ()
    stated: Money | None = None
    settled_on: date | None = None


@dataclass(frozen=True)
class Finding:
    """The outcome of a check, and the facts its sentence needs."""

    check: Check
    level: Level
    facts: Mapping[str, Any] = field(default_factory=dict)

    @property
    def tone(self) -> str:
        return {Level.OK: "ok", Level.WARN: "warn", Level.BLOCK: "bad"}[self.level]


@dataclass(frozen=True)
class Covered:
    """What of a line is covered: the part of its cost, and the vendor's share of that."""

    line: Line
    plan: Plan | None
    asked: Money
    cost: Money
    share: Money
    cut: Cut | None = None

    @property
    def over(self) -> Money:
        """How much of the cost is not covered."""
        return self.line.cost - self.cost


@dataclass(frozen=True)
class Assessment:
    """All findings, the worst first, and every line with what of it is covered."""

    findings: tuple[Finding, ...]
    lines: tuple[Covered, ...]
    recommended: Money

    @property
    def blocks(self) -> list[Finding]:
        return [finding for finding in self.findings if finding.level == Level.BLOCK]

    @property
    def flags(self) -> list[Finding]:
        return [finding for finding in self.findings if finding.level != Level.OK]

    @property
    def is_clean(self) -> bool:
        """Nothing stands out: everything that was asked is covered."""
        return not self.flags


def invoice_key(supplier: str, number: str) -> str:
    """Return what makes two invoices the same: supplier and number without case, spaces and marks; empty if one is."""
    parts = [_plain(supplier), _plain(number)]
    return "|".join(parts) if all(parts) else ""


def share_of(cost: Money, percent: Decimal) -> Money:
    """Return the vendor's share of a cost, rounded here."""
    return (cost * (percent / 100)).rounded()


def assess(
    claimed: Claimed,
    terms: Terms,
    *,
    today: date,
    used_files: Iterable[Use] = (),
    used_invoices: Iterable[Use] = (),
) -> Assessment:
    """Check a claim as of the day it is or was sent."""
    files = {use.key: use for use in used_files}
    invoices = {use.key: use for use in used_invoices}
    covered = cover(claimed.lines, terms, used=frozenset(invoices))
    findings = [
        *_time(terms, today),
        *_amounts(claimed, terms, covered),
        *_invoices(claimed.lines, terms, invoices, today),
        *_proofs(claimed, terms, files, today),
    ]
    order = list(Level)
    recommended = sum((row.share for row in covered), Money(Decimal(0), terms.currency))
    return Assessment(tuple(sorted(findings, key=lambda f: order.index(f.level))), covered, recommended)


def cover(lines: Sequence[Line], terms: Terms, *, used: Collection[str] = ()) -> tuple[Covered, ...]:
    """Say of each line what is covered: what was planned and promised, up to what is still reserved in all."""
    nothing = Money(Decimal(0), terms.currency)
    left = {plan.id: plan.left for plan in terms.plans}
    plans = {plan.id: plan for plan in terms.plans}
    reserved = terms.reserved
    found = []
    for line in lines:
        plan = plans.get(line.plan) if line.plan else None
        cut = _cut(line, plan, terms, used)
        if cut:
            asked = share_of(Money(line.cost.amount, terms.currency), terms.share_percent)
            found.append(Covered(line, plan, asked, nothing, nothing, cut))
            continue
        assert plan is not None
        asked = share_of(line.cost, terms.share_percent)
        share = max(min(asked, left[plan.id], reserved, key=_amount), nothing, key=_amount)
        left[plan.id], reserved = left[plan.id] - share, reserved - share
        is_full = share.amount == asked.amount
        cost = line.cost if is_full else _cost_of(share, terms.share_percent, line.cost)
        found.append(Covered(line, plan, asked, cost, share, None if is_full else _short(line, plan, terms)))
    return tuple(found)


def _short(line: Line, plan: Plan, terms: Terms) -> Cut:
    """Say why a planned cost is not covered in full: it came to more, or only a part of it was approved."""
    claimed = line.cost.amount + plan.used.amount * 100 / terms.share_percent
    return Cut.OVER_PLAN if claimed > plan.planned.amount else Cut.PARTLY


def _cost_of(share: Money, percent: Decimal, most: Money) -> Money:
    """Return the cost that a share stands for."""
    return min((share * (100 / percent)).rounded(), most, key=_amount)


def _cut(line: Line, plan: Plan | None, terms: Terms, used: Collection[str]) -> Cut | None:
    if line.cost.currency != terms.currency:
        return Cut.OTHER_CURRENCY
    if line.invoice_key and line.invoice_key in used:
        return Cut.USED_BEFORE
    return Cut.NOT_PLANNED if plan is None else None


def _time(terms: Terms, today: date) -> Iterable[Finding]:
    level = Level.BLOCK if today > terms.claim_by else Level.OK
    yield Finding(
        Check.DEADLINE,
        level,
        {"until": terms.claim_by, "days": (today - terms.ends_on).days, "late": (today - terms.claim_by).days},
    )
    if today < terms.starts_on:
        yield Finding(Check.BEGUN, Level.BLOCK, {"starts_on": terms.starts_on})


def _amounts(claimed: Claimed, terms: Terms, covered: Sequence[Covered]) -> Iterable[Finding]:
    if not claimed.lines:
        yield Finding(Check.COSTS, Level.BLOCK)
        return
    foreign = [line for line in claimed.lines if line.cost.currency != terms.currency]
    for line in foreign:
        yield Finding(Check.CURRENCY, Level.BLOCK, {"what": line.what, "cost": line.cost, "currency": terms.currency})
    total = sum((line.cost for line in claimed.lines if line not in foreign), Money(Decimal(0), terms.currency))
    if claimed.stated is not None:
        is_same = claimed.stated == total and not foreign
        facts = {"total": total, "stated": claimed.stated}
        yield Finding(Check.TOTAL, Level.OK if is_same else Level.BLOCK, facts)
    asked = _within_plan(covered, terms)
    is_within = asked <= terms.reserved
    yield Finding(Check.RESERVED, Level.OK if is_within else Level.WARN, {"asked": asked, "reserved": terms.reserved})
    yield from _plan(covered)


def _within_plan(covered: Sequence[Covered], terms: Terms) -> Money:
    """Return what the plan alone would cover, whatever is still reserved."""
    found = Money(Decimal(0), terms.currency)
    left = {plan.id: plan.left for plan in terms.plans}
    for row in covered:
        if row.plan is not None and row.cut in (None, Cut.OVER_PLAN, Cut.PARTLY):
            part = min(row.asked, left[row.plan.id], key=_amount)
            left[row.plan.id] -= part
            found += part
    return found


def _plan(covered: Sequence[Covered]) -> Iterable[Finding]:
    """More than planned is paid by the partner; whoever decides wants to know why it came to it."""
    flagged = [row for row in covered if row.cut in (Cut.OVER_PLAN, Cut.NOT_PLANNED)]
    for row in flagged:
        facts = {"what": row.line.what, "over": row.over, "covered": row.cost, "is_planned": row.plan is not None}
        facts |= {"has_reason": bool(row.line.note), "line": row.line.id}
        yield Finding(Check.PLAN, Level.WARN if row.line.note else Level.BLOCK, facts)
    if not flagged:
        yield Finding(Check.PLAN, Level.OK, {"count": len(covered)})


def _invoices(lines: Sequence[Line], terms: Terms, invoices: Mapping[str, Use], today: date) -> Iterable[Finding]:
    incomplete = [line for line in lines if not (line.supplier and line.invoice_number and line.invoice_on)]
    for line in incomplete:
        missing = tuple(name for name in ("supplier", "invoice_number", "invoice_on") if not getattr(line, name))
        yield Finding(Check.INVOICE, Level.BLOCK, {"what": line.what, "missing": missing, "line": line.id})
    dated = [line for line in lines if line.invoice_on]
    odd = False
    for line in dated:
        assert line.invoice_on is not None
        facts = {"what": line.what, "on": line.invoice_on, "approved_on": terms.approved_on, "line": line.id}
        if line.invoice_on > today:
            odd = True
            yield Finding(Check.INVOICE_DATE, Level.BLOCK, facts | {"is_future": True})
        elif line.invoice_on < terms.approved_on:
            odd = True
            yield Finding(Check.INVOICE_DATE, Level.WARN, facts | {"is_future": False})
    if lines and not incomplete and not odd:
        yield Finding(Check.INVOICE_DATE, Level.OK, {"count": len(lines)})
    repeated = {line.invoice_key: line for line in reversed(lines) if line.invoice_key in invoices}
    for key, line in repeated.items():
        use = invoices[key]
        facts = {"number": line.invoice_number, "supplier": line.supplier, "claim": use.claim, "partner": use.partner}
        yield Finding(Check.SAME_INVOICE, Level.WARN, facts | {"line": line.id})


def _proofs(claimed: Claimed, terms: Terms, files: Mapping[str, Use], today: date) -> Iterable[Finding]:
    fit = [proof for proof in claimed.proofs if proof.is_clean and not proof.is_returned]
    kinds = {proof.kind for proof in fit}
    missing = tuple(kind for kind in terms.proofs_all if kind not in kinds)
    if missing:
        yield Finding(Check.PROOF, Level.BLOCK, {"missing": missing})
    is_any_missing = bool(terms.proofs_any) and not kinds.intersection(terms.proofs_any)
    if is_any_missing:
        yield Finding(Check.ANY_PROOF, Level.BLOCK, {"any_of": terms.proofs_any})
    if not missing and not is_any_missing:
        yield Finding(Check.PROOF, Level.OK, {"count": len(fit), "missing": ()})
    for proof in claimed.proofs:
        if not proof.is_clean:
            yield Finding(Check.FILE, Level.BLOCK, {"name": proof.name, "file": proof.id})
        elif proof.sha256 in files:
            use = files[proof.sha256]
            facts = {"name": proof.name, "claim": use.claim, "partner": use.partner, "file": proof.id}
            yield Finding(Check.SAME_FILE, Level.WARN, facts)
    is_dated = claimed.settled_on is not None and claimed.settled_on <= today
    is_paid = is_dated or ProofKind.PAYMENT_PROOF in kinds
    yield Finding(Check.PAID, Level.OK if is_paid else Level.WARN, {"on": claimed.settled_on if is_dated else None})


def _plain(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKC", text).casefold() if c.isalnum())


def _amount(money: Money) -> Decimal:
    return money.amount
