"""Who is concerned with a partner, on either side."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Q

from partners.models import Partner
from prm.accounts.models import Membership, User
from prm.accounts.roles import Role


def administrators_of(partner: Partner) -> list[User]:
    """Return those who run the partner's side."""
    return _users(Q(role=Role.PARTNER_ADMIN), partner_id=partner.pk)


def everybody_of(partner: Partner) -> list[User]:
    """Return all who work for the partner."""
    return _users(Q(), partner_id=partner.pk)


def who_look_after(partner: Partner, roles: Collection[Role]) -> list[User]:
    """Return the partner's channel manager, or everybody with one of these roles while nobody looks after it."""
    manager = Q(user_id=partner.channel_manager_id)
    return _users(manager, partner_id=None, role__in=roles) or _users(Q(), partner_id=None, role__in=roles)


def _users(concerned: Q, **where: object) -> list[User]:
    members = Membership.objects.filter(concerned, status=Membership.Status.ACTIVE, **where)
    return [member.user for member in members.select_related("user").order_by("user_id")]
