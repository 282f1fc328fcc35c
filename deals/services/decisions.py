"""What channel managers decide about a registration, and taking a decision back at once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from deals.enums import Action, Award, Course, Deemed, ProtectionState, Review, Stage
from deals.events import (
    Decision,
    DecisionUndone,
    DeemingStopped,
    InformationRequested,
    PrecedenceOverridden,
    RegistrationApproved,
    RegistrationOpened,
    RegistrationRejected,
    ResearchBegun,
)
from deals.models import CheckIn, EndCustomer, Protection, Registration, RegistrationLine, Ruling
from deals.queries import cases as case_queries
from deals.queries import clock, precedence
from deals.queries import rules as rule_queries
from deals.queries import terms as registration_terms
from deals.queries.conflicts import conflicts_of, is_contested
from deals.queries.precedence import Order
from deals.rules.conflicts import Conflict
from deals.rules.engagement import Stipulated
from deals.rules.lifecycle import State
from deals.services import approvals, check_ins, rulings
from deals.services.moves import NotPossible, lock_customer, move
from prm.accounts.models import Membership
from prm.approvals import services as agreement
from prm.clocks import calendars
from prm.clocks.clock import Unit
from prm.events import outbox
from prm.events.facts import FACTS
from prm.events.models import Event
from prm.events.outbox import record
from prm.events.refusals import DomainError
from prm.events.service import service
from prm.questions import services as questions
from prm.tenancy.context import seeing_all_partners


class Contested(DomainError):
    """Another registration is protected for this customer and product family."""


class InCase(DomainError):
    """A conflict case about the registration is open: it is decided there, together with the others."""


class OwnEntry(DomainError):
    """Whoever entered a registration on behalf of its partner does not decide about it."""


class NotFirst(DomainError):
    """Another registration comes first by the order of the terms: whoever decides otherwise says why."""


class NotBeside(DomainError):
    """The rules let nobody be approved beside others for this customer."""


class AwardUnfit(DomainError):
    """The rules give something else by now than what was on the screen: others came or were approved."""


class NoResearch(DomainError):
    """The rules give no time for research, or it was taken; `days` is what they give."""


class NothingToApprove(DomainError):
    """The registration names no product family that a protection could be about."""


class EvidenceAwaited(DomainError):
    """The partner is asked for evidence in a conflict case, and its clock stands for that already."""


class TooLateToUndo(DomainError):
    """The decision was announced, or somebody else made it, or something happened since."""


class Changed(DomainError):
    """The registration is not what the person who decides looked at: somebody changed it meanwhile."""


@service
def open_review(registration: Registration, *, by: Membership, at: datetime) -> Registration:
    """Show the partner that somebody is looking at it; opening it again changes nothing."""
    registration = Registration.objects.locked(registration.pk)
    if registration.review != Review.SUBMITTED:
        return registration
    move(registration, Action.OPEN)
    registration.save()
    record(RegistrationOpened(registration.pk), on=registration, by=by, at=at)
    return registration


@service
def approve(
    registration: Registration,
    *,
    by: Membership | None,
    at: datetime,
    note: str = "",
    version: int | None = None,
    rules: tuple[str, ...] = (),
    is_deemed: bool = False,
    only_if_asked: bool = False,
    is_final: bool = False,
    in_case: UUID | None = None,
    aside: str | None = None,
    award: Award | None = None,
    first: Registration | None = None,
) -> Registration:
    """Give the partner exclusive time with this customer, for the product families it registered.

    Where the rules want it so and others are after it, it is approved beside them instead, without a protection. Only a
    conflict case decides that otherwise; to everybody else `award` is what was on the screen, if there was one. `first`
    is the one that is protected, if it is not to be looked for.

    Where approval steps have to be passed, this is the agreement of one person, and the registration waits on until
    nobody is missing. `only_if_asked` is for those who decide nothing else. Nobody decides where the `rules` do, or
    where they have an approval for what nobody decided in time (`is_deemed`). What `is_final` asks nobody else.
    `in_case` is the conflict case that decides. `aside` says why it is this one though another comes first, which only
    the vendor's own people read; without any the order of the terms is not looked at.

    Raises `NotPossible` unless the registration waits for a decision, `Changed` if `version` is not the latest,
    `OwnEntry`, `InCase` while a case is open, `Contested` while another one is protected, `NotBeside` and `AwardUnfit`
    if the rules give another award, `NotFirst` if `aside` is empty but needed, and `NotYourTurn`. The database refuses
    the second of two approvals at once.
    """
    lock_customer(registration, Action.APPROVE)  # rival approvals wait here
    registration = Registration.objects.locked(registration.pk)
    today = registration_terms.today_of_vendor(at)
    families = set(RegistrationLine.objects.filter(registration=registration).values_list("family_id", flat=True))
    terms = registration_terms.pinned(registration.policy)
    found = conflicts_of(registration, families=families, today=today, terms=terms)
    by_rules = precedence.award_for(rule_queries.stipulated(registration).contested, found)
    asked, award = award, (award or Award.SOLE) if in_case else by_rules
    was = _take(registration, Action.APPROVE if award == Award.SOLE else Action.APPROVE_BESIDE, version)
    _refuse_own_entry(registration, by)
    if case_queries.open_parties().filter(registration=registration).exclude(case=in_case).exists():
        raise InCase(registration=registration)
    if by is None and precedence.is_in_case(found):
        raise InCase(registration=registration)  # opened just now: nobody but a person goes past it
    if not families:
        raise NothingToApprove(registration=registration)
    if asked not in (None, award):
        raise NotBeside(registration=registration) if award == Award.SOLE else AwardUnfit(registration=registration)
    if award == Award.SOLE:
        _refuse_blocked(found)
    elif in_case is None:
        first = _protected_in(found)
    passed_over = None
    if by is not None and aside is not None and award == Award.SOLE:
        order = precedence.rivals_in_order(registration, found, terms=terms, at=at)
        passed_over = first_before(registration, order, why=aside)
    if by is None or is_final:
        agreement.recall(registration, by=by, at=at)
    elif not approvals.agree(registration, by=by, at=at, note=note, only_if_asked=only_if_asked):
        registration.refresh_from_db()  # it has not moved
        return registration

    if by is not None and passed_over is not None:
        set_aside(registration, passed_over, why=aside or "", by=by, at=at)
    if award != Award.SOLE:
        return _approve_beside(registration, award, first, was=was, by=by, at=at, note=note, rules=rules)
    registration.protected_from = today
    submitted_on = registration_terms.today_of_vendor(registration.submitted_at or at)
    stipulated = rule_queries.stipulated(registration)
    grant = registration_terms.granted(registration.partner, stipulated, today, submitted_on)
    registration.protected_until = grant.until(today)
    registration.protection_days, registration.protection_tier = grant.days, grant.tier
    registration.program_version = grant.program_version
    registration.award, registration.points = Award.SOLE, stipulated.points(Award.SOLE)
    _decide(registration, by=by, at=at, note=note)
    protect(registration, families, since=today)
    check_ins.begin(registration, at=at)
    until = registration.protected_until.isoformat()
    fact = RegistrationApproved(registration.pk, was=was, note=note, until=until, rules=rules, is_deemed=is_deemed)
    record(fact, on=registration, by=by, at=at)
    return registration


def _protected_in(found: Iterable[Conflict]) -> Registration | None:
    """Return who is protected, beside whom somebody is approved."""
    holder = next((conflict.rival.registration_id for conflict in found if conflict.blocks_approval), None)
    with seeing_all_partners():
        return Registration.objects.select_related("policy").get(pk=holder) if holder else None


def _approve_beside(
    registration: Registration,
    award: Award,
    first: Registration | None,
    *,
    was: State,
    by: Membership | None,
    at: datetime,
    note: str,
    rules: tuple[str, ...],
) -> Registration:
    give_beside(registration, award, first)
    _decide(registration, by=by, at=at, note=note)
    check_ins.begin(registration, at=at)
    fact = RegistrationApproved(registration.pk, was=was, note=note, rules=rules, award=award.value)
    record(fact, on=registration, by=by, at=at)
    return registration


def give_beside(registration: Registration, award: Award, first: Registration | None) -> None:
    """Note what a place beside others gives: a percentage off quotes, and points."""
    stipulated = rule_queries.stipulated(registration)
    of_first = rule_queries.stipulated(first) if first is not None else None
    registration.award, registration.points = award, stipulated.points(award)
    registration.award_percent = stipulated.percent_beside(award, of_first)


@service
def reject(
    registration: Registration,
    *,
    reason_code: str,
    note: str,
    by: Membership | None,
    at: datetime,
    version: int | None = None,
    rules: tuple[str, ...] = (),
    is_deemed: bool = False,
    only_if_asked: bool = False,
    is_final: bool = False,
) -> Registration:
    """Refuse the registration for a reason from the vendor's list, which the partner sees with the note.

    Raises `NotPossible` unless it waits for a decision, `Changed` if `version` is not the latest, `OwnEntry`, and
    `NotYourTurn` where others are asked, unless it `is_final`.
    """
    registration = Registration.objects.locked(registration.pk)
    was = _take(registration, Action.REJECT, version)
    _refuse_own_entry(registration, by)
    if by is None or is_final:
        agreement.recall(registration, by=by, at=at)
    else:
        facts: dict[str, Any] = {"reason_code": reason_code, "note": note, "only_if_asked": only_if_asked}
        approvals.refuse(registration, **facts, by=by, at=at)
    registration.reason_code = reason_code
    _decide(registration, by=by, at=at, note=note)
    fact = RegistrationRejected(
        registration.pk, was=was, reason_code=reason_code, note=note, rules=rules, is_deemed=is_deemed
    )
    record(fact, on=registration, by=by, at=at)
    return registration


@service
def ask(
    registration: Registration,
    *,
    question: str,
    fields: tuple[str, ...] = (),
    by: Membership,
    at: datetime,
    version: int | None = None,
    only_if_asked: bool = False,
) -> Registration:
    """Ask the partner for information: the named fields reopen and the clocks of the decision stand still.

    Raises `NotPossible` unless it waits for a decision, `Changed` if `version` is not the latest, `EvidenceAwaited` in
    a conflict case, and with `only_if_asked` `NotYourTurn`.
    """
    registration = Registration.objects.locked(registration.pk)
    was = _take(registration, Action.ASK, version)
    _refuse_while_evidence_is_awaited(registration)
    if only_if_asked:
        approvals.refuse_unless_asked(registration, by=by, at=at)
    terms = registration_terms.pinned(registration.policy)
    answer_by = at + timedelta(days=terms.answer_days)
    questions.ask(registration, question, fields=fields, asked_by=by.user_id, at=at, answer_by=answer_by)
    registration.answer_by = answer_by
    registration.save()
    agreement.pause(registration, at=at)
    record(
        InformationRequested(
            registration.pk, was=was, question=question, fields=fields, answer_by=answer_by.isoformat()
        ),
        on=registration,
        by=by,
        at=at,
    )
    return registration


@service
def research(
    registration: Registration,
    *,
    note: str = "",
    by: Membership,
    at: datetime,
    version: int | None = None,
    only_if_asked: bool = False,
) -> Registration:
    """Take the time for research that the rules give, once, after what was promised; the partner is told until when.

    Raises `NoResearch` where they give none or it was taken, `NotPossible` unless it waits for a decision, `Changed` if
    `version` is not the latest, `EvidenceAwaited` in a conflict case, and with `only_if_asked` `NotYourTurn`.
    """
    registration = Registration.objects.locked(registration.pk)
    if not registration.is_waiting:
        raise NotPossible(registration=registration, action=Action.APPROVE)
    if version is not None and version != registration.version:
        raise Changed(registration=registration)
    _refuse_while_evidence_is_awaited(registration)
    if only_if_asked:
        approvals.refuse_unless_asked(registration, by=by, at=at)
    stipulated = rule_queries.stipulated(registration)
    if not stipulated.research_days or clock.researches_of(registration).exists():
        raise NoResearch(days=stipulated.research_days)
    more = replace(stipulated.promise, amount=stipulated.research_days, unit=Unit.DAYS)
    registration.decide_by = calendars.promised(more, at=max(at, registration.decide_by or at))
    registration.version += 1
    registration.save()
    fact = ResearchBegun(registration.pk, stipulated.research_days, registration.decide_by.isoformat(), note)
    record(fact, on=registration, by=by, at=at)
    return registration


@service
def undo(registration: Registration, *, by: Membership, at: datetime, only_own: bool = False) -> Registration:
    """Take one's own last decision back before anybody was told, or one that the rules made; the history keeps both.

    Raises `TooLateToUndo` or `DecisionStands` once its time is over, the decision was announced or anything else
    happened.
    """
    if registration.customer_id:
        EndCustomer.objects.locked(registration.customer_id)
    registration = Registration.objects.locked(registration.pk)
    if registration.is_waiting:
        if not approvals.take_back(registration, by=by, at=at):
            raise TooLateToUndo(registration=registration)
        return registration
    event = Event.objects.filter(subject_id=registration.pk).exclude(partner_path="").order_by("-at", "-id").first()
    deciders = (by.user_id,) if only_own else (None, by.user_id)
    if event is None or event.by_id not in deciders or not _is_decision(event):
        raise TooLateToUndo(registration=registration)
    if case_queries.decided_with(registration).exists():
        raise TooLateToUndo(registration=registration)  # others were decided about together with it
    if at > event.at + outbox.UNDO_TIME or not outbox.withdraw(event.pk):
        raise TooLateToUndo(registration=registration)
    review, protection, stage = event.payload["was"]
    registration.restore(State(Review(review), ProtectionState(protection), Stage(stage)))
    registration.decided_at = registration.decided_by = registration.answer_by = None
    if event.by_id is None:
        registration.deemed = Deemed.NONE  # the clock would only decide the same again
    registration.protected_from = registration.protected_until = None
    registration.protection_days = registration.program_version = None
    registration.protection_tier = registration.award = ""
    registration.award_percent = registration.points = None
    registration.reason_code = registration.decision_note = ""
    registration.save()
    Protection.objects.filter(registration=registration).delete()
    CheckIn.objects.filter(registration=registration).delete()
    if event.name == InformationRequested.name:
        questions.drop(registration)
        agreement.resume(registration, at=at)
    elif event.by_id is None:
        agreement.reopen(registration, by=by, at=at)
    else:
        approvals.take_back(registration, by=by, at=at)
    record(DecisionUndone(registration.pk, event_id=event.pk, decision=event.name), on=registration, by=by, at=at)
    return registration


def follow(registration: Registration, ruling: Ruling, *, award: Award, at: datetime) -> Registration | None:
    """Decide as the rules say: approve or refuse at once. Whoever came in between leaves it to a person: nothing then.

    `award` is what the rules counted on.
    """
    names = rulings.matched(ruling)
    with seeing_all_partners():  # the partner sends it, but the vendor's rules decide
        if ruling.course == Course.REFUSE:
            reason = Stipulated(effects=ruling.effects).reason
            return reject(registration, reason_code=reason, note="", by=None, at=at, rules=names)
        try:
            return approve(registration, by=None, at=at, rules=names, award=award)
        except (Contested, InCase, NotBeside, AwardUnfit, NothingToApprove):
            rulings.leave_to_person(ruling, at=at)
            return None


@service
def deem(registration: Registration, *, at: datetime) -> bool:
    """Let a decision that nobody made in time count as the rules say; running it again finds nothing to do.

    Silence approves nobody while somebody else is after the customer, or whose partner is not active any more: a person
    decides then, late as it is.
    """
    EndCustomer.objects.locked(registration.customer_id)
    registration = Registration.objects.locked(registration.pk)
    if not registration.is_waiting or registration.deemed == Deemed.NONE:
        return False
    if registration.decide_by is None or registration.decide_by >= at:
        return False
    if case_queries.open_parties().filter(registration=registration).exists():
        return False
    if registration.deemed == Deemed.REJECTED:
        reason = rule_queries.stipulated(registration).reason
        reject(registration, reason_code=reason, note="", by=None, at=at, is_deemed=True)
        return True
    try:
        if is_contested(registration, at) or not registration.partner.is_active:
            raise Contested(rival=None)
        approve(registration, by=None, at=at, is_deemed=True)
    except (Contested, NothingToApprove):
        registration.deemed = Deemed.NONE
        registration.save()
        record(DeemingStopped(registration.pk), on=registration, by=None, at=at, is_internal=True)
        return False
    return True


def refuse_contested(registration: Registration, families: set[UUID], *, today: date) -> None:
    """Refuse while the rules know somebody who holds the customer. Raises `Contested`."""
    terms = registration_terms.pinned(registration.policy)
    found = conflicts_of(registration, families=families, today=today, terms=terms)
    _refuse_blocked(found)


def _refuse_blocked(found: Iterable[Conflict]) -> None:
    for conflict in found:
        if conflict.blocks_approval:
            with seeing_all_partners():
                raise Contested(rival=Registration.objects.get(pk=conflict.rival.registration_id))


def first_before(registration: Registration, order: Order, *, why: str) -> Registration | None:
    """Return who comes first by the order of the terms, if somebody else does. Raises `NotFirst` without a reason."""
    if order.first is None or order.is_first(registration):
        return None
    if not why:
        raise NotFirst(first=order.first)
    return order.first


def set_aside(registration: Registration, first: Registration, *, why: str, by: Membership, at: datetime) -> None:
    """Keep why somebody is approved though another comes first by the order of the terms."""
    fact = PrecedenceOverridden(registration.pk, first_id=first.pk, partner=first.partner.name, why=why)
    record(fact, on=registration, by=by, at=at, is_internal=True)


def _take(registration: Registration, action: Action, version: int | None) -> State:
    """Move the registration if it still is the version that was looked at; return the state before."""
    was = move(registration, action)
    if version is not None and version != registration.version - 1:
        raise Changed(registration=registration)
    return was


def _refuse_own_entry(registration: Registration, by: Membership | None) -> None:
    if by is not None and by.user_id == registration.entered_by_id:
        raise OwnEntry(registration=registration)


def _refuse_while_evidence_is_awaited(registration: Registration) -> None:
    if case_queries.open_parties().filter(registration=registration, stands_since__isnull=False).exists():
        raise EvidenceAwaited


def _is_decision(event: Event) -> bool:
    return issubclass(FACTS[event.name], Decision)


def _decide(registration: Registration, *, by: Membership | None, at: datetime, note: str) -> None:
    registration.decided_by_id = by.user_id if by else None
    registration.decided_at, registration.decision_note = at, note
    registration.save()


def protect(registration: Registration, families: set[UUID], *, since: date) -> None:
    """Write the protections; two that overlap are impossible, so the loser of a race learns it here.

    What the registration held before and gave up is held again by the same row.
    """
    known = Protection.objects.filter(registration=registration, family__in=families)
    rows = [
        Protection(
            registration=registration,
            partner_path=registration.partner_path,
            customer_id=registration.customer_id,
            family_id=family,
            starts_on=since,
            ends_on=registration.protected_until,
        )
        for family in families - set(known.values_list("family_id", flat=True))
    ]
    try:
        with transaction.atomic():
            known.update(is_in_force=True, starts_on=since, ends_on=registration.protected_until)
            Protection.objects.bulk_create(rows)
    except IntegrityError as error:
        if "protections_never_overlap" not in str(error):
            raise
        holder = (
            Protection.objects.filter(customer=registration.customer_id, family__in=families, is_in_force=True)
            .select_related("registration")
            .first()
        )
        raise Contested(rival=holder.registration if holder else None) from error
