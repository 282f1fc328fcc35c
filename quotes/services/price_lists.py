"""Keeping price lists: a version is drafted, compared, and published from a day on; what was published stays."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Max

from prm.accounts.models import Membership
from prm.events.outbox import record
from prm.events.refusals import DomainError
from prm.events.service import service
from quotes.enums import VersionStatus
from quotes.events import PriceListAdded, PriceListChanged, PricesPublished
from quotes.models import Price, PriceList, PriceListVersion, VolumeBreak
from quotes.queries import price_lists as queries
from quotes.rules import price_lists as rules
from quotes.rules.price_lists import Span
from quotes.rules.pricing import Break

EDITED = ("name", "types", "tiers", "is_active")


class NameTaken(DomainError):
    """Another price list has this name."""


class ListChanged(DomainError):
    """Somebody saved the price list, or its draft, after this page was opened."""


class DraftExists(DomainError):
    """The list already has a draft; there is one at a time."""


class AlreadyPublished(DomainError):
    """The version was published; its prices stay as they are."""


class NothingPriced(DomainError):
    """A version without any price cannot be published."""


class StartsTooEarly(DomainError):
    """Prices cannot begin to apply on a day that is over: quotes of that day had others."""


class EndsBeforeItStarts(DomainError):
    """The last day is before the first."""


class Overlaps(DomainError):
    """Another published version of the list applies on one of these days."""


@dataclass(frozen=True)
class Row:
    """What one unit of a product is to cost, from which quantities on less, and what it costs the vendor."""

    amount: Decimal
    breaks: tuple[Break, ...] = ()
    cost: Decimal | None = None


@service
def add(
    name: str, currency: str, *, types: list[str], tiers: list[UUID], by: Membership | None, at: datetime
) -> PriceList:
    """Add a price list with an empty draft of its first version. Raises `NameTaken`."""
    price_list = PriceList(name=name, currency=currency, types=types, tiers=tiers)
    _guarded(lambda: price_list.save(force_insert=True), NameTaken(name=name))
    _new_version(price_list, by=by, at=at)
    record(PriceListAdded(price_list.pk, price_list.name), on=price_list, by=by, at=at)
    return price_list


@service
def change(
    price_list: PriceList, values: Mapping[str, Any], *, version: int, by: Membership, at: datetime
) -> PriceList:
    """Save for whom a list is and what it is called. Raises `ListChanged`, `NameTaken`."""
    price_list = PriceList.objects.locked(price_list.pk)
    if price_list.version != version:
        raise ListChanged(price_list=price_list)
    changed = tuple(name for name in EDITED if name in values and getattr(price_list, name) != values[name])
    if not changed:
        return price_list
    for name in changed:
        setattr(price_list, name, values[name])
    price_list.version += 1
    _guarded(price_list.save, NameTaken(name=price_list.name))
    record(PriceListChanged(price_list.pk, price_list.name, fields=changed), on=price_list, by=by, at=at)
    return price_list


@service
def draft(price_list: PriceList, *, by: Membership | None, at: datetime) -> PriceListVersion:
    """Start the next version as a copy of the latest one. Raises `DraftExists`."""
    price_list = PriceList.objects.locked(price_list.pk)
    latest = PriceListVersion.objects.filter(price_list=price_list).order_by("-number").first()
    if latest is not None and not latest.is_published:
        raise DraftExists(price_list=price_list)
    version = _new_version(price_list, by=by, at=at, based_on=latest)
    if latest is not None:
        _write(version, queries.rows_of(latest))
    return version


@service
def save_prices(
    version: PriceListVersion, rows: Mapping[UUID, Row | None], *, revision: int, by: Membership | None, at: datetime
) -> PriceListVersion:
    """Set the prices of some products in a draft; nothing takes a product off the list.

    Raises `ListChanged` if `revision` is not the latest, `AlreadyPublished`.
    """
    version = _lock_draft(version, revision)
    Price.objects.filter(version=version, product_id__in=list(rows)).delete()
    _write(version, {product: row for product, row in rows.items() if row is not None})
    version.revision += 1
    version.saved_by_id, version.saved_at = by.user_id if by else None, at
    version.save()
    return version


@service
def publish(
    version: PriceListVersion,
    *,
    effective_from: date,
    effective_until: date | None = None,
    revision: int,
    today: date,
    by: Membership | None,
    at: datetime,
) -> PriceListVersion:
    """Let a draft's prices apply from a day on; the version before it ends the day before, if it had no last day.

    Raises `StartsTooEarly`, `EndsBeforeItStarts`, `NothingPriced`, `ListChanged`, `AlreadyPublished`, and `Overlaps`
    where another published version applies on one of the days. The database refuses the second of two at once.
    """
    price_list = PriceList.objects.locked(version.price_list_id)
    version = _lock_draft(version, revision)
    if effective_from < today:
        raise StartsTooEarly(today=today)
    if effective_until is not None and effective_until < effective_from:
        raise EndsBeforeItStarts
    if not Price.objects.filter(version=version).exists():
        raise NothingPriced
    _make_room(version, Span(version.number, effective_from, effective_until))
    version.status = VersionStatus.PUBLISHED
    version.effective_from, version.effective_until = effective_from, effective_until
    version.published_by_id, version.published_at = by.user_id if by else None, at
    version.revision += 1
    _guarded(version.save, Overlaps(number=None))
    fact = PricesPublished(
        price_list.pk,
        price_list.name,
        number=version.number,
        effective_from=effective_from.isoformat(),
        effective_until=effective_until.isoformat() if effective_until else "",
    )
    record(fact, on=price_list, by=by, at=at)
    return version


@service
def discard(version: PriceListVersion) -> None:
    """Throw a draft away. Raises `AlreadyPublished`."""
    version = PriceListVersion.objects.locked(version.pk)
    if version.is_published:
        raise AlreadyPublished(number=version.number)
    version.delete()


def _make_room(version: PriceListVersion, new: Span) -> None:
    """End the open version before the new one, or raise `Overlaps`."""
    rows = PriceListVersion.objects.filter(price_list_id=version.price_list_id, status=VersionStatus.PUBLISHED)
    published = {row.number: row for row in rows.select_for_update(of=("self",))}
    spans = [Span(row.number, row.effective_from, row.effective_until) for row in published.values()]
    blocking = rules.in_the_way(new, spans)
    if blocking is not None:
        raise Overlaps(number=blocking.number, starts_on=blocking.starts_on, ends_on=blocking.ends_on)
    before = rules.to_end(new, spans)
    if before is not None:
        published[before.number].effective_until = new.starts_on - timedelta(days=1)
        published[before.number].save(update_fields=["effective_until"])


def _lock_draft(version: PriceListVersion, revision: int) -> PriceListVersion:
    version = PriceListVersion.objects.locked(version.pk)
    if version.is_published:
        raise AlreadyPublished(number=version.number)
    if version.revision != revision:
        raise ListChanged(price_list=version.price_list)
    return version


def _new_version(
    price_list: PriceList, *, by: Membership | None, at: datetime, based_on: PriceListVersion | None = None
) -> PriceListVersion:
    latest = PriceListVersion.objects.filter(price_list=price_list).aggregate(number=Max("number"))["number"] or 0
    version = PriceListVersion(
        price_list=price_list,
        number=latest + 1,
        based_on=based_on.number if based_on else None,
        saved_by_id=by.user_id if by else None,
        saved_at=at,
    )
    _guarded(lambda: version.save(force_insert=True), DraftExists(price_list=price_list))
    return version


def _write(version: PriceListVersion, rows: Mapping[UUID, Any]) -> None:
    prices = {
        product: Price(version=version, product_id=product, amount=row.amount, cost=row.cost)
        for product, row in rows.items()
    }
    Price.objects.bulk_create(prices.values())
    VolumeBreak.objects.bulk_create(
        VolumeBreak(price=prices[product], from_quantity=found.from_quantity, amount=found.amount)
        for product, row in rows.items()
        for found in row.breaks
    )


def _guarded(save: Any, refusal: DomainError) -> None:
    """The database decides where two people act at once."""
    try:
        with transaction.atomic():
            save()
    except IntegrityError as error:
        names = ("price_list_names_differ", "published_prices_never_overlap", "a_price_list_has_one_draft")
        if not any(name in str(error) for name in names):
            raise
        raise refusal from error
