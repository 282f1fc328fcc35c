"""Who is concerned with a registration, on either side."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django.db.models import OuterRef, Q, QuerySet

from deals.enums import EnteredAs
from deals.models import Registration
from prm.accounts.models import Membership, User
from prm.accounts.roles import Role

SELLERS = (Role.PARTNER_ADMIN, Role.PARTNER_SALES)


def of_firm(registration: Registration) -> list[User]:
    """Return the owner of the registration and the administrators of its partner, as far as they still work there."""
    concerned = Q(user_id=registration.owner_id) | Q(role=Role.PARTNER_ADMIN)
    return _users(concerned, partner_id=registration.partner_id)


def who_entered(registration: Registration) -> list[User]:
    """Return whoever registered it on behalf of the partner, as long as they still see it."""
    if registration.entered_as == EnteredAs.VENDOR:
        return _users(Q(user_id=registration.entered_by_id), partner_id=None)
    distributor = registration.partner.distributor_id
    if registration.entered_as == EnteredAs.PARTNER or distributor is None:
        return []
    return _users(Q(user_id=registration.entered_by_id), partner_id=distributor, reaches_below=True)


def sellers_of(registration: Registration) -> QuerySet[Membership]:
    """Return the people of its firm who work on deals, by name."""
    return sellers_at(registration.partner_id)


def sellers_at(partner_id: UUID | OuterRef) -> QuerySet[Membership]:
    """Return the people of a firm who work on deals, by name."""
    rows = Membership.objects.filter(partner_id=partner_id, role__in=SELLERS)
    return rows.filter(status=Membership.Status.ACTIVE).select_related("user").order_by("user__name", "pk")


def who_had(partner_id: str, owner_id: str) -> list[User]:
    """Return who looked after a deal at a partner that has it no more, and the administrators there."""
    return _users(Q(user_id=owner_id) | Q(role=Role.PARTNER_ADMIN), partner_id=partner_id)


def who_decide(registration: Registration, roles: Collection[Role]) -> list[User]:
    """Return the partner's channel manager, or everybody with one of these roles while nobody looks after it.

    Whoever entered the registration does not decide about it.
    """
    others = ~Q(user_id=registration.entered_by_id) if registration.entered_by_id else Q()
    manager = Q(user_id=registration.partner.channel_manager_id)
    return _users(manager & others, partner_id=None, role__in=roles) or _users(others, partner_id=None, role__in=roles)


def who_decided(registration: Registration) -> list[User]:
    """Return whoever of the vendor made the decision."""
    return _users(Q(user_id=registration.decided_by_id), partner_id=None)


def _users(concerned: Q, **where: object) -> list[User]:
    members = Membership.objects.filter(concerned, status=Membership.Status.ACTIVE, **where)
    return [member.user for member in members.select_related("user").order_by("user_id")]
