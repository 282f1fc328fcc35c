"""Claims with all that is known about them: the plan, the proofs, what was claimed before, what the rules say."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import QuerySet, Sum

from mdf.enums import ClaimStatus, ProofKind
from mdf.models import Claim, ClaimExtension, ClaimLine, ClaimProof, FundRequest, FundRequestLine
from mdf.queries import reservations
from mdf.queries.reservations import CONSUMING, RUNNING
from mdf.rules import preflight
from mdf.rules.preflight import Assessment, Claimed, Line, Plan, Proof, Terms, Use
from prm.accounts.models import VendorProfile
from prm.clocks.hours import day_of
from prm.files.models import File
from prm.money import Money
from prm.tenancy import context

COUNTED = (*RUNNING, *CONSUMING)  # claims in which an invoice or a file is used up


@dataclass(frozen=True)
class Known:
    """A claim with its parts, as the rules see it."""

    claim: Claim
    terms: Terms
    claimed: Claimed
    assessment: Assessment
    lines: list[ClaimLine]
    proofs: list[ClaimProof]

    @property
    def total(self) -> Money:
        """Return what the costs in the fund's currency add up to."""
        same = [line.cost for line in self.claimed.lines if line.cost.currency == self.terms.currency]
        return sum(same, Money(Decimal(0), self.terms.currency))

    @property
    def asked(self) -> Money:
        """Return the vendor's share of that."""
        same = [row.asked for row in self.assessment.lines if row.line.cost.currency == self.terms.currency]
        return sum(same, Money(Decimal(0), self.terms.currency))


def with_parts(rows: QuerySet[Claim]) -> QuerySet[Claim]:
    """Return claims with what every page says of them."""
    return rows.select_related("request__activity_type", "fund", "partner", "policy", "owner", "decided_by")


def lines_of(claim: Claim) -> list[ClaimLine]:
    """Return the lines of a claim in their order."""
    return list(ClaimLine.objects.filter(claim=claim).select_related("plan").order_by("position"))


def proofs_of(claim: Claim) -> list[ClaimProof]:
    """Return the files of a claim that were not taken away, the invoices first."""
    rows = ClaimProof.objects.filter(claim=claim, file__removed_at__isnull=True).select_related("file", "line")
    return _by_kind(rows.order_by("file__added_at", "id"))


def _by_kind(proofs: Iterable[ClaimProof]) -> list[ClaimProof]:
    order = list(ProofKind)
    return sorted(proofs, key=lambda proof: order.index(ProofKind(proof.kind)))


def plan_of(request: FundRequest) -> list[FundRequestLine]:
    """Return the lines of a request that were approved."""
    rows = FundRequestLine.objects.filter(request=request, approved_amount__gt=Decimal(0))
    return list(rows.order_by("position"))


def current_of(request: FundRequest) -> Claim | None:
    """Return the claim of a request that is not decided yet, a draft included."""
    return Claim.objects.filter(request=request, status__in=(ClaimStatus.DRAFT, *RUNNING)).first()


def extension_of(request: FundRequest) -> ClaimExtension | None:
    """Return the one extension of the deadline that was asked for."""
    return ClaimExtension.objects.filter(request=request).select_related("asked_by", "decided_by").first()


def has_claimed_before(partner_id: UUID) -> bool:
    """Say whether a partner sent a claim before, so that it knows the way."""
    return Claim.objects.filter(partner=partner_id, status__in=COUNTED).exists()


def known(claim: Claim, at: datetime, *, claimed: Claimed | None = None) -> Known:
    """Return what the rules say of a claim: as it is kept, or as somebody types it at the moment."""
    return known_all([claim], at, claimed={claim.pk: claimed} if claimed else None)[claim.pk]


