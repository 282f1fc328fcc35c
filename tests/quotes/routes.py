"""Whose the addresses of quotes are; see `tests/architecture/test_routes.py`."""

from __future__ import annotations

from typing import Any

from quotes.queries import pricing
from tests.architecture.actors import EVERYBODY, FIRM, SEES_DEAL, VENDOR
from tests.quotes import build

QUOTE = {"pk": "quote"}
ASKED, ISSUED, ORDER = {"pk": "asked_quote"}, {"pk": "issued_quote"}, {"pk": "order"}
SELLS = FIRM - {"own_deals"}
ROWS: dict[str, tuple[dict[str, str], set[str]]] = {
    "api.quotes": ({}, EVERYBODY),
    "api.quotes.one": (QUOTE, FIRM),  # a key sees what its firm sees
    "quotes:quotes": ({}, EVERYBODY),
    "quotes:quote-export": ({}, EVERYBODY),
    "quotes:quote-new": ({}, EVERYBODY),
    "quotes:quotes-of-registration": ({"pk": "deal"}, SEES_DEAL),
    # a draft stays with the firm: neither the vendor nor a distributor sees it
    "quotes:quote": (QUOTE, SELLS),
    "quotes:quote-line": ({"pk": "quote", "line": "quote_line"}, SELLS),
    "quotes:quote-form": (QUOTE, SELLS),
    "quotes:quote-draft": (QUOTE, SELLS),
    "quotes:quote-totals": (QUOTE, SELLS),
    "quotes:quote-rows": (QUOTE, SELLS),
    "quotes:quote-products": (QUOTE, SELLS),
    "quotes:quote-prices": (QUOTE, SELLS),
    "quotes:terms": ({}, EVERYBODY),
    "quotes:terms-draft": ({}, EVERYBODY),
    "quotes:terms-publication": ({}, EVERYBODY),
    "quotes:terms-discard": ({}, EVERYBODY),
    "quotes:price-lists": ({}, EVERYBODY),
    "quotes:price-list-new": ({}, EVERYBODY),
    "quotes:price-list": ({"pk": "price_list"}, VENDOR),
    "quotes:price-list-form": ({"pk": "price_list"}, VENDOR),
    "quotes:price-list-draft": ({"pk": "price_list"}, VENDOR),
    "quotes:price-version": ({"pk": "price_version"}, VENDOR),
    "quotes:price-version-import": ({"pk": "price_version"}, VENDOR),
    "quotes:price-version-export": ({"pk": "price_version"}, VENDOR),
    "quotes:price-version-publication": ({"pk": "price_version"}, VENDOR),
    "quotes:price-version-discard": ({"pk": "price_version"}, VENDOR),
    "quotes:inbox": ({}, EVERYBODY),
    "quotes:inbox-item": (ASKED, SEES_DEAL),
    **{f"quotes:revision-{decision}": (ASKED, SEES_DEAL) for decision in ("approval", "rejection", "question", "undo")},
    **{
        f"quotes:revision-{action}": (ASKED, SELLS)
        for action in ("request", "recall", "answer", "reopening", "issue", "withdrawal", "revision", "copy", "decline")
    },
    "quotes:revision-link": (ISSUED, SELLS),
    "quotes:revision-acceptance": (ISSUED, SELLS),
    "quotes:orders": ({}, EVERYBODY),
    "quotes:order-export": ({}, EVERYBODY),
    "quotes:order": (ORDER, SEES_DEAL),
    **{
        f"quotes:order-{move}": (ORDER, SEES_DEAL)
        for move in ("acknowledgement", "schedule", "shipment", "fulfilment", "cancellation")
    },
}
PUBLIC = {  # what each refuses is told in `views/test_offers.py`
    "quotes:offer",
    "quotes:offer-acceptance",
    "quotes:offer-refusal",
    "quotes:offer-document",
}


def records(actors: dict[str, Any]) -> dict[str, Any]:
    """Quotes of the first reseller: a draft with one line, one that waits for approval, an issued one, and an order."""
    build.terms()
    product = build.product()
    version = build.price_list({product: 100})
    revision = build.quote(build.line(product, 2, resale=130), by=actors["owner"])
    (line,) = pricing.lines_of(revision.pk)
    owner, lines = actors["owner"], [build.some(product, special=20)]
    return {
        "quote": revision.quote,
        "quote_line": line,
        "asked_quote": build.requested(*lines, by=owner),
        "issued_quote": build.issued(build.some(product), by=owner),
        "order": build.ordered(build.some(product), by=owner),
        "price_list": version.price_list,
        "price_version": version,
    }
