"""Makes things of this app for tests, through the services; say only what matters to the test."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from itertools import count
from typing import Any

from deals.models import Product, Registration
from deals.services import catalog
from prm.accounts.models import Membership
from prm.policies import versions
from prm.policies.models import PolicyVersion
from quotes.models import Order, PriceList, PriceListVersion, QuoteRevision
from quotes.rules.pricing import Break
from quotes.rules.terms import AREA, Terms
from quotes.services import answers, approvals, issuing, price_lists, quotes
from quotes.services.price_lists import Row
from tests import build
from tests.build import MONDAY

TODAY = MONDAY.date()
_serial = count(1)


def terms(**changed: Any) -> PolicyVersion:
    """Terms that apply whenever the test takes place."""
    return versions.publish(AREA, Terms(**changed).body(), effective_on=date(2020, 1, 1), at=MONDAY)


def product(name: str = "", *, family: str = "edge", **facts: Any) -> Product:
    number = next(_serial)
    return catalog.add_product(
        build.family(family), facts.pop("sku", f"QP-{number}"), name or f"Product {number}", unit="piece", **facts
    )


def price_list(
    prices: dict[Product, Any] | None = None,
    *,
    currency: str = "EUR",
    name: str = "",
    starts_on: date = date(2020, 1, 1),
    ends_on: date | None = None,
    **facts: Any,
) -> PriceListVersion:
    """A published version of a new list. A price is an amount, or an amount and prices for quantities."""
    made = price_lists.add(name or f"List {next(_serial)}", currency, types=[], tiers=[], by=None, at=MONDAY)
    if facts:
        PriceList.objects.filter(pk=made.pk).update(**facts)
    version = PriceListVersion.objects.get(price_list=made)
    rows = {product.pk: _row(price) for product, price in (prices or {}).items()}
    version = price_lists.save_prices(version, rows, revision=version.revision, by=None, at=MONDAY)
    return price_lists.publish(
        version,
        effective_from=starts_on,
        effective_until=ends_on,
        revision=version.revision,
        today=starts_on,
        by=None,
        at=MONDAY,
    )


def next_version(earlier: PriceListVersion, prices: dict[Product, Any], *, starts_on: date = TODAY) -> PriceListVersion:
    """The next version of a list, published with other prices for some products."""
    version = price_lists.draft(earlier.price_list, by=None, at=MONDAY)
    rows = {product.pk: _row(price) for product, price in prices.items()}
    version = price_lists.save_prices(version, rows, revision=version.revision, by=None, at=MONDAY)
    return price_lists.publish(
        version, effective_from=starts_on, revision=version.revision, today=starts_on, by=None, at=MONDAY
    )


def _row(price: Any) -> Row | None:
    if price is None:
        return None
    amount, breaks = price if isinstance(price, tuple) else (price, {})
    return Row(Decimal(str(amount)), tuple(Break(n, Decimal(str(unit))) for n, unit in breaks.items()))


def quote(
    *lines: quotes.Line,
    by: Membership | None = None,
    at: datetime = MONDAY,
    currency: str = "EUR",
    registration: Registration | None = None,
    offer: dict[str, Any] | None = None,
) -> QuoteRevision:
    """A draft with these lines, for a customer; a price list has to be there."""
    by = by or build.seller()
    revision = quotes.start(currency=currency, by=by, at=at, registration=registration)
    customer = {} if registration else {"customer_name": f"Customer {next(_serial)}"}
    return quotes.save(revision, quotes.Content(customer, offer or {}, list(lines) or None), by=by, at=at)


def line(product: Product, quantity: int = 1, percent: Any = 0, reason: str = "", resale: Any = None) -> quotes.Line:
    return quotes.Line(
        product, quantity, Decimal(str(percent)), reason, None if resale is None else Decimal(str(resale))
    )


def content(*lines: quotes.Line, **customer: Any) -> quotes.Content:
    """What a partner fills in: a customer, and the lines given."""
    facts = {"customer_name": "Nordhavn Logistik", "contact_email": "ida@nordhavn.example", **customer}
    return quotes.Content(customer=facts, lines=list(lines))


def some(product: Product, quantity: int = 10, *, special: Any = 0, resale: Any = None) -> quotes.Line:
    """Ten of a product; a special discount comes with its reason."""
    return line(product, quantity, special, "Three rivals." if special else "", resale)


def priced(price: Any = 100, **facts: Any) -> Product:
    """A product with a price of its own in a list for everybody."""
    made = product(facts.pop("name", ""), **facts)
    price_list({made: price})
    return made


def usual() -> Product:
    """The product of tests that need any: it costs 100."""
    return Product.objects.filter(sku="USUAL").first() or priced(sku="USUAL", name="Edge 200")


def drafted(
    *lines: quotes.Line,
    by: Membership | None = None,
    at: datetime = MONDAY,
    registration: Registration | None = None,
    language: str = "en",
    **customer: Any,
) -> QuoteRevision:
    """A draft with these lines, or with ten of a product at 100."""
    by, lines = by or build.seller(), lines or (some(usual()),)
    revision = quotes.start(currency="EUR", by=by, at=at, registration=registration, language=language)
    return quotes.save(revision, content(*lines, **customer), by=by, at=at)


def requested(*lines: quotes.Line, by: Membership | None = None, at: datetime = MONDAY, **facts: Any) -> QuoteRevision:
    """A quote that waits for approval: by default 20 % on ten of a product, for the channel manager."""
    by = by or build.seller()
    revision = drafted(*(lines or (some(usual(), special=20),)), by=by, at=at, **facts)
    return approvals.request(revision, by=by, at=at, note="They decide on Friday.")


def issued(*lines: quotes.Line, by: Membership | None = None, at: datetime = MONDAY, **facts: Any) -> QuoteRevision:
    by = by or build.seller()
    return issuing.issue(drafted(*lines, by=by, at=at, **facts), by=by, at=at)


def ordered(*lines: quotes.Line, by: Membership | None = None, at: datetime = MONDAY, **facts: Any) -> Order:
    return answers.accept(issued(*lines, by=by, at=at, **facts), name="Ida Holm", purchase_order="PO 4711", at=at)
