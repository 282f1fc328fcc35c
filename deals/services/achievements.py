"""Telling the programme what partners achieve: what is approved, won and sold counts for their tier, each once."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from deals.models import Registration, RegistrationLine, Sale, SaleLine
from deals.queries.terms import today_of_vendor
from partners.enums import Metric
from partners.models import Partner
from partners.services import achievements
from prm.events.service import service
from prm.money import Money
from prm.tenancy.models import TenantModel


@service
def credit_sale(sale: Sale, *, at: datetime) -> None:
    """Count the revenue of a sale, line by line, because a tier may ask for that of one product family."""
    if Sale.objects.locked(sale.pk).reversed_on is not None:
        return  # reopened before anybody looked; while it is locked, nobody reopens it
    for line in SaleLine.objects.filter(sale=sale).order_by("id"):
        amount = Money(line.amount, sale.currency)
        achievements.credit(
            sale.partner, Metric.REVENUE, amount, on=sale.sold_on, source=line, families=[line.family_id], at=at
        )


@service
def credit_approval(registration: Registration, *, partner: Partner | None = None, at: datetime) -> None:
    """Count an approved registration on the day of its approval; for `partner`, if somebody else has it by now."""
    on = registration.protected_from or today_of_vendor(at)
    _credit(registration, partner or registration.partner, Metric.REGISTRATIONS, on=on, at=at)


@service
def credit_win(registration: Registration, *, at: datetime) -> None:
    """Count a won deal on the day it was closed, by its sale: a deal that was reopened can be won again."""
    sale = Sale.objects.standing().filter(registration=registration).select_for_update(of=("self",)).first()
    if sale is not None:
        _credit(
            registration,
            sale.partner,
            Metric.WON_DEALS,
            on=registration.closed_on or today_of_vendor(at),
            at=at,
            source=sale,
        )


@service
def uncredit_sale(sale: Sale, *, at: datetime) -> None:
    """Take back what a sale counted for, on the day it was sold, so that no period is left with half of it."""
    Sale.objects.locked(sale.pk)
    for line in SaleLine.objects.filter(sale=sale).order_by("id"):
        achievements.reverse(line, on=sale.sold_on, at=at)
    achievements.reverse(sale, on=sale.sold_on, at=at)
    if sale.registration is not None:  # wins were counted by their registration once
        achievements.reverse(sale.registration, on=sale.sold_on, at=at, metric=Metric.WON_DEALS)


def _credit(
    registration: Registration,
    partner: Partner,
    metric: Metric,
    *,
    on: date,
    at: datetime,
    source: TenantModel | None = None,
) -> None:
    families: list[UUID] = list(
        RegistrationLine.objects.filter(registration=registration).values_list("family_id", flat=True).distinct()
    )
    achievements.credit(partner, metric, 1, on=on, source=source or registration, families=families, at=at)
