"""A fall to a lower tier can be appealed by the partner's administrators."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from partners import permissions
from partners.models import Partner, TierMembership
from partners.queries import people
from partners.queries import tier_appeals as appeals
from partners.services import tiers
from partners.views import history
from prm.accounts.models import Membership
from prm.disputes import panel, subjects
from prm.disputes.panel import Panel
from prm.disputes.subjects import Kind


def panel_of(partner: Partner, member: Membership, *, at: datetime) -> Panel | None:
    """Return what the page of a partner's tier says of an appeal."""
    found = (panel.of(row, member, at=at) for row in appeals.latest_of(partner))
    return next((one for one in found if one), None)


def _seen(member: Membership) -> QuerySet:
    rows = TierMembership.objects.select_related("tier", "partner")
    if member.is_vendor:
        return rows if member.has(permissions.can_see_program) else rows.none()
    return rows.filter(partner=member.partner_id)


def _title(membership: TierMembership) -> str:
    previous = appeals.before(membership)
    return f"{previous.tier.name} → {membership.tier.name}" if previous else membership.tier.name


subjects.declare(
    "partners.tiermembership",
    label=_("Tier"),
    visible=_seen,
    appealed_by=permissions.can_appeal_tier,
    page="partners:partner-requirements",
    own_page="partners:own-tier",
    title=_title,
    kinds={appeals.FALLEN: Kind(_("The company fell to a lower tier."), "")},
    decision=appeals.decision_of,
    was_decided=lambda membership: membership.reason in appeals.DECIDED,
    appeals=appeals.appeals_of,
    overturn=tiers.give_back,
    timeline=lambda membership, member: history.entries(membership.partner, member),
    of_firm=lambda membership: people.administrators_of(membership.partner_id),
    firm=lambda membership: membership.partner.name,
    told_on=lambda membership: membership.partner,
)
