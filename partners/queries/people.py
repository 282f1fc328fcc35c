"""Who is concerned with a partner, on either side."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django.db.models import Q

from partners.models import Partner
from prm.accounts.models import Membership, User
from prm.accounts.roles import Role


def administrators_of(partner_id: UUID, also: UUID | None = None) -> list[User]:
    """Return a partner's administrators, and somebody else who works there."""
    return _users(Q(role=Role.PARTNER_ADMIN) | Q(user_id=also), partner_id=partner_id)


def everybody_of(partner_id: UUID) -> list[User]:
    """Return all who work for a partner."""
    return _users(Q(), partner_id=partner_id)


def who_look_after(partner: Partner, roles: Collection[Role]) -> list[User]:
    """Return the partner's channel manager, or everybody with one of these roles while nobody looks after it."""
    return _users(Q(user_id=partner.channel_manager_id), partner_id=None, role__in=roles) or with_role(roles)


def with_role(roles: Collection[Role]) -> list[User]:
    """Return the vendor's people with one of these roles."""
    return _users(Q(), partner_id=None, role__in=roles)


def _users(concerned: Q, **where: object) -> list[User]:
    members = Membership.objects.filter(concerned, status=Membership.Status.ACTIVE, **where)
    return [member.user for member in members.select_related("user").order_by("user_id")]
