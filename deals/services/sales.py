"""Recording what was sold. Tiers, funds and incentives listen to `SaleRecorded`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from deals.events import SaleRecorded, SaleReversed
from deals.models import Registration, Sale, SaleLine
from prm.accounts.models import Membership
from prm.events.outbox import record
from prm.money import Money
from prm.tenancy.context import seeing_all_partners


@dataclass(frozen=True)
class Line:
    """A part of a sale: how much of which family, perhaps which product."""

    family_id: UUID
    product_id: UUID | None
    quantity: int | None
    amount: Money


def record_sale(
    registration: Registration, *, total: Money, lines: Iterable[Line], sold_on: date, by: Membership, at: datetime
) -> Sale:
    """Record the sale of a won deal, once: its reference is the registration's number, counted on after a reversal.

    The amounts of the lines add up to the total.
    """
    with seeing_all_partners():
        before = Sale.objects.filter(registration=registration).exclude(reversed_on=None).count()
        sale = Sale(
            partner_id=registration.partner_id,
            partner_path=registration.partner_path,
            customer_id=registration.customer_id,
            registration=registration,
            reference=f"{registration.number}/{before + 1}" if before else registration.number,
            sold_on=sold_on,
            amount=total.amount,
            currency=total.currency,
        )
        sale.save(force_insert=True)
        rows = [
            SaleLine(
                sale=sale,
                partner_path=sale.partner_path,
                family_id=line.family_id,
                product_id=line.product_id,
                quantity=line.quantity,
                amount=line.amount.amount,
            )
            for line in lines
        ]
        SaleLine.objects.bulk_create(rows)
        record(SaleRecorded(sale.pk, sale.partner_id), on=sale, by=by, at=at)
    return sale


def reverse_sales(registration: Registration, *, on: date, by: Membership, at: datetime) -> None:
    """Take back what a deal was recorded as sold for; doing it again finds nothing to do."""
    with seeing_all_partners():
        for sale in Sale.objects.standing().filter(registration=registration).select_for_update():
            sale.reversed_on = on
            sale.save(update_fields=["reversed_on"])
            record(SaleReversed(sale.pk, sale.partner_id), on=sale, by=by, at=at)
