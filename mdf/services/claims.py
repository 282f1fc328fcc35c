"""What partners do with a claim: start it from an approved request, fill it in, send it, answer, take it back."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from mdf.enums import ClaimAction as Action
from mdf.enums import ClaimStatus, ProofKind, RequestStatus
from mdf.events import ClaimAnswered, ClaimStarted, ClaimSubmitted, ClaimWithdrawn
from mdf.models import Claim, ClaimLine, ClaimProof, FundRequest
from mdf.queries import claims as queries
from mdf.queries import terms as fund_terms
from mdf.rules import preflight
from mdf.rules.catalogue import CLAIM
from mdf.rules.preflight import Check
from mdf.services import approvals, claim_decisions, moves
from mdf.services.claim_moves import ClaimChanged, ClaimNotPossible, lock, move
from prm.accounts.models import Membership
from prm.approvals import services as agreement
from prm.clocks import calendars
from prm.custom_fields import services as custom_fields
from prm.custom_fields.kinds import KINDS
from prm.events.outbox import record
from prm.events.refusals import DomainError
from prm.events.service import service
from prm.files import queries as files
from prm.files.models import File
from prm.money import Money
from prm.policies import courses, following
from prm.policies.courses import Course
from prm.questions import services as questions
from prm.tenancy.fields import uuid7
from prm.tenancy.numbers import next_number


class NothingToClaim(DomainError):
    """The request is not approved, or was ended."""


class DeadlinePassed(DomainError):
    """The last day for claims is over."""


class ClaimRuns(DomainError):
    """Another claim for the request waits for its decision."""


class NotReady(DomainError):
    """Checks stand in the way; `findings` says which."""


@dataclass(frozen=True)
class Cost:
    """A cost as the form understood it; the id stays with the line, and so do its files."""

    id: UUID
    what: str
    cost: Money
    supplier: str = ""
    invoice_number: str = ""
    invoice_on: date | None = None
    note: str = ""


@dataclass(frozen=True)
class Content:
    """What the form understood; `fields` are columns of the claim, `typed` is everything as posted.

    Costs that are None were not asked for and stay as they are. `custom` are values of custom fields, nothing for those
    that were emptied; what it does not name stays.
    """

    fields: Mapping[str, Any] = field(default_factory=dict)
    costs: Collection[Cost] | None = None
    typed: Mapping[str, Any] = field(default_factory=dict)
    custom: Mapping[str, Any] = field(default_factory=dict)


@service
def start(request: FundRequest, *, by: Membership, at: datetime) -> Claim:
    """Begin a claim with the lines of the approved plan, or go on with the draft there is.

    Raises `NothingToClaim`, `DeadlinePassed`, and `ClaimRuns` while another claim waits for its decision.
    """
    request = moves.lock(request)
    current = queries.current_of(request)
    if current is not None:
        if current.status == ClaimStatus.DRAFT:
            return current
        raise ClaimRuns(claim=current)
    if request.status != RequestStatus.APPROVED:
        raise NothingToClaim(request=request)
    _refuse_late(request, at)
    assert request.share_percent is not None
    claim = Claim(
        request=request,
        fund_id=request.fund_id,
        allocation_id=request.allocation_id,
        partner_id=request.partner_id,
        partner_path=request.partner_path,
        owner_id=by.user_id,
        currency=request.currency,
        share_percent=request.share_percent,
        started_at=at,
        saved_at=at,
    )
    claim.save(force_insert=True)
    _prefill(claim)
    record(ClaimStarted(claim.pk), on=claim, by=by, at=at)
    return claim


def refuse_second(draft: Claim) -> None:
    """Refuse to put a draft back that another claim for the request has taken the place of. Raises `ClaimRuns`."""
    request = moves.lock(draft.request)
    current = queries.current_of(request)
    if current is not None:
        raise ClaimRuns(claim=current)


@service
def save(claim: Claim, content: Content, *, by: Membership, at: datetime, version: int | None = None) -> Claim:
    """Keep a draft as it is typed. Raises `ClaimChanged` if `version` is not the latest, or once it was sent."""
    claim = Claim.objects.locked(claim.pk)
    if claim.status != ClaimStatus.DRAFT:
        raise ClaimNotPossible(claim=claim, action=Action.SUBMIT)
    if version is not None and version != claim.version:
        raise ClaimChanged(claim=claim)
    fill(claim, content)
    claim.typed = dict(content.typed)
    claim.saved_at = at
    claim.version += 1
    claim.save()
    return claim


@service
def submit(claim: Claim, content: Content, *, by: Membership, at: datetime, version: int | None = None) -> Claim:
    """Send a claim to the vendor: it gets its number, the promise starts, and the rules say what comes next.

    Raises `ClaimNotPossible`, `ClaimChanged`, `DeadlinePassed`, `NothingToClaim`, `CustomFieldsMissing`, and `NotReady`
    with the findings.
    """
    request, claim = lock(claim)
    if version is not None and version != claim.version:
        raise ClaimChanged(claim=claim)
    move(claim, Action.SUBMIT)
    if request.status != RequestStatus.APPROVED:
        raise NothingToClaim(request=request)
    _refuse_late(request, at)
    fill(claim, content)
    ClaimLine.objects.filter(claim=claim, cost_amount=0, plan__isnull=True).delete()
    flags = _refuse_unready(claim, at)
    custom_fields.refuse_incomplete(KINDS[CLAIM], claim, at=at)
    today = fund_terms.today_of_vendor(at)
    claim.policy, terms = fund_terms.current(today)
    claim.typed = {}
    claim.number = next_number("MC", today.year)
    claim.submitted_at = claim.saved_at = at
    claim.save()
    taken = approvals.judge(claim, at=at)
    promise = courses.promise_in(taken.effects if taken else {}, terms.decision_business_days)
    claim.decide_by = calendars.promised(promise, at=at)
    claim.deemed = approvals.deemed_by(taken)
    claim.save()
    fact = ClaimSubmitted(claim.pk, amount=str(claim.asked_amount), currency=claim.currency, flags=flags)
    record(fact, on=claim, by=by, at=at)
    if taken and taken.course != Course.PERSON:
        return claim_decisions.follow(claim, taken, at=at)
    approvals.begin(claim, taken, by=by, at=at)
    claim.save()
    return claim


@service
def answer(claim: Claim, content: Content | None, *, text: str, by: Membership, at: datetime) -> Claim:
    """Answer the vendor's question and let its clock run again; only what was asked for may change.

    Approvals that look at what changed are asked for again. Raises `NotReady` if what changed does not pass the checks.
    """
    _request, claim = lock(claim)
    move(claim, Action.ANSWER)
    known, costs, changed = claim.custom, _costs(claim), list[str]()
    if content is not None:
        changed = [name for name, value in content.fields.items() if getattr(claim, name) != value]
        fill(claim, content)
        _refuse_unready(claim, at)
    changed += custom_fields.tell_change(CLAIM, claim, known, by=by, at=at)
    changed += ["lines"] if _costs(claim) != costs else []
    waited = questions.answer(claim, text, answered_by=by.user_id, at=at)
    changed += ["files"] if files.of(claim).filter(added_at__gte=at - waited).exists() else []
    agreement.resume(claim, at=at)
    claim.answer_by = None
    claim.saved_at = at
    if changed:
        claim.save()
        agreed = claim.approvals_given
        approvals.follow_change(claim, changed, by=by, at=at)
        if "lines" in changed or not agreed or claim.approvals_given < agreed:
            ClaimLine.objects.filter(claim=claim).update(approved_amount=None, reason_code="")
    if claim.decide_by:
        promise = following.promise_of(claim, fund_terms.pinned(claim.policy).decision_business_days)
        claim.decide_by = calendars.resumed(claim.decide_by, stood_since=at - waited, at=at, promise=promise)
    approvals.leave_late_to_person(claim, at)
    claim.save()
    record(ClaimAnswered(claim.pk, answer=text), on=claim, by=by, at=at)
    return claim


@service
def withdraw(claim: Claim, *, by: Membership | None, at: datetime, note: str = "", is_lapsed: bool = False) -> Claim:
    """Take a claim back before it is decided; nobody answering a question in time does it too.

    Until its deadline the partner may claim again.
    """
    _request, claim = lock(claim)
    if claim.status == ClaimStatus.DRAFT:
        raise ClaimNotPossible(claim=claim, action=Action.WITHDRAW)
    move(claim, Action.WITHDRAW)
    claim.answer_by = None
    claim.saved_at = at
    claim.save()
    agreement.recall(claim, by=by, at=at)
    record(ClaimWithdrawn(claim.pk, note=note, is_lapsed=is_lapsed), on=claim, by=by, at=at)
    return claim


@service
def lapse(claim: Claim, *, at: datetime) -> bool:
    """Withdraw it because nobody answered the question in time; running it again finds nothing to do."""
    _request, row = lock(claim)
    if row.status != ClaimStatus.INFO_REQUESTED or row.answer_by is None or row.answer_by >= at:
        return False
    withdraw(row, by=None, at=at, is_lapsed=True)
    return True


@service
def prove(claim: Claim, file: File, kind: ProofKind, *, line: ClaimLine | None = None) -> ClaimProof:
    """Say what a file of a claim proves; once for each file."""
    proof, _is_new = ClaimProof.objects.get_or_create(
        claim=claim,
        file=file,
        defaults={
            "kind": kind,
            "line": line,
            "sha256": file.sha256,
            "partner_path": claim.partner_path,
        },
    )
    return proof


def fill(claim: Claim, content: Content) -> None:
    """Write what was understood onto the claim and its lines, with the vendor's share. The caller saves the row."""
    for name, value in content.fields.items():
        setattr(claim, name, value)
    custom_fields.fill(CLAIM, claim, content.custom)
    if content.costs is None:
        return
    rows = {row.pk: row for row in ClaimLine.objects.filter(claim=claim)}
    position = max((row.position for row in rows.values()), default=0)
    for cost in content.costs:
        row = rows.get(cost.id)
        if row is None:
            position += 1
            row = ClaimLine(pk=cost.id, claim=claim, partner_path=claim.partner_path, position=position)
        if not row.plan_id:
            row.what = cost.what
        row.supplier, row.invoice_number, row.invoice_on, row.note = (
            cost.supplier,
            cost.invoice_number,
            cost.invoice_on,
            cost.note,
        )
        row.invoice_key = preflight.invoice_key(cost.supplier, cost.invoice_number)
        row.cost_amount, row.currency = cost.cost.amount, cost.cost.currency
        row.asked_amount = preflight.share_of(cost.cost, claim.share_percent).amount
        _keep(row, is_new=cost.id not in rows)
        rows[row.pk] = row
    counted = [row for row in rows.values() if row.currency == claim.currency]
    claim.cost_amount = sum((row.cost_amount for row in counted), Decimal(0))
    claim.asked_amount = sum((row.asked_amount for row in counted), Decimal(0))


