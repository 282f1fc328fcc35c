"""Asking the vendor's people to approve a quote, and what they decide, which can be taken back at once."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import Q

from deals.queries.terms import today_of_vendor
from prm.accounts.models import Membership
from prm.approvals import people
from prm.approvals import queries as agreed
from prm.approvals import services as agreement
from prm.approvals.models import Approval
from prm.approvals.plans import Hindrance
from prm.approvals.services import DecisionStands
from prm.clocks import calendars
from prm.events import outbox
from prm.events.facts import FACTS
from prm.events.models import Event
from prm.events.outbox import record
from prm.events.refusals import DomainError
from prm.events.service import service
from prm.policies import courses, following
from prm.policies.models import CourseTaken
from prm.questions import services as question_services
from quotes.enums import Action, Counted, Status, StepStatus
from quotes.enums import Approval as Agreed
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
from quotes.queries import appeals, facts
from quotes.queries import approvals as queries
from quotes.queries import terms as quote_terms
from quotes.rules import approvals, steps
from quotes.rules.approvals import Outlook
from quotes.rules.catalogue import AREA
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


def judge(revision: QuoteRevision, *, at: datetime) -> CourseTaken | None:
    """Follow the rules in force for a revision and keep what they say; nothing for a vendor without any."""
    version = following.in_force(AREA, today_of_vendor(at))
    if version is None:
        return None
    return following.follow(revision, version, lambda asked: facts.facts_of(revision, at=at, asked=asked), at=at)


@service
def request(
    revision: QuoteRevision, *, by: Membership, at: datetime, note: str = "", version: int | None = None
) -> QuoteRevision:
    """Ask everybody whom rules and ladder name, but for what was approved before and has not changed.

    What the rules refuse is a draft again, with their reason. Raises `NothingToApprove`, and `NotPossible` or
    `Changed` unless it is the draft that the partner looks at.
    """
    revision = locked(revision)
    taken = judge(revision, at=at)
    outlook = queries.outlook_of(revision, at=at, taken=taken)
    move(revision, Action.ASK_APPROVAL, version=version)
    if outlook.is_clear:
        raise NothingToApprove(revision=revision)
    return ask_for(revision, outlook, taken, by=by, at=at, note=note)


def ask_for(
    revision: QuoteRevision,
    outlook: Outlook,
    taken: CourseTaken | None,
    *,
    by: Membership,
    at: datetime,
    note: str = "",
) -> QuoteRevision:
    """Ask for what is missing, or refuse as the rules do. The revision waits for it already."""
    revision.sent_at = revision.sent_at or at
    revision.decided_at = None
    revision.saved_at = at
    if outlook.refusal:
        return _refuse(revision, outlook.refusal, taken, by=by, at=at)
    promise = courses.promise_in(
        taken.effects if taken else {}, quote_terms.pinned(revision.policy).decision_business_days
    )
    revision.decide_by = calendars.promised(promise, at=at)
    revision.save()
    rows = QuoteApprovalStep.objects.filter(revision__quote=revision.quote_id, status=StepStatus.APPROVED)
    stale = Q(role__in=outlook.stale) | Q(role="", key__in=outlook.stale)
    rows.filter(stale).update(status=StepStatus.STALE)
    _ask(revision, outlook.missing, at)
    plan = queries.plan_of(revision, outlook.missing, taken.policy.body if taken else {})
    agreement.start(revision, plan, requested_by=by, at=at)
    foremost = approvals.foremost(outlook.missing)
    record(
        ApprovalRequested(
            revision.quote_id,
            revision.number,
            roles=tuple(step.role for step in outlook.missing if step.role),
            steps=tuple(step.name for step in outlook.missing if not step.role),
            highest=str(foremost.percent) if foremost else "",
            counted=foremost.counted if foremost else Counted.SPECIAL,
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


def _refuse(
    revision: QuoteRevision, reason_code: str, taken: CourseTaken | None, *, by: Membership, at: datetime
) -> QuoteRevision:
    """Make it a draft again that the rules refused, with their reason."""
    was = revision.state
    move(revision, Action.REJECT)
    revision.decide_by, revision.decided_at = None, at
    revision.save()
    names = following.matched(taken) if taken else ()
    fact = ApprovalRefused(revision.quote_id, revision.number, was=was, reason_code=reason_code, note="", rules=names)
    record(fact, on=revision.quote, by=None, at=at)
    return revision


def _ask(revision: QuoteRevision, missing: Iterable[approvals.Step], at: datetime) -> None:
    latest = QuoteApprovalStep.objects.filter(revision=revision).order_by("-round").first()
    QuoteApprovalStep.objects.bulk_create(
        [
            QuoteApprovalStep(
                revision=revision,
                partner_path=revision.partner_path,
                round=latest.round + 1 if latest else 1,
                position=position,
                key=steps.key_of(step),
                name=step.name,
                role=step.role,
                reasons=[reason.body() for reason in step.reasons],
                asked_at=at,
                decide_by=revision.decide_by,
            )
            for position, step in enumerate(missing, 1)
        ]
    )


@service
def recall(revision: QuoteRevision, *, by: Membership, at: datetime, note: str = "") -> QuoteRevision:
    """Take the request back, so that the quote can be changed; what was approved meanwhile stays so."""
    revision = locked(revision)
    move(revision, Action.RECALL)
    give_up(revision, by=by, at=at)
    question_services.drop(revision)
    revision.decide_by, revision.saved_at = None, at
    revision.save()
    record(ApprovalRecalled(revision.quote_id, revision.number, note=note), on=revision.quote, by=by, at=at)
    return revision


@service
def approve(
    revision: QuoteRevision, *, by: Membership, at: datetime, note: str = "", version: int | None = None
) -> QuoteRevision:
    """Approve what waits for this person, and of the ladder the rungs below; with the last step it is approved.

    Raises `NotPossible`, `Changed`, `NotYourStep`, `OwnRequest`, or `QuestionOpen` until the partner has answered.
    """
    revision = locked(revision)
    was, approval = _take(revision, by, at, version)
    waiting = queries.waiting_steps(revision)
    approval = agreement.approve(approval, by=by, at=at, note=note)
    standing = agreed.standing_of(approval)
    done = {step.key for step in standing.plan.steps if standing.is_done(step)}
    decided = [row for row in waiting if row.key in done]
    is_complete = approval.status == Approval.Status.APPROVED
    if is_complete:
        move(revision, Action.APPROVE)
        revision.decided_at = at
    else:
        revision.version += 1
    _decide(decided, StepStatus.APPROVED, by=by, at=at, note=note)
    revision.save()
    fact = ApprovalGiven(
        revision.quote_id,
        revision.number,
        was=was,
        steps=tuple(str(row.pk) for row in decided),
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
    """Refuse the quote for a reason that the partner reads; it is a draft again, and nobody else is asked."""
    revision = locked(revision)
    was, approval = _take(revision, by, at, version)
    mine = queries.mine_of(revision, by, approval=approval, at=at)
    decided = [row for row in queries.waiting_steps(revision) if row.key in mine]
    agreement.reject(approval, reason_code=reason_code, note=note, by=by, at=at)
    move(revision, Action.REJECT)
    revision.decided_at = at
    _decide(decided, StepStatus.REJECTED, by=by, at=at, note=note, reason_code=reason_code)
    _drop_waiting(revision)
    revision.save()
    fact = ApprovalRefused(
        revision.quote_id,
        revision.number,
        was=was,
        steps=tuple(str(row.pk) for row in decided),
        reason_code=reason_code,
        note=note,
    )
    record(fact, on=revision.quote, by=by, at=at)
    return revision


@service
def overturn(revision: QuoteRevision, *, by: Membership, at: datetime, note: str) -> QuoteRevision:
    """Approve after an appeal what was refused, as it was sent: all that somebody had to agree to, at once.

    Raises `NotPossible` if it was changed or moved on meanwhile.
    """
    revision = locked(revision)
    if appeals.decision_of(revision) is None:  # saved since, so that it is another quote than the one that was refused
        raise NotPossible(revision=revision, action=Action.OVERTURN)
    outlook = queries.outlook_of(revision, at=at, taken=following.latest(revision))
    was = move(revision, Action.OVERTURN)
    _ask(revision, outlook.missing, at)
    decided = queries.waiting_steps(revision)
    _decide(decided, StepStatus.APPROVED, by=by, at=at, note=note)
    revision.decided_at = at
    revision.save()
    fact = ApprovalGiven(
        revision.quote_id,
        revision.number,
        was=was,
        steps=tuple(str(row.pk) for row in decided),
        note=note,
        amount=str(revision.net_total),
        currency=revision.quote.currency,
    )
    record(fact, on=revision.quote, by=by, at=at)
    return revision


@service
def ask(
    revision: QuoteRevision, *, question: str, by: Membership, at: datetime, version: int | None = None
) -> QuoteRevision:
    """Ask the partner something about its request; the promise's clock stands still until it answers."""
    revision = locked(revision)
    was, _approval = _take(revision, by, at, version)
    answer_by = at + timedelta(days=quote_terms.pinned(revision.policy).answer_days)
    question_services.ask(revision, question, asked_by=by.user_id, at=at, answer_by=answer_by)
    revision.version += 1
    revision.save()
    agreement.pause(revision, at=at)
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
    agreement.resume(revision, at=at)
    if revision.decide_by:
        promise = following.promise_of(revision, quote_terms.pinned(revision.policy).decision_business_days)
        revision.decide_by = calendars.resumed(revision.decide_by, stood_since=at - waited, at=at, promise=promise)
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
    if event.name == InformationRequested.name:
        agreement.resume(revision, at=at)
    else:
        _take_back(revision, by=by, at=at)
    status, approval = event.payload["was"]
    revision.restore(State(Status(status), Agreed(approval)))
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
    agreement.recall(revision, by=by, at=at)
    revision.saved_at = at
    revision.save()
    record(QuoteReopened(revision.quote_id, revision.number), on=revision.quote, by=by, at=at)
    return revision


