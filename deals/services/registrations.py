"""What partners do with a registration: submit it, answer a question, withdraw it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from deals.enums import Action, Course, Review
from deals.events import (
    InformationAnswered,
    RegistrationSubmitted,
    RegistrationWithdrawn,
)
from deals.models import Registration
from deals.queries import engagements, precedence, rules
from deals.queries import terms as registration_terms
from deals.queries.conflicts import alike_of, conflicts_of
from deals.rules import engagement
from deals.rules.engagement import Stipulated
from deals.rules.terms import AREA
from deals.services import approvals, cases, customers, decisions, judging, rulings
from deals.services.drafts import Content, Stale, fill, refuse_unless_let
from deals.services.moves import lock_customer, move
from prm.accounts.models import Membership
from prm.approvals import queries as agreements
from prm.approvals import services as agreement
from prm.clocks import calendars
from prm.custom_fields import queries as custom_queries
from prm.custom_fields import services as custom_fields
from prm.custom_fields.kinds import KINDS
from prm.events.outbox import record
from prm.events.refusals import DomainError
from prm.events.service import service
from prm.files import queries as files
from prm.policies import following
from prm.questions import services as questions
from prm.tenancy.context import seeing_all_partners
from prm.tenancy.numbers import next_number

UNDECIDED = (Review.SUBMITTED, Review.IN_REVIEW, Review.INFO_REQUESTED)


class PartnerNotActive(DomainError):
    """A suspended or departed partner registers nothing."""


@service
def submit(
    registration: Registration, content: Content, *, by: Membership, at: datetime, version: int | None = None
) -> Registration:
    """Send a draft to the vendor: it gets its number, its customer is recognised, and the rules say what comes next.

    Raises `Stale`, `PartnerNotActive`, `NotForThem`, `CustomFieldsMissing`, or `NotPossible` if it was sent already.
    """
    registration = Registration.objects.locked(registration.pk)
    refuse_unless_let(registration, by=by, at=at)
    if not registration.partner.is_active:
        raise PartnerNotActive(partner=registration.partner)
    move(registration, Action.SUBMIT)
    if version is not None and version != registration.version - 1:
        raise Stale(registration=registration)
    fill(registration, content)
    registration.typed = {}
    today = registration_terms.today_of_vendor(at)
    registration.policy, terms = registration_terms.current(today)
    registration.number = next_number("DR", today.year)
    registration.customer = customers.recognise(registration, at)
    registration.submitted_at = registration.saved_at = at
    custom_fields.refuse_incomplete(KINDS[AREA], registration, at=at)
    families = {line.family.pk for line in content.lines or ()}
    with seeing_all_partners():
        alike = alike_of(registration)
    facts: dict[str, Any] = {"families": frozenset(families), "today": today, "terms": terms, "alike": alike}
    found = conflicts_of(registration, **facts)
    is_engaged = engagements.is_engaged(registration, **facts, at=at)
    goes_on = lambda how: not is_engaged and precedence.goes_on(registration, found, how, terms=terms, at=at)  # noqa: E731
    ruling = rulings.follow(registration, is_contested=bool(found) or is_engaged, at=at, goes_on=goes_on)
    stipulated = Stipulated(terms, ruling.effects)
    registration.decide_by = calendars.promised(stipulated.promise, at=at)
    registration.deemed = stipulated.deemed
    registration.save()
    is_on_behalf = registration.entered_by_id is not None
    record(
        RegistrationSubmitted(registration.pk, conflicts=len(found), is_on_behalf=is_on_behalf),
        on=registration,
        by=by,
        at=at,
    )
    if ruling.course != Course.PERSON:
        award = precedence.award_for(stipulated.contested, found)
        if decided := decisions.follow(registration, ruling, award=award, at=at):
            return decided
        found = conflicts_of(registration, **facts)  # somebody came in between
    approvals.begin(registration, ruling, by=by, at=at)
    if terms.opens_cases:
        cases.open_for_submission(registration, found, at=at)
    return registration


@service
def answer(
    registration: Registration, content: Content | None, *, text: str, by: Membership, at: datetime
) -> Registration:
    """Answer the vendor's question and let its clock run again; only the fields asked for may change."""
    lock_customer(registration, Action.ANSWER)  # as whoever decides does, and in the same order
    registration = Registration.objects.locked(registration.pk)
    move(registration, Action.ANSWER)
    asked_at = at - questions.answer(registration, text, answered_by=by.user_id, at=at)
    known = registration.custom
    changed = _apply_answer(registration, content, asked_at)
    changed += custom_fields.tell_change(AREA, registration, known, by=by, at=at)
    agreement.resume(registration, at=at)
    if changed:
        judging.follow(registration, changed, by=by, at=at)
    if registration.decide_by:
        promise = rules.stipulated(registration).promise
        registration.decide_by = calendars.resumed(registration.decide_by, stood_since=asked_at, at=at, promise=promise)
    judging.leave_late_to_person(registration, at)
    if changed:
        judging.give_time_to_read(registration, at)
    registration.answer_by = None
    registration.saved_at = at
    registration.save()
    cases.stand_on(registration, at=at)
    if changed:
        cases.follow_change(registration, changed, at=at)
    record(InformationAnswered(registration.pk, answer=text, changed=tuple(changed)), on=registration, by=by, at=at)
    return registration


