"""What a new vendor starts with, and who is told of what happens to a deal (the words are templates)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from deals import permissions
from deals.enums import Action, EnteredAs, Review, Stage
from deals.events import (
    AmendmentApproved,
    AmendmentProposed,
    AmendmentRefused,
    CheckinMissed,
    CheckinReminded,
    DeemingStopped,
    ExtensionApproved,
    ExtensionAsked,
    ExtensionRejected,
    InformationAnswered,
    InformationRequested,
    OwnerChanged,
    PlaceForfeited,
    ProtectionExpired,
    ProtectionForfeited,
    ProtectionReleased,
    ProtectionReminded,
    ProtectionRevoked,
    RegistrationAmended,
    RegistrationApproved,
    RegistrationLeft,
    RegistrationLost,
    RegistrationReceived,
    RegistrationRejected,
    RegistrationResumed,
    RegistrationSubmitted,
    RegistrationWithdrawn,
    RegistrationWon,
    ResearchBegun,
    RivalWon,
    SaleRecorded,
    SaleReversed,
    TransferAsked,
    TransferRefused,
    TurnCame,
)
from deals.forms.decisions import LOOKED_AT
from deals.models import Registration, Sale
from deals.models.registrations import PROTECTED
from deals.queries import catalog, people
from deals.queries import terminations as ending
from deals.rules.terms import AREA
from deals.services import achievements, check_ins, outcomes, queue, terminations, vendors
from partners.enums import TaskKind
from partners.events import PartnerRestored, PartnerTerminated
from partners.models import Partner
from partners.queries import people as partner_people
from partners.queries import scopes
from partners.queries import terminations as asked
from partners.services import onboarding
from prm.accounts.models import Membership, User
from prm.accounts.vendors import at_opening
from prm.approvals import queries as approvals
from prm.approvals import subjects
from prm.comments import subjects as comments
from prm.disputes import services as disputes
from prm.events.facts import FACTS, Fact
from prm.events.models import Delivery, Event
from prm.events.outbox import handles
from prm.money import Money
from prm.notifications.kinds import Audience, Kind, kind
from prm.notifications.models import Channel
from prm.notifications.news import News, code_of, declare, reason_of
from prm.notifications.services import notify
from prm.tenancy.middleware import URLCONF

PAGE, ANSWER, INBOX = "deals:registration", "deals:registration-answer", "deals:inbox-item"
CHECK_IN = "deals:registration-check-in"


TO_PARTNER: dict[type[Fact], News] = {
    RegistrationApproved: News(_("A registration is approved")),
    RegistrationRejected: News(_("A registration is rejected")),
    InformationRequested: News(_("The vendor asks for information"), ANSWER),
    ResearchBegun: News(_("A decision takes some research")),
    ExtensionApproved: News(_("An extension is approved")),
    ExtensionRejected: News(_("An extension is refused")),
    AmendmentApproved: News(_("A change of facts is approved")),
    AmendmentRefused: News(_("A change of facts is refused")),
    TransferRefused: News(_("A transfer is refused")),
    RegistrationReceived: News(_("A deal is transferred to you")),
    ProtectionReminded: News(_("A protection ends soon")),
    ProtectionExpired: News(_("A protection has ended")),
    ProtectionForfeited: News(_("A protection is released without a check-in")),
    ProtectionRevoked: News(_("A protection is revoked")),
    PlaceForfeited: News(_("A deal beside others is not confirmed, and loses its place")),
    CheckinReminded: News(_("A check-in is due soon"), CHECK_IN),
    CheckinMissed: News(_("A check-in was missed"), CHECK_IN),
}
TO_VENDOR: dict[type[Fact], News] = {
    RegistrationSubmitted: News(_("A registration is submitted"), INBOX),
    InformationAnswered: News(_("A partner answers a question"), INBOX),
    ExtensionAsked: News(_("A partner asks for an extension"), INBOX),
    AmendmentProposed: News(_("A partner asks to change a deal"), INBOX),
    TransferAsked: News(_("A partner asks for a transfer")),
    RegistrationAmended: News(_("A partner changes a registration"), INBOX, by_mail=Channel.DIGEST),
    RegistrationWithdrawn: News(_("A registration is withdrawn"), by_mail=Channel.DIGEST),
    ProtectionReleased: News(_("A partner releases a protection"), by_mail=Channel.DIGEST),
    RegistrationWon: News(_("A deal is won"), by_mail=Channel.DIGEST),
    RegistrationLost: News(_("A deal is lost"), by_mail=Channel.DIGEST),
    RegistrationResumed: News(_("A deal is reopened"), by_mail=Channel.DIGEST),
}
FOLLOWED = (RegistrationApproved, RegistrationRejected, InformationRequested)
# What a message says word for word of what was said.
QUOTED = (
    "note",
    "question",
    "answer",
    "progress",
    "text",
    "days",
    "days_left",
    "conflicts",
    "of",
    "is_deemed",
    "rules",
    "is_after_appeal",
    "award",
    "is_others",
    "is_beside",
    "firm",
    "winner",
    "wish",
    "early_hours",
    "least_hours",
)


PAGES = declare(TO_PARTNER, Audience.PARTNER, page=PAGE) | declare(TO_VENDOR, Audience.VENDOR, page=PAGE)
PAGES["deals.deeming_stopped"] = INBOX
LAPSED = kind("deals.registration_lapsed", _("A registration lapses without an answer"), Audience.PARTNER)
OUTDONE = kind("deals.closed_by_another", _("A deal ends because another partner closed it"), Audience.PARTNER)
GOES_ON = kind("deals.goes_on_again", _("A deal goes on because another partner reopened its own"), Audience.PARTNER)
PART_WON = kind("deals.rival_won", _("Another partner wins a part of a deal that goes on"), Audience.VENDOR)
ENDED = kind("deals.deals_ended", _("Deals end with the work with a partner"), Audience.VENDOR)
FORFEITED = kind(
    "deals.forfeited_unconfirmed",
    _("A partner’s protection is released without a check-in"),
    Audience.VENDOR,
    Channel.DIGEST,
)
PLACE_LOST = kind(
    "deals.place_unconfirmed",
    _("A partner’s deal beside others loses its place without a check-in"),
    Audience.VENDOR,
    Channel.DIGEST,
)
DECIDED = kind("deals.decided_by_rules", _("The rules decide on a registration"), Audience.VENDOR)
HANDED = kind("deals.owner_changed", _("A colleague hands a deal over to you"), Audience.PARTNER)
TURN = kind("deals.turn_came", _("A customer you asked for is free again"), Audience.PARTNER)
NEXT = kind("deals.next_in_line", _("A customer is free, and somebody is next in line"), Audience.VENDOR)
ENTERED = kind("deals.registration_entered", _("A deal is registered on your behalf"), Audience.PARTNER)
LEFT_US = kind("deals.registration_left", _("A deal of yours goes to another partner"), Audience.PARTNER)
LEFT = kind("deals.deeming_stopped", _("Nobody decided in time, and the rules could not"), Audience.VENDOR)


at_opening(vendors.prepare)
subjects.declare("deals.registration", page=INBOX, area=AREA, facts=LOOKED_AT)
comments.declare(
    "deals.registration",
    visible=lambda member: Registration.objects.visible_to(member),
    seen_by=permissions.can_see,
    written_by=permissions.can_comment,
    page=PAGE,
    title=lambda registration: registration.customer_name,
    looked_after_by=lambda registration: registration.partner.channel_manager_id,
    of_vendor=lambda registration: [
        *_managers(registration),
        *people.who_decided(registration),
        *(people.who_entered(registration) if registration.entered_as == EnteredAs.VENDOR else ()),
    ],
    of_firm=people.of_firm,
)
scopes.offers_families(catalog.family_names)
asked.asks(ending.endings_of)


@handles(RegistrationApproved)
def count_approval(event: Event, delivery: Delivery) -> None:
    """Count an approved registration for the partner's tier."""
    partner = Partner.objects.get(partner_path=event.partner_path)
    achievements.credit_approval(_registration(event), partner=partner, at=event.at)


