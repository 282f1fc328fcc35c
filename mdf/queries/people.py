"""Who is concerned with a request or with a partner's share of a fund, on either side."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django.db.models import Q

from mdf.models import FundRequest
from partners.models import Partner
from prm.accounts.models import Membership, User
from prm.accounts.roles import Role


def of_firm(partner_id: UUID, owner_id: UUID | None = None) -> list[User]:
    """Return a partner's administrators, and the owner of a request or else everybody in marketing."""
    concerned = Q(role=Role.PARTNER_ADMIN)
    concerned |= Q(user_id=owner_id) if owner_id else Q(role=Role.PARTNER_MARKETING)
    return _users(concerned, partner_id=partner_id)


def who_decide(partner: Partner, roles: Collection[Role]) -> list[User]:
    """Return the partner's channel manager, or everybody with one of these roles while nobody looks after it."""
    manager_id = partner.channel_manager_id
    return _users(Q(user_id=manager_id), partner_id=None, role__in=roles) or _users(
        Q(), partner_id=None, role__in=roles
    )


def with_roles(roles: Collection[Role]) -> list[User]:
    """Return the vendor's people with one of these roles."""
    return _users(Q(), partner_id=None, role__in=roles)


def who_decided(request: FundRequest) -> list[User]:
    """Return whoever of the vendor made the decision."""
    return _users(Q(user_id=request.decided_by_id), partner_id=None)


def _users(concerned: Q, **where: object) -> list[User]:
    members = Membership.objects.filter(concerned, status=Membership.Status.ACTIVE, **where)
    return [member.user for member in members.select_related("user").order_by("user_id")]
