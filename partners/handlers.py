"""What partners do when something happened elsewhere."""

from __future__ import annotations

from datetime import date

from partners.enums import TaskKind
from partners.events import TextSent
from partners.models import AgreementVersion, Partner
from partners.services import agreement_texts, onboarding, partners
from prm.accounts.events import MemberJoined, ProfileChanged
from prm.accounts.models import Membership
from prm.accounts.vendors import at_opening
from prm.events.models import Delivery, Event
from prm.events.outbox import handles

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
