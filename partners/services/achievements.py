"""Counting what partners achieve, and what the vendor's people say of them, so that tiers can be evaluated."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils import timezone

from partners.enums import Metric
from partners.events import (
    AchievementsCredited,
    FigureRecorded,
    RequirementConfirmed,
    RequirementUnconfirmed,
    RequirementWaived,
)
from partners.models import Achievement, Confirmation, Partner, Waiver
from partners.queries.days import today_of_vendor
from partners.rules.records import same
from prm.accounts.models import Membership
from prm.events.outbox import record
from prm.events.refusals import DomainError
from prm.events.service import service
from prm.money import Money
from prm.tenancy.fields import uuid7
from prm.tenancy.models import TenantModel

REVERSED = ":reversed"


class InTheFuture(DomainError):
    """What a partner will achieve is not counted yet."""


class EndsBeforeToday(DomainError):
    """A waiver or confirmation that has already ended says nothing."""


@service
def credit(
    partner: Partner,
    metric: Metric,
    amount: Money | Decimal | int,
    *,
    on: date,
    source: TenantModel,
    families: Iterable[UUID | str] = (),
    at: datetime | None = None,
) -> bool:
    """Count something that a partner achieved; False if this source was counted already.

    `source` is the record that shows it. Revenue is money, everything else a number.
    """
    row = _row(partner, metric, amount, on, at, source_type=source._meta.label_lower, source_id=source.pk)
    row.families = [str(family) for family in families]
    return _add(row)


@service
def bring(
    partner: Partner, metric: Metric, amount: Money | Decimal | int, *, on: date, by: Membership, at: datetime
) -> Achievement:
    """Count what no record of this portal shows: achieved before the partner came, or reported from elsewhere."""
    row = _row(partner, metric, amount, on, at, source_type="partners.report", source_id=uuid7())
    row.by_id = by.user_id
    _add(row)
    return row


@service
def reverse(source: TenantModel, *, on: date, at: datetime | None = None, metric: Metric | None = None) -> int:
    """Take back what a source was credited with, or of it one metric, as rows of the opposite amount; return how many.

    Doing it twice takes it back once.
    """
    kind, reversed_ = source._meta.label_lower, 0
    rows = Achievement.objects.filter(source_id=source.pk, source_type=kind).select_related("partner")
    for row in rows.filter(metric=metric) if metric else rows:
        amount = Money(-row.amount, row.currency) if row.currency else -row.amount
        back = _row(row.partner, Metric(row.metric), amount, on, at, source_type=kind + REVERSED, source_id=source.pk)
        back.families, back.label = row.families, row.label
        reversed_ += _add(back)
    return reversed_


@service
def record_figure(
    partner: Partner, label: str, amount: Decimal, *, on: date, by: Membership, at: datetime, note: str = ""
) -> Achievement:
    """Keep a figure that the vendor's people count themselves; raises `InTheFuture`."""
    if on > today_of_vendor(at):
        raise InTheFuture(day=on)
    row = _row(partner, Metric.FIGURE, amount, on, at, source_type="partners.figure", source_id=uuid7())
    row.label, row.note, row.by_id = _clean(label), note, by.user_id
    _add(row)
    fact = FigureRecorded(partner.pk, row.label, str(amount.normalize()), on.isoformat())
    record(fact, on=partner, by=by, at=at)
    return row


@service
def confirm(
    partner: Partner, label: str, *, ends_on: date | None, by: Membership, at: datetime, note: str = ""
) -> Confirmation:
    """Say that a partner has what a tier asks for, until a last day or for good; raises `EndsBeforeToday`."""
    today = today_of_vendor(at)
    if ends_on is not None and ends_on < today:
        raise EndsBeforeToday(day=ends_on)
    _end_confirmations(partner, label, today)
    row = Confirmation(
        label=_clean(label), starts_on=today, ends_on=ends_on, note=note, by_id=by.user_id, at=at, **_of(partner)
    )
    row.save(force_insert=True)
    fact = RequirementConfirmed(partner.pk, row.label, ends_on.isoformat() if ends_on else "")
    record(fact, on=partner, by=by, at=at)
    return row


@service
def unconfirm(partner: Partner, label: str, *, by: Membership, at: datetime) -> bool:
    """Take a confirmation back from today on; False if there was none."""
    if not _end_confirmations(partner, label, today_of_vendor(at)):
        return False
    record(RequirementUnconfirmed(partner.pk, _clean(label)), on=partner, by=by, at=at)
    return True


@service
def waive(partner: Partner, requirement: str, *, ends_on: date, reason: str, by: Membership, at: datetime) -> Waiver:
    """Ask a requirement not of this partner until a last day; raises `EndsBeforeToday`."""
    today = today_of_vendor(at)
    if ends_on < today:
        raise EndsBeforeToday(day=ends_on)
    row = Waiver(
        requirement=requirement,
        starts_on=today,
        ends_on=ends_on,
        reason=reason,
        by_id=by.user_id,
        at=at,
        **_of(partner),
    )
    row.save(force_insert=True)
    record(RequirementWaived(partner.pk, requirement, ends_on.isoformat(), reason), on=partner, by=by, at=at)
    return row


def _end_confirmations(partner: Partner, label: str, today: date) -> bool:
    """End on the day before what is confirmed today; what only began today is as if it had not been said."""
    Partner.objects.locked(partner.pk)
    rows = [row for row in Confirmation.objects.filter(partner=partner) if same(row.label, label)]
    ended = False
    for row in rows:
        if row.ends_on is not None and row.ends_on < today:
            continue
        ended = True
        if row.starts_on >= today:
            row.delete()
        else:
            row.ends_on = today - timedelta(days=1)
            row.save(update_fields=["ends_on"])
    return ended


def _row(
    partner: Partner, metric: Metric, amount: Money | Decimal | int, on: date, at: datetime | None, **source: Any
) -> Achievement:
    is_money = isinstance(amount, Money)
    if is_money != (metric == Metric.REVENUE):
        raise TypeError("Revenue is money, and nothing else is.")
    number, currency = (amount.amount, amount.currency) if isinstance(amount, Money) else (Decimal(amount), "")
    return Achievement(
        metric=metric,
        on=on,
        amount=number,
        currency=currency,
        credited_at=at or timezone.now(),
        **_of(partner),
        **source,
    )


def _add(row: Achievement) -> bool:
    """Insert the row unless its source was counted, and let the tier follow; the database decides who is first."""
    if not row.amount and row.metric != Metric.FIGURE:
        return False
    Achievement.objects.bulk_create([row], ignore_conflicts=True)
    if not Achievement.objects.filter(pk=row.pk).exists():
        return False
    fact = AchievementsCredited(row.partner_id)
    record(fact, on=row, by=None, at=row.credited_at, is_internal=True)
    return True


def _of(partner: Partner) -> dict[str, Any]:
    return {"partner": partner, "partner_path": partner.partner_path}


def _clean(label: str) -> str:
    return " ".join(label.split())