def known_all(
    claims: Sequence[Claim], at: datetime, *, claimed: dict[UUID, Claimed] | None = None
) -> dict[UUID, Known]:
    """Return what the rules say of each claim, in the same number of questions whatever their number."""
    zone = VendorProfile.objects.values_list("time_zone", flat=True).get()
    ids = [claim.pk for claim in claims]
    lines, proofs = _lines_by_claim(ids), proofs_by_claim(ids)
    parts = {claim.pk: _claimed(claim, lines[claim.pk], proofs[claim.pk]) for claim in claims} | (claimed or {})
    files, invoices = _uses(claims, parts.values())
    terms = _terms(claims, zone)
    found = {}
    for claim in claims:
        assessment = preflight.assess(
            parts[claim.pk],
            terms[claim.pk],
            today=day_of(claim.submitted_at or at, zone),
            used_files=_of_others(claim, files),
            used_invoices=_of_others(claim, invoices),
        )
        found[claim.pk] = Known(
            claim, terms[claim.pk], parts[claim.pk], assessment, lines[claim.pk], _by_kind(proofs[claim.pk])
        )
    return found


# -- what is claimed -------------------------------------------------------------------------------------
def _claimed(claim: Claim, lines: list[ClaimLine], proofs: list[ClaimProof]) -> Claimed:
    return Claimed(
        tuple(line_of(row) for row in lines if row.cost_amount),
        tuple(_proof(row) for row in proofs),
        Money(claim.stated_amount, claim.currency) if claim.stated_amount is not None else None,
        claim.settled_on,
    )


def _lines_by_claim(ids: Sequence[UUID]) -> dict[UUID, list[ClaimLine]]:
    found: dict[UUID, list[ClaimLine]] = {pk: [] for pk in ids}
    for row in ClaimLine.objects.filter(claim__in=ids).select_related("plan").order_by("position"):
        found[row.claim_id].append(row)
    return found


def line_of(row: ClaimLine) -> Line:
    """Return a stored line as the rules see it."""
    return Line(row.pk, row.what, row.cost, row.plan_id, row.supplier, row.invoice_number, row.invoice_on, row.note)


def proofs_by_claim(ids: Sequence[UUID]) -> dict[UUID, list[ClaimProof]]:
    """Return the files of claims that were not taken away."""
    found: dict[UUID, list[ClaimProof]] = {pk: [] for pk in ids}
    rows = ClaimProof.objects.filter(claim__in=ids, file__removed_at__isnull=True).select_related("file")
    for row in rows.order_by("file__added_at", "id"):
        found[row.claim_id].append(row)
    return found


def _proof(row: ClaimProof) -> Proof:
    return Proof(
        row.file_id,
        row.file.name,
        ProofKind(row.kind),
        row.sha256,
        row.file.status == File.Status.CLEAN,
        row.is_returned,
        row.line_id,
    )


# -- what was agreed ---------------------------------------------------------------------------------------
def _terms(claims: Sequence[Claim], zone: str) -> dict[UUID, Terms]:
    requests = {claim.request_id for claim in claims}
    plans: dict[UUID, list[FundRequestLine]] = {pk: [] for pk in requests}
    rows = FundRequestLine.objects.filter(request__in=requests, approved_amount__gt=Decimal(0))
    for row in rows.order_by("position"):
        plans[row.request_id].append(row)
    used, consumed = _used(requests), _consumed(requests)
    return {claim.pk: _terms_of(claim, plans[claim.request_id], used, consumed, zone) for claim in claims}


