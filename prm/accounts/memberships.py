"""Which vendors a person works with, and as what."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet

from prm.accounts.models import Invitation, Membership, NoMember, User, VendorProfile
from prm.tenancy.context import Actor, acting_as, as_system, current
from prm.tenancy.models import Vendor


@dataclass(frozen=True)
class Portal:
    """A vendor's portal as somebody's switcher shows it."""

    vendor: Vendor
    membership: Membership

    @property
    def url(self) -> str:
        return f"/{self.vendor.slug}/"


def at_the_door(vendor: Vendor, user: User | AnonymousUser) -> tuple[VendorProfile, Membership | NoMember]:
    """Return a vendor's profile and what a person is there; a suspended membership counts as none."""
    with as_system(vendor.pk):
        profile = VendorProfile.objects.get()
        found = user.is_authenticated and Membership.objects.filter(user=user, status=Membership.Status.ACTIVE).first()
    return profile, found or NoMember()


def portals_of(user: User) -> list[Portal]:
    """Return the portals a person can enter, by the vendor's name.

    The walls show everybody their own memberships at all vendors, whichever they are visiting.
    """
    if current().user_id != user.pk:
        with acting_as(Actor(None, user_id=user.pk)):
            return portals_of(user)
    rows = Membership.across_tenants.filter(
        user_id=user.pk, status=Membership.Status.ACTIVE, tenant__status=Vendor.Status.ACTIVE
    ).select_related("tenant")
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
