"""A quote until it is sent: started, filled in, priced at every save, and sent for approval or finished without."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from deals.models import Product, Registration
from deals.queries.terms import today_of_vendor
from partners.models import Partner
from prm.accounts.models import Membership, VendorProfile
from prm.events.outbox import record
from prm.events.refusals import DomainError
from prm.events.service import service
from prm.policies import following
from prm.policies.courses import Course
from prm.tenancy.context import seeing_all_partners
from prm.tenancy.fields import uuid7
from prm.tenancy.numbers import next_number
from quotes.enums import Action, Language
from quotes.events import PricesUpdated, QuoteCleared, QuoteStarted
from quotes.models import PriceStep, Quote, QuoteLine, QuoteRevision, ResalePrice
from quotes.queries import approvals as approval_queries
from quotes.queries import pricing as queries
from quotes.queries.pricing import Footing, NoPriceList, Wanted
from quotes.rules import drift, pricing
from quotes.rules.pricing import Priced
from quotes.services import approvals
from quotes.services.moves import locked, move

MOST_LINES = 300
MOST_PIECES = 999_999


class CurrencyNotOffered(DomainError):
    """No price list in this currency is for the partner."""


class NotYours(DomainError):
    """The registration is not one that this person can quote: unseen, of another firm, or not approved."""


class NotADraft(DomainError):
    """The revision was sent meanwhile; a draft cannot be saved over it."""


class Stale(DomainError):
    """Somebody saved the quote since this page was opened."""


class Incomplete(DomainError):
    """Something a customer has to read is missing; `missing` names the fields."""


class ValidTooLong(DomainError):
    """The offer would stand longer than the vendor holds prices, or past the end of the protection."""


class DiscountTooLarge(DomainError):
    """A special discount is above what the vendor gives at all."""


class Drifted(DomainError):
    """Prices, products or the registration have changed since the quote was priced."""


class TooLarge(DomainError):
    """A line comes to more than can be kept."""


@dataclass(frozen=True)
class Line:
    """A product in a quote; `resale` is what the partner asks of its customer for one unit."""

    product: Product
    quantity: int
    special_percent: Decimal = Decimal(0)
    special_reason: str = ""
    resale: Decimal | None = None
    key: UUID = field(default_factory=uuid7)


@dataclass(frozen=True)
class Content:
    """What the form understood: columns of quote and revision, lines, and everything as typed but resale prices.

    Lines that are None were not asked for and stay as they are.
    """

    customer: Mapping[str, str] = field(default_factory=dict)
    offer: Mapping[str, Any] = field(default_factory=dict)
    lines: Collection[Line] | None = None
    typed: Mapping[str, Any] = field(default_factory=dict)


@service
def start(
    *,
    currency: str,
    by: Membership,
    at: datetime,
    registration: Registration | None = None,
    customer: Mapping[str, str] | None = None,
    language: str = "",
) -> QuoteRevision:
    """Begin a quote: on an approved registration with its customer and products, or on nothing.

    Raises `CurrencyNotOffered`, `NotYours`.
    """
    partner = Partner.objects.get(pk=by.partner_id)
    if registration is not None and not may_quote(registration, by):
        raise NotYours
    today = today_of_vendor(at)
    quote = Quote(
        number=next_number("Q", today.year),
        partner=partner,
        partner_path=partner.partner_path,
        owner_id=by.user_id,
        registration=registration,
        currency=currency,
        started_at=at,
    )
    for name, value in (_customer_of(registration) if registration else customer or {}).items():
        setattr(quote, name, value)
    footing = footing_of(quote, today)
    quote.save(force_insert=True)
    revision = QuoteRevision(
        quote=quote,
        partner_path=partner.partner_path,
        language=language or VendorProfile.objects.values_list("language", flat=True).get(),
        valid_until=last_day(quote, footing, today),
        started_at=at,
        saved_at=at,
    )
    if revision.language not in Language.values:
        revision.language = Language.ENGLISH
    if len(footing.terms.taxes) == 1:  # with several, the partner says which; until then none is added
        (tax,) = footing.terms.taxes
        revision.tax_name, revision.tax_percent = tax.name, tax.percent
    pin(revision, footing, at)
    revision.save(force_insert=True)
    if registration is not None:
        write_lines(revision, _lines_of(registration, footing), footing)
        revision.save()
    record(QuoteStarted(quote.pk, revision.number), on=quote, by=by, at=at)
    return revision


@service
def save(
    revision: QuoteRevision, content: Content, *, by: Membership, at: datetime, version: int | None = None
) -> QuoteRevision:
    """Keep a draft as it is typed, priced by the versions it is pinned to.

    Raises `NotADraft`, `Stale` if `version` is not the latest, `TooLarge`.
    """
    revision = lock_draft(revision, version)
    quote = revision.quote
    for name, value in content.customer.items():
        setattr(quote, name, value)
    for name, value in content.offer.items():
        setattr(revision, name, value)
    if content.customer:
        quote.save()
    if content.lines is not None or "tax_percent" in content.offer:
        footing = queries.pinned(revision)
        write_lines(revision, content.lines if content.lines is not None else lines_as_kept(revision), footing)
    revision.typed = dict(content.typed)
    revision.saved_at = at
    revision.version += 1
    revision.save()
    return revision


@service
def update_prices(
    revision: QuoteRevision, *, by: Membership, at: datetime, version: int | None = None
) -> QuoteRevision:
    """Price a draft by what is in force today, and shorten its validity to what the protection leaves.

    Products that can no longer be quoted stay on the page, as typed, and leave the sum. Raises `NotADraft`, `Stale`,
    `CurrencyNotOffered`.
    """
    revision = lock_draft(revision, version)
    before, today = revision.net, today_of_vendor(at)
    footing = footing_of(revision.quote, today)
    kept = [line for line in lines_as_kept(revision) if line.product.is_active and line.product.is_available]
    pin(revision, footing, at)
    write_lines(revision, kept, footing)
    last = last_day(revision.quote, footing, today)
    if revision.valid_until is None or revision.valid_until > last:
        revision.valid_until = last
    if "valid_until" in revision.typed:
        revision.typed["valid_until"] = [revision.valid_until.isoformat()]
    revision.saved_at = at
    revision.version += 1
    revision.save()
    after = revision.net
    fact = PricesUpdated(
        revision.quote_id,
        revision.number,
        before=str(before.rounded().amount),
        after=str(after.rounded().amount),
        currency=after.currency,
    )
    record(fact, on=revision.quote, by=by, at=at)
    return revision


@service
def send(
    revision: QuoteRevision, *, by: Membership, at: datetime, note: str = "", version: int | None = None
) -> QuoteRevision:
    """Hand a draft in: to whoever has to approve it by rules and ladder, or straight on where nobody has to.

    What the rules refuse stays a draft. Raises `NotADraft`, `Stale`, `Incomplete`, `DiscountTooLarge`,
    `ValidTooLong`, `Drifted`.
    """
    revision = lock_draft(revision, version)
    refuse_unfit(revision, today_of_vendor(at))
    revision.typed = {}
    revision.save()
    taken = approvals.judge(revision, at=at)
    outlook = approval_queries.outlook_of(revision, at=at, taken=taken)
    if not outlook.is_clear:
        move(revision, Action.ASK_APPROVAL)
        return approvals.ask_for(revision, outlook, taken, by=by, at=at, note=note)
    move(revision, Action.CLEAR)
    revision.sent_at = revision.sent_at or at
    revision.decide_by, revision.saved_at = None, at
    revision.save()
    names = following.matched(taken) if taken and taken.course == Course.APPROVE else ()
    record(QuoteCleared(revision.quote_id, revision.number, rules=names), on=revision.quote, by=by, at=at)
    return revision


def refuse_unfit(revision: QuoteRevision, today: date) -> None:
    """Refuse a revision that a customer should not get: something missing, too generous, too long, or out of date."""
    lines, footing = queries.lines_of(revision.pk), queries.pinned(revision)
    missing = [name for name in ("customer_name",) if not getattr(revision.quote, name)]
    missing += [] if lines else ["lines"]
    missing += [] if revision.valid_until else ["valid_until"]
    if missing or revision.valid_until is None:
        raise Incomplete(missing=missing)
    largest, free = footing.terms.largest_special, footing.terms.free_up_to
    if any(row.special_percent > largest for row in lines):
        raise DiscountTooLarge(largest=largest)
    if any(row.special_percent > free and not row.special_reason for row in lines):
        raise Incomplete(missing=["special_reason"])
    last = last_day(revision.quote, footing, today)
    if not today <= revision.valid_until <= last:
        raise ValidTooLong(last=last, today=today)
    drifts = [found for found in queries.drift_of(revision, lines, today) if queries.has_to_be_settled(found)]
    if drifts:
        raise Drifted(drifts=drifts)


def last_day(quote: Quote, footing: Footing, today: date) -> date:
    """Return the last day a quote of today can stand: as long as prices are held, never past the protection's end."""
    registration = quote.registration
    protected = registration.protected_until if registration is not None and registration.is_protected else None
    return drift.valid_until(today, footing.terms.validity_days, protected)


