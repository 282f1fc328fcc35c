"""What partners do when something happened elsewhere."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from partners import permissions
from partners.enums import ApplicationStatus, Checker, TaskKind
from partners.events import (
    AgreementAccepted,
    AgreementDeclined,
    AgreementOffered,
    AgreementReminded,
    ApplicationAnswered,
    ApplicationApproved,
    ApplicationAsked,
    ApplicationAssigned,
    ApplicationDeemingStopped,
    ApplicationExpired,
    ApplicationRejected,
    ApplicationSubmitted,
    ApplicationWithdrawn,
    BankAccepted,
    BankEntered,
    BankReturned,
    CertificateConfirmed,
    CertificateExpired,
    CertificateReminded,
    CertificateReturned,
    CertificateRevoked,
    CertificateSubmitted,
    IdentityRequested,
    JoinRequested,
    PartnerActivated,
    PartnerTerminated,
    TaskAccepted,
    TaskReturned,
    TaskSubmitted,
    TextSent,
)
from partners.models import Agreement, AgreementVersion, Application, Certificate, JoinRequest, Partner
from partners.queries import application_people as people
from partners.queries import people as partner_people
from partners.rules.catalogue import APPLICATION
from partners.rules.joining import REASONS
from partners.services import (
    agreement_documents,
    agreement_texts,
    application_decisions,
    application_mail,
    onboarding,
    partners,
    questionnaires,
)
from prm.accounts.events import MemberJoined, ProfileChanged
from prm.accounts.models import Membership, User
from prm.accounts.roles import Role
from prm.accounts.vendors import at_opening
from prm.approvals import subjects
from prm.comments import subjects as comments
from prm.disputes.events import DisputeAsked, DisputeRaised, DisputeUpheld, DisputeWithdrawn
from prm.disputes.models import Dispute
from prm.events.facts import FACTS
from prm.events.models import Delivery, Event
from prm.events.outbox import handles
from prm.notifications.kinds import Audience, Kind, kind
from prm.notifications.models import Channel
from prm.notifications.services import notify
from prm.policies.models import ReasonCode
from prm.tenancy.middleware import URLCONF

PARTNER, VENDOR = Audience.PARTNER, Audience.VENDOR
APPLIED = kind("partners.application_submitted", _("A company applies"), VENDOR)
ANSWERED = kind("partners.application_answered", _("An applicant answers a question"), VENDOR)
WITHDRAWN = kind("partners.application_withdrawn", _("An application is withdrawn"), VENDOR)
EXPIRED = kind("partners.application_expired", _("An application ends without an answer"), VENDOR)
ASSIGNED = kind("partners.application_assigned", _("A colleague gives you an application"), VENDOR)
APPROVED = kind("partners.application_approved", _("A new partner is yours to look after"), VENDOR)
DEEMED = kind("partners.deemed", _("Nobody decided about an application in time, and the rules did"), VENDOR)
LEFT = kind(
    "partners.deeming_stopped", _("Nobody decided about an application in time, and the rules could not"), VENDOR
)
JOINING = kind("partners.join_requested", _("Somebody asks to join a company"), Audience.EVERYBODY)

subjects.declare(
    "partners.application",
    page="partners:application",
    area=APPLICATION,
    facts=[("company", _("The company")), ("answers", _("Answers")), ("custom", _("Custom fields"))],
)
comments.declare(
    "partners.application",
    visible=lambda member: Application.objects.sent(),
    seen_by=permissions.can_see_applications,
    written_by=permissions.can_decide_applications,
    page="partners:application",
    title=lambda application: application.company_name,
    of_vendor=lambda application: people.who_decide(application, permissions.can_decide_applications.roles),
    is_vendors=True,
)
at_opening(questionnaires.prepare)
at_opening(agreement_texts.prepare)


@handles(ApplicationSubmitted)
def follow_rules(event: Event, delivery: Delivery) -> None:
    """Let the vendor's rules decide: whoever applied has no login, and makes nobody a partner."""
    application_decisions.follow(Application.objects.get(pk=event.subject_id), at=event.at)


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


