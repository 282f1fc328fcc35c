"""Who is told of what happens to claims and payments (the words are templates)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from mdf import permissions
from mdf.events import (
    ClaimAgreed,
    ClaimAnswered,
    ClaimApproved,
    ClaimAsked,
    ClaimCommented,
    ClaimExtensionApproved,
    ClaimExtensionAsked,
    ClaimExtensionRejected,
    ClaimPaid,
    ClaimReclaimed,
    ClaimRejected,
    ClaimSubmitted,
    ClaimWithdrawn,
)
from mdf.models import Claim, FundRequest
from mdf.queries import people
from mdf.rules.approvals import Step
from mdf.services import terminations
from partners.enums import PartnerStatus
from partners.models import Partner
from prm.accounts.models import Membership, User
from prm.accounts.roles import Role
from prm.events.facts import Fact
from prm.events.models import Delivery, Event
from prm.events.outbox import handles
from prm.money import Money
from prm.notifications.kinds import Audience, kind
from prm.notifications.models import Channel
from prm.notifications.services import notify
from prm.policies.models import ReasonCode
from prm.tenancy.middleware import URLCONF

PAGE, ANSWER, INBOX = "mdf:claim", "mdf:claim-answer", "mdf:claim-inbox-item"
REQUEST, EXTENSION = "mdf:request", "mdf:extension-decision"


@dataclass(frozen=True)
class News:
    """What people are told of, where its link leads, and how it reaches them by mail unless they choose."""

    label: Any
    page: str = PAGE
    by_mail: Channel = Channel.AT_ONCE


TO_PARTNER: dict[type[Fact], News] = {
    ClaimApproved: News(_("A claim is approved")),
    ClaimRejected: News(_("A claim is rejected")),
    ClaimAsked: News(_("The vendor asks about a claim"), ANSWER),
    ClaimPaid: News(_("A claim is paid")),
    ClaimReclaimed: News(_("Money is clawed back")),
    ClaimExtensionApproved: News(_("There is more time to claim"), REQUEST),
    ClaimExtensionRejected: News(_("The deadline of a claim stays"), REQUEST),
}
TO_VENDOR: dict[type[Fact], News] = {
    ClaimSubmitted: News(_("A claim is submitted"), INBOX),
    ClaimAnswered: News(_("A partner answers about a claim"), INBOX),
    ClaimWithdrawn: News(_("A claim is withdrawn"), by_mail=Channel.DIGEST),
    ClaimExtensionAsked: News(_("A partner asks for more time to claim"), EXTENSION),
}
# What a message says word for word of what was said.
QUOTED = ("note", "question", "answer", "text", "flags", "reference", "days")
DAYS = ("until", "pay_by", "paid_on")
AMOUNTS = ("amount", "asked", "netted", "rest")


def code_of(event_name: str) -> str:
    """Return the kind of news an event is: `mdf.claim_approved` for `mdf.claim.approved`."""
    app, _dot, rest = event_name.partition(".")
    return f"{app}.{rest.replace('.', '_')}"


PAGES = {
    kind(code_of(fact.name), news.label, audience, news.by_mail).code: news.page
    for audience, table in ((Audience.PARTNER, TO_PARTNER), (Audience.VENDOR, TO_VENDOR))
    for fact, news in table.items()
}
NEXT_STEP = kind("mdf.claim_agreed", _("A claim needs your approval too"), Audience.VENDOR)
TO_PAY = kind("mdf.claim_to_pay", _("A claim is to be paid"), Audience.VENDOR, Channel.DIGEST)
UNANSWERED = kind("mdf.claim_unanswered", _("A claim lapses without an answer"), Audience.PARTNER)
COMMENT = kind("mdf.claim_commented", _("Somebody of the other side writes about a claim"), Audience.EVERYBODY)
NOTE = kind("mdf.claim_noted", _("A colleague writes an internal note about a claim"), Audience.VENDOR)
PAGES[NEXT_STEP.code] = INBOX


@handles(*[fact for fact in TO_PARTNER if fact not in (ClaimExtensionApproved, ClaimExtensionRejected)])
def tell_partner(event: Event, delivery: Delivery) -> None:
    claim = _claim(event)
    _tell(_firm(claim), code_of(event.name), claim, event, delivery)


@handles(ClaimApproved)
def tell_finance(event: Event, delivery: Delivery) -> None:
    """Tell finance what is to be paid, and by when."""
    _tell(people.with_roles({Role.FINANCE}), TO_PAY.code, _claim(event), event, delivery)


@handles(ClaimSubmitted, ClaimAnswered, ClaimWithdrawn)
def tell_vendor(event: Event, delivery: Delivery) -> None:
    """Tell the channel manager; of what the clock withdrew, the partner."""
    claim = _claim(event)
    if event.payload.get("is_lapsed"):
        _tell(_firm(claim), UNANSWERED.code, claim, event, delivery)
    else:
        _tell(_managers(claim.partner), code_of(event.name), claim, event, delivery)


@handles(ClaimApproved, ClaimRejected, ClaimWithdrawn)
def end_request(event: Event, delivery: Delivery) -> None:
    """Free what is still reserved for a partner that is gone, now that its last claim is decided."""
    claim = _claim(event)
    if claim.partner.status == PartnerStatus.TERMINATED:
        terminations.end(claim.request, by=Membership.get_or_none(user_id=event.by_id), at=event.at)


@handles(ClaimAgreed)
def tell_next_step(event: Event, delivery: Delivery) -> None:
    """Tell those who may take the next step that it waits for them."""
    is_finance = event.payload["waits_for"] == Step.FINANCE
    roles = {Role.FINANCE} if is_finance else permissions.can_decide_claims.roles - {Role.FINANCE}
    _tell(people.with_roles(roles), NEXT_STEP.code, _claim(event), event, delivery)


@handles(ClaimCommented)
def tell_of_comment(event: Event, delivery: Delivery) -> None:
    """Tell the other side; an internal note stays with the vendor's people who look after the claim."""
    claim = _claim(event)
    if not event.partner_path:
        _tell(_managers(claim.partner), NOTE.code, claim, event, delivery)
    elif event.by_firm:
        _tell(_managers(claim.partner), COMMENT.code, claim, event, delivery)
    else:
        _tell(_firm(claim), COMMENT.code, claim, event, delivery)


