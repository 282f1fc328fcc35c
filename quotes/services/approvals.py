"""Asking the vendor's people to approve a quote, and what they decide, which can be taken back at once."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from prm.accounts.models import Membership
from prm.clocks import calendars
from prm.events import outbox
from prm.events.facts import FACTS
from prm.events.models import Event
from prm.events.outbox import record
from prm.events.refusals import DomainError
from prm.events.service import service
from prm.questions import services as question_services
from quotes.enums import Action, Approval, Status, StepStatus
from quotes.events import (
    ApprovalGiven,
    ApprovalRecalled,
    ApprovalRefused,
    ApprovalRequested,
    DecisionUndone,
    InformationAnswered,
    InformationRequested,
    QuoteDecision,
    QuoteReopened,
)
from quotes.models import QuoteApprovalStep, QuoteRevision
from quotes.queries import approvals as queries
from quotes.queries import terms as quote_terms
from quotes.rules import approvals
from quotes.rules.lifecycle import State
from quotes.services.moves import Changed, NotPossible, locked, move


class NothingToApprove(DomainError):
    """The quote gives no discount that anybody has to approve: it can be issued at once."""


class OwnRequest(DomainError):
    """Nobody approves what they asked for themselves."""


class NotYourStep(DomainError):
    """Nothing that waits is for this person's role to decide; `roles` are those it waits for."""


class TooLateToUndo(DomainError):
    """The decision was announced, or somebody else made it, or something happened since."""


class QuestionOpen(DomainError):
    """The partner has been asked and has not answered yet."""


@service
def request(
    revision: QuoteRevision, *, by: Membership, at: datetime, note: str = "", version: int | None = None
) -> QuoteRevision:
    """Ask everybody whom the discount ladder names, but for what was approved before and has not changed.

    Raises `NothingToApprove`, and `NotPossible` or `Changed` unless it is the draft that the partner looks at.
    """
    revision = locked(revision)
    outlook = queries.outlook_of(revision)
    move(revision, Action.ASK_APPROVAL, version=version)
    if outlook.is_clear:
        raise NothingToApprove(revision=revision)
    terms = quote_terms.pinned(revision.policy)
    revision.decide_by = calendars.in_business_days(terms.decision_business_days, at=at)
    revision.sent_at = revision.sent_at or at
    revision.decided_at = None
    revision.saved_at = at
    revision.save()
    rows = QuoteApprovalStep.objects.filter(revision__quote=revision.quote_id, status=StepStatus.APPROVED)
    rows.filter(role__in=outlook.stale).update(status=StepStatus.STALE)
    _ask(revision, outlook.missing, at)
    foremost = approvals.foremost(outlook.missing)
    assert foremost is not None, "a step has its reasons"
    record(
        ApprovalRequested(
            revision.quote_id,
            revision.number,
            roles=tuple(step.role for step in outlook.missing),
            highest=str(foremost.percent),
            counted=foremost.counted,
            amount=str(revision.net_total),
            currency=revision.quote.currency,
            stale=tuple(sorted(outlook.stale)),
            note=note,
        ),
        on=revision.quote,
        by=by,
        at=at,
    )
    return revision


def _ask(revision: QuoteRevision, steps: Iterable[approvals.Step], at: datetime) -> None:
    latest = QuoteApprovalStep.objects.filter(revision=revision).order_by("-round").first()
    QuoteApprovalStep.objects.bulk_create(
        [
            QuoteApprovalStep(
                revision=revision,
                partner_path=revision.partner_path,
                round=latest.round + 1 if latest else 1,
                position=position,
                role=step.role,
                reasons=[reason.body() for reason in step.reasons],
                asked_at=at,
                decide_by=revision.decide_by,
            )
            for position, step in enumerate(steps, 1)
        ]
    )