@handles(DisputeRaised, DisputeAsked, DisputeUpheld, DisputeWithdrawn)
def tell_applicant_of_appeal(event: Event, delivery: Delivery) -> None:
    """Mail whoever appealed the rejection; an approval after it says so itself."""
    if event.subject_type != Application._meta.label_lower:
        return
    application = Application.objects.select_related("policy").get(pk=event.subject_id)
    said: dict[str, Any] = {name: event.payload.get(name, "") for name in ("question", "note", "is_lapsed")}
    until = event.payload.get("answer_by")
    said |= {"answer_by": datetime.fromisoformat(until) if until else None}
    dispute = Dispute.objects.get(pk=event.payload["dispute_id"])
    name = f"appeal_{event.name.rpartition('.')[2]}"
    application_mail.tell(application, name, at=event.at, key=f"{event.pk}:applicant", dispute=dispute, **said)


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


@handles(ApplicationApproved, ApplicationRejected, ApplicationDeemingStopped)
def tell_of_silence(event: Event, delivery: Delivery) -> None:
    """Tell who decides what counts as decided since nobody did, or that it is late and still theirs."""
    is_stopped = event.name == ApplicationDeemingStopped.name
    if is_stopped or event.payload.get("is_deemed"):
        application = Application.objects.get(pk=event.subject_id)
        deciders = people.who_decide(application, permissions.can_decide_applications.roles)
        _tell(deciders, LEFT if is_stopped else DEEMED, application, event, delivery)


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
        "is_approved": application.status == ApplicationStatus.APPROVED,
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


TO_ADMINISTRATORS = {
    AgreementOffered: kind("partners.agreement_offered", _("An agreement is offered"), PARTNER),
    AgreementReminded: kind("partners.agreement_reminded", _("An agreement has not been accepted yet"), PARTNER),
    TaskReturned: kind("partners.task_returned", _("An onboarding task is returned"), PARTNER),
    TaskAccepted: kind("partners.task_accepted", _("An onboarding task is accepted"), PARTNER, Channel.DIGEST),
    BankAccepted: kind("partners.bank_accepted", _("Bank details are accepted"), PARTNER, Channel.DIGEST),
    BankReturned: kind("partners.bank_returned", _("Bank details are returned"), PARTNER),
    CertificateConfirmed: kind("partners.certificate_confirmed", _("A certificate is confirmed"), PARTNER),
    CertificateReturned: kind("partners.certificate_returned", _("A certificate is returned"), PARTNER),
    CertificateRevoked: kind("partners.certificate_revoked", _("A certificate is revoked"), PARTNER),
    CertificateReminded: kind("partners.certificate_reminded", _("A certificate ends soon"), PARTNER),
    CertificateExpired: kind("partners.certificate_expired", _("A certificate has ended"), PARTNER),
}
TO_MANAGER = {
    AgreementAccepted: kind("partners.agreement_accepted", _("A partner accepts an agreement"), VENDOR, Channel.DIGEST),
    AgreementDeclined: kind("partners.agreement_declined", _("A partner declines an agreement"), VENDOR),
    CertificateSubmitted: kind("partners.certificate_submitted", _("A certificate waits to be confirmed"), VENDOR),
    IdentityRequested: kind("partners.identity_requested", _("A partner asks to change its name"), VENDOR),
    PartnerTerminated: kind("partners.partner_terminated", _("The work with a partner ends"), VENDOR),
}
TO_CHECKER = kind("partners.task_submitted", _("An onboarding task waits to be checked"), VENDOR)
TO_FINANCE = kind("partners.bank_entered", _("Bank details wait to be checked"), VENDOR)
TO_BOTH = kind("partners.partner_activated", _("A partner becomes active"), Audience.EVERYBODY)
# What a message says word for word of what was said.
QUOTED = ("title", "signer", "note", "holder", "days_left", "text", "task", "kind")
PAGES = {
    "partners.agreement": "partners:agreement",
    "partners.certificate": "partners:certificate",
    "partners.checklisttask": "partners:onboarding-task",
}


