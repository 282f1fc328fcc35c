"""What a quote is priced by: the versions it is pinned to or those in force, and its lines as the rule wants them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from deals.models import Product, Registration, RegistrationLine
from deals.queries import rules
from partners.models import Partner
from partners.queries import benefits
from prm.policies.models import PolicyVersion
from quotes.enums import StepKind
from quotes.models import PriceListVersion, PriceStep, Quote, QuoteLine, QuoteRevision
from quotes.queries import prices
from quotes.queries import terms as quote_terms
from quotes.rules import drift, pricing
from quotes.rules.drift import Drift
from quotes.rules.pricing import Basis, ListPrice, Priced, Step
from quotes.rules.terms import Terms


@dataclass(frozen=True)
class Footing:
    """The basis of a price with the rows it was made from; a revision pins them."""

    basis: Basis
    policy: PolicyVersion
    version: PriceListVersion

    @property
    def terms(self) -> Terms:
        return self.basis.terms


@dataclass(frozen=True)
class Wanted:
    """A line that is to be priced."""

    product: Product
    quantity: int
    special_percent: Decimal = Decimal(0)


class NoPriceList(LookupError):
    """No price list in this currency is for the partner on this day."""


def today(quote: Quote, on: date) -> Footing:
    """Return what the quote would be priced by now; raises `NoPriceList`."""
    partner = Partner.objects.get(pk=quote.partner_id)
    version = prices.offered_to(partner, on).get(quote.currency)
    if version is None:
        raise NoPriceList(quote.currency)
    policy, terms = quote_terms.current(on)
    held = benefits.held_by(partner, on)
    registration = quote.registration if quote.registration_id else None
    return Footing(
        _basis(
            quote,
            policy,
            terms,
            version,
            registration if registration is not None and registration.is_in_force else None,
            tier_name=held.tier_name,
            tier_percent=held.discount_percent,
            program_version=held.program_version,
        ),
        policy,
        version,
    )


def pinned(revision: QuoteRevision) -> Footing:
    """Return what a revision was priced by."""
    quote, version = revision.quote, prices.version_of(revision.price_version_id)
    return Footing(
        _basis(
            quote,
            revision.policy,
            quote_terms.pinned(revision.policy),
            version,
            quote.registration if revision.counts_registration else None,
            tier_name=revision.tier_name,
            tier_percent=revision.tier_percent,
            program_version=revision.program_version,
        ),
        revision.policy,
        version,
    )


def _basis(
    quote: Quote,
    policy: PolicyVersion,
    terms: Terms,
    version: PriceListVersion,
    registration: Registration | None,
    **tier: object,
) -> Basis:
    families: frozenset[str] = frozenset()
    if registration is not None:
        rows = RegistrationLine.objects.filter(registration=registration).values_list("family_id", flat=True)
        families = frozenset(map(str, rows))
    return Basis(
        currency=quote.currency,
        terms=terms,
        terms_id=str(policy.pk),
        terms_number=policy.number,
        prices_id=str(version.pk),
        prices_number=version.number,
        price_list=version.price_list.name,
        registration=registration.number if registration is not None else "",
        families=families,
        registration_percent=rules.discount_of(registration) if registration is not None else None,
        **tier,  # type: ignore[arg-type]
    )


def price(
    lines: Iterable[Wanted], footing: Footing, *, listed: dict[UUID, ListPrice] | None = None
) -> list[Priced | None]:
    """Return each line with its price, or nothing where the price list has none for its product.

    `listed` are the prices of the version, where they have been looked up already.
    """
    wanted = list(lines)
    if listed is None:
        listed = prices.of_products(footing.version.pk, [line.product.pk for line in wanted])
    return [
        pricing.price(
            listed[line.product.pk],
            line.quantity,
            footing.basis,
            family=str(line.product.family_id),
            special_percent=line.special_percent,
        )
        if line.product.pk in listed
        else None
        for line in wanted
    ]


def drift_of(revision: QuoteRevision, lines: Iterable[QuoteLine], on: date) -> list[Drift]:
    """Return what has changed since a revision was priced. The lines come with their products."""
    found = list(lines)
    registration = revision.quote.registration
    is_protected = registration is not None and registration.is_protected  # none, too, once another partner has it
    standing = (
        drift.Registration(
            was_protected=revision.counts_registration,
            protected_until=registration.protected_until if registration is not None and is_protected else None,
        )
        if registration is None or is_protected or not registration.is_in_force
        else None
    )
    quoted = [drift.Quoted(str(line.pk), line.name, line.net_unit) for line in found]
    return drift.find(quoted, _as_of_today(revision, found, on), standing, on=on, valid_until=revision.valid_until)


def _as_of_today(revision: QuoteRevision, lines: list[QuoteLine], on: date) -> dict[str, drift.Today]:
    wanted = [Wanted(line.product, line.quantity, line.special_percent) for line in lines]
    try:
        priced = price(wanted, today(revision.quote, on))
    except NoPriceList:
        priced = [None] * len(wanted)
    return {
        str(line.pk): drift.Today(
            now.unit.amount if now else None, is_available=line.product.is_active and line.product.is_available
        )
        for line, now in zip(lines, priced, strict=True)
    }


def has_to_be_settled(found: Drift) -> bool:
    """Say whether a draft has to be priced anew before it goes out: prices, products and a lost protection."""
    return found.blocks_issue or found.kind == drift.Kind.UNPROTECTED


def steps_of(line: QuoteLine) -> tuple[Step, ...]:
    """Return the stored steps of a line as the rule knows them. Prefetch `steps` where there are several lines."""
    rows = sorted(line.steps.all(), key=lambda row: row.position)
    return tuple(map(_step, rows))


def _step(row: PriceStep) -> Step:
    return Step(
        StepKind(row.kind),
        row.unit_before,
        row.unit_after,
        row.percent,
        row.amount,
        row.facts,
        str(row.rule_id or ""),
    )


def recomputed(line: QuoteLine, currency: str) -> Priced:
    """Return the price that the stored steps of a line lead to; it is the quoted one, to the cent."""
    return pricing.recompute(steps_of(line), line.quantity, currency)


def lines_of(revision_id: UUID) -> list[QuoteLine]:
    """Return the lines of a revision in their order, with products and steps."""
    rows = QuoteLine.objects.filter(revision_id=revision_id).select_related("product__family")
    return list(rows.prefetch_related("steps").order_by("position", "id"))
