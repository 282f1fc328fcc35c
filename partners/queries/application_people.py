"""Who is told of applications and of people who want to join."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Q

from partners.models import Application, JoinRequest
from prm.accounts.models import Membership, User
from prm.accounts.roles import Role


def who_decide(application: Application, roles: Collection[Role]) -> list[User]:
    """Return whoever looks after the application, or everybody who may decide while nobody does."""
    owner = Q(user_id=application.owner_id)
    return _users(owner, partner_id=None, role__in=roles) or _users(Q(), partner_id=None, role__in=roles)


def deciders(roles: Collection[Role]) -> list[Membership]:
    """Return the vendor's people who may decide, by name."""
    rows = Membership.objects.filter(partner_id=None, role__in=roles, status=Membership.Status.ACTIVE)
    return list(rows.select_related("user").order_by("user__name", "id"))


def who_invite(request: JoinRequest, roles: Collection[Role]) -> list[User]:
    """Return the partner's administrators and who looks after it at the vendor; without a partner all of those."""
    own = Q(partner_id=request.partner_id, role=Role.PARTNER_ADMIN) if request.partner_id else Q(pk__in=[])
    manager_id = request.partner.channel_manager_id if request.partner else None
    vendor = Q(partner_id=None, role__in=roles)
    looking_after = vendor & Q(user_id=manager_id) if manager_id else vendor
    return _users(own | looking_after)


def _users(concerned: Q, **where: object) -> list[User]:
    members = Membership.objects.filter(concerned, status=Membership.Status.ACTIVE, **where)
    return [member.user for member in members.select_related("user").order_by("user_id")]
