"""What follows when something happened to a partner that its tier depends on, and who is told of it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from partners import permissions
from partners.enums import TierReason
from partners.events import (
    AchievementsCredited,
    CertificateConfirmed,
    CertificateExpired,
    CertificateRevoked,
    PartnerActivated,
    PartnerEnrolled,
    PartnerRestored,
    RequirementConfirmed,
    RequirementUnconfirmed,
    RequirementWaived,
    TierChanged,
    TierProposed,
    TierSecured,
    TierWarned,
)
from partners.models import Partner
from partners.queries import people
from partners.services import evaluation, programs
from prm.accounts.models import User
from prm.accounts.vendors import at_opening
from prm.events.models import Delivery, Event
from prm.events.outbox import handles
from prm.notifications.kinds import Audience, Kind, kind
from prm.notifications.models import Channel
from prm.notifications.services import notify
from prm.tenancy.middleware import URLCONF

at_opening(programs.prepare)

PROMOTED = kind("partners.tier_promoted", _("Your company rises to a higher tier"), Audience.PARTNER)
DEMOTED = kind("partners.tier_demoted", _("Your company falls to a lower tier"), Audience.PARTNER)
WARNED = kind("partners.tier_warned", _("Your company may lose its tier"), Audience.PARTNER)
SECURED = kind("partners.tier_secured", _("Your tier is secure again"), Audience.PARTNER, Channel.DIGEST)
PROPOSED = kind("partners.tier_proposed", _("A promotion waits for a confirmation"), Audience.VENDOR)
MOVED = kind("partners.partner_moved", _("A partner changes its tier"), Audience.VENDOR, Channel.DIGEST)
LOSING = kind("partners.partner_warned", _("A partner may lose its tier"), Audience.VENDOR, Channel.DIGEST)


@handles(
    AchievementsCredited,
    CertificateConfirmed,
    CertificateExpired,
    CertificateRevoked,
    PartnerActivated,
    PartnerEnrolled,
    PartnerRestored,
    RequirementConfirmed,
    RequirementUnconfirmed,
    RequirementWaived,
)
def evaluate(event: Event, delivery: Delivery) -> None:
    """Let the tier of a partner follow at once what happened to it."""
    evaluation.evaluate(_partner(event), at=event.at)


@handles(TierChanged)
def evaluate_placed(event: Event, delivery: Delivery) -> None:
    """See how safe a partner stands where a person has placed it."""
    if event.by_id:
        evaluation.evaluate(_partner(event), at=event.at)


@handles(TierChanged)
def tell_of_move(event: Event, delivery: Delivery) -> None:
    """Tell both sides of a tier that was earned or lost; where somebody placed a partner, only the partner.

    That a partner enters the programme is told when it becomes active, not here.
    """
    partner, said = _partner(event), event.payload
    is_demotion = said["reason"] == TierReason.DEMOTION
    was = said["was"] if said["was"] != said["tier"] else ""
    if said["reason"] == TierReason.MIGRATION or not said["tier"] or not (was or event.by_id):
        return
    facts = {"tier": said["tier"], "was": was, "is_demotion": is_demotion}
    news = DEMOTED if is_demotion and was else PROMOTED
    _tell(people.everybody_of(partner.pk), news, "partners:own-tier", partner, facts, event, delivery)
    if not event.by_id:
        _tell(_managers(partner), MOVED, "partners:partner-requirements", partner, facts, event, delivery)


@handles(TierWarned)
def tell_of_warning(event: Event, delivery: Delivery) -> None:
    """Tell both sides that a tier ends at a review unless something changes."""
    partner = _partner(event)
    facts = {"tier": event.payload["tier"], "day": date.fromisoformat(event.payload["demotes_on"])}
    _tell(people.administrators_of(partner.pk), WARNED, "partners:own-tier", partner, facts, event, delivery)
    _tell(_managers(partner), LOSING, "partners:partner-requirements", partner, facts, event, delivery)


@handles(TierSecured)
def tell_of_relief(event: Event, delivery: Delivery) -> None:
    """Tell the partner that the warning is over."""
    partner, facts = _partner(event), {"tier": event.payload["tier"]}
    _tell(people.administrators_of(partner.pk), SECURED, "partners:own-tier", partner, facts, event, delivery)


@handles(TierProposed)
def tell_of_proposal(event: Event, delivery: Delivery) -> None:
    """Ask whoever looks after a partner to confirm its promotion."""
    partner, facts = _partner(event), {"tier": event.payload["tier"]}
    _tell(_managers(partner), PROPOSED, "partners:partner-requirements", partner, facts, event, delivery)


def _partner(event: Event) -> Partner:
    return Partner.objects.get(pk=UUID(event.payload["partner_id"]))


def _managers(partner: Partner) -> list[User]:
    return people.who_look_after(partner, permissions.can_place.roles)


def _tell(
    users: Iterable[User],
    news: Kind,
    page: str,
    partner: Partner,
    facts: dict[str, Any],
    event: Event,
    delivery: Delivery,
) -> None:
    """Tell everybody but the one who did it."""
    args = [] if page == "partners:own-tier" else [partner.pk]
    notify(
        [user for user in users if user.pk != event.by_id],
        kind=news,
        event=event,
        path=reverse(page, urlconf=URLCONF, args=args),
        facts={"partner": partner.name, **facts},
        delivery=delivery,
    )
