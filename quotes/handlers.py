"""What a new vendor starts with, the papers of this app, and who is told of what happens to a quote or an order."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from deals.services import transfers as deal_transfers
from partners.events import PartnerTerminated
from partners.models import Partner
from partners.queries import people as partner_people
from partners.queries import terminations as asked
from prm.accounts.models import Membership, User
from prm.accounts.roles import Role
from prm.accounts.vendors import at_opening
from prm.approvals import queries as agreed
from prm.approvals import subjects
from prm.approvals.plans import Plan
from prm.comments import subjects as comments
from prm.documents import kind as paper
from prm.events.facts import Fact
from prm.events.models import Delivery, Event
from prm.events.outbox import handles
from prm.files.subjects import can_open
from prm.money import Money
from prm.notifications.kinds import Audience, kind
from prm.notifications.models import Channel
from prm.notifications.news import News, code_of, declare, reason_of
from prm.notifications.services import notify
from prm.tenancy.middleware import URLCONF
from quotes import permissions
from quotes.enums import Counted
from quotes.events import (
    ApprovalGiven,
    ApprovalRecalled,
    ApprovalRefused,
    ApprovalRequested,
    InformationAnswered,
    InformationRequested,
    OfferOpened,
    OrderAcknowledged,
    OrderCancelled,
    OrderFulfilled,
    OrderScheduled,
    OrderShipped,
    QuoteAccepted,
    QuoteDeclined,
    QuoteDetached,
    QuoteExpired,
    QuoteReminded,
)
from quotes.models import Order, Quote, QuoteRevision
from quotes.queries import approvals, people
from quotes.queries import terminations as ending
from quotes.rules.catalogue import AREA
from quotes.services import terminations, transfers, vendors

QUOTE, INBOX, ORDER = "quotes:quote", "quotes:inbox-item", "quotes:order"
LOOKED_AT = [
    ("lines", _("Products, quantities and discounts")),
    ("valid_until", _("Valid until")),
    ("customer", _("Customer")),
    ("introduction", _("Introduction")),
    ("tax", _("Tax")),
]

at_opening(vendors.prepare)
asked.asks(ending.endings_of)
deal_transfers.lets_go(transfers.let_go)
paper(
    "quotes.quote",
    template="quotes/documents/quote.html",
    file_name="quote",
    label=_("Quote at purchase prices"),
)
paper("quotes.offer", template="quotes/documents/offer.html", file_name="offer", label=_("Offer"))


@can_open("quotes.quoterevision")
def revisions(member: Membership) -> QuerySet:
    return QuoteRevision.objects.visible_to(member)


@can_open("quotes.order")
def orders(member: Membership) -> QuerySet:
    return Order.objects.visible_to(member)


subjects.declare(
    "quotes.quoterevision",
    page=INBOX,
    title=lambda revision: str(revision.quote),
    area=AREA,
    facts=LOOKED_AT,
    tells_first=True,
)
comments.declare(
    "quotes.quote",
    visible=lambda member: Quote.objects.filter(pk__in=QuoteRevision.objects.visible_to(member).values("quote_id")),
    seen_by=permissions.can_see,
    written_by=permissions.can_see,
    page=QUOTE,
    title=lambda quote: " ".join(filter(None, (quote.number, quote.customer_name))),
    looked_after_by=lambda quote: quote.partner.channel_manager_id,
    of_vendor=people.managers,
    of_firm=people.of_firm,
)


TO_PARTNER: dict[type[Fact], News] = {
    ApprovalGiven: News(_("Discounts are approved")),
    ApprovalRefused: News(_("Discounts are rejected")),
    InformationRequested: News(_("The vendor asks about a quote")),
    OfferOpened: News(_("A customer opens an offer"), by_mail=Channel.OFF),
    QuoteDetached: News(_("A quote goes on without its deal")),
    QuoteReminded: News(_("An offer ends soon")),
    QuoteExpired: News(_("An offer has expired")),
    OrderAcknowledged: News(_("An order is acknowledged"), ORDER),
    OrderScheduled: News(_("An order is scheduled"), ORDER, Channel.DIGEST),
    OrderShipped: News(_("A part of an order is shipped"), ORDER, Channel.DIGEST),
    OrderFulfilled: News(_("An order is shipped"), ORDER),
    OrderCancelled: News(_("An order is cancelled"), ORDER),
}
TO_APPROVERS: dict[type[Fact], News] = {
    ApprovalRequested: News(_("A partner asks for discounts"), INBOX),
    InformationAnswered: News(_("A partner answers about its quote"), INBOX),
    ApprovalRecalled: News(_("A partner recalls its quote"), by_mail=Channel.OFF),
}
TO_BOTH: dict[type[Fact], News] = {
    QuoteAccepted: News(_("An offer is accepted")),
    QuoteDeclined: News(_("An offer is declined"), by_mail=Channel.DIGEST),
}
# What a message says word for word of what was said.
QUOTED = (
    "note",
    "question",
    "answer",
    "days_left",
    "order",
    "purchase_order",
    "customer",
    "is_complete",
    "drifted",
    "deal",
)


PAGES = {
    **declare(TO_PARTNER, Audience.PARTNER, page=QUOTE),
    **declare(TO_APPROVERS, Audience.VENDOR, page=QUOTE),
    **declare(TO_BOTH, Audience.EVERYBODY, page=QUOTE),
}
ENDED = kind("quotes.quotes_ended", _("Quotes end with the work with a partner"), Audience.VENDOR)


@handles(*(fact for fact, news in TO_PARTNER.items() if news.page != ORDER))
def tell_partner(event: Event, delivery: Delivery) -> None:
    quote = _quote(event)
    _tell(people.of_firm(quote), quote, event, delivery)


@handles(*TO_APPROVERS)
def tell_approvers(event: Event, delivery: Delivery) -> None:
    """Tell everybody who decides a step that waits, or who decided one of a request that was taken back."""
    quote = _quote(event)
    revision = QuoteRevision.objects.get(quote=quote, number=event.payload["revision"])
    steps = approvals.waiting_steps(revision) or approvals.steps_of(revision)[-1:]
    approval = agreed.latest_of(revision)
    plan = agreed.plan_of(approval) if approval else Plan(())
    found = [approvals.deciders_of(revision, approvals.step_of(step), plan, event.at) for step in steps]
    deciders = {user.pk: user for users in found for user in users}
    _tell(deciders.values(), quote, event, delivery)


@handles(*TO_BOTH)
def tell_both(event: Event, delivery: Delivery) -> None:
    """Tell the partner and who looks after it; a customer's answer concerns both."""
    quote = _quote(event)
    _tell([*people.of_firm(quote), *people.managers(quote)], quote, event, delivery)