@handles(RegistrationWon)
def count_win(event: Event, delivery: Delivery) -> None:
    """Count a won deal for the partner's tier."""
    achievements.credit_win(_registration(event), at=event.at)


@handles(RegistrationWon)
def end_others(event: Event, delivery: Delivery) -> None:
    """Let those who stood beside the winner know that it is over, where the terms say so."""
    outcomes.end_others(_registration(event), at=event.at)


@handles(RegistrationResumed)
def resume_others(event: Event, delivery: Delivery) -> None:
    """Let those go on who ended because of a win that is none any more."""
    if event.payload["was"] == Stage.WON:
        outcomes.resume_others(_registration(event), at=event.at)


@handles(RivalWon)
def tell_of_rival(event: Event, delivery: Delivery) -> None:
    """Tell the channel manager of a deal that another partner won a part of it."""
    registration = _registration(event)
    _tell(_managers(registration), PART_WON, registration, event, delivery)


@handles(SaleRecorded)
def count_sale(event: Event, delivery: Delivery) -> None:
    """Count what was sold for the partner's tier."""
    sale = Sale.objects.select_related("partner").get(pk=event.subject_id)
    achievements.credit_sale(sale, at=event.at)


@handles(SaleReversed)
def take_sale_back(event: Event, delivery: Delivery) -> None:
    """Take back what the sale of a reopened deal counted for."""
    achievements.uncredit_sale(Sale.objects.select_related("partner").get(pk=event.subject_id), at=event.at)


