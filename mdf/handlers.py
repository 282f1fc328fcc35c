"""What a new vendor starts with, and who is told of what happens to marketing funds (the words are templates)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from mdf import permissions
from mdf.enums import RequestStatus
from mdf.events import (
    AllocationAdjusted,
    AllocationForfeited,
    AllocationMade,
    AllocationReinstated,
    AllocationReminded,
    AllocationTransferred,
    BalanceDiffered,
    FundRequestAgreed,
    FundRequestAnswered,
    FundRequestApproved,
    FundRequestAsked,
    FundRequestCancelled,
    FundRequestCommented,
    FundRequestLapsed,
    FundRequestRejected,
    FundRequestReminded,
    FundRequestSubmitted,
    FundRequestWithdrawn,
)
from mdf.models import FundAllocation, FundRequest
from mdf.queries import people
from mdf.queries import terminations as ending
from mdf.rules.approvals import Step
from mdf.services import terminations, vendors
from partners.events import PartnerTerminated
from partners.models import Partner
from partners.queries import terminations as asked
from prm.accounts.models import Membership, User
from prm.accounts.roles import Role
from prm.accounts.vendors import at_opening
from prm.events.facts import Fact
from prm.events.models import Delivery, Event
from prm.events.outbox import handles
from prm.money import Money
from prm.notifications.kinds import Audience, Kind, kind
from prm.notifications.models import Channel
from prm.notifications.services import notify
from prm.policies.models import ReasonCode
from prm.tenancy.middleware import URLCONF

PAGE, ANSWER, INBOX, STATEMENT = "mdf:request", "mdf:request-answer", "mdf:inbox-item", "mdf:statement"


@dataclass(frozen=True)
class News:
    """What people are told of, where its link leads, and how it reaches them by mail unless they choose."""

    label: Any
    page: str = PAGE
    by_mail: Channel = Channel.AT_ONCE


TO_PARTNER: dict[type[Fact], News] = {
    FundRequestApproved: News(_("A fund request is approved")),
    FundRequestRejected: News(_("A fund request is rejected")),
    FundRequestAsked: News(_("The vendor asks about a fund request"), ANSWER),
    FundRequestReminded: News(_("A claim is due soon")),
    FundRequestLapsed: News(_("An approved fund request lapses")),
}
TO_VENDOR: dict[type[Fact], News] = {
    FundRequestSubmitted: News(_("A fund request is submitted"), INBOX),
    FundRequestAnswered: News(_("A partner answers about a fund request"), INBOX),
    FundRequestWithdrawn: News(_("A fund request is withdrawn"), by_mail=Channel.DIGEST),
    FundRequestCancelled: News(_("A funded activity is cancelled"), by_mail=Channel.DIGEST),
}
TO_SHARE: dict[type[Fact], News] = {
    AllocationMade: News(_("Marketing money is allocated"), STATEMENT),
    AllocationAdjusted: News(_("An allocation is adjusted"), STATEMENT),
    AllocationTransferred: News(_("Marketing money is transferred"), STATEMENT),
    AllocationReminded: News(_("Marketing money lapses soon"), STATEMENT),
    AllocationForfeited: News(_("Marketing money has lapsed"), STATEMENT),
    AllocationReinstated: News(_("Lapsed marketing money is given back"), STATEMENT),
}
# What a message says word for word of what was said.
QUOTED = ("note", "question", "answer", "text", "days_left")


def code_of(event_name: str) -> str:
    """Return the kind of news an event is: `mdf.fund_request_approved` for `mdf.fund_request.approved`."""
    app, _dot, rest = event_name.partition(".")
    return f"{app}.{rest.replace('.', '_')}"


PAGES = {
    kind(code_of(fact.name), news.label, audience, news.by_mail).code: news.page
    for audience, table in (
        (Audience.PARTNER, TO_PARTNER),
        (Audience.VENDOR, TO_VENDOR),
        (Audience.PARTNER, TO_SHARE),
    )
    for fact, news in table.items()
}
NEXT_STEP = kind("mdf.fund_request_agreed", _("A fund request needs your approval too"), Audience.VENDOR)
UNANSWERED = kind("mdf.fund_request_unanswered", _("A fund request lapses without an answer"), Audience.PARTNER)
COMMENT = kind("mdf.fund_request_commented", _("Somebody of the other side writes about a request"), Audience.EVERYBODY)
NOTE = kind("mdf.fund_request_noted", _("A colleague writes an internal note about a request"), Audience.VENDOR)
ENDED = kind("mdf.fund_requests_ended", _("Fund requests end with the work with a partner"), Audience.VENDOR)
DIFFERENCE = kind("mdf.balance_differed", _("A balance of the ledger does not add up"), Audience.VENDOR)


at_opening(vendors.prepare)
asked.asks(ending.endings_of)


@handles(*TO_PARTNER)
def tell_partner(event: Event, delivery: Delivery) -> None:
    request = _request(event)
    _tell(people.of_firm(request.partner_id, request.owner_id), code_of(event.name), request, event, delivery)


@handles(*TO_VENDOR)
def tell_vendor(event: Event, delivery: Delivery) -> None:
    """Tell the channel manager; of what the clock withdrew, the partner."""
    request = _request(event)
    if event.payload.get("is_terminated"):
        return  # all requests of the partner are told of in one message
    if event.payload.get("is_lapsed"):
        _tell(people.of_firm(request.partner_id, request.owner_id), UNANSWERED, request, event, delivery)
    else:
        _tell(_managers(request), code_of(event.name), request, event, delivery)


@handles(FundRequestAgreed)
def tell_next_step(event: Event, delivery: Delivery) -> None:
    """Tell those who may take the next step that it waits for them."""
    request = _request(event)
    is_finance = event.payload["waits_for"] == Step.FINANCE
    roles = {Role.FINANCE} if is_finance else permissions.can_decide.roles - {Role.FINANCE}
    _tell(people.with_roles(roles), NEXT_STEP, request, event, delivery)


@handles(FundRequestCommented)
def tell_of_comment(event: Event, delivery: Delivery) -> None:
    """Tell the other side; an internal note stays with the vendor's people who look after the request."""
    request = _request(event)
    looking_after = [*_managers(request), *people.who_decided(request)]
    if not event.partner_path:
        _tell(looking_after, NOTE, request, event, delivery)
    elif event.by_firm:
        _tell(looking_after, COMMENT, request, event, delivery)
    else:
        _tell(people.of_firm(request.partner_id, request.owner_id), COMMENT, request, event, delivery)


