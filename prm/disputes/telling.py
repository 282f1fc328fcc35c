"""Telling both sides what happens to a dispute."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from prm.accounts.models import Membership, User
from prm.accounts.vendors import at_opening
from prm.disputes import queries, services, subjects
from prm.disputes.events import (
    DisputeAnswered,
    DisputeAsked,
    DisputeOverturned,
    DisputeRaised,
    DisputeUpheld,
    DisputeWithdrawn,
)
from prm.disputes.models import Dispute
from prm.events.facts import Fact
from prm.events.models import Delivery, Event
from prm.events.outbox import handles
from prm.notifications.kinds import Audience
from prm.notifications.models import Channel
from prm.notifications.news import News, code_of, declare
from prm.notifications.services import notify
from prm.tenancy.middleware import URLCONF

TO_DECIDERS: dict[type[Fact], News] = {
    DisputeRaised: News(_("A partner appeals a decision")),
    DisputeAnswered: News(_("A partner answers about its appeal")),
    DisputeWithdrawn: News(_("An appeal is withdrawn"), by_mail=Channel.DIGEST),
}
TO_BOTH: dict[type[Fact], News] = {
    DisputeUpheld: News(_("After an appeal a decision stands")),
    DisputeOverturned: News(_("After an appeal a decision is overturned")),
}
declare(TO_DECIDERS, Audience.VENDOR)
declare(TO_BOTH, Audience.EVERYBODY)
declare({DisputeAsked: News(_("The vendor asks about an appeal"))}, Audience.PARTNER)
at_opening(services.prepare)


@handles(*TO_DECIDERS)
def tell_deciders(event: Event, delivery: Delivery) -> None:
    """Tell those who are neutral; where nobody is, those who can appoint somebody."""
    dispute = _dispute(event)
    neutral = queries.deciders_of(dispute, at=event.at).neutral
    users = [member.user for member in neutral or queries.administrators()]
    _tell(users, dispute, event, delivery, is_nobodys=not neutral)


@handles(DisputeAsked)
def tell_firm(event: Event, delivery: Delivery) -> None:
    dispute = _dispute(event)
    _tell(_firm(dispute), dispute, event, delivery)


@handles(*TO_BOTH)
def tell_both(event: Event, delivery: Delivery) -> None:
    """Tell the partner, and whoever of the vendor's people had decided first."""
    dispute = _dispute(event)
    members = Membership.objects.filter(user_id=dispute.decision_by_id, partner_id=None).select_related("user")
    _tell([*_firm(dispute), *(member.user for member in members)], dispute, event, delivery)


def _firm(dispute: Dispute) -> Iterable[User]:
    subject = subjects.load(dispute.subject_type, dispute.subject_id)
    return subjects.of(subject).of_firm(subject)


def _dispute(event: Event) -> Dispute:
    return Dispute.objects.select_related("raised_by").get(pk=event.payload["dispute_id"])


def _tell(users: Iterable[User], dispute: Dispute, event: Event, delivery: Delivery, **more: object) -> None:
    """Tell everybody but the one who did it."""
    facts = {
        "title": dispute.title,
        "firm": dispute.firm,
        "by": event.by.name if event.by else dispute.firm,
        "said": event.payload.get("question") or event.payload.get("answer") or event.payload.get("note", ""),
        "text": dispute.text,
        "decide_by": dispute.decide_by,
        **more,
    }
    notify(
        [user for user in users if user.pk != event.by_id],
        kind=code_of(event.name),
        event=event,
        path=reverse("dispute", urlconf=URLCONF, args=[dispute.pk]),
        facts=facts,
        delivery=delivery,
    )
