"""Appealing, asking and answering, deciding for good, and withdrawing an appeal."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

from django.db import IntegrityError, transaction

from prm.accounts.models import Membership, VendorProfile
from prm.clocks import calendars
from prm.disputes import queries, subjects
from prm.disputes.events import (
    DisputeAnswered,
    DisputeAsked,
    DisputeOverturned,
    DisputeRaised,
    DisputeUpheld,
    DisputeWithdrawn,
)
from prm.disputes.models import WAITING, Dispute, Status
from prm.disputes.subjects import Decision, Room
from prm.events.outbox import record
from prm.events.refusals import DomainError
from prm.events.service import service
from prm.policies.models import ReasonCode
from prm.questions import services as questions
from prm.tenancy.models import TenantModel

TIME_TO_ANSWER = timedelta(days=10)


class NothingToAppeal(DomainError):
    """Nothing was decided against the partner, or it cannot be appealed here."""


class TooLateToAppeal(DomainError):
    """The last day to appeal is over; `until` says which it was."""


class DisputedAlready(DomainError):
    """This decision was appealed before; one appeal is all there is."""


class DisputeClosed(DomainError):
    """It is decided or withdrawn: somebody was faster."""


class NotNeutral(DomainError):
    """Somebody had a part in the decision that is disputed; `why` says which."""


class OutsideRoom(DomainError):
    """Overturning gives more than was `given`, and at most what was `asked`."""


@service
def prepare(at: datetime) -> None:
    """Give a new vendor the reasons for appeals and for what is decided about them."""
    rows = [
        ReasonCode(area=area, code=code, position=position)
        for area, codes in queries.REASONS.items()
        for position, code in enumerate(codes)
    ]
    ReasonCode.objects.bulk_create(rows, ignore_conflicts=True)


@service
def appeal(subject: TenantModel, *, reason_code: str, text: str, by: Membership | None, at: datetime) -> Dispute:
    """Appeal the decision that was made about a record; whose firm has no login yet, appeals as nobody.

    Raises `NothingToAppeal`, `TooLateToAppeal` and `DisputedAlready`.
    """
    subject = type(subject).objects.locked(subject.pk)  # the decision could be taken back just now
    decision = _to_appeal(subject, at)
    declared = subjects.of(subject)
    dispute = Dispute(
        subject_type=subject._meta.label_lower,
        subject_id=subject.pk,
        partner_path=getattr(subject, "partner_path", ""),
        decision_kind=decision.kind,
        decision_at=decision.at,
        decision_by_id=decision.by_id,
        decision_code=decision.reason_code,
        decision_note=decision.note,
        title=declared.title(subject)[:250],
        firm=declared.firm(subject)[:200],
        reason_code=reason_code,
        text=text,
        raised_by_id=by.user_id if by else None,
        raised_at=at,
        decide_by=calendars.promised(declared.appeals(subject).promise, at=at),
    )
    try:
        with transaction.atomic():
            dispute.save(force_insert=True)
    except IntegrityError as error:
        if "a_decision_is_disputed_once" not in str(error):
            raise
        raise DisputedAlready() from error
    record(DisputeRaised(dispute.pk, reason_code, dispute.decide_by.isoformat()), on=_told_on(subject), by=by, at=at)
    return dispute


@service
def ask(dispute: Dispute, question: str, *, by: Membership, at: datetime) -> Dispute:
    """Ask whoever appealed; the promised time stands still until they answer. Raises `DisputeClosed`, `NotNeutral`."""
    dispute, subject = _neutral(dispute, by, at)
    if dispute.is_asked:
        raise DisputeClosed()
    questions.ask(dispute, question, asked_by=by.user_id, at=at, answer_by=at + TIME_TO_ANSWER)
    dispute.status = Status.ASKED
    dispute.save()
    record(DisputeAsked(dispute.pk, question, (at + TIME_TO_ANSWER).isoformat()), on=_told_on(subject), by=by, at=at)
    return dispute


@service
def answer(dispute: Dispute, text: str, *, by: Membership | None, at: datetime) -> Dispute:
    """Answer the open question. Raises `DisputeClosed` if there is none any more."""
    dispute = Dispute.objects.locked(dispute.pk)
    question = questions.open_one(dispute)
    if question is None or not dispute.is_asked:
        raise DisputeClosed()
    questions.answer(dispute, text, answered_by=by.user_id if by else None, at=at)
    subject = _subject(dispute)
    promise = subjects.of(subject).appeals(subject).promise
    dispute.decide_by = calendars.resumed(dispute.decide_by, stood_since=question.asked_at, at=at, promise=promise)
    dispute.status = Status.OPEN
    dispute.save()
    record(DisputeAnswered(dispute.pk, text), on=_told_on(subject), by=by, at=at)
    return dispute


@service
def withdraw(
    dispute: Dispute, *, by: Membership | None, at: datetime, is_ended: bool = False, is_lapsed: bool = False
) -> Dispute:
    """Take an appeal back, so that the decision stands.

    The end of the work with a partner does it too, and so does not answering in time. Raises `DisputeClosed`.
    """
    dispute = _open(dispute)
    _close(dispute, Status.WITHDRAWN, by=None, at=at)
    fact = DisputeWithdrawn(dispute.pk, is_ended=is_ended, is_lapsed=is_lapsed)
    record(fact, on=_told_on(_subject(dispute)), by=by, at=at)
    return dispute


@service
def lapse(dispute: Dispute, *, at: datetime) -> bool:
    """Withdraw an appeal because nobody answered in time; running it again finds nothing to do."""
    dispute = Dispute.objects.locked(dispute.pk)
    question = questions.open_one(dispute)
    if not dispute.is_asked or question is None or question.answer_by >= at:
        return False
    withdraw(dispute, by=None, at=at, is_lapsed=True)
    return True


@service
def end_all(partner_path: str, *, at: datetime) -> int:
    """Withdraw whatever a partner appealed, because the work with it has ended, and return how much that was."""
    rows = Dispute.objects.filter(partner_path=partner_path, status__in=WAITING).order_by("pk")
    return len([withdraw(row, by=None, at=at, is_ended=True) for row in rows])


@service
def uphold(dispute: Dispute, *, reason_code: str, note: str, by: Membership, at: datetime) -> Dispute:
    """Let the decision stand, for good. Raises `DisputeClosed` and `NotNeutral`."""
    dispute, subject = _neutral(dispute, by, at)
    _decide(dispute, Status.UPHELD, reason_code, note, by=by, at=at)
    record(DisputeUpheld(dispute.pk, reason_code, note), on=_told_on(subject), by=by, at=at)
    return dispute


@service
def overturn(
    dispute: Dispute, *, reason_code: str, note: str, by: Membership, at: datetime, amount: Decimal | None = None
) -> Dispute:
    """Do what the decision would have done, for good, through the record's own service, whose refusals are raised too.

    Where there is room for an `amount` and none is named, all that was asked is given. Raises `DisputeClosed`,
    `NotNeutral`, `OutsideRoom`, and `NothingToAppeal` if the decision is not the record's any more.
    """
    dispute, subject = _neutral(dispute, by, at)
    declared = subjects.of(subject)
    decision = declared.decision(subject)
    if decision is None or decision.at != dispute.decision_at:
        raise NothingToAppeal()
    declared.overturn(subject, **_given(declared.room(subject), amount), by=by, at=at, note=note)
    _decide(dispute, Status.OVERTURNED, reason_code, note, by=by, at=at)
    record(DisputeOverturned(dispute.pk, reason_code, note), on=_told_on(subject), by=by, at=at)
    return dispute


def _to_appeal(subject: TenantModel, at: datetime) -> Decision:
    """Return the decision that can be appealed now. Raises `NothingToAppeal` and `TooLateToAppeal`."""
    decision = queries.decision_about(subject, queries.of(subject))
    profile = VendorProfile.objects.get()
    until = subjects.of(subject).appeals(subject).until(profile.day_of(decision.at)) if decision else None
    if decision is None or until is None:
        raise NothingToAppeal()
    if profile.day_of(at) > until:
        raise TooLateToAppeal(until=until)
    return decision


def _given(room: Room | None, amount: Decimal | None) -> dict[str, Decimal]:
    """Return what overturning gives, where that is an amount. Raises `OutsideRoom`."""
    if room is None:
        return {}
    chosen = room.asked.amount if amount is None else amount
    if not room.given.amount < chosen <= room.asked.amount:
        raise OutsideRoom(given=room.given, asked=room.asked)
    return {"amount": chosen}


def _open(dispute: Dispute) -> Dispute:
    dispute = Dispute.objects.locked(dispute.pk)
    if not dispute.is_waiting:
        raise DisputeClosed()
    return dispute


def _neutral(dispute: Dispute, by: Membership, at: datetime) -> tuple[Dispute, TenantModel]:
    dispute = _open(dispute)
    why = queries.deciders_of(dispute, at=at).of(by)
    if why:
        raise NotNeutral(why=why.value)
    return dispute, _subject(dispute)


def _decide(dispute: Dispute, status: Status, code: str, note: str, *, by: Membership, at: datetime) -> None:
    dispute.outcome_code, dispute.outcome_note = code, note
    _close(dispute, status, by=by, at=at)


def _close(dispute: Dispute, status: Status, *, by: Membership | None, at: datetime) -> None:
    dispute.status, dispute.closed_at = status, at
    dispute.decided_by_id = by.user_id if by else None
    dispute.save()


def _subject(dispute: Dispute) -> TenantModel:
    return subjects.load(dispute.subject_type, dispute.subject_id)


def _told_on(subject: TenantModel) -> TenantModel:
    return subjects.of(subject).told_on(subject)
