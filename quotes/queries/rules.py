"""The rules that quotes take their course by."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from deals.enums import ListKind
from deals.models import NamedList, Product, ProductFamily
from partners.models import Tier
from prm import together
from prm.clocks import calendars
from prm.custom_fields import queries as custom_fields
from prm.policies.fields import Catalogue, Choice
from prm.policies.models import ReasonCode
from prm.ui import countries
from quotes.models import PriceList
from quotes.rules.catalogue import AREA, Choices, Offer, catalogue

REASONS = "quotes.approval"


def catalogue_of(body: Mapping[str, Any]) -> Catalogue:
    """Return what rules of this vendor can be about, with the names of all that it keeps, also of what is over."""
    families, products, tiers, lists, currencies, reasons, offices = together.fetch(
        ProductFamily.objects.order_by("position", "name").values_list("pk", "name"),
        Product.objects.order_by("name", "sku").values_list("pk", "name"),
        Tier.objects.order_by("rank", "name").values_list("pk", "name"),
        NamedList.objects.order_by("name").values_list("pk", "name", "kind"),
        PriceList.objects.order_by("currency").values_list("currency", "currency").distinct(),
        ReasonCode.objects.filter(area=REASONS).order_by("position", "code"),
        calendars.names(),
    )
    return catalogue(
        Offer(
            families=_choices(families),
            products=_choices(products),
            tiers=_choices(tiers),
            countries=_choices(countries.choices()),
            currencies=_choices(currencies),
            customer_lists=_choices(row[:2] for row in lists if row[2] == ListKind.CUSTOMERS),
            product_lists=_choices(row[:2] for row in lists if row[2] == ListKind.PRODUCTS),
            reasons=_choices((reason.code, reason) for reason in reasons),
            steps=_choices((step["key"], step["name"]) for step in body.get("steps", ())),
            calendars=_choices(offices),
        ),
        custom_fields.rule_fields(AREA),
    )


def _choices(pairs: Iterable[tuple[Any, Any]]) -> Choices:
    return tuple(Choice(str(key), label) for key, label in pairs)
