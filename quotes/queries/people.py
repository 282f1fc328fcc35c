"""Who is concerned with a quote, on either side."""

from __future__ import annotations

from django.db.models import Q

from prm.accounts.models import Membership, User
from prm.accounts.roles import Role
from quotes.models import Quote


def of_firm(quote: Quote) -> list[User]:
    """Return the owner of the quote and the administrators of its partner, as far as they still work there."""
    concerned = Q(user_id=quote.owner_id) | Q(role=Role.PARTNER_ADMIN)
    return _users(concerned, partner_id=quote.partner_id)


def who_decide(quote: Quote, role: str) -> list[User]:
    """Return who decides a step of a role: of channel managers the partner's own, if it has one."""
    if role == Role.CHANNEL_MANAGER:
        manager = _users(Q(user_id=quote.partner.channel_manager_id), partner_id=None, role=role)
        if manager:
            return manager
    return _users(Q(), partner_id=None, role=role)


def managers(quote: Quote) -> list[User]:
    """Return who looks after the partner at the vendor, or all channel managers while nobody does."""
    return who_decide(quote, Role.CHANNEL_MANAGER)


def _users(concerned: Q, **where: object) -> list[User]:
    members = Membership.objects.filter(concerned, status=Membership.Status.ACTIVE, **where)
    return [member.user for member in members.select_related("user").order_by("user_id")]
