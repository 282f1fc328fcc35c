"""Who is told of what happens to fund requests."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from mdf import permissions
from mdf.enums import RequestStatus
from mdf.events import (
    FundRequestAnswered,
    FundRequestApproved,
    FundRequestAsked,
    FundRequestCancelled,
    FundRequestDealEnded,
    FundRequestDetached,
    FundRequestLapsed,
    FundRequestRejected,
    FundRequestReminded,
    FundRequestSubmitted,
    FundRequestWithdrawn,
)
from mdf.forms.decisions import LOOKED_AT
from mdf.handlers.news import tell
from mdf.models import FundRequest
from mdf.queries import people
from mdf.rules.catalogue import AREA
from prm.accounts.models import User
from prm.accounts.roles import Role
from prm.approvals import queries as approvals
from prm.approvals import subjects
from prm.comments import subjects as comments
from prm.events.facts import Fact
from prm.events.models import Delivery, Event
from prm.events.outbox import handles
from prm.notifications.kinds import Audience, kind
from prm.notifications.models import Channel
from prm.notifications.news import News, code_of, declare

PAGE, ANSWER, INBOX = "mdf:request", "mdf:request-answer", "mdf:inbox-item"
TO_PARTNER: dict[type[Fact], News] = {
    FundRequestApproved: News(_("A fund request is approved"), PAGE),
    FundRequestRejected: News(_("A fund request is rejected"), PAGE),
    FundRequestAsked: News(_("The vendor asks about a fund request"), ANSWER),
    FundRequestReminded: News(_("A claim is due soon"), PAGE),
    FundRequestLapsed: News(_("An approved fund request lapses"), PAGE),
    FundRequestDetached: News(_("The deal of a fund request goes to another partner"), PAGE),
    FundRequestDealEnded: News(_("The deal of a fund request ends"), PAGE),
}
TO_VENDOR: dict[type[Fact], News] = {
    FundRequestSubmitted: News(_("A fund request is submitted"), INBOX),
    FundRequestAnswered: News(_("A partner answers about a fund request"), INBOX),
    FundRequestWithdrawn: News(_("A fund request is withdrawn"), PAGE, Channel.DIGEST),
    FundRequestCancelled: News(_("A funded activity is cancelled"), PAGE, Channel.DIGEST),
}
PAGES = declare(TO_PARTNER, Audience.PARTNER) | declare(TO_VENDOR, Audience.VENDOR)
UNANSWERED = kind("mdf.fund_request_unanswered", _("A fund request lapses without an answer"), Audience.PARTNER)
WITHOUT_DEAL = kind("mdf.fund_request_without_deal", _("A fund request loses its deal"), Audience.VENDOR)
subjects.declare("mdf.fundrequest", page=INBOX, area=AREA, facts=LOOKED_AT)
comments.declare(
    "mdf.fundrequest",
    visible=lambda member: FundRequest.objects.visible_to(member),
    seen_by=permissions.can_see,
    written_by=permissions.can_see,
    page=PAGE,
    title=lambda request: request.title,
    looked_after_by=lambda request: request.partner.channel_manager_id,
    of_vendor=lambda request: [*_managers(request), *people.who_decided(request)],
    of_firm=lambda request: people.of_firm(request.partner_id, request.owner_id),
)


@handles(*TO_PARTNER)
def tell_partner(event: Event, delivery: Delivery) -> None:
    request = _request(event)
    _tell(people.of_firm(request.partner_id, request.owner_id), code_of(event.name), request, event, delivery)


@handles(FundRequestDetached, FundRequestDealEnded)
def tell_of_lost_deal(event: Event, delivery: Delivery) -> None:
    """Tell the channel manager, who may think otherwise of the money now."""
    request = _request(event)
    if request.status != RequestStatus.DRAFT:
        _tell(_managers(request), WITHOUT_DEAL.code, request, event, delivery)


@handles(*TO_VENDOR)
def tell_vendor(event: Event, delivery: Delivery) -> None:
    """Tell the channel manager; of what the clock withdrew, the partner."""
    request = _request(event)
    if event.payload.get("is_terminated"):
        return  # all requests of the partner are told of in one message
    if event.payload.get("is_lapsed"):
        _tell(people.of_firm(request.partner_id, request.owner_id), UNANSWERED.code, request, event, delivery)
    else:
        asked = approvals.who_is_asked(request, at=event.at) if event.name == FundRequestSubmitted.name else set()
        managers = [user for user in _managers(request) if user.pk not in asked]  # they are told of that already
        _tell(managers, code_of(event.name), request, event, delivery)


def _managers(request: FundRequest) -> list[User]:
    return people.who_decide(request.partner, permissions.can_decide.roles - {Role.FINANCE})


def _request(event: Event) -> FundRequest:
    return FundRequest.objects.select_related("partner", "fund").get(pk=event.subject_id)


def _tell(users: Iterable[User], code: str, request: FundRequest, event: Event, delivery: Delivery) -> None:
    facts = {
        "title": request.title,
        "number": request.number,
        "partner": request.partner.name,
        "by": event.by.name if event.by else "",
        "asked": request.asked,
    }
    tell(users, code, event, PAGES.get(code, PAGE), request.pk, facts, delivery)
