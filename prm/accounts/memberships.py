"""Which vendors a person works with, and as what."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.db.models import Case, Exists, QuerySet, When
from django.utils import timezone

from prm.accounts.models import Invitation, Membership, NoMember, User, VendorProfile
from prm.approvals.models import StandIn, around
from prm.tenancy.context import Actor, Scope, acting_as, as_system, current
from prm.tenancy.models import Vendor


@dataclass(frozen=True)
class Portal:
    """A vendor's portal as somebody's switcher shows it."""

    vendor: Vendor
    membership: Membership

    @property
    def url(self) -> str:
        return f"/{self.vendor.slug}/"


@dataclass(frozen=True)
class Arrival:
    """Who stands at a vendor's door: the vendor's profile, what the person is there, and their other portals."""

    profile: VendorProfile
    member: Membership | NoMember
    portals: Sequence[Portal] = ()


def at_the_door(vendor: Vendor, user: User | AnonymousUser) -> Arrival:
    """Return all that every page needs of somebody, in one question; a suspended membership counts as none."""
    if not user.is_authenticated:
        return Arrival(profile_of(vendor.pk), NoMember())
    with acting_as(Actor(vendor.pk, Scope.SYSTEM, user_id=user.pk)):
        away = Exists(StandIn.objects.filter(around(timezone.now())))
        portals = _portals(user, is_anybody_away=Case(When(tenant=vendor.pk, then=away)))
        member = next((portal.membership for portal in portals if portal.vendor == vendor), None)
        if member is None:
            return Arrival(VendorProfile.objects.get(), NoMember(), portals)
        return Arrival(member.profile, member, portals)


def portals_of(user: User) -> list[Portal]:
    """Return the portals a person can enter, by the vendor's name."""
    if current().user_id != user.pk:
        with acting_as(Actor(None, user_id=user.pk)):
            return _portals(user)
    return _portals(user)


def _portals(user: User, **known: Any) -> list[Portal]:
    """The walls show everybody their own memberships at all vendors, and the profile of the one they visit."""
    rows = Membership.across_tenants.filter(
        user_id=user.pk, status=Membership.Status.ACTIVE, tenant__status=Vendor.Status.ACTIVE
    ).select_related("tenant", "profile")
    rows = rows.annotate(**known)
    return [Portal(row.tenant, row) for row in rows.order_by("tenant__name", "tenant_id")]


def profile_of(vendor_id: UUID) -> VendorProfile:
    """Return a vendor's look and calendar; also for visitors, whose sign-in page wears the brand."""
    with as_system(vendor_id):
        return VendorProfile.objects.get()


def managed_by(member: Membership) -> QuerySet[Membership]:
    """Return the memberships somebody may manage: a vendor's administrator all, a partner's those of the own firm.

    A distributor's administrator sees more than that, the people of its resellers, but does not manage them.
    """
    return _of_own_firm(Membership.objects.all(), member)


def invitations_managed_by(member: Membership) -> QuerySet[Invitation]:
    """Return the invitations somebody may manage."""
    return _of_own_firm(Invitation.objects.all(), member)


def _of_own_firm(rows: QuerySet, member: Membership) -> QuerySet:
    return rows if member.is_vendor else rows.filter(partner_id=member.partner_id)


def note_visit(membership: Membership, today: date) -> None:
    """Remember the day somebody was last here, at most once a day."""
    if membership.last_seen_on != today:
        Membership.objects.filter(pk=membership.pk).update(last_seen_on=today)
