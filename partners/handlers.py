"""What partners do when something happened elsewhere."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from partners import permissions
from partners.enums import ApplicationStatus, TaskKind
from partners.events import (
    ApplicationAnswered,
    ApplicationApproved,
    ApplicationAsked,
    ApplicationAssigned,
    ApplicationExpired,
    ApplicationRejected,
    ApplicationSubmitted,
    ApplicationWithdrawn,
    JoinRequested,
    TextSent,
)
from partners.models import AgreementVersion, Application, JoinRequest, Partner
from partners.queries import application_people as people
from partners.rules.joining import REASONS
from partners.services import agreement_texts, application_mail, onboarding, partners, questionnaires
from prm.accounts.events import MemberJoined, ProfileChanged
from prm.accounts.models import Membership, User
from prm.accounts.vendors import at_opening
from prm.events.models import Delivery, Event
from prm.events.outbox import handles
from prm.notifications.kinds import Audience, Kind, kind
from prm.notifications.services import notify
from prm.policies.models import ReasonCode
from prm.tenancy.middleware import URLCONF

VENDOR = Audience.VENDOR
APPLIED = kind("partners.application_submitted", _("A company applies"), VENDOR)
ANSWERED = kind("partners.application_answered", _("An applicant answers a question"), VENDOR)
WITHDRAWN = kind("partners.application_withdrawn", _("An application is withdrawn"), VENDOR)
EXPIRED = kind("partners.application_expired", _("An application ends without an answer"), VENDOR)
ASSIGNED = kind("partners.application_assigned", _("A colleague gives you an application"), VENDOR)
APPROVED = kind("partners.application_approved", _("A new partner is yours to look after"), VENDOR)
JOINING = kind("partners.join_requested", _("Somebody asks to join a company"), Audience.EVERYBODY)

at_opening(questionnaires.prepare)
at_opening(agreement_texts.prepare)


@handles(ProfileChanged)
def let_distributors_see_below(event: Event, delivery: Delivery) -> None:
    """Open the records of resellers to their distributors' people; closing them happened at once."""
    if "lets_distributors_see_below" in event.payload["fields"] and event.payload["lets_distributors_see_below"]:
        partners.let_distributors_see_below()


@handles(TextSent)
def offer_to_all(event: Event, delivery: Delivery) -> None:
    """Offer a version of an agreement to every partner it concerns."""
    version = AgreementVersion.objects.select_related("text").get(pk=event.payload["version_id"])
    until = event.payload["accept_by"]
    sender = Membership.get_or_none(user_id=event.by_id)
    agreement_texts.offer_to_all(
        version, accept_by=date.fromisoformat(until) if until else None, by=sender, at=event.at
    )


@handles(MemberJoined)
def welcome_colleague(event: Event, delivery: Delivery) -> None:
    """Note on the checklist that a second person of the partner can enter."""
    member = Membership.get_or_none(pk=event.subject_id)
    if member is None or member.partner_id is None:
        return
    firm = Membership.objects.filter(partner_id=member.partner_id, status=Membership.Status.ACTIVE)
    if firm.count() > 1:
        onboarding.complete(Partner.objects.get(pk=member.partner_id), TaskKind.COLLEAGUE, by=member, at=event.at)


@handles(ApplicationSubmitted, ApplicationAsked, ApplicationApproved, ApplicationRejected, ApplicationExpired)
def tell_applicant(event: Event, delivery: Delivery) -> None:
    """Mail whoever applied: it has no login, so every mail carries a link of its own."""
    application = Application.objects.select_related("policy").get(pk=event.subject_id)
    if not application.contact_email:
        return  # a draft that was never sent
    said = {name: event.payload.get(name, "") for name in ("question", "note")}
    code = event.payload.get("reason_code", "")
    with translation.override(application.language):
        reason = str(ReasonCode.objects.filter(area=REASONS, code=code).first() or code)
    name = "_".join(event.name.split(".")[1:])
    application_mail.tell(application, name, at=event.at, key=f"{event.pk}:applicant", reason=reason, **said)


@handles(ApplicationSubmitted, ApplicationAnswered, ApplicationWithdrawn, ApplicationExpired)
def tell_deciders(event: Event, delivery: Delivery) -> None:
    """Tell the owner, or everybody who may decide; of what was never sent nobody hears."""
    application = Application.objects.get(pk=event.subject_id)
    if event.payload.get("was") == ApplicationStatus.DRAFT or not application.number:
        return
    news = {
        ApplicationSubmitted.name: APPLIED,
        ApplicationAnswered.name: ANSWERED,
        ApplicationWithdrawn.name: WITHDRAWN,
        ApplicationExpired.name: EXPIRED,
    }
    deciders = people.who_decide(application, permissions.can_decide_applications.roles)
    _tell(deciders, news[event.name], application, event, delivery)


@handles(ApplicationAssigned)
def tell_owner(event: Event, delivery: Delivery) -> None:
    application = Application.objects.select_related("owner").get(pk=event.subject_id)
    if application.owner and str(application.owner_id) == event.payload["owner_id"]:
        _tell([application.owner], ASSIGNED, application, event, delivery)


@handles(ApplicationApproved)
def tell_channel_manager(event: Event, delivery: Delivery) -> None:
    application = Application.objects.select_related("partner__channel_manager").get(pk=event.subject_id)
    manager = application.partner.channel_manager if application.partner else None
    _tell([manager] if manager else [], APPROVED, application, event, delivery)


@handles(JoinRequested)
def tell_who_invites(event: Event, delivery: Delivery) -> None:
    """Tell the partner's administrators and its channel manager; the person is told nothing of them."""
    request = JoinRequest.objects.select_related("partner").get(pk=event.subject_id)
    facts = {"name": request.name, "email": request.email, "message": request.message}
    facts["firm"] = request.partner.name if request.partner else request.company_name
    users = people.who_invite(request, permissions.can_decide_applications.roles)
    path = reverse("partners:join-request", urlconf=URLCONF, args=[request.pk])
    notify(users, kind=JOINING, event=event, path=path, facts=facts, delivery=delivery)


def _tell(users: list[User], news: Kind, application: Application, event: Event, delivery: Delivery) -> None:
    """Tell everybody but the one who did it."""
    said = event.payload
    facts: dict[str, Any] = {
        "company": application.company_name,
        "number": application.number,
        "by": event.by.name if event.by else "",
        "score": application.score,
        "most": application.score_most,
        "decide_by": application.decide_by,
        **{name: said[name] for name in ("answer", "note", "duplicates") if name in said},
    }
    notify(
        [user for user in users if user.pk != event.by_id],
        kind=news,
        event=event,
        path=reverse("partners:application", urlconf=URLCONF, args=[application.pk]),
        facts=facts,
        delivery=delivery,
    )