@service
def recall(revision: QuoteRevision, *, by: Membership, at: datetime, note: str = "") -> QuoteRevision:
    """Take the request back, so that the quote can be changed; what was approved meanwhile stays so."""
    revision = locked(revision)
    move(revision, Action.RECALL)
    _drop_waiting(revision)
    question_services.drop(revision)
    revision.decide_by, revision.saved_at = None, at
    revision.save()
    record(ApprovalRecalled(revision.quote_id, revision.number, note=note), on=revision.quote, by=by, at=at)
    return revision


@service
def approve(
    revision: QuoteRevision, *, by: Membership, at: datetime, note: str = "", version: int | None = None
) -> QuoteRevision:
    """Approve all that waits for this person's role, or for one below it; with the last step the quote is approved.

    Raises `NotPossible`, `Changed`, `NotYourStep`, `OwnRequest`, or `QuestionOpen` until the partner has answered.
    """
    revision = locked(revision)
    was, steps = _take(revision, by, version)
    waiting = {step.pk for step in queries.waiting_steps(revision)}
    is_complete = waiting == {step.pk for step in steps}
    if is_complete:
        move(revision, Action.APPROVE)
        revision.decided_at = at
    else:
        revision.version += 1
    _decide(steps, StepStatus.APPROVED, by=by, at=at, note=note)
    revision.save()
    fact = ApprovalGiven(
        revision.quote_id,
        revision.number,
        was=was,
        steps=tuple(str(step.pk) for step in steps),
        note=note,
        amount=str(revision.net_total),
        currency=revision.quote.currency,
        is_complete=is_complete,
    )
    record(fact, on=revision.quote, by=by, at=at)
    return revision


@service
def reject(
    revision: QuoteRevision,
    *,
    reason_code: str,
    note: str,
    by: Membership,
    at: datetime,
    version: int | None = None,
) -> QuoteRevision:
    """Refuse the discounts for a reason that the partner reads; the quote is a draft again."""
    revision = locked(revision)
    was, steps = _take(revision, by, version)
    move(revision, Action.REJECT)
    revision.decided_at = at
    _decide(steps, StepStatus.REJECTED, by=by, at=at, note=note, reason_code=reason_code)
    _drop_waiting(revision)
    revision.save()
    fact = ApprovalRefused(
        revision.quote_id,
        revision.number,
        was=was,
        steps=tuple(str(step.pk) for step in steps),
        reason_code=reason_code,
        note=note,
    )
    record(fact, on=revision.quote, by=by, at=at)
    return revision


@service
def ask(
    revision: QuoteRevision, *, question: str, by: Membership, at: datetime, version: int | None = None
) -> QuoteRevision:
    """Ask the partner something about its request; the promise's clock stands still until it answers."""
    revision = locked(revision)
    was, _steps = _take(revision, by, version)
    answer_by = at + timedelta(days=quote_terms.pinned(revision.policy).answer_days)
    question_services.ask(revision, question, asked_by=by.user_id, at=at, answer_by=answer_by)
    revision.version += 1
    revision.save()
    fact = InformationRequested(
        revision.quote_id, revision.number, was=was, question=question, answer_by=answer_by.isoformat()
    )
    record(fact, on=revision.quote, by=by, at=at)
    return revision


@service
def answer(revision: QuoteRevision, *, answer: str, by: Membership, at: datetime) -> QuoteRevision:
    """Answer the vendor's question and let its clock run again. Raises `NotPossible` if none is open."""
    revision = locked(revision)
    if revision.status != Status.PENDING_APPROVAL or question_services.open_one(revision) is None:
        raise NotPossible(revision=revision, action=Action.RECALL)
    waited = question_services.answer(revision, answer, answered_by=by.user_id, at=at)
    if revision.decide_by:
        revision.decide_by = calendars.resumed(revision.decide_by, stood_since=at - waited, at=at)
        QuoteApprovalStep.objects.filter(revision=revision, status=StepStatus.WAITING).update(
            decide_by=revision.decide_by
        )
    revision.version += 1
    revision.save()
    record(InformationAnswered(revision.quote_id, revision.number, answer=answer), on=revision.quote, by=by, at=at)
    return revision