@handles(*TO_SHARE)
def tell_of_share(event: Event, delivery: Delivery) -> None:
    """Tell the partner what happened to its share of a fund."""
    share = FundAllocation.objects.select_related("fund", "partner").get(pk=event.subject_id)
    facts = {"partner": share.partner.name, "fund": share.fund.name, **_said(event)}
    _notify(people.of_firm(share.partner_id), code_of(event.name), event, share.pk, facts, delivery)


@handles(BalanceDiffered)
def raise_alarm(event: Event, delivery: Delivery) -> None:
    """Tell the vendor's administrators and finance that a balance does not add up."""
    path = reverse("mdf:fund-ledger", urlconf=URLCONF, args=[event.subject_id])
    told = people.with_roles({Role.ADMIN, Role.FINANCE})
    notify(told, kind=DIFFERENCE.code, event=event, path=path, facts=_said(event), delivery=delivery)


@handles(PartnerTerminated)
def end_requests(event: Event, delivery: Delivery) -> None:
    """End what the partner had asked for, and tell whoever looked after it once, of all of it."""
    partner, by = Partner.objects.get(pk=event.subject_id), Membership.get_or_none(user_id=event.by_id)
    rows = ending.open_requests(partner).order_by("allocation_id", "id")
    became = [terminations.end(row, by=by, at=event.at) for row in rows]
    facts = {
        "partner": partner.name,
        "by": event.by.name if event.by else "",
        "withdrawn": became.count(RequestStatus.WITHDRAWN),
        "freed": became.count(RequestStatus.CANCELLED) + became.count(RequestStatus.COMPLETED),
        "claimed": became.count(None),
    }
    if became:
        told = [user for user in _who_look_after(partner) if user.pk != event.by_id]
        path = f"{reverse('mdf:requests', urlconf=URLCONF)}?view=all&partner={partner.pk}"
        notify(told, kind=ENDED, event=event, path=path, facts=facts, delivery=delivery)


def _managers(request: FundRequest) -> list[User]:
    return _who_look_after(request.partner)


def _who_look_after(partner: Partner) -> list[User]:
    return people.who_decide(partner, permissions.can_decide.roles - {Role.FINANCE})


def _request(event: Event) -> FundRequest:
    return FundRequest.objects.select_related("partner", "fund").get(pk=event.subject_id)


def _tell(users: Iterable[User], news: Kind | str, request: FundRequest, event: Event, delivery: Delivery) -> None:
    code = news if isinstance(news, str) else news.code
    facts = {
        "title": request.title,
        "number": request.number,
        "partner": request.partner.name,
        "by": event.by.name if event.by else "",
        "asked": request.asked,
        **_said(event),
    }
    _notify(users, code, event, request.pk, facts, delivery)


def _notify(users: Iterable[User], code: str, event: Event, pk: Any, facts: dict[str, Any], delivery: Delivery) -> None:
    """Tell everybody but the one who did it."""
    page = INBOX if code == NEXT_STEP.code else PAGES.get(code, PAGE)
    path = reverse(page, urlconf=URLCONF, args=[pk])
    told = list({user.pk: user for user in users if user.pk != event.by_id}.values())
    notify(told, kind=code, event=event, path=path, facts=facts, delivery=delivery)


def _said(event: Event) -> dict[str, Any]:
    """Return what an event said, with money, days and reasons as such."""
    said = event.payload
    facts: dict[str, Any] = {name: said[name] for name in QUOTED if name in said}
    if said.get("until"):
        facts["until"] = date.fromisoformat(said["until"])
    if said.get("answer_by"):
        facts["answer_by"] = datetime.fromisoformat(said["answer_by"])
    for name in ("amount", "asked", "kept", "counted"):
        if said.get(name) and said.get("currency"):
            facts[name] = Money(abs(Decimal(said[name])), said["currency"])
    if said.get("amount"):
        facts["is_less"] = said["amount"].startswith("-")
    if said.get("reason_code"):
        facts["reason"] = _reason(said["reason_code"])
    return facts


def _reason(code: str) -> ReasonCode:
    """Return the vendor's reason, or the bare code once the vendor has none."""
    return ReasonCode.objects.filter(code=code, area__startswith="mdf.").first() or ReasonCode(code=code, label=code)
