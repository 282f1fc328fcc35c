"""Who is concerned with a registration, on either side."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Q, QuerySet

from deals.models import Registration
from prm.accounts.models import Membership, User
from prm.accounts.roles import Role

SELLERS = (Role.PARTNER_ADMIN, Role.PARTNER_SALES)


def of_firm(registration: Registration) -> list[User]:
    """Return the owner of the registration and the administrators of its partner, as far as they still work there."""
    concerned = Q(user_id=registration.owner_id) | Q(role=Role.PARTNER_ADMIN)
    return _users(concerned, partner_id=registration.partner_id)


def sellers_of(registration: Registration) -> QuerySet[Membership]:
    """Return the people of its firm who work on deals, by name."""
    rows = Membership.objects.filter(partner_id=registration.partner_id, role__in=SELLERS)
    return rows.filter(status=Membership.Status.ACTIVE).select_related("user").order_by("user__name", "pk")


def who_decide(registration: Registration, roles: Collection[Role]) -> list[User]:
    """Return the partner's channel manager, or everybody with one of these roles while nobody looks after it."""
    manager_id = registration.partner.channel_manager_id
    return _users(Q(user_id=manager_id), partner_id=None, role__in=roles) or _users(
        Q(), partner_id=None, role__in=roles
    )


def who_decided(registration: Registration) -> list[User]:
    """Return whoever of the vendor made the decision."""
    return _users(Q(user_id=registration.decided_by_id), partner_id=None)


def _users(concerned: Q, **where: object) -> list[User]:
    members = Membership.objects.filter(concerned, status=Membership.Status.ACTIVE, **where)
    return [member.user for member in members.select_related("user").order_by("user_id")]