@handles(*TO_ADMINISTRATORS)
def tell_administrators(event: Event, delivery: Delivery) -> None:
    """Tell the partner's administrators, and whose certificate it is."""
    partner = _partner(event)
    holder = Certificate.objects.filter(pk=event.subject_id).values_list("holder_id", flat=True).first()
    users = partner_people.administrators_of(partner.pk, also=holder)
    path = _path(event, "partners:bank") if event.subject_type == "partners.partner" else _path(event)
    _tell_of_partner(users, TO_ADMINISTRATORS[FACTS[event.name]], partner, path, event, delivery)


@handles(*TO_MANAGER)
def tell_manager(event: Event, delivery: Delivery) -> None:
    partner = _partner(event)
    users = partner_people.who_look_after(partner, permissions.DECIDING)
    _tell_of_partner(users, TO_MANAGER[FACTS[event.name]], partner, _path(event), event, delivery)


@handles(TaskSubmitted)
def tell_checker(event: Event, delivery: Delivery) -> None:
    """Tell whoever checks the task; of bank details finance hears in their own words."""
    partner, checker = _partner(event), event.payload["checked_by"]
    if event.payload["kind"] == TaskKind.BANK:
        return
    users = (
        partner_people.who_look_after(partner, permissions.DECIDING)
        if checker == Checker.CHANNEL_MANAGER
        else partner_people.with_role((Role(checker),))
    )
    _tell_of_partner(users, TO_CHECKER, partner, _path(event), event, delivery)


@handles(BankEntered)
def tell_finance(event: Event, delivery: Delivery) -> None:
    partner = _partner(event)
    path = reverse("partners:partner-bank", urlconf=URLCONF, args=[partner.pk])
    _tell_of_partner(partner_people.with_role((Role.FINANCE,)), TO_FINANCE, partner, path, event, delivery)


@handles(PartnerActivated)
def tell_both(event: Event, delivery: Delivery) -> None:
    """Tell the partner's administrators and whoever looks after it."""
    partner = _partner(event)
    own = reverse("partners:company", urlconf=URLCONF)
    _tell_of_partner(partner_people.administrators_of(partner.pk), TO_BOTH, partner, own, event, delivery)
    users = partner_people.who_look_after(partner, permissions.DECIDING)
    _tell_of_partner(users, TO_BOTH, partner, _path(event), event, delivery)


@handles(AgreementAccepted)
def write_signed_copy(event: Event, delivery: Delivery) -> None:
    """Have the signed copy written that both sides open."""
    agreement = Agreement.objects.select_related("partner", "version", "decided_by").get(pk=event.subject_id)
    agreement_documents.request(agreement, by=Membership.get_or_none(user_id=event.by_id), at=event.at)


def _partner(event: Event) -> Partner:
    return Partner.objects.get(pk=event.payload["partner_id"])


def _path(event: Event, own: str = "") -> str:
    """Return where the record of an event is; the partner itself is a page of the vendor's."""
    if own:
        return reverse(own, urlconf=URLCONF)
    return reverse(PAGES.get(event.subject_type, "partners:partner"), urlconf=URLCONF, args=[event.subject_id])


def _tell_of_partner(
    users: list[User], news: Kind, partner: Partner, path: str, event: Event, delivery: Delivery
) -> None:
    """Tell everybody but the one who did it."""
    said = event.payload
    until = said.get("accept_by") or said.get("until")
    facts: dict[str, Any] = {
        "firm": partner.name,
        "by": event.by.name if event.by else "",
        "until": date.fromisoformat(until) if until else None,
        **{name: said[name] for name in QUOTED if name in said},
    }
    notify(
        [user for user in users if user.pk != event.by_id],
        kind=news,
        event=event,
        path=path,
        facts=facts,
        delivery=delivery,
    )