@service
def undo(revision: QuoteRevision, *, by: Membership, at: datetime) -> QuoteRevision:
    """Take one's own last decision back before anybody was told; the history keeps both.

    Raises `TooLateToUndo` once its time is over, the decision was announced or anything else happened.
    """
    revision = locked(revision)
    event = Event.objects.filter(subject_id=revision.quote_id).order_by("-at", "-id").first()
    if event is None or event.by_id != by.user_id or not _is_decision(event) or at > event.at + outbox.UNDO_TIME:
        raise TooLateToUndo(revision=revision)
    if event.payload["revision"] != revision.number or not outbox.withdraw(event.pk):
        raise TooLateToUndo(revision=revision)
    status, approval = event.payload["was"]
    revision.restore(State(Status(status), Approval(approval)))
    revision.decided_at = None
    revision.save()
    latest = QuoteApprovalStep.objects.filter(revision=revision).order_by("-round").first()
    if latest and event.name != InformationRequested.name:
        rows = QuoteApprovalStep.objects.filter(revision=revision, round=latest.round)
        undone = rows.filter(pk__in=event.payload["steps"]) | rows.filter(status=StepStatus.DROPPED)
        undone.update(status=StepStatus.WAITING, decided_by=None, decided_at=None, reason_code="", note="")
    if event.name == InformationRequested.name:
        question_services.drop(revision)
    fact = DecisionUndone(revision.quote_id, revision.number, event_id=event.pk, decision=event.name)
    record(fact, on=revision.quote, by=by, at=at)
    return revision


@service
def reopen(revision: QuoteRevision, *, by: Membership, at: datetime, version: int | None = None) -> QuoteRevision:
    """Let an approved quote be changed again. What the change does not touch stays approved."""
    revision = locked(revision)
    move(revision, Action.REOPEN, version=version)
    revision.saved_at = at
    revision.save()
    record(QuoteReopened(revision.quote_id, revision.number), on=revision.quote, by=by, at=at)
    return revision


def _take(revision: QuoteRevision, by: Membership, version: int | None) -> tuple[State, list[QuoteApprovalStep]]:
    """Return the state and the steps this person may decide now, or refuse."""
    if not revision.can(Action.APPROVE):
        raise NotPossible(revision=revision, action=Action.APPROVE)
    mine = approvals.decidable_by(by.role, quote_terms.pinned(revision.policy))
    waiting = queries.waiting_steps(revision)
    steps = [step for step in waiting if step.role in mine]
    if not steps:
        raise NotYourStep(revision=revision, roles=[step.get_role_display() for step in waiting])
    if version is not None and version != revision.version:
        raise Changed(revision=revision)
    if _asked_by(revision) == by.user_id:
        raise OwnRequest(revision=revision)
    if question_services.open_one(revision):
        raise QuestionOpen(revision=revision)
    return revision.state, steps


def _asked_by(revision: QuoteRevision) -> object:
    asked = Event.objects.filter(subject_id=revision.quote_id, name=ApprovalRequested.name).order_by("-at", "-id")
    return asked.values_list("by_id", flat=True).first()


def _decide(
    steps: Iterable[QuoteApprovalStep],
    status: StepStatus,
    *,
    by: Membership,
    at: datetime,
    note: str,
    reason_code: str = "",
) -> None:
    QuoteApprovalStep.objects.filter(pk__in=[step.pk for step in steps]).update(
        status=status, decided_by=by.user_id, decided_at=at, note=note, reason_code=reason_code
    )


def _drop_waiting(revision: QuoteRevision) -> None:
    rows = QuoteApprovalStep.objects.filter(revision=revision, status=StepStatus.WAITING)
    rows.update(status=StepStatus.DROPPED)


def _is_decision(event: Event) -> bool:
    return issubclass(FACTS[event.name], QuoteDecision)