def lock_draft(revision: QuoteRevision, version: int | None) -> QuoteRevision:
    """Return the revision, locked, with its quote; raises `NotADraft` or, for another version, `Stale`."""
    revision = locked(revision)
    if not revision.is_draft:
        raise NotADraft(revision=revision)
    if version is not None and version != revision.version:
        raise Stale(revision=revision)
    return revision


def pin(revision: QuoteRevision, footing: Footing, at: datetime) -> None:
    """Write down by which versions a revision is priced. The caller saves the row."""
    basis = footing.basis
    revision.policy, revision.price_version_id = footing.policy, footing.version.pk
    revision.tier_name, revision.tier_percent = basis.tier_name, basis.tier_percent
    revision.program_version = basis.program_version
    revision.counts_registration = bool(basis.registration)
    revision.priced_at = at


def write_lines(revision: QuoteRevision, lines: Iterable[Line], footing: Footing) -> None:
    """Replace the lines of a draft, with their steps, the partner's own prices and the totals. The caller saves it.

    Lines whose product has no price are left out. Raises `TooLarge`.
    """
    wanted = list(lines)
    QuoteLine.objects.filter(revision=revision).delete()
    priced = queries.price([Wanted(line.product, line.quantity, line.special_percent) for line in wanted], footing)
    pairs = [(line, found) for line, found in zip(wanted, priced, strict=True) if found is not None]
    for line, found in pairs:
        if found.is_too_large:
            raise TooLarge(product=line.product)
    taken = _taken([line.key for line, _ in pairs])
    rows = [
        row_of(revision, position, line, found, uuid7() if line.key in taken else line.key)
        for position, (line, found) in enumerate(pairs, start=1)
    ]
    QuoteLine.objects.bulk_create(rows)
    owned = {"partner_path": revision.partner_path}
    PriceStep.objects.bulk_create(
        step for row, (_, found) in zip(rows, pairs, strict=True) for step in _steps(row, found)
    )
    ResalePrice.objects.bulk_create(
        ResalePrice(line=row, unit_amount=line.resale, **owned)
        for row, (line, _) in zip(rows, pairs, strict=True)
        if line.resale is not None
    )
    totals = pricing.totals([found for _, found in pairs], footing.basis.currency, tax_percent=revision.tax_percent)
    revision.list_total, revision.net_total = totals.list_price.amount, totals.net.amount
    revision.tax_total = totals.tax.amount


