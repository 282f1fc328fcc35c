"""What somebody who wants to become a partner does: start, save, send, confirm, answer, withdraw; and what lapses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from partners.enums import ApplicationAction, ApplicationStatus, LinkPurpose, PartnerType
from partners.events import ApplicationAnswered, ApplicationExpired, ApplicationSubmitted, ApplicationWithdrawn
from partners.models import Application
from partners.queries import joining
from partners.queries.days import today_of_vendor
from partners.rules import questionnaires
from partners.rules.catalogue import APPLICATION
from partners.rules.questionnaires import Reply
from partners.services import application_links as links
from partners.services import application_mail as mail
from partners.services import application_rules
from partners.services.application_moves import move
from prm import companies
from prm.approvals import services as agreement
from prm.clocks import calendars
from prm.custom_fields import services as custom_fields
from prm.custom_fields.definitions import PREFIX
from prm.custom_fields.kinds import KINDS
from prm.events.outbox import record
from prm.events.refusals import DomainError
from prm.events.service import service
from prm.policies import following
from prm.questions import services as questions
from prm.tenancy.numbers import next_number

REQUIRED = ("company_name", "website", "country", "city", "address", "contact_name", "contact_email")
SENDINGS = 5  # of the mail that confirms an address, before somebody has to talk to the vendor
TYPED_AT_MOST = 4000


class JoiningClosed(DomainError):
    """The vendor takes no applications now."""


class Incomplete(DomainError):
    """Facts or answers that the vendor needs are missing; `missing` names them."""


class ApplicationChanged(DomainError):
    """The application was saved since this page was opened, or sent."""


class TooManySendings(DomainError):
    """The mail was sent as often as it may be."""


class TooLateToAnswer(DomainError):
    """The time to answer is over."""


@dataclass(frozen=True)
class Content:
    """What the form understood: columns of the application, answers by the code of their question, custom fields."""

    facts: Mapping[str, Any] = field(default_factory=dict)
    answers: Mapping[str, Reply] = field(default_factory=dict)
    custom: Mapping[str, Any] = field(default_factory=dict)


@service
def start(type: PartnerType, *, language: str, at: datetime) -> tuple[Application, str]:
    """Begin an application and return it with the secret of its draft. Raises `JoiningClosed`.

    It keeps the questions that are in force now, also if the vendor changes them while it is filled in.
    """
    policy, terms = joining.current(today_of_vendor(at))
    if not terms.is_open:
        raise JoiningClosed
    application = Application(
        type=type,
        language=language,
        policy=policy,
        started_at=at,
        saved_at=at,
        expires_at=at + timedelta(days=terms.draft_days),
    )
    application.save(force_insert=True)
    return application, links.issue(application, LinkPurpose.DRAFT, at=at, days=terms.draft_days)


@service
def save(
    application: Application,
    typed: Mapping[str, str | list[str]],
    *,
    at: datetime,
    type: PartnerType | None = None,
    version: int | None = None,
) -> Application:
    """Keep a draft exactly as typed, perhaps under another type. Raises `ApplicationChanged`."""
    application = _locked_draft(application, version)
    application.typed = {name: _bounded(value) for name, value in typed.items()}
    application.type = type or application.type
    application.saved_at = at
    application.version += 1
    application.save()
    return application


@service
def send(application: Application, content: Content, *, at: datetime, version: int | None = None) -> Application:
    """Take a complete form and mail a link to its address; only opening that link submits it.

    Sending again, perhaps to another address, replaces the link. Raises `ApplicationChanged`, `JoiningClosed`,
    `Incomplete`, `CustomFieldsMissing` or `TooManySendings`.
    """
    application = _locked_draft(application, version)
    if not joining.current(today_of_vendor(at))[1].is_open:
        raise JoiningClosed
    if application.sendings >= SENDINGS:
        raise TooManySendings(email=application.contact_email)
    _fill(application, content)
    _refuse_incomplete(application)
    custom_fields.refuse_incomplete(KINDS[APPLICATION], application, at=at)
    application.sent_at = application.saved_at = at
    application.sendings += 1
    application.version += 1
    application.save()
    links.revoke(application, LinkPurpose.STATUS)
    mail.confirm(application, at=at)
    return application


@service
def confirm(application: Application, *, at: datetime) -> Application:
    """Submit what was sent, now that its address is known to be right; again it changes nothing.

    It gets its number, the promise starts, and the address of the draft stops working. Raises `JoiningClosed`,
    `Incomplete` or `ApplicationNotPossible`.
    """
    application = Application.objects.locked(application.pk)
    if application.submitted_at is not None:
        return application
    today = today_of_vendor(at)
    if not joining.current(today)[1].is_open:
        raise JoiningClosed
    if application.sent_at is None:
        raise Incomplete(missing=())
    _refuse_incomplete(application)
    move(application, ApplicationAction.SUBMIT)
    application.number = next_number("AP", today.year)
    application.submitted_at, application.expires_at, application.typed = at, None, {}
    application.decide_by = calendars.in_business_days(joining.pinned(application).decision_business_days, at=at)
    application.save()
    links.revoke(application, LinkPurpose.DRAFT)
    found = joining.matches_of(application.company, without=application.pk)
    fact = ApplicationSubmitted(application.pk, score=application.score, duplicates=len(found))
    record(fact, on=application, by=None, at=at)
    return application


@service
def answer(application: Application, content: Content, *, text: str, at: datetime) -> Application:
    """Answer the vendor's question and let its clock run again; only what was asked for may change.

    Approvals that look at what changed are asked for again.

    Raises `ApplicationNotPossible`, `TooLateToAnswer` or `Incomplete`.
    """
    application = Application.objects.locked(application.pk)
    move(application, ApplicationAction.ANSWER)
    if application.answer_by is not None and at > application.answer_by:
        raise TooLateToAnswer(until=application.answer_by)
    question = questions.open_one(application)
    asked = set(question.fields) if question else set()
    kept = Content(
        {name: value for name, value in content.facts.items() if name in asked},
        {code: reply for code, reply in content.answers.items() if f"q_{code}" in asked},
        {key: value for key, value in content.custom.items() if f"{PREFIX}{key}" in asked},
    )
    changed, known = _changed(application, kept), application.custom
    _fill(application, replace(kept, answers={**application.answers, **kept.answers}))
    changed += tuple(custom_fields.tell_change(APPLICATION, application, known, by=None, at=at))
    _refuse_incomplete(application)
    waited = questions.answer(application, text, answered_by=None, at=at)
    if application.decide_by:
        promise = following.promise_of(application, joining.pinned(application).decision_business_days)
        application.decide_by = calendars.resumed(
            application.decide_by, stood_since=at - waited, at=at, promise=promise
        )
    application.answer_by = None
    application.saved_at = at
    application_rules.leave_late_to_person(application, at)
    application.save()
    agreement.resume(application, at=at)
    if changed:
        application_rules.follow_change(application, changed, by=None, at=at)
    record(ApplicationAnswered(application.pk, answer=text, changed=changed), on=application, by=None, at=at)
    return application


@service
def withdraw(application: Application, *, at: datetime, note: str = "") -> Application:
    """Take an application back before it is decided. Raises `ApplicationNotPossible`."""
    application = Application.objects.locked(application.pk)
    move(application, ApplicationAction.WITHDRAW)
    application.answer_by = application.expires_at = None
    application.saved_at = at
    application.save()
    agreement.recall(application, by=None, at=at)
    links.revoke(application, LinkPurpose.DRAFT)
    record(ApplicationWithdrawn(application.pk, note=note), on=application, by=None, at=at)
    return application


@service
def expire(application: Application, *, at: datetime) -> bool:
    """End a draft nobody sent in time, or an application whose question nobody answered; again it does nothing."""
    row = Application.objects.locked(application.pk)
    due = row.answer_by if row.status == ApplicationStatus.INFO_REQUESTED else row.expires_at
    if due is None or due >= at or not row.can(ApplicationAction.EXPIRE):
        return False
    was = move(row, ApplicationAction.EXPIRE)
    row.answer_by = row.expires_at = None
    row.save()
    agreement.recall(row, by=None, at=at)
    if was == ApplicationStatus.DRAFT:
        _forget(row)
    record(ApplicationExpired(row.pk, was=was.value), on=row, by=None, at=at)
    return True


def _bounded(typed: str | list[str]) -> str | list[str]:
    if isinstance(typed, list):
        return [each.replace("\0", "")[:TYPED_AT_MOST] for each in typed]
    return typed.replace("\0", "")[:TYPED_AT_MOST]


def _forget(application: Application) -> None:
    """Keep nothing of what a stranger typed and never sent."""
    for name in (*REQUIRED, "tax_id", "name_key", "domain_key", "email_key", "tax_key"):
        setattr(application, name, "")
    application.typed, application.answers, application.custom = {}, {}, {}
    application.score = application.score_most = 0
    application.save()


def _locked_draft(application: Application, version: int | None) -> Application:
    row = Application.objects.select_related("policy").locked(application.pk)
    if row.status != ApplicationStatus.DRAFT or (version is not None and version != row.version):
        raise ApplicationChanged(application=row)
    return row


def _fill(application: Application, content: Content) -> None:
    """Write what was understood onto the application and score it. The caller saves the row."""
    for name, value in content.facts.items():
        setattr(application, name, value)
    application.stamp_keys()
    custom_fields.fill(APPLICATION, application, content.custom)
    asked = joining.pinned(application).questions[PartnerType(application.type)]
    codes = {question.code for question in asked}
    application.answers = {code: reply for code, reply in content.answers.items() if code in codes}
    scored = questionnaires.score(asked, application.answers)
    application.score, application.score_most = scored.total, scored.most


def _changed(application: Application, content: Content) -> tuple[str, ...]:
    facts = [name for name, value in content.facts.items() if getattr(application, name) != value]
    replies = [f"q_{c}" for c, reply in content.answers.items() if application.answers.get(c) != reply]
    return (*facts, *replies)


def _refuse_incomplete(application: Application) -> None:
    missing = [name for name in REQUIRED if not getattr(application, name)]
    asked = joining.pinned(application).questions[PartnerType(application.type)]
    missing += [f"q_{code}" for code in questionnaires.unanswered(asked, application.answers)]
    if application.tax_id and companies.tax_id_is_valid(application.tax_id, application.country) is False:
        missing.append("tax_id")
    if missing:
        raise Incomplete(missing=tuple(missing))
