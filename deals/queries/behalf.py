"""For which partners somebody else may register deals."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from deals.queries import people
from deals.queries import terms as registration_terms
from partners.enums import PartnerStatus
from partners.models import Partner
from prm.accounts.models import Membership


def may_register(member: Membership, today: date) -> bool:
    """Say whether somebody may register on behalf of others: the vendor, and distributors where it lets them."""
    if member.is_vendor:
        return True
    return member.reaches_below and registration_terms.current(today)[1].distributors_register


def partners_for(member: Membership, today: date) -> QuerySet[Partner]:
    """Return the active partners that somebody may register for beside their own firm, by name.

    Somebody there has to work on deals, who is told of what is registered and can take it back.
    """
    if not may_register(member, today):
        return Partner.objects.none()
    rows = Partner.objects.filter(distributor=member.partner_id) if member.is_partner else Partner.objects.all()
    works = Exists(people.sellers_at(OuterRef("pk")))
    return rows.filter(works, status=PartnerStatus.ACTIVE).order_by("name", "id")


def is_let(member: Membership, partner_id: UUID, today: date) -> bool:
    """Say whether somebody may register on behalf of this partner."""
    return partners_for(member, today).filter(pk=partner_id).exists()