def give_up(revision: QuoteRevision, *, by: Membership | None, at: datetime) -> None:
    """Ask nobody any more; what was approved meanwhile stays so."""
    agreement.recall(revision, by=by, at=at)
    _drop_waiting(revision)


def _take(revision: QuoteRevision, by: Membership, at: datetime, version: int | None) -> tuple[State, Approval]:
    """Return the state and the approval if something of it waits for this person, or refuse."""
    approval = agreed.current_of(revision)
    if not revision.can(Action.APPROVE) or approval is None:
        raise NotPossible(revision=revision, action=Action.APPROVE)
    turn = people.staff(at).turn(agreed.standing_of(approval), by)
    if turn == Hindrance.OWN:
        raise OwnRequest(revision=revision)
    if isinstance(turn, Hindrance):
        raise NotYourStep(revision=revision, roles=[row.label for row in queries.waiting_steps(revision)])
    if version is not None and version != revision.version:
        raise Changed(revision=revision)
    if question_services.open_one(revision):
        raise QuestionOpen(revision=revision)
    return revision.state, approval


def _take_back(revision: QuoteRevision, *, by: Membership, at: datetime) -> None:
    approval = agreed.latest_of(revision)
    if approval is None:
        raise TooLateToUndo(revision=revision)
    try:
        agreement.undo(approval, by=by, at=at)
    except DecisionStands as stands:
        raise TooLateToUndo(revision=revision) from stands


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