@handles(*TO_PARTNER)
def tell_partner(event: Event, delivery: Delivery) -> None:
    """Tell the partner, and of the decision the distributor that registered on its behalf."""
    registration = _registration(event)
    users = people.of_firm(registration)
    if FACTS[event.name] in FOLLOWED and registration.entered_as == EnteredAs.DISTRIBUTOR:
        users += people.who_entered(registration)
    _tell(users, code_of(event.name), registration, event, delivery)


@handles(RegistrationSubmitted)
def tell_of_entry(event: Event, delivery: Delivery) -> None:
    """Tell the partner what somebody else registered on its behalf."""
    registration = _registration(event)
    if registration.entered_by_id:
        _tell(people.of_firm(registration), ENTERED, registration, event, delivery)


@handles(*TO_VENDOR)
def tell_vendor(event: Event, delivery: Delivery) -> None:
    """Tell the channel manager; of what the clock withdrew, the partner."""
    registration = _registration(event)
    if event.payload.get("is_terminated"):
        return  # all deals of the partner are told of in one message
    if event.payload.get("is_shared"):
        return  # the decision of the case is told
    if event.name == RegistrationSubmitted.name and registration.is_decided_by_rules:
        return  # they are told of the decision instead
    if event.payload.get("is_others"):
        news = OUTDONE if event.name == RegistrationLost.name else GOES_ON
        _tell(people.of_firm(registration), news, registration, event, delivery)
    if event.payload.get("is_lapsed"):
        _tell(people.of_firm(registration), LAPSED, registration, event, delivery)
    else:
        users = _managers(registration)
        if event.name == RegistrationSubmitted.name:  # whoever is asked to approve it is told that
            asked = approvals.who_is_asked(registration, at=event.at)
            users = [user for user in users if user.pk not in asked]
        _tell(users, code_of(event.name), registration, event, delivery)


@handles(RegistrationApproved, RegistrationRejected)
def tell_of_rules(event: Event, delivery: Delivery) -> None:
    """Tell the channel manager what was decided in a person's place."""
    registration = _registration(event)
    if event.by_id is None:
        _tell(_managers(registration), DECIDED, registration, event, delivery)


@handles(ProtectionForfeited, PlaceForfeited)
def tell_of_forfeiture(event: Event, delivery: Delivery) -> None:
    """Tell the channel manager what its partner lost by being silent: with a protection, the customer is free again."""
    registration = _registration(event)
    news = FORFEITED if event.name == ProtectionForfeited.name else PLACE_LOST
    _tell(_managers(registration), news, registration, event, delivery)


@handles(ProtectionExpired, ProtectionReleased, ProtectionForfeited, ProtectionRevoked, RegistrationLost)
def reconsider(event: Event, delivery: Delivery) -> None:
    """Let the next in line have its turn with a customer that is free again."""
    was = event.payload.get("was")
    if event.name == RegistrationLost.name and was and was[1] not in PROTECTED:
        return  # it was free before, and that was told then
    if event.payload.get("is_others") or event.payload.get("is_shared"):
        return  # it has bought, or works with several by now
    queue.reconsider(_registration(event), after=event.pk, at=event.at)


@handles(RegistrationAmended, AmendmentApproved)
def reconsider_families(event: Event, delivery: Delivery) -> None:
    """Let the next in line have its turn with product families that a deal gave up while it goes on."""
    if freed := event.payload.get("freed"):
        families = [UUID(family) for family in freed]
        queue.reconsider(_registration(event), families=families, after=event.pk, at=event.at)


@handles(TurnCame)
def tell_of_turn(event: Event, delivery: Delivery) -> None:
    """Tell the channel manager who is next, and a refused or second partner; not after whom."""
    registration, said = _registration(event), event.payload
    if said["is_offered"]:
        _tell(_managers(registration), NEXT, registration, event, delivery)
    if said["is_told"] and (registration.review == Review.REJECTED or registration.is_beside):
        _tell(people.of_firm(registration), TURN, registration, event, delivery)


@handles(OwnerChanged)
def tell_of_handover(event: Event, delivery: Delivery) -> None:
    """Tell whoever looks after the deal from now on."""
    registration = _registration(event)
    to = [user for user in people.of_firm(registration) if str(user.pk) == event.payload["owner_id"]]
    _tell(to, HANDED, registration, event, delivery)


