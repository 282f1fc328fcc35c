"""Enrolling partners and letting people work for them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db.models import Q

from partners.enums import PartnerAction, PartnerStatus, PartnerType
from partners.events import (
    DistributorClosed,
    DistributorOpened,
    NoteWritten,
    PartnerEnrolled,
    PartnerRestored,
    PartnerSuspended,
    PartnerTerminated,
)
from partners.models import Agreement, Partner, TierMembership
from partners.queries.days import today_of_vendor
from partners.rules import moving, partner_lifecycle
from partners.services import agreements
from prm.accounts import members as invitations
from prm.accounts.models import Invitation, Membership, User, VendorProfile
from prm.accounts.roles import Role
from prm.events.models import Event
from prm.events.outbox import record
from prm.events.refusals import DomainError
from prm.events.service import service
from prm.tenancy.fields import uuid7


class NotPossible(DomainError):
    """The partner is no longer in the state that the action needs: somebody was faster, or the page was old."""


class NoDistributor(DomainError):
    """Only distributors are named on the deals of others."""


@service
def enroll(
    name: str,
    *,
    type: PartnerType,
    country: str,
    joined_on: date,
    by: Membership | None = None,
    at: datetime | None = None,
    **facts: Any,
) -> Partner:
    """Take a firm into the programme, directly under the vendor or below its `distributor`.

    Raises `ValueError` if the distributor is itself below another: there are two tiers of partners.
    """
    distributor = facts.get("distributor")
    if distributor is not None and distributor.distributor_id is not None:
        raise ValueError("A reseller cannot stand below a reseller.")
    pk = uuid7()
    above = distributor.partner_path if distributor else "/"
    partner = Partner(
        pk=pk, name=name, type=type, country=country, joined_on=joined_on, partner_path=f"{above}{pk.hex}/", **facts
    )
    partner.stamp_keys()
    partner.save(force_insert=True)
    record(PartnerEnrolled(partner_id=partner.pk), on=partner, by=by, at=at)
    return partner


@service
def join(
    user: User, role: Role, *, partner: Partner | None = None, sees: Membership.Sees = Membership.Sees.FIRM
) -> Membership:
    """Make a person a member of the current vendor, for a partner if the role is a partner's."""
    membership = Membership(user=user, role=role, sees=sees, **place_of(partner))
    membership.save(force_insert=True)
    return membership


def place_of(partner: Partner | None) -> dict[str, Any]:
    """Return what the platform keeps of a partner with each membership and invitation."""
    if partner is None:
        return {}
    below = partner.type == PartnerType.DISTRIBUTOR and VendorProfile.objects.get().lets_distributors_see_below
    return {
        "partner_id": partner.pk,
        "partner_path": partner.partner_path,
        "firm": partner.name,
        "reaches_below": below,
    }


@service
def let_distributors_see_below() -> None:
    """Widen what distributors' people and invited colleagues reach, if the vendor still allows it."""
    if not VendorProfile.objects.select_for_update().get().lets_distributors_see_below:
        return
    distributors = Partner.objects.filter(type=PartnerType.DISTRIBUTOR).values_list("pk", flat=True)
    for stamped in (Membership, Invitation):
        stamped.objects.filter(partner_id__in=list(distributors)).update(reaches_below=True)


@service
def suspend(partner: Partner, *, by: Membership, at: datetime | None = None, reason: str = "") -> Partner:
    """Stop a partner's work for now: its people can no longer enter. Raises `NotPossible` unless it is active."""
    partner = _move(partner, PartnerAction.SUSPEND)
    members = _shut_out(partner)
    record(PartnerSuspended(partner_id=partner.pk, reason=reason, members=members), on=partner, by=by, at=at)
    return partner


@service
def restore(partner: Partner, *, by: Membership, at: datetime | None = None) -> Partner:
    """Let a suspended partner work again, and those enter who could before; raises `NotPossible`."""
    partner = _move(partner, PartnerAction.RESTORE)
    events = Event.objects.filter(subject_id=partner.pk, name=PartnerSuspended.name)
    last = events.order_by("-at", "-id").first()
    members = last.payload.get("members", []) if last else []
    Membership.objects.filter(partner_id=partner.pk, pk__in=members).update(status=Membership.Status.ACTIVE)
    record(PartnerRestored(partner_id=partner.pk), on=partner, by=by, at=at)
    return partner


@service
def terminate(partner: Partner, *, reason: str, by: Membership, at: datetime) -> Partner:
    """End the work with a partner for good, with the day.

    Its people can no longer enter, invitations and offers end, and so does its tier; what was agreed and decided
    stays in the history. Raises `NotPossible` if it ended already.
    """
    partner = _move(partner, PartnerAction.TERMINATE)
    _shut_out(partner)
    for invitation in Invitation.objects.filter(partner_id=partner.pk, status=Invitation.Status.OPEN):
        invitations.revoke(invitation, by=by, at=at)
    for agreement in Agreement.objects.open().filter(partner=partner):
        agreements.withdraw(agreement, by=by, at=at)
    today = today_of_vendor(at)
    for standing in TierMembership.objects.filter(Q(ends_on__isnull=True) | Q(ends_on__gt=today), partner=partner):
        standing.ends_on = max(today, standing.starts_on)
        standing.save(update_fields=["ends_on"])
    record(PartnerTerminated(partner_id=partner.pk, reason=reason), on=partner, by=by, at=at)
    return partner


@service
def offer_to_partners(partner: Partner, *, is_open: bool, by: Membership, at: datetime) -> Partner:
    """Let partners that are not below a distributor name it on their deals, or not any more; doing it twice is once.

    Raises `NoDistributor`.
    """
    partner = Partner.objects.locked(partner.pk)
    if partner.type != PartnerType.DISTRIBUTOR:
        raise NoDistributor(partner=partner)
    if partner.is_open_to_partners != is_open:
        partner.is_open_to_partners = is_open
        partner.save(update_fields=["is_open_to_partners"])
        fact = DistributorOpened if is_open else DistributorClosed
        record(fact(partner_id=partner.pk), on=partner, by=by, at=at, is_internal=True)
    return partner


@service
def note(partner: Partner, text: str, *, by: Membership, at: datetime) -> Partner:
    """Write something down about a partner that only the vendor's own people read."""
    record(NoteWritten(partner_id=partner.pk, text=text), on=partner, by=by, at=at, is_internal=True)
    return partner


def _shut_out(partner: Partner) -> tuple[str, ...]:
    """Let the partner's people enter no more, and return the memberships that this concerned."""
    people = Membership.objects.filter(partner_id=partner.pk, status=Membership.Status.ACTIVE)
    members = tuple(str(pk) for pk in people.values_list("pk", flat=True))
    people.update(status=Membership.Status.SUSPENDED)
    return members


def _move(partner: Partner, action: PartnerAction) -> Partner:
    partner = Partner.objects.locked(partner.pk)
    try:
        partner.status = moving.after(partner_lifecycle.TABLE, PartnerStatus(partner.status), action)
    except moving.NotAllowed as error:
        raise NotPossible(partner=partner) from error
    partner.save(update_fields=["status"])
    return partner
