"""What the vendor decides about a request, line by line and step by step, and taking a decision back at once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

from django.db.models import Q

from mdf.enums import RequestAction as Action
from mdf.enums import RequestStatus
from mdf.events import (
    Decision,
    FundRequestAnswered,
    FundRequestApproved,
    FundRequestAsked,
    FundRequestDeemingStopped,
    FundRequestOpened,
    FundRequestRejected,
    FundRequestUndone,
)
from mdf.models import ApprovalStep, FundRequest, FundRequestLine
from mdf.queries import approvals as given
from mdf.queries import claims
from mdf.queries import terms as fund_terms
from mdf.services import approvals, reservations
from mdf.services.ledger import NotCovered
from mdf.services.moves import lock, move
from prm.accounts.models import Membership
from prm.approvals import services as agreement
from prm.comments.events import CommentAdded
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


class Changed(DomainError):
    """The request is not what the person who decides looked at: somebody changed it meanwhile."""


class NothingApproved(DomainError):
    """An approval of nothing is a rejection, which needs a reason."""


class MoreThanAsked(DomainError):
    """A line cannot get more than was asked for it, or than an earlier approval gave it."""


class TooLateToUndo(DomainError):
    """The decision was announced, or somebody else made it, or something happened since."""


@service
def open_review(request: FundRequest, *, by: Membership, at: datetime) -> FundRequest:
    """Show the partner that somebody is looking at it; opening it again changes nothing."""
    request = FundRequest.objects.locked(request.pk)
    if request.status != RequestStatus.SUBMITTED:
        return request
    move(request, Action.OPEN)
    request.save()
    record(FundRequestOpened(request.pk), on=request, by=by, at=at)
    return request


@service
def approve(
    request: FundRequest,
    amounts: Mapping[UUID, Decimal],
    *,
    by: Membership | None,
    at: datetime,
    note: str = "",
    version: int | None = None,
    rules: tuple[str, ...] = (),
    is_deemed: bool = False,
    is_final: bool = False,
) -> FundRequest:
    """Approve so much of each line, by its id; a line that is not named gets nothing.

    The last of those who have to agree reserves the money; earlier ones say what it may be at most. Nobody decides
    where the `rules` do, or nobody did in time (`is_deemed`); what `is_final` asks nobody else. Raises `NotPossible`,
    `Changed`, `NotYourTurn`, `NothingApproved`, `MoreThanAsked`, and `NotCovered` if the partner's share of the fund
    does not hold it any more.
    """
    request = lock(request)
    was = move(request, Action.APPROVE)
    _refuse_stale(request, version)
    lines = list(FundRequestLine.objects.filter(request=request).order_by("position"))
    steps = [] if is_final else given.steps_of(request)
    total = _check(lines, amounts, steps)
    if is_final:
        agreement.recall(request, by=by, at=at)
    elif by is not None:
        is_last = approvals.agree(request, total, by=by, at=at, note=note)
        _note_step(request, steps[-1].number + 1 if steps else 1, amounts, total, by=by, at=at, note=note)
        if not is_last:
            request.status = RequestStatus.IN_REVIEW  # the partner is not told of half an approval
            request.save()
            return request
    _finish(request, lines, amounts, total, was=was, by=by, at=at, note=note, rules=rules, is_deemed=is_deemed)
    return request


@service
def approve_as_asked(request: FundRequest, *, by: Membership, at: datetime, version: int | None = None) -> FundRequest:
    """Approve of each line what was asked for, or what the step before agreed to. Raises what `approve` raises."""
    steps = given.steps_of(request)
    lines = FundRequestLine.objects.filter(request=request)
    amounts = {line.pk: _limit(line, steps) for line in lines}
    return approve(request, amounts, by=by, at=at, version=version)


@service
def reject(
    request: FundRequest,
    *,
    reason_code: str,
    note: str,
    by: Membership | None,
    at: datetime,
    version: int | None = None,
    rules: tuple[str, ...] = (),
    is_deemed: bool = False,
) -> FundRequest:
    """Refuse the request for a reason from the vendor's list, which the partner sees with the note.

    Raises `NotPossible` unless it waits for a decision, `Changed` if `version` is not the latest, and `NotYourTurn`
    where others are asked.
    """
    request = lock(request)
    was = move(request, Action.REJECT)
    _refuse_stale(request, version)
    if by is not None:
        approvals.refuse(request, reason_code=reason_code, note=note, by=by, at=at)
    elif is_deemed:
        agreement.recall(request, by=None, at=at)
    request.reason_code = reason_code
    request.decided_by_id, request.decided_at, request.decision_note = by and by.user_id, at, note
    request.closed_at = at
    request.save()
    fact = FundRequestRejected(
        request.pk, was=was.value, reason_code=reason_code, note=note, rules=rules, is_deemed=is_deemed
    )
    record(fact, on=request, by=by, at=at)
    return request


@service
def ask(
    request: FundRequest,
    *,
    question: str,
    fields: tuple[str, ...] = (),
    by: Membership,
    at: datetime,
    version: int | None = None,
) -> FundRequest:
    """Ask the partner for information: the named fields reopen and the promise's clock stands still.

    Raises `NotPossible` unless it waits for a decision, and `Changed` if `version` is not the latest.
    """
    request = lock(request)
    was = move(request, Action.ASK)
    _refuse_stale(request, version)
    answer_by = at + timedelta(days=fund_terms.pinned(request.policy).answer_days)
    questions.ask(request, question, fields=fields, asked_by=by.user_id, at=at, answer_by=answer_by)
    request.answer_by = answer_by
    request.save()
    agreement.pause(request, at=at)
    fact = FundRequestAsked(
        request.pk, was=was.value, question=question, fields=fields, answer_by=answer_by.isoformat()
    )
    record(fact, on=request, by=by, at=at)
    return request


@service
def undo(request: FundRequest, *, by: Membership, at: datetime) -> FundRequest:
    """Take one's own last decision back before anybody was told; the history keeps both, and the ledger too.

    Raises `TooLateToUndo` or `DecisionStands` once its time is over, the decision was announced or anything else
    happened.
    """
    request = lock(request)
    if request.is_waiting:
        if not approvals.take_back(request, by=by, at=at):
            raise TooLateToUndo(request=request)
        _forget_step(request, by)
        request.restore(_review_status(request))
        request.save()
        return request
    event = _last_event(request)
    if event is None or event.by_id != by.user_id or not _is_decision(event) or at > event.at + outbox.UNDO_TIME:
        raise TooLateToUndo(request=request)
    if not outbox.withdraw(event.pk):
        raise TooLateToUndo(request=request)
    if event.name == FundRequestApproved.name:
        amount, source = Decimal(event.payload["amount"]), event.payload["source"]
        reservations.give_back(request, amount, source=f"{source}:undone", by=by, at=at)
        FundRequestLine.objects.filter(request=request).update(approved_amount=None)
        _forget_step(request, by)
    if event.name == FundRequestAsked.name:
        questions.drop(request)
        agreement.resume(request, at=at)
    else:
        approvals.take_back(request, by=by, at=at)
    request.restore(RequestStatus(event.payload["was"]))
    request.decided_at = request.decided_by = request.answer_by = request.claim_by = request.closed_at = None
    request.approved_amount = None
    request.reason_code = request.decision_note = ""
    request.save()
    record(FundRequestUndone(request.pk, event_id=event.pk, decision=event.name), on=request, by=by, at=at)
    return request


def follow(request: FundRequest, taken: CourseTaken, *, at: datetime) -> FundRequest:
    """Decide as the rules say: refuse, or approve all that was asked for."""
    names = following.matched(taken)
    with seeing_all_partners():  # the partner sends it, but the vendor's rules decide
        if taken.course == Course.REFUSE:
            reason = str(taken.effects.get("reason", "other"))
            return reject(request, reason_code=reason, note="", by=None, at=at, rules=names)
        amounts = {line.pk: line.asked_amount for line in FundRequestLine.objects.filter(request=request)}
        return approve(request, amounts, by=None, at=at, rules=names)


@service
def deem(request: FundRequest, *, at: datetime) -> bool:
    """Let a decision that nobody made in time count as the rules say; running it again finds nothing to do.

    Silence approves what was asked for, all of it or nothing: not what the fund does not hold, and not in place of
    those who have to agree. A person decides then, late as it is.
    """
    request = lock(request)
    if not request.is_waiting or request.deemed == Deemed.NONE or request.decide_by is None or request.decide_by >= at:
        return False
    taken = following.latest(request)
    if request.deemed == Deemed.REJECTED:
        reason = str(taken.effects.get("reason", "other")) if taken else "other"
        reject(request, reason_code=reason, note="", by=None, at=at, is_deemed=True)
        return True
    try:
        if approvals.stands_in_the_way(request, taken):
            raise NothingApproved
        amounts = {line.pk: line.asked_amount for line in FundRequestLine.objects.filter(request=request)}
        approve(request, amounts, by=None, at=at, is_deemed=True)
    except (NothingApproved, NotCovered):
        request.refresh_from_db()
        request.deemed = Deemed.NONE
        request.save(update_fields=["deemed"])
        record(FundRequestDeemingStopped(request.pk), on=request, by=None, at=at, is_internal=True)
        return False
    return True


def _finish(
    request: FundRequest,
    lines: list[FundRequestLine],
    amounts: Mapping[UUID, Decimal],
    total: Decimal,
    *,
    was: RequestStatus,
    by: Membership | None,
    at: datetime,
    note: str,
    rules: tuple[str, ...],
    is_deemed: bool,
) -> None:
    source = f"request:{request.pk}:{request.version}"
    reservations.reserve(request, total, source=source, by=by, at=at)
    for line in lines:
        line.approved_amount = amounts.get(line.pk, Decimal(0))
    FundRequestLine.objects.bulk_update(lines, ["approved_amount"])
    assert request.ends_on is not None
    request.approved_amount = total
    request.claim_by = request.ends_on + timedelta(days=request.fund.claim_days + _more_for_the_first(request))
    request.decided_by_id, request.decided_at, request.decision_note = by and by.user_id, at, note
    request.save()
    fact = FundRequestApproved(
        request.pk,
        was=was.value,
        note=note,
        amount=str(total),
        currency=request.currency,
        asked=str(request.asked_amount),
        until=request.claim_by.isoformat(),
        source=source,
        rules=rules,
        is_deemed=is_deemed,
    )
    record(fact, on=request, by=by, at=at)


def _more_for_the_first(request: FundRequest) -> int:
    """Return how many days more a partner has that never claimed before."""
    terms = fund_terms.pinned(request.policy)
    return 0 if claims.has_claimed_before(request.partner_id) else terms.first_claim_days


def _check(lines: list[FundRequestLine], amounts: Mapping[UUID, Decimal], steps: list[ApprovalStep]) -> Decimal:
    """Return the sum of what is approved; refuse nothing at all, and more than was asked or agreed before."""
    total = Decimal(0)
    for line in lines:
        amount, limit = amounts.get(line.pk, Decimal(0)), _limit(line, steps)
        if amount < 0 or amount > limit:
            raise MoreThanAsked(what=line.what, limit=Money(limit, line.currency), is_agreed=limit < line.asked_amount)
        total += amount
    if total <= 0:
        raise NothingApproved
    return total


def _limit(line: FundRequestLine, steps: list[ApprovalStep]) -> Decimal:
    """Return what a line can get at most: what was asked for it, or what the step before agreed to."""
    earlier = steps[-1].amounts if steps else None
    return min(line.asked_amount, Decimal(earlier.get(str(line.pk), "0"))) if earlier else line.asked_amount


def _note_step(
    request: FundRequest,
    number: int,
    amounts: Mapping[UUID, Decimal],
    total: Decimal,
    *,
    by: Membership,
    at: datetime,
    note: str,
) -> None:
    ApprovalStep(
        subject_type=request._meta.label_lower,
        subject_id=request.pk,
        number=number,
        by_id=by.user_id,
        role=by.role,
        at=at,
        amount=total,
        currency=request.currency,
        amounts={str(pk): str(amount) for pk, amount in amounts.items()},
        note=note,
    ).save(force_insert=True)


def _forget_step(request: FundRequest, by: Membership) -> None:
    ApprovalStep.objects.filter(subject_id=request.pk, by=by.user_id).delete()
    request.approvals_given -= 1


def _review_status(request: FundRequest) -> RequestStatus:
    """Return where a request stands that waits: somebody looked at it or asked about it, or agreed to a step of it."""
    looked = Event.objects.filter(subject_id=request.pk, name__in=(FundRequestOpened.name, FundRequestAnswered.name))
    return RequestStatus.IN_REVIEW if request.approvals_given or looked.exists() else RequestStatus.SUBMITTED


def _refuse_stale(request: FundRequest, version: int | None) -> None:
    if version is not None and version != request.version - 1:
        raise Changed(request=request)


def _last_event(request: FundRequest) -> Event | None:
    is_internal_note = Q(name=CommentAdded.name, partner_path="")
    return Event.objects.filter(subject_id=request.pk).exclude(is_internal_note).order_by("-at", "-id").first()


def _is_decision(event: Event) -> bool:
    return issubclass(FACTS[event.name], Decision)