def _keep(row: ClaimLine, *, is_new: bool) -> None:
    """Save a line; the id a form brings for a new one is its own, unless it is somebody else's."""
    try:
        with transaction.atomic():
            row.save(force_insert=is_new)
    except IntegrityError:
        if not is_new:
            raise
        row.pk = uuid7()
        row.save(force_insert=True)


def _prefill(claim: Claim) -> None:
    plans = queries.plan_of(claim.request)
    ClaimLine.objects.bulk_create(
        [
            ClaimLine(
                claim=claim,
                partner_path=claim.partner_path,
                plan=plan,
                position=position,
                what=plan.what,
                currency=claim.currency,
                cost_amount=plan.planned_amount,
                asked_amount=preflight.share_of(plan.planned, claim.share_percent).amount,
            )
            for position, plan in enumerate(plans, 1)
        ]
    )
    rows = ClaimLine.objects.filter(claim=claim)
    claim.cost_amount = sum((row.cost_amount for row in rows), Decimal(0))
    claim.asked_amount = sum((row.asked_amount for row in rows), Decimal(0))
    claim.save()


def _refuse_late(request: FundRequest, at: datetime) -> None:
    if request.claim_by is not None and fund_terms.today_of_vendor(at) > request.claim_by:
        raise DeadlinePassed(until=request.claim_by, request=request)


def _refuse_unready(claim: Claim, at: datetime) -> int:
    """Refuse what the checks block, and return how many flags are left for a person."""
    assessment = queries.known(claim, at).assessment
    # What was sent in time may be answered after the deadline.
    blocks = [finding for finding in assessment.blocks if not (claim.submitted_at and finding.check == Check.DEADLINE)]
    if blocks:
        raise NotReady(findings=blocks, count=len(blocks))
    return len(assessment.flags)


def _costs(claim: Claim) -> list[tuple[Any, ...]]:
    rows = ClaimLine.objects.filter(claim=claim).order_by("position")
    return list(rows.values_list("what", "cost_amount", "supplier", "invoice_number", "invoice_on"))
