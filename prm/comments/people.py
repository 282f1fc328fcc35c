"""Whom somebody may mention on a record: only those who may see what is written."""

from __future__ import annotations

from django.db.models import Q

from prm.accounts.models import Membership
from prm.comments import subjects
from prm.events.models import Event
from prm.tenancy.context import acting_as, seeing_all_partners
from prm.tenancy.models import TenantModel


def mentionable(subject: TenantModel, by: Membership) -> list[Membership]:
    """Return whom somebody can mention, by name: all who see the record, as far as one knows of them.

    Partners learn no name of the vendor's people here: they mention who looks after them, or stands on the timeline.
    """
    declared = subjects.of(subject)
    who = Q(role__in=declared.seen_by.roles, user__is_active=True) & ~Q(user_id=by.user_id)
    firm = who & Q(partner_id__in=_firms(subject, by))
    if by.is_partner:
        return sorted(_found(firm | _known_of_vendor(subject), subject), key=lambda row: row.is_vendor)
    return _found(who & Q(partner_id=None) if declared.is_vendors else firm | who & Q(partner_id=None), subject)


def sees(member: Membership, subject: TenantModel) -> bool:
    """Ask as that person whether they may see the record: what they see is decided in one place only."""
    with acting_as(member.actor):
        return subjects.sees(member, subject)


def _firms(subject: TenantModel, by: Membership) -> set[object]:
    return {firm for firm in (getattr(subject, "partner_id", None), by.partner_id) if firm}


def _sees_firm(row: Membership, subject: TenantModel) -> bool:
    return row.is_vendor or row.sees == Membership.Sees.FIRM or getattr(subject, "owner_id", None) == row.user_id


def _found(concerned: Q, subject: TenantModel) -> list[Membership]:
    """Return those of them who see the record, by name."""
    with seeing_all_partners():
        rows = Membership.objects.filter(concerned, status=Membership.Status.ACTIVE).select_related("user")
        found = [row for row in rows.order_by("user__name", "id") if _sees_firm(row, subject)]
    return found


def _known_of_vendor(subject: TenantModel) -> Q:
    """The vendor's people whose names a partner knows: who stood on its timeline, and who looks after it."""
    acted = Event.objects.filter(subject_id=subject.pk, by_firm="").exclude(partner_path="")
    looks_after = subjects.of(subject).looked_after_by(subject)
    return Q(partner_id=None) & (Q(user_id__in=acted.values("by_id")) | Q(user_id=looks_after))
