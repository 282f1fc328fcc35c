"""Partners shaped like their list and their page."""

from __future__ import annotations

from datetime import date

from django.db.models import F, OuterRef, QuerySet, Subquery

from partners.models import Partner, Tier, TierMembership
from prm.accounts.models import Membership


def with_tier(rows: QuerySet[Partner], today: date) -> QuerySet[Partner]:
    """Add the tier each partner stands in today: `tier_id`, `tier_name`, and `tier_since`."""
    standing = TierMembership.objects.on(today).filter(tenant_id=OuterRef("tenant_id"), partner_id=OuterRef("pk"))
    return rows.annotate(
        tier_id=Subquery(standing.values("tier_id")[:1]),
        tier_name=Subquery(standing.values("tier__name")[:1]),
        tier_since=Subquery(standing.values("starts_on")[:1]),
    )


def own(member: Membership, today: date) -> Partner:
    """Return the firm somebody works for."""
    rows = with_tier(Partner.objects.all(), today).select_related("channel_manager", "distributor")
    return rows.get(pk=member.partner_id)


def tiers() -> QuerySet[Tier]:
    """Return the tiers of the active programs, the highest first."""
    return Tier.objects.filter(program__is_active=True, is_offered=True).order_by("program__name", "-rank")


def tier_history(partner: Partner) -> list[TierMembership]:
    """Return the tiers a partner stood in, the latest first."""
    rows = TierMembership.objects.filter(partner=partner).select_related("tier", "decided_by")
    return list(rows.order_by(F("starts_on").desc(), "id"))


def resellers_of(partner: Partner, today: date) -> list[Partner]:
    """Return the partners below a distributor."""
    return list(with_tier(Partner.objects.filter(distributor=partner), today).order_by("name", "id"))


def people_of(partner: Partner) -> int:
    """Return how many people can enter for a partner."""
    return Membership.objects.filter(partner_id=partner.pk, status=Membership.Status.ACTIVE).count()


def team_of(partner: Partner) -> list[Membership]:
    """Return a partner's people by name, those who can enter first."""
    rows = Membership.objects.filter(partner_id=partner.pk).select_related("user")
    return list(rows.order_by("status", "user__name", "id")[:50])
