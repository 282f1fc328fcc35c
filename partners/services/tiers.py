"""The vendor's programme and its tiers, and which partner stands in which from when to when."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from partners.enums import TierReason
from partners.events import TierChanged
from partners.models import Partner, Program, Tier, TierMembership
from prm.accounts.models import Membership
from prm.events.outbox import record
from prm.events.service import service


@service
def open_program(name: str, tiers: Iterable[str], *, starts_on: date) -> Program:
    """Start a programme with its tiers, the entry first."""
    program = Program(name=name, starts_on=starts_on)
    program.save(force_insert=True)
    Tier.objects.bulk_create([Tier(program=program, name=tier, rank=rank) for rank, tier in enumerate(tiers, 1)])
    return program


@service
def place(
    partner: Partner, tier: Tier, *, starts_on: date, reason: TierReason, by: Membership | None, at: datetime
) -> TierMembership:
    """Put a partner into a tier from a day on; the one it stood in ends the day before."""
    partner = Partner.objects.locked(partner.pk)
    standing = TierMembership.objects.filter(partner=partner, ends_on__isnull=True)
    standing.update(ends_on=starts_on - timedelta(days=1))
    membership = TierMembership(
        partner=partner,
        partner_path=partner.partner_path,
        tier=tier,
        starts_on=starts_on,
        reason=reason,
        decided_by_id=by.user_id if by else None,
    )
    membership.save(force_insert=True)
    fact = TierChanged(partner_id=partner.pk, tier_id=tier.pk, reason=reason.value)
    record(fact, on=partner, by=by, at=at)
    return membership
