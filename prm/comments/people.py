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
    rows = Membership.objects.filter(
        Q(partner_id=None) | Q(partner_id__in=_firms(subject, by)),
        status=Membership.Status.ACTIVE,
        role__in=declared.seen_by.roles,
        user__is_active=True,
    ).exclude(user_id=by.user_id)
    found = [row for row in rows.select_related("user").order_by("user__name", "id") if _sees_firm(row, subject)]
    if by.is_partner:
        found = [row for row in found if row.is_partner] + _known_of_vendor(subject)
    elif declared.is_vendors:
        found = [row for row in found if row.is_vendor]
    return found


def sees(member: Membership, subject: TenantModel) -> bool:
    """Ask as that person whether they may see the record: what they see is decided in one place only."""
    with acting_as(member.actor):
        return subjects.sees(member, subject)


def _firms(subject: TenantModel, by: Membership) -> set[object]:
    return {firm for firm in (getattr(subject, "partner_id", None), by.partner_id) if firm}


def _sees_firm(row: Membership, subject: TenantModel) -> bool:
    return row.is_vendor or row.sees == Membership.Sees.FIRM or getattr(subject, "owner_id", None) == row.user_id


def _known_of_vendor(subject: TenantModel) -> list[Membership]:
    acted = Event.objects.filter(subject_id=subject.pk, by_firm="").exclude(partner_path="")
    ids = {*acted.values_list("by_id", flat=True), subjects.of(subject).looked_after_by(subject)}
    with seeing_all_partners():
        rows = Membership.objects.filter(user_id__in=ids, partner_id=None, status=Membership.Status.ACTIVE)
        return list(rows.select_related("user").order_by("user__name", "id"))