@handles(ClaimExtensionAsked, ClaimExtensionApproved, ClaimExtensionRejected)
def tell_of_extension(event: Event, delivery: Delivery) -> None:
    """Tell whoever decides that more time is asked for, and the partner what became of it."""
    request = FundRequest.objects.select_related("partner").get(pk=event.subject_id)
    is_asked = event.name == ClaimExtensionAsked.name
    users = _managers(request.partner) if is_asked else people.of_firm(request.partner_id, request.owner_id)
    facts = {"title": request.title, "number": request.number, "partner": request.partner.name}
    facts |= {"by": event.by.name if event.by else "", "said": event.payload.get("reason", ""), **_said(event)}
    _notify(users, code_of(event.name), event, request.pk, facts, delivery)


def _firm(claim: Claim) -> list[User]:
    return people.of_firm(claim.partner_id, claim.owner_id)


def _managers(partner: Partner) -> list[User]:
    return people.who_decide(partner, permissions.can_decide_claims.roles - {Role.FINANCE})


def _claim(event: Event) -> Claim:
    return Claim.objects.select_related("partner", "request").get(pk=event.subject_id)


def _tell(users: Iterable[User], code: str, claim: Claim, event: Event, delivery: Delivery) -> None:
    facts = {
        "title": claim.request.title,
        "number": claim.number,
        "partner": claim.partner.name,
        "by": event.by.name if event.by else "",
        "asked": claim.asked,
        **_said(event),
    }
    _notify(users, code, event, claim.pk, facts, delivery)


def _notify(users: Iterable[User], code: str, event: Event, pk: Any, facts: dict[str, Any], delivery: Delivery) -> None:
    """Tell everybody but the one who did it."""
    path = reverse(PAGES.get(code, PAGE), urlconf=URLCONF, args=[pk])
    told = list({user.pk: user for user in users if user.pk != event.by_id}.values())
    notify(told, kind=code, event=event, path=path, facts=facts, delivery=delivery)


def _said(event: Event) -> dict[str, Any]:
    """Return what an event said, with money, days and reasons as such."""
    said = event.payload
    facts: dict[str, Any] = {name: said[name] for name in QUOTED if name in said}
    facts |= {name: date.fromisoformat(said[name]) for name in DAYS if said.get(name)}
    if said.get("answer_by"):
        facts["answer_by"] = datetime.fromisoformat(said["answer_by"])
    if said.get("currency"):
        facts |= {name: Money(Decimal(said[name]), said["currency"]) for name in AMOUNTS if said.get(name)}
    if said.get("reason_code"):
        facts["reason"] = _reason(said["reason_code"])
    return facts


def _reason(code: str) -> Any:
    """Return the vendor's reason, or the bare code once the vendor has none."""
    return ReasonCode.objects.filter(code=code).first() or ReasonCode(code=code, label=code)
