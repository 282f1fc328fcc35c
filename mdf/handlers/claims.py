"""Who is told of what happens to claims and payments (the words are templates)."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from mdf import permissions
from mdf.events import (
    ClaimAnswered,
    ClaimApproved,
    ClaimAsked,
    ClaimExtensionApproved,
    ClaimExtensionAsked,
    ClaimExtensionRejected,
    ClaimPaid,
    ClaimRaised,
    ClaimReclaimed,
    ClaimRejected,
    ClaimSubmitted,
    ClaimWithdrawn,
)
from mdf.forms.claim_decisions import LOOKED_AT
from mdf.handlers.news import tell
from mdf.models import Claim, FundRequest
from mdf.queries import people
from mdf.rules.catalogue import CLAIM
from mdf.services import terminations
from partners.enums import PartnerStatus
from partners.models import Partner
from prm.accounts.models import Membership, User
from prm.accounts.roles import Role
from prm.approvals import subjects
from prm.comments import subjects as comments
from prm.events.facts import Fact
from prm.events.models import Delivery, Event
from prm.events.outbox import handles
from prm.notifications.kinds import Audience, kind
from prm.notifications.models import Channel
from prm.notifications.news import News, code_of, declare

PAGE, ANSWER, INBOX = "mdf:claim", "mdf:claim-answer", "mdf:claim-inbox-item"
REQUEST, EXTENSION = "mdf:request", "mdf:extension-decision"
TO_PARTNER: dict[type[Fact], News] = {
    ClaimApproved: News(_("A claim is approved"), PAGE),
    ClaimRejected: News(_("A claim is rejected"), PAGE),
    ClaimAsked: News(_("The vendor asks about a claim"), ANSWER),
    ClaimPaid: News(_("A claim is paid"), PAGE),
    ClaimReclaimed: News(_("Money is clawed back"), PAGE),
    ClaimExtensionApproved: News(_("There is more time to claim"), REQUEST),
    ClaimExtensionRejected: News(_("The deadline of a claim stays"), REQUEST),
}
TO_VENDOR: dict[type[Fact], News] = {
    ClaimSubmitted: News(_("A claim is submitted"), INBOX),
    ClaimAnswered: News(_("A partner answers about a claim"), INBOX),
    ClaimWithdrawn: News(_("A claim is withdrawn"), PAGE, Channel.DIGEST),
    ClaimExtensionAsked: News(_("A partner asks for more time to claim"), EXTENSION),
}
PAGES = declare(TO_PARTNER, Audience.PARTNER) | declare(TO_VENDOR, Audience.VENDOR)
TO_PAY = kind("mdf.claim_to_pay", _("A claim is to be paid"), Audience.VENDOR, Channel.DIGEST)
UNANSWERED = kind("mdf.claim_unanswered", _("A claim lapses without an answer"), Audience.PARTNER)
subjects.declare("mdf.claim", page=INBOX, title=lambda claim: str(claim), area=CLAIM, facts=LOOKED_AT)
comments.declare(
    "mdf.claim",
    visible=lambda member: Claim.objects.visible_to(member),
    seen_by=permissions.can_see,
    written_by=permissions.can_see,
    page=PAGE,
    title=lambda claim: claim.request.title,
    looked_after_by=lambda claim: claim.partner.channel_manager_id,
    of_vendor=lambda claim: _managers(claim.partner),
    of_firm=lambda claim: _firm(claim),
)


@handles(*[fact for fact in TO_PARTNER if fact not in (ClaimExtensionApproved, ClaimExtensionRejected)])
def tell_partner(event: Event, delivery: Delivery) -> None:
    claim = _claim(event)
    _tell(_firm(claim), code_of(event.name), claim, event, delivery)


@handles(ClaimApproved, ClaimRaised)
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


@handles(ClaimExtensionAsked, ClaimExtensionApproved, ClaimExtensionRejected)
def tell_of_extension(event: Event, delivery: Delivery) -> None:
    """Tell whoever decides that more time is asked for, and the partner what became of it."""
    request = FundRequest.objects.select_related("partner").get(pk=event.subject_id)
    is_asked = event.name == ClaimExtensionAsked.name
    users = _managers(request.partner) if is_asked else people.of_firm(request.partner_id, request.owner_id)
    facts = {"title": request.title, "number": request.number, "partner": request.partner.name}
    facts |= {"by": event.by.name if event.by else "", "said": event.payload.get("reason", "")}
    code = code_of(event.name)
    tell(users, code, event, PAGES[code], request.pk, facts, delivery)


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
    }
    tell(users, code, event, PAGES.get(code, PAGE), claim.pk, facts, delivery)