def _terms_of(
    claim: Claim,
    plans: list[FundRequestLine],
    used: dict[tuple[UUID, UUID], Decimal],
    consumed: dict[tuple[UUID, UUID], Decimal],
    zone: str,
) -> Terms:
    request, currency = claim.request, claim.currency
    assert request.starts_on is not None
    assert request.ends_on is not None
    taken = sum((amount for (of, by), amount in consumed.items() if of == request.pk and by != claim.pk), Decimal(0))
    return Terms(
        currency=currency,
        share_percent=claim.share_percent,
        starts_on=request.starts_on,
        ends_on=request.ends_on,
        approved_on=day_of(request.decided_at, zone) if request.decided_at else request.starts_on,
        claim_by=request.claim_by or request.ends_on,
        reserved=Money((request.approved_amount or Decimal(0)) - taken, currency),
        plans=tuple(
            Plan(
                row.pk,
                row.what,
                row.planned,
                Money(row.approved_amount or Decimal(0), currency),
                Money(
                    sum((sum_ for (of, by), sum_ in used.items() if of == row.pk and by != claim.pk), Decimal(0)),
                    currency,
                ),
            )
            for row in plans
        ),
        proofs_all=tuple(
            ProofKind(kind) for kind in (request.activity_type.proofs_all if request.activity_type else ())
        ),
        proofs_any=tuple(
            ProofKind(kind) for kind in (request.activity_type.proofs_any if request.activity_type else ())
        ),
    )


def _used(requests: Iterable[UUID]) -> dict[tuple[UUID, UUID], Decimal]:
    """What approved claims took of each line of the plan."""
    rows = ClaimLine.objects.filter(plan__request__in=requests, claim__status__in=CONSUMING).order_by()
    found = rows.values_list("plan_id", "claim_id").annotate(total=Sum("approved_amount"))
    return {(plan, claim): total or Decimal(0) for plan, claim, total in found}


def _consumed(requests: Iterable[UUID]) -> dict[tuple[UUID, UUID], Decimal]:
    rows = Claim.objects.filter(request__in=requests, status__in=CONSUMING)
    return {
        (request, claim): total or Decimal(0)
        for request, claim, total in rows.values_list("request_id", "pk", "approved_amount")
    }


# -- what was claimed before ---------------------------------------------------------------------------------
@dataclass(frozen=True)
class _Use:
    key: str
    claim: Claim


def _uses(claims: Sequence[Claim], parts: Iterable[Claimed]) -> tuple[list[_Use], list[_Use]]:
    """Find the same files and invoices in other claims; partners look among their own only."""
    parts = list(parts)
    hashes = {proof.sha256 for part in parts for proof in part.proofs}
    keys = {line.invoice_key for part in parts for line in part.lines if line.invoice_key}
    others: dict[str, Any] = {"claim__status__in": COUNTED}
    if context.current().is_partner:
        others |= {"claim__partner__in": {claim.partner_id for claim in claims}}
    files = ClaimProof.objects.filter(sha256__in=hashes, file__removed_at__isnull=True, **others)
    invoices = ClaimLine.objects.filter(invoice_key__in=keys, **others)
    return (
        [_Use(row.sha256, row.claim) for row in files.select_related("claim__partner")] if hashes else [],
        [_Use(row.invoice_key, row.claim) for row in invoices.select_related("claim__partner")] if keys else [],
    )


def _of_others(claim: Claim, uses: Iterable[_Use]) -> list[Use]:
    """Leave the claim itself out, and whatever came after it: who was first repeats nothing."""
    found = []
    for use in uses:
        other = use.claim
        if other.pk == claim.pk or (claim.submitted_at and _order(other) > _order(claim)):
            continue
        found.append(Use(use.key, other.number, other.partner.name if other.partner_id != claim.partner_id else ""))
    return found


def rival_of(claim: Claim) -> Claim | None:
    """Return another claim, whenever it was sent, in which one of its invoices or files is used up."""
    files, invoices = _uses([claim], [_claimed(claim, lines_of(claim), proofs_of(claim))])
    return next((use.claim for use in (*invoices, *files) if use.claim.pk != claim.pk), None)


def _order(claim: Claim) -> tuple[datetime, str]:
    """Say when a claim was sent; of two at the same instant the number decides."""
    assert claim.submitted_at is not None
    return claim.submitted_at, claim.number


def left_of(request: FundRequest) -> Money:
    """Return what is still reserved for a request."""
    return Money(reservations.left_of(request), request.currency)