@handles(RegistrationLeft)
def tell_former(event: Event, delivery: Delivery) -> None:
    """Tell the former partner that its deal went, and nothing of where to."""
    concerned = people.who_had(event.payload["partner_id"], event.payload["owner_id"])
    registration = _registration(event)
    facts = {"customer": registration.customer_name, "number": registration.number}
    path = reverse("deals:transferred", urlconf=URLCONF)
    notify(concerned, kind=LEFT_US.code, event=event, path=path, facts=facts, delivery=delivery)


@handles(DeemingStopped)
def tell_of_stop(event: Event, delivery: Delivery) -> None:
    """Tell the channel manager that the decision is late and still theirs."""
    registration = _registration(event)
    _tell(_managers(registration), LEFT, registration, event, delivery)


def _managers(registration: Registration) -> list[User]:
    return people.who_decide(registration, permissions.can_decide.roles)


def _registration(event: Event) -> Registration:
    return Registration.objects.select_related("partner").get(pk=event.subject_id)


def _tell(
    users: Iterable[User], news: Kind | str, registration: Registration, event: Event, delivery: Delivery
) -> None:
    """Tell everybody but the one who did it; nobody of what happened before another partner got the deal."""
    if event.partner_path and event.partner_path != registration.partner_path:
        return
    code = news if isinstance(news, str) else news.code
    notify(
        [user for user in users if user.pk != event.by_id],
        kind=code,
        event=event,
        path=reverse(PAGES.get(code, PAGE), urlconf=URLCONF, args=[registration.pk]),
        facts=_facts(event, registration),
        delivery=delivery,
    )


def _facts(event: Event, registration: Registration) -> dict[str, Any]:
    """Return what the words need: about the deal as it is, and about the event as it was."""
    said = event.payload
    facts = {
        "customer": registration.customer_name,
        "number": registration.number,
        "partner": registration.partner.name,
        "by": event.by.name if event.by else "",
        "firm": event.by_firm,
        "value": registration.value,
        "is_approved": registration.review == Review.APPROVED,
        "points": registration.points,
        **{name: said[name] for name in QUOTED if name in said},
    }
    if said.get("until"):
        facts["until"] = date.fromisoformat(said["until"])
    if "due_on" in said:
        facts["due_on"] = date.fromisoformat(said["due_on"])
    if "answer_by" in said:
        facts["answer_by"] = datetime.fromisoformat(said["answer_by"])
    if "until_at" in said:
        facts["until_at"] = datetime.fromisoformat(said["until_at"])
    if "amount" in said:
        facts["value"] = Money(Decimal(said["amount"]), said["currency"])
    if said.get("reason_code"):
        facts["reason"] = reason_of(said["reason_code"], "deals")
    return facts


@handles(RegistrationSubmitted)
def note_first_registration(event: Event, delivery: Delivery) -> None:
    """Note on the checklist of a new partner that it registered a deal."""
    registration = _registration(event)
    onboarding.complete(registration.partner, TaskKind.REGISTRATION, by=None, at=event.at)


@handles(PartnerRestored)
def ask_for_check_ins_anew(event: Event, delivery: Delivery) -> None:
    """Let nobody lose a protection for what it could not confirm while it was suspended."""
    check_ins.start_over(Partner.objects.get(pk=event.subject_id), at=event.at)


@handles(PartnerTerminated)
def end_deals(event: Event, delivery: Delivery) -> None:
    """End what the partner had open, and tell whoever looked after it once, of all of it."""
    partner, by = Partner.objects.get(pk=event.subject_id), Membership.get_or_none(user_id=event.by_id)
    rows = ending.protected(partner) | ending.undecided(partner) | ending.beside(partner)
    disputes.end_all(partner.partner_path, at=event.at)
    done = [terminations.end(row, by=by, at=event.at) for row in rows.order_by("customer_id", "id")]
    facts = {
        "partner": partner.name,
        "by": event.by.name if event.by else "",
        "released": done.count(Action.RELEASE),
        "withdrawn": done.count(Action.WITHDRAW),
        "lost": done.count(Action.LOSE),
    }
    if any(done):
        users = partner_people.who_look_after(partner, permissions.can_decide.roles)
        told = [user for user in users if user.pk != event.by_id]
        path = f"{reverse('deals:registrations', urlconf=URLCONF)}?view=all&partner={partner.pk}"
        notify(told, kind=ENDED, event=event, path=path, facts=facts, delivery=delivery)
