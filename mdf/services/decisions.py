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
    FundRequestAgreed,
    FundRequestApproved,
    FundRequestAsked,
    FundRequestCommented,
    FundRequestOpened,
    FundRequestRejected,
    FundRequestUndone,
)
from mdf.models import ApprovalStep, FundRequest, FundRequestLine
from mdf.queries import approvals, claims
from mdf.queries import terms as fund_terms
from mdf.rules.approvals import Ladder
from mdf.services import reservations
from mdf.services.moves import lock, move
from prm.accounts.models import Membership
from prm.events import outbox
from prm.events.facts import FACTS
from prm.events.models import Event
from prm.events.outbox import record
from prm.events.refusals import DomainError
from prm.events.service import service
from prm.money import Money
from prm.questions import services as questions


class Changed(DomainError):
    """The request is not what the person who decides looked at: somebody changed it meanwhile."""


class NotYourStep(DomainError):
    """Somebody else has to take the next step of the approval."""


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
    by: Membership,
    at: datetime,
    note: str = "",
    version: int | None = None,
) -> FundRequest:
    """Approve so much of each line, by its id; a line that is not named gets nothing.

    The last approval the ladder asks for reserves the money; earlier ones say what it may be at most.
    Raises `NotPossible`, `Changed`, `NotYourStep`, `NothingApproved`, `MoreThanAsked`, and `NotCovered` if the
    partner's share of the fund does not hold it any more.
    """
    request = lock(request)
    was = move(request, Action.APPROVE)
    _refuse_stale(request, version)
    lines = list(FundRequestLine.objects.filter(request=request).order_by("position"))
    steps = approvals.steps_of(request)
    total = _check(lines, amounts, steps)
    terms = fund_terms.pinned(request.policy)
    ladder = Ladder(terms.approvals_needed(total), tuple(step.by_id for step in steps))
    hindrance = ladder.hindrance(by.user_id, by.role, own=[request.owner_id])
    if hindrance:
        raise NotYourStep(hindrance=hindrance)
    _note_step(request, len(steps) + 1, amounts, total, by=by, at=at, note=note)
    request.approvals_given, request.approvals_needed = len(steps) + 1, ladder.needed
    if ladder.is_last:
        _finish(request, lines, amounts, total, was=was, by=by, at=at, note=note)
    else:
        _wait_for_next(request, total, ladder, was=was, by=by, at=at, note=note)
    return request


@service
def approve_as_asked(request: FundRequest, *, by: Membership, at: datetime, version: int | None = None) -> FundRequest:
    """Approve of each line what was asked for, or what the step before agreed to. Raises what `approve` raises."""
    steps = approvals.steps_of(request)
    lines = FundRequestLine.objects.filter(request=request)
    amounts = {line.pk: _limit(line, steps) for line in lines}
    return approve(request, amounts, by=by, at=at, version=version)


@service
def reject(
    request: FundRequest, *, reason_code: str, note: str, by: Membership, at: datetime, version: int | None = None
) -> FundRequest:
    """Refuse the request for a reason from the vendor's list, which the partner sees with the note.

    Raises `NotPossible` unless it waits for a decision, and `Changed` if `version` is not the latest.
    """
    request = lock(request)
    was = move(request, Action.REJECT)
    _refuse_stale(request, version)
    request.reason_code = reason_code
    request.decided_by_id, request.decided_at, request.decision_note = by.user_id, at, note
    request.closed_at = at
    request.save()
    fact = FundRequestRejected(request.pk, was=was.value, reason_code=reason_code, note=note)
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
    fact = FundRequestAsked(
        request.pk, was=was.value, question=question, fields=fields, answer_by=answer_by.isoformat()
    )
    record(fact, on=request, by=by, at=at)
    return request


@service
def undo(request: FundRequest, *, by: Membership, at: datetime) -> FundRequest:
    """Take one's own last decision back before anybody was told; the history keeps both, and the ledger too.

    Raises `TooLateToUndo` once its time is over, the decision was announced or anything else happened.
    """
    request = lock(request)
    event = _last_event(request)
    if event is None or event.by_id != by.user_id or not _is_decision(event) or at > event.at + outbox.UNDO_TIME:
        raise TooLateToUndo(request=request)
    if not outbox.withdraw(event.pk):
        raise TooLateToUndo(request=request)
    if event.name == FundRequestApproved.name:
        amount, source = Decimal(event.payload["amount"]), event.payload["source"]
        reservations.give_back(request, amount, source=f"{source}:undone", by=by, at=at)
        FundRequestLine.objects.filter(request=request).update(approved_amount=None)
    if event.name in (FundRequestApproved.name, FundRequestAgreed.name):
        ApprovalStep.objects.filter(subject_id=request.pk, by=by.user_id).delete()
        request.approvals_given -= 1
    questions.drop(request)
    request.restore(RequestStatus(event.payload["was"]))
    request.decided_at = request.decided_by = request.answer_by = request.claim_by = request.closed_at = None
    request.approved_amount = None
    request.reason_code = request.decision_note = ""
    request.save()
    record(FundRequestUndone(request.pk, event_id=event.pk, decision=event.name), on=request, by=by, at=at)
    return request


def _finish(
    request: FundRequest,
    lines: list[FundRequestLine],
    amounts: Mapping[UUID, Decimal],
    total: Decimal,
    *,
    was: RequestStatus,
    by: Membership,
    at: datetime,
    note: str,
) -> None:
    source = f"request:{request.pk}:{request.version}"
    reservations.reserve(request, total, source=source, by=by, at=at)
    for line in lines:
        line.approved_amount = amounts.get(line.pk, Decimal(0))
    FundRequestLine.objects.bulk_update(lines, ["approved_amount"])
    assert request.ends_on is not None
    request.approved_amount = total
    request.claim_by = request.ends_on + timedelta(days=request.fund.claim_days + _more_for_the_first(request))
    request.decided_by_id, request.decided_at, request.decision_note = by.user_id, at, note
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
    )
    record(fact, on=request, by=by, at=at)


def _more_for_the_first(request: FundRequest) -> int:
    """Return how many days more a partner has that never claimed before."""
    terms = fund_terms.pinned(request.policy)
    return 0 if claims.has_claimed_before(request.partner_id) else terms.first_claim_days


def _wait_for_next(
    request: FundRequest,
    total: Decimal,
    ladder: Ladder,
    *,
    was: RequestStatus,
    by: Membership,
    at: datetime,
    note: str,
) -> None:
    """Keep the request in review for the next step; the partner is not told of half an approval."""
    request.status = RequestStatus.IN_REVIEW
    request.save()
    following = Ladder(ladder.needed, (*ladder.given_by, by.user_id))
    fact = FundRequestAgreed(
        request.pk,
        was=was.value,
        note=note,
        amount=str(total),
        currency=request.currency,
        step=ladder.next.value,
        waits_for=following.next.value,
    )
    record(fact, on=request, by=by, at=at, is_internal=True)


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


def _refuse_stale(request: FundRequest, version: int | None) -> None:
    if version is not None and version != request.version - 1:
        raise Changed(request=request)


def _last_event(request: FundRequest) -> Event | None:
    is_internal_note = Q(name=FundRequestCommented.name, partner_path="")
    return Event.objects.filter(subject_id=request.pk).exclude(is_internal_note).order_by("-at", "-id").first()


def _is_decision(event: Event) -> bool:
    return issubclass(FACTS[event.name], Decision)
