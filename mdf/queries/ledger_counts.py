"""Whether the ledgers of all vendors were counted lately and add up, read by the system role."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q

from mdf.events import BalanceDiffered
from mdf.models import FundProgram, LedgerCount
from prm.events.models import Event
from prm.tenancy.models import Vendor

SYSTEM = "system"
LATE = timedelta(hours=26)


@dataclass(frozen=True)
class Differing:
    """A fund with balances that are not the sums of their entries."""

    vendor: Vendor
    fund: FundProgram


@dataclass(frozen=True)
class Standing:
    """The earliest of the vendors' latest counts, the vendors whose count is overdue, and what does not add up."""

    counted_at: datetime | None
    accounts: int
    late: tuple[Vendor, ...]
    differing: tuple[Differing, ...]


def standing(now: datetime) -> Standing:
    """Return how the ledgers of all active vendors stand; one that has just got its first fund is not late."""
    vendors = {vendor.pk: vendor for vendor in Vendor.objects.filter(status=Vendor.Status.ACTIVE).order_by("name")}
    rows = LedgerCount.across_tenants.using(SYSTEM).filter(tenant__in=vendors)
    counts = {count.tenant_id: count for count in rows}
    opened = FundProgram.across_tenants.using(SYSTEM).filter(tenant__in=vendors, opened_at__lt=now - LATE)
    keeping = set(opened.values_list("tenant_id", flat=True))
    fresh = {pk for pk, count in counts.items() if count.counted_at >= now - LATE}
    return Standing(
        counted_at=min((count.counted_at for count in counts.values()), default=None),
        accounts=sum(count.accounts for count in counts.values()),
        late=tuple(vendor for pk, vendor in vendors.items() if pk not in fresh and (pk in keeping or pk in counts)),
        differing=tuple(_differing(vendors, [count for count in counts.values() if count.differing])),
    )


def _differing(vendors: dict[UUID, Vendor], counts: list[LedgerCount]) -> list[Differing]:
    if not counts:
        return []
    found = Q(pk__in=[])
    for count in counts:
        found |= Q(tenant=count.tenant_id, at=count.counted_at)
    events = Event.across_tenants.using(SYSTEM).filter(found, name=BalanceDiffered.name)
    funds = FundProgram.across_tenants.using(SYSTEM).filter(pk__in=events.values("subject_id")).order_by("name")
    return [Differing(vendors[fund.tenant_id], fund) for fund in funds]