def _apply_answer(registration: Registration, content: Content | None, asked_at: datetime) -> list[str]:
    if content is None:
        return []
    changed = [name for name, value in content.fields.items() if getattr(registration, name) != value]
    changed += _changed_rows(registration, content)
    changed += ["files"] if files.of(registration).filter(added_at__gte=asked_at).exists() else []
    fill(registration, content)
    registration.customer = customers.recognise(registration, asked_at)
    return changed


def _changed_rows(registration: Registration, content: Content) -> list[str]:
    """Say whether the products or the activities are others than before."""
    lines = {(line.family_id, line.product_id, line.quantity) for line in registration.lines.all()}
    activities = {(activity.kind, activity.held_on, activity.note) for activity in registration.activities.all()}
    found = []
    if content.lines is not None and lines != {
        (line.family.pk, line.product and line.product.pk, line.quantity) for line in content.lines
    }:
        found.append("products")
    if content.activities is not None and activities != {
        (activity.kind, activity.held_on, activity.note) for activity in content.activities
    }:
        found.append("activities")
    return found


@service
def follow_values(registration: Registration, before: Mapping[str, Any], *, by: Membership, at: datetime) -> None:
    """Judge again while nobody has decided, if the vendor filled in what the rules or a step look at."""
    if registration.review not in UNDECIDED or registration.policy is None:
        return
    found = following.rules_in(registration.policy)
    asked = engagement.asked(found) if found else frozenset()
    is_asked = custom_queries.differs(KINDS[AREA], registration, before, asked, at)
    if is_asked or agreements.looks_at(registration, custom_fields.CHANGED):
        judging.follow(registration, [custom_fields.CHANGED], by=by, at=at)
        judging.leave_late_to_person(registration, at)
        registration.save()


@service
def withdraw(
    registration: Registration,
    *,
    by: Membership | None,
    at: datetime,
    note: str = "",
    is_lapsed: bool = False,
    is_terminated: bool = False,
) -> Registration:
    """Take a registration back before it is decided.

    Nobody answering a question in time does it too, and so does the end of the work with the partner.
    """
    registration = Registration.objects.locked(registration.pk)
    move(registration, Action.WITHDRAW)
    registration.answer_by = None
    registration.saved_at = at
    registration.save()
    agreement.recall(registration, by=by, at=at)
    fact = RegistrationWithdrawn(registration.pk, note=note, is_lapsed=is_lapsed, is_terminated=is_terminated)
    record(fact, on=registration, by=by, at=at)
    return registration


@service
def lapse(registration: Registration, *, at: datetime) -> bool:
    """Withdraw it because nobody answered the question in time; running it again finds nothing to do."""
    row = Registration.objects.locked(registration.pk)
    if row.review != Review.INFO_REQUESTED or row.answer_by is None or row.answer_by >= at:
        return False
    withdraw(row, by=None, at=at, is_lapsed=True)
    return True