@handles(*(fact for fact, news in TO_PARTNER.items() if news.page == ORDER))
def tell_of_order(event: Event, delivery: Delivery) -> None:
    order = Order.objects.select_related("quote__partner").get(pk=event.subject_id)
    _tell(people.of_firm(order.quote), order.quote, event, delivery, order=order)


def _quote(event: Event) -> Quote:
    return Quote.objects.select_related("partner").get(pk=event.subject_id)


def _tell(users: Iterable[User], quote: Quote, event: Event, delivery: Delivery, *, order: Order | None = None) -> None:
    """Tell everybody but the one who did it."""
    code = code_of(event.name)
    notify(
        [user for user in users if user.pk != event.by_id],
        kind=code,
        event=event,
        path=reverse(PAGES[code], urlconf=URLCONF, args=[_target(PAGES[code], quote, event, order)]),
        facts=_facts(event, quote, order),
        delivery=delivery,
    )


def _target(page: str, quote: Quote, event: Event, order: Order | None) -> Any:
    if page == ORDER and order is not None:
        return order.pk
    if page == INBOX:
        return QuoteRevision.objects.values_list("pk", flat=True).get(quote=quote, number=event.payload["revision"])
    return quote.pk


def _facts(event: Event, quote: Quote, order: Order | None) -> dict[str, Any]:
    """Return what the words need: about the quote as it is, and about the event as it was."""
    said = event.payload
    facts: dict[str, Any] = {
        "buyer": quote.customer_name,
        "number": quote.number,
        "partner": quote.partner.name,
        "by": event.by.name if event.by else "",
        **{name: said[name] for name in QUOTED if name in said},
    }
    if order is not None:
        facts |= {"value": order.net, "order": order.number}
    if said.get("amount"):
        facts["value"] = Money(Decimal(said["amount"]), said["currency"])
    for name in ("until", "day"):
        if said.get(name):
            facts[name] = date.fromisoformat(said[name])
    if said.get("answer_by"):
        facts["answer_by"] = datetime.fromisoformat(said["answer_by"])
    if said.get("highest"):
        facts["percent"] = Decimal(said["highest"])
        facts["is_special"] = said.get("counted") == Counted.SPECIAL
    if "roles" in said:
        facts["roles"] = [*(str(Role(role).label) for role in said["roles"]), *said.get("steps", ())]
    if said.get("reason_code"):
        facts["reason"] = reason_of(said["reason_code"], "quotes")
    return facts


@handles(PartnerTerminated)
def end_quotes(event: Event, delivery: Delivery) -> None:
    """Withdraw what the partner had handed in, and tell whoever looked after it once, of all of it."""
    partner, by = Partner.objects.get(pk=event.subject_id), Membership.get_or_none(user_id=event.by_id)
    rows = ending.sent(partner).order_by("quote_id", "number")
    withdrawn = {row.quote_id for row in rows if terminations.end(row, by=by, at=event.at)}
    facts = {"partner": partner.name, "by": event.by.name if event.by else "", "withdrawn": len(withdrawn)}
    if withdrawn:
        users = partner_people.who_look_after(partner, {Role.CHANNEL_MANAGER})
        told = [user for user in users if user.pk != event.by_id]
        path = f"{reverse('quotes:quotes', urlconf=URLCONF)}?view=all&partner={partner.pk}"
        notify(told, kind=ENDED, event=event, path=path, facts=facts, delivery=delivery)
