"""What the vendor decides about a claim: by file, by line, step by step, and taking a decision back at once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

from mdf.enums import ClaimAction as Action
from mdf.enums import ClaimStatus, ProofVerdict, RequestAction, RequestStatus
from mdf.events import (
    ClaimAgreed,
    ClaimApproved,
    ClaimAsked,
    ClaimDecision,
    ClaimDeemingStopped,
    ClaimFileAccepted,
    ClaimFileReturned,
    ClaimLineJudged,
    ClaimOpened,
    ClaimRejected,
    ClaimUndone,
)
from mdf.models import ApprovalStep, Claim, ClaimLine, ClaimProof, FundRequest
from mdf.queries import approvals as given
from mdf.queries import claim_facts
from mdf.queries import claims as queries
from mdf.queries import terms as fund_terms
from mdf.rules import ledger as movements
from mdf.rules.apportion import apportion
from mdf.services import approvals, ledger, moves, requests, reservations
from mdf.services.claim_moves import lock, move, refuse_stale
from prm.accounts.models import Membership
from prm.approvals import services as agreement
from prm.approvals.services import DecisionStands, NotYourTurn
from prm.events import outbox
from prm.events.facts import FACTS
from prm.events.models import Event
from prm.events.outbox import record
from prm.events.refusals import DomainError
from prm.events.service import service
from prm.money import Money
from prm.policies import following
from prm.policies.courses import Course, Deemed
from prm.policies.models import CourseTaken
from prm.questions import services as questions
from prm.tenancy.context import seeing_all_partners


class ClaimStepTaken(DomainError):
    """Somebody else has to take the next step of the approval, or nobody may who is concerned."""


class NothingToPay(DomainError):
    """An approval of nothing is a rejection, which needs a reason."""


class MoreThanClaimed(DomainError):
    """A line cannot get more than was asked for it."""


class MoreThanReserved(DomainError):
    """More than the request has left was to be paid."""


class ReasonNeeded(DomainError):
    """Something else than recommended is to be paid, and nobody said why."""


class HasFlags(DomainError):
    """Something stands out that a person should look at before approving."""


class FilesReturned(DomainError):
    """Files were found wanting that the partner has not replaced yet."""


class ClaimDecided(DomainError):
    """The decision was announced, or somebody else made it, or something happened since."""


@service
def open_review(claim: Claim, *, by: Membership, at: datetime) -> Claim:
    """Show the partner that somebody is looking at it; opening it again changes nothing."""
    claim = Claim.objects.locked(claim.pk)
    if claim.status != ClaimStatus.SUBMITTED:
        return claim
    move(claim, Action.OPEN)
    claim.save()
    record(ClaimOpened(claim.pk), on=claim, by=by, at=at)
    return claim


@service
def judge_line(
    line: ClaimLine,
    amount: Money | None,
    *,
    by: Membership,
    at: datetime,
    reason_code: str = "",
    note: str = "",
) -> Claim:
    """Say how much of a line is to be paid, with a reason for less than was asked; no amount takes that back.

    Raises `MoreThanClaimed`, `ReasonNeeded`, and `ClaimNotPossible` unless the claim waits for a decision.
    """
    claim = Claim.objects.locked(line.claim_id)
    line = ClaimLine.objects.locked(line.pk)
    move(claim, Action.JUDGE)
    if amount is not None:
        if amount.currency != line.currency or not 0 <= amount.amount <= line.asked_amount:
            raise MoreThanClaimed(what=line.what, limit=line.asked)
        if amount != line.asked and not reason_code:
            raise ReasonNeeded(what=line.what)
    is_said = amount is not None
    line.approved_amount = amount.amount if amount is not None else None
    line.reason_code, line.decision_note = (reason_code, note) if is_said else ("", "")
    line.save()
    claim.save()
    fact = ClaimLineJudged(
        claim.pk,
        what=line.what,
        currency=line.currency,
        amount=str(amount.amount) if amount is not None else "",
        reason_code=line.reason_code,
        note=line.decision_note,
    )
    record(fact, on=claim, by=by, at=at, is_internal=True)
    return claim


@service
def judge_file(
    proof: ClaimProof,
    verdict: ProofVerdict,
    *,
    by: Membership,
    at: datetime,
    reason_code: str = "",
    note: str = "",
) -> Claim:
    """Accept a file, or return it for a reason; the partner reads of it with the question or the decision.

    Raises `ReasonNeeded`, and `ClaimNotPossible` unless the claim waits for a decision.
    """
    claim = Claim.objects.locked(proof.claim_id)
    proof = ClaimProof.objects.select_related("file").locked(proof.pk)
    move(claim, Action.JUDGE)
    is_returned = verdict == ProofVerdict.RETURNED
    if is_returned and not reason_code:
        raise ReasonNeeded(what=proof.file.name)
    proof.verdict = verdict
    proof.reason_code, proof.note = (reason_code, note) if is_returned else ("", "")
    proof.save()
    claim.save()
    fact = (
        ClaimFileReturned(claim.pk, file_name=proof.file.name, reason_code=reason_code, note=note)
        if is_returned
        else ClaimFileAccepted(claim.pk, file_name=proof.file.name)
    )
    record(fact, on=claim, by=by, at=at, is_internal=True)
    return claim


def amounts_of(claim: Claim, known: queries.Known | None, at: datetime) -> dict[UUID, Money]:
    """Return what each line gets as it stands: what somebody said of it, or else what the rules recommend."""
    known = known or queries.known(claim, at)
    said = {row.pk: row.approved for row in ClaimLine.objects.filter(claim=claim, approved_amount__isnull=False)}
    amounts = {row.line.id: row.share for row in known.assessment.lines}
    return amounts | {pk: amount for pk, amount in said.items() if amount is not None and pk in amounts}


@service
def approve(
    claim: Claim,
    *,
    by: Membership | None,
    at: datetime,
    total: Money | None = None,
    reason_code: str = "",
    note: str = "",
    version: int | None = None,
    is_clean_only: bool = False,
    rules: tuple[str, ...] = (),
    is_deemed: bool = False,
) -> Claim:
    """Approve what was said of each line, or recommended; another total is shared out over them, for a reason.

    Nobody decides where the `rules` do, or where nobody did in time (`is_deemed`). The last of those who have to agree
    consumes the amount in the ledger and, for a last claim, gives the rest of the reservation back. Raises
    `ClaimNotPossible`, `ClaimChanged`, `FilesReturned`, `ClaimStepTaken`, `NothingToPay`, `MoreThanClaimed`,
    `MoreThanReserved`, `ReasonNeeded`, and with `is_clean_only` also `HasFlags`.
    """
    request, claim = lock(claim)
    was = move(claim, Action.APPROVE)
    refuse_stale(claim, version)
    returned = [proof.file.name for proof in queries.proofs_of(claim) if proof.is_returned]
    if returned:
        raise FilesReturned(names=returned, count=len(returned))
    if is_clean_only and (flags := queries.known(claim, at).assessment.flags):
        raise HasFlags(count=len(flags))
    steps = given.steps_of(claim)
    amounts = _amounts(claim, total, reason_code, steps, at)
    paid = sum(amounts.values(), Money(Decimal(0), claim.currency))
    is_last = by is None or _agree(claim, paid, by=by, at=at, note=note)
    before = _lines_before(claim)
    if by is not None:
        _note_step(claim, steps[-1].number + 1 if steps else 1, amounts, paid, by=by, at=at, note=note)
    _write_lines(claim, amounts, reason_code, note)
    if is_last:
        _finish(
            claim,
            request,
            paid,
            was=was,
            before=before,
            by=by,
            at=at,
            reason_code=reason_code,
            note=note,
            rules=rules,
            is_deemed=is_deemed,
        )
    else:
        _wait_for_next(claim, paid, was=was, before=before, by=by, at=at, note=note)
    return claim


def _agree(claim: Claim, paid: Money, *, by: Membership | None, at: datetime, note: str) -> bool:
    assert by is not None
    try:
        return approvals.agree(claim, paid.amount, by=by, at=at, note=note)
    except NotYourTurn as refusal:
        raise ClaimStepTaken(**refusal.facts) from refusal


@service
def reject(
    claim: Claim,
    *,
    reason_code: str,
    note: str,
    by: Membership | None,
    at: datetime,
    version: int | None = None,
    rules: tuple[str, ...] = (),
    is_deemed: bool = False,
) -> Claim:
    """Refuse the claim for a reason from the vendor's list; until its deadline the partner may claim again.

    Raises `ClaimNotPossible` unless it waits for a decision, `ClaimChanged` if `version` is not the latest, and
    `ClaimStepTaken` where others are asked.
    """
    _request, claim = lock(claim)
    was = move(claim, Action.REJECT)
    refuse_stale(claim, version)
    if by is not None:
        try:
            approvals.refuse(claim, reason_code=reason_code, note=note, by=by, at=at)
        except NotYourTurn as refusal:
            raise ClaimStepTaken(**refusal.facts) from refusal
    elif is_deemed:
        agreement.recall(claim, by=None, at=at)
    claim.reason_code = reason_code
    claim.decided_by_id, claim.decided_at, claim.decision_note = by and by.user_id, at, note
    claim.save()
    fact = ClaimRejected(claim.pk, was=was.value, reason_code=reason_code, note=note, rules=rules, is_deemed=is_deemed)
    record(fact, on=claim, by=by, at=at)
    return claim


def follow(claim: Claim, taken: CourseTaken, *, at: datetime) -> Claim:
    """Decide as the rules say: refuse, or approve what is covered, which is all that was asked for."""
    names = following.matched(taken)
    with seeing_all_partners():  # the partner sends it, but the vendor's rules decide
        if taken.course == Course.REFUSE:
            reason = str(taken.effects.get("reason", "other"))
            return reject(claim, reason_code=reason, note="", by=None, at=at, rules=names)
        return approve(claim, by=None, at=at, rules=names)


@service
def deem(claim: Claim, *, at: datetime) -> bool:
    """Let a decision that nobody made in time count as the rules say; running it again finds nothing to do.

    Silence approves what is recommended where that is all that was asked for and nothing stands out: not in place of
    those who have to agree, and not what somebody began to judge. A person decides then, late as it is.
    """
    _request, claim = lock(claim)
    if not claim.is_waiting or claim.deemed == Deemed.NONE or claim.decide_by is None or claim.decide_by >= at:
        return False
    taken = following.latest(claim)
    if claim.deemed == Deemed.REJECTED:
        reason = str(taken.effects.get("reason", "other")) if taken else "other"
        reject(claim, reason_code=reason, note="", by=None, at=at, is_deemed=True)
        return True
    try:
        if approvals.stands_in_the_way(claim, taken) or _is_for_a_person(claim, at):
            raise NothingToPay
        approve(claim, by=None, at=at, is_clean_only=True, is_deemed=True)
    except (FilesReturned, HasFlags, NothingToPay, MoreThanReserved, ledger.NotCovered):
        claim.refresh_from_db()
        claim.deemed = Deemed.NONE
        claim.save(update_fields=["deemed"])
        record(ClaimDeemingStopped(claim.pk), on=claim, by=None, at=at, is_internal=True)
        return False
    return True


def _is_for_a_person(claim: Claim, at: datetime) -> bool:
    """Say whether a claim repeats something or is not covered as asked, or somebody began to judge its lines."""
    is_begun = ClaimLine.objects.filter(claim=claim, approved_amount__isnull=False).exists()
    return is_begun or claim_facts.is_contested(queries.known(claim, at))


@service
def ask(
    claim: Claim,
    *,
    question: str,
    fields: tuple[str, ...] = (),
    by: Membership,
    at: datetime,
    version: int | None = None,
) -> Claim:
    """Ask the partner for information: what is named reopens and the promise's clock stands still.

    Raises `ClaimNotPossible` unless it waits for a decision, and `ClaimChanged` if `version` is not the latest.
    """
    _request, claim = lock(claim)
    was = move(claim, Action.ASK)
    refuse_stale(claim, version)
    answer_by = at + timedelta(days=fund_terms.pinned(claim.policy).answer_days)
    questions.ask(claim, question, fields=fields, asked_by=by.user_id, at=at, answer_by=answer_by)
    claim.answer_by = answer_by
    claim.save()
    agreement.pause(claim, at=at)
    fact = ClaimAsked(claim.pk, was=was.value, question=question, fields=fields, answer_by=answer_by.isoformat())
    record(fact, on=claim, by=by, at=at)
    return claim


@service
def undo(claim: Claim, *, by: Membership, at: datetime) -> Claim:
    """Take one's own last decision back before anybody was told; the history keeps both, and the ledger too.

    Raises `ClaimDecided` once its time is over, the decision was announced or anything else happened.
    """
    request, claim = lock(claim)
    event = Event.objects.filter(subject_id=claim.pk).order_by("-at", "-id").first()
    is_decision = event is not None and issubclass(FACTS[event.name], ClaimDecision)
    if event is None or event.by_id != by.user_id or not is_decision or at > event.at + outbox.UNDO_TIME:
        raise ClaimDecided(claim=claim)
    if not outbox.withdraw(event.pk):
        raise ClaimDecided(claim=claim)
    if event.name == ClaimAsked.name:
        agreement.resume(claim, at=at)
    else:
        _forget_agreement(claim, by=by, at=at)
    if event.name == ClaimApproved.name:
        _take_back(claim, request, event, by=by, at=at)
    if event.name in (ClaimApproved.name, ClaimAgreed.name):
        ApprovalStep.objects.filter(subject_id=claim.pk, by=by.user_id).delete()
        claim.approvals_given -= 1
        _restore_lines(claim, event.payload["lines"])
    questions.drop(claim)
    claim.restore(ClaimStatus(event.payload["was"]))
    claim.decided_at = claim.decided_by = claim.answer_by = claim.pay_by = claim.approved_amount = None
    claim.reason_code = claim.decision_note = ""
    claim.save()
    record(ClaimUndone(claim.pk, event_id=event.pk, decision=event.name), on=claim, by=by, at=at)
    return claim


def _forget_agreement(claim: Claim, *, by: Membership, at: datetime) -> None:
    try:
        approvals.take_back(claim, by=by, at=at)
    except DecisionStands as stands:
        raise ClaimDecided(claim=claim) from stands


# -- amounts -----------------------------------------------------------------------------------------------
def _amounts(
    claim: Claim,
    total: Money | None,
    reason_code: str,
    steps: list[ApprovalStep],
    at: datetime,
) -> dict[UUID, Money]:
    known = queries.known(claim, at)
    amounts = amounts_of(claim, known, at)
    asked = {row.line.id: row.asked for row in known.assessment.lines}
    nothing = Money(Decimal(0), claim.currency)
    stands = sum(amounts.values(), nothing)
    if total is not None and total != stands:
        if not reason_code:
            raise ReasonNeeded(total=total, recommended=stands)
        if total.currency != claim.currency or total > sum(asked.values(), nothing):
            raise MoreThanClaimed(limit=sum(asked.values(), nothing))
        parts = apportion(total, list(amounts.values()), [asked[pk] for pk in amounts])
        amounts = dict(zip(amounts, parts, strict=True))
        stands = total
    if not stands.amount > 0:
        raise NothingToPay
    if stands > known.terms.reserved:
        raise MoreThanReserved(asked=stands, reserved=known.terms.reserved)
    if steps and stands > steps[-1].money:
        raise MoreThanClaimed(limit=steps[-1].money, is_agreed=True)
    return amounts


def _write_lines(claim: Claim, amounts: Mapping[UUID, Money], reason_code: str, note: str) -> None:
    """Keep what each line gets; one that gets less without a word of its own gets the reason of the whole."""
    for row in ClaimLine.objects.filter(claim=claim):
        amount = amounts.get(row.pk)
        row.approved_amount = amount.amount if amount is not None else Decimal(0)
        if row.approved_amount < row.asked_amount and not row.reason_code:
            row.reason_code, row.decision_note = reason_code or "not_in_plan", note if reason_code else ""
        row.save()


def _lines_before(claim: Claim) -> tuple[tuple[str, str], ...]:
    """Return what was said of each line until now, and why, so that undoing brings it back."""
    rows = ClaimLine.objects.filter(claim=claim, approved_amount__isnull=False)
    return tuple((str(row.pk), f"{row.approved_amount}|{row.reason_code}") for row in rows)


def _restore_lines(claim: Claim, before: list[list[str]]) -> None:
    said = {pk: value.partition("|") for pk, value in before}
    for row in ClaimLine.objects.filter(claim=claim):
        amount, _bar, reason = said.get(str(row.pk), ("", "", ""))
        row.approved_amount, row.reason_code = (Decimal(amount) if amount else None), reason
        if not amount:
            row.decision_note = ""
        row.save()


# -- the ledger ---------------------------------------------------------------------------------
def _finish(
    claim: Claim,
    request: FundRequest,
    paid: Money,
    *,
    was: ClaimStatus,
    before: tuple[tuple[str, str], ...],
    by: Membership | None,
    at: datetime,
    reason_code: str,
    note: str,
    rules: tuple[str, ...],
    is_deemed: bool,
) -> None:
    source = f"claim:{claim.pk}:{claim.version}"
    movement = movements.consume(claim.allocation_id, paid.amount)
    ledger.post([movement], fund=claim.fund, source=source, on=claim, by=by, at=at)
    today = fund_terms.today_of_vendor(at)
    claim.approved_amount = paid.amount
    claim.decided_by_id, claim.decided_at = by and by.user_id, at
    claim.reason_code, claim.decision_note = reason_code, note
    claim.pay_by = today + timedelta(days=fund_terms.pinned(claim.policy).payment_days)
    claim.save()
    if claim.is_final:
        requests.complete(request, by=by, at=at)
    fact = ClaimApproved(
        claim.pk,
        was=was.value,
        reason_code=reason_code,
        note=note,
        amount=str(paid.amount),
        currency=claim.currency,
        asked=str(claim.asked_amount),
        pay_by=claim.pay_by.isoformat(),
        source=source,
        is_last=claim.is_final,
        lines=before,
        rules=rules,
        is_deemed=is_deemed,
    )
    record(fact, on=claim, by=by, at=at)


def _wait_for_next(
    claim: Claim,
    paid: Money,
    *,
    was: ClaimStatus,
    before: tuple[tuple[str, str], ...],
    by: Membership | None,
    at: datetime,
    note: str,
) -> None:
    """Keep the claim in review for the next step; the partner is not told of half an approval."""
    claim.status = ClaimStatus.IN_REVIEW
    claim.save()
    fact = ClaimAgreed(
        claim.pk,
        was=was.value,
        note=note,
        amount=str(paid.amount),
        currency=claim.currency,
        lines=before,
    )
    record(fact, on=claim, by=by, at=at, is_internal=True)


def _take_back(claim: Claim, request: FundRequest, event: Event, *, by: Membership, at: datetime) -> None:
    """Reserve again what the approval consumed and gave back; the money may have gone elsewhere meanwhile."""
    source, amount = event.payload["source"], Decimal(event.payload["amount"])
    if event.payload["is_last"]:
        if request.status != RequestStatus.COMPLETED:
            raise ClaimDecided(claim=claim)
        moves.move(request, RequestAction.REOPEN)
        request.closed_at = None
        request.save()
        rest = queries.left_of(request)
        if rest.amount > 0:
            reservations.reserve(request, rest.amount, source=f"{source}:undone:rest", by=by, at=at)
    movement = movements.take_back(claim.allocation_id, amount)
    ledger.post([movement], fund=claim.fund, source=f"{source}:undone", on=claim, by=by, at=at)


def _note_step(
    claim: Claim,
    number: int,
    amounts: Mapping[UUID, Money],
    paid: Money,
    *,
    by: Membership,
    at: datetime,
    note: str,
) -> None:
    ApprovalStep(
        subject_type=claim._meta.label_lower,
        subject_id=claim.pk,
        number=number,
        by_id=by.user_id,
        role=by.role,
        at=at,
        amount=paid.amount,
        currency=claim.currency,
        amounts={str(pk): str(amount.amount) for pk, amount in amounts.items()},
        note=note,
    ).save(force_insert=True)