def lines_as_kept(revision: QuoteRevision) -> list[Line]:
    """Return the stored lines as they would be saved again, with the partner's own prices where it asks itself."""
    resale = dict(ResalePrice.objects.filter(line__revision=revision).values_list("line_id", "unit_amount"))
    rows = QuoteLine.objects.filter(revision=revision).select_related("product__family").order_by("position", "id")
    return [
        Line(row.product, row.quantity, row.special_percent, row.special_reason, resale.get(row.pk), row.pk)
        for row in rows
    ]


def row_of(revision: QuoteRevision, position: int, line: Line, found: Priced, pk: UUID) -> QuoteLine:
    """Return the line as it would be stored."""
    return QuoteLine(
        pk=pk,
        revision=revision,
        partner_path=revision.partner_path,
        position=position,
        product=line.product,
        sku=line.product.sku,
        name=line.product.name,
        unit=line.product.unit,
        quantity=line.quantity,
        special_percent=line.special_percent,
        special_reason=line.special_reason,
        list_unit=found.list_unit.amount,
        net_unit=found.unit.amount,
        net_total=found.total.amount,
    )


def _steps(row: QuoteLine, found: Priced) -> Iterable[PriceStep]:
    for position, step in enumerate(found.steps, start=1):
        yield PriceStep(
            line=row,
            partner_path=row.partner_path,
            position=position,
            kind=step.kind,
            percent=step.percent,
            amount=step.amount,
            unit_before=step.before,
            unit_after=step.after,
            facts=dict(step.facts),
            rule_id=UUID(step.rule_id) if step.rule_id else None,
        )


def _taken(keys: list[UUID]) -> set[UUID]:
    """Return the ids that lines of other quotes already have: a form may have been copied, or made up."""
    with seeing_all_partners():
        return set(QuoteLine.objects.filter(pk__in=keys).values_list("pk", flat=True))


def footing_of(quote: Quote, today: date) -> Footing:
    try:
        return queries.today(quote, today)
    except NoPriceList as error:
        raise CurrencyNotOffered(currency=quote.currency) from error


def may_quote(registration: Registration, by: Membership) -> bool:
    rows = Registration.objects.visible_to(by).filter(partner_id=by.partner_id)
    return rows.quotable().filter(pk=registration.pk).exists()


def _customer_of(registration: Registration) -> dict[str, str]:
    names = ("customer_name", "customer_city", "customer_country", "contact_name", "contact_email")
    return {name: getattr(registration, name) for name in names}


def _lines_of(registration: Registration, footing: Footing) -> list[Line]:
    rows = registration.lines.select_related("product__family").order_by("family__position", "product__name", "id")
    named = [row for row in rows if row.product_id and row.product.is_active and row.product.is_available]
    return [Line(row.product, min(row.quantity or 1, MOST_PIECES)) for row in named]
