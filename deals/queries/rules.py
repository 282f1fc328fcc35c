"""The rules that registrations take their course by, and what was made of each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet

from deals.enums import ListKind
from deals.models import NamedList, Product, ProductFamily, Registration, Ruling
from deals.queries import types
from deals.rules.catalogue import FOR_VENDOR, Choices, Offer, catalogue
from deals.rules.engagement import Stipulated
from deals.rules.terms import AREA, Terms
from partners.enums import PartnerType
from partners.models import Certification, Partner, Tier
from prm import together
from prm.clocks import calendars
from prm.custom_fields import queries as custom_fields
from prm.policies import following, rulesets, values
from prm.policies.fields import Catalogue, Choice
from prm.policies.models import PolicyVersion, ReasonCode
from prm.policies.rulesets import Decision, RuleSet
from prm.ui import countries


def catalogue_of(body: Mapping[str, Any]) -> Catalogue:
    """Return what rules of this vendor can be about, with the names of all that it keeps, also of what is retired."""
    return catalogue(_offer(body), custom_fields.rule_fields(AREA))


def catalogue_for_everybody() -> Catalogue:
    """Return what partners may learn of a registration, all but custom fields."""
    found = catalogue(_offer({}))
    known = tuple(field for field in found.fields if field.name not in FOR_VENDOR)
    return Catalogue(known, found.collections)


def _offer(body: Mapping[str, Any]) -> Offer:
    families, products, tiers, certifications, lists, reasons, offices, distributors = together.fetch(
        ProductFamily.objects.order_by("position", "name").values_list("pk", "name"),
        Product.objects.order_by("name", "sku").values_list("pk", "name"),
        Tier.objects.order_by("rank", "name").values_list("pk", "name"),
        Certification.objects.order_by("name").values_list("pk", "name"),
        NamedList.objects.order_by("name").values_list("pk", "name", "kind"),
        ReasonCode.objects.filter(area=AREA).order_by("position", "code"),
        calendars.names(),
        Partner.objects.filter(type=PartnerType.DISTRIBUTOR).order_by("name", "pk").values_list("pk", "name"),
    )
    return Offer(
        types=_choices(types.choices()),
        families=_choices(families),
        distributors=_choices(distributors),
        products=_choices(products),
        tiers=_choices(tiers),
        certifications=_choices(certifications),
        countries=_choices(countries.choices()),
        customer_lists=_choices(row[:2] for row in lists if row[2] == ListKind.CUSTOMERS),
        product_lists=_choices(row[:2] for row in lists if row[2] == ListKind.PRODUCTS),
        reasons=_choices((reason.code, reason) for reason in reasons),
        steps=_choices((step["key"], step["name"]) for step in body.get("steps", ())),
        calendars=_choices(offices),
    )


def _choices(pairs: Iterable[tuple[Any, Any]]) -> Choices:
    return tuple(Choice(str(key), label) for key, label in pairs)


def told_in(version: PolicyVersion) -> RuleSet | None:
    """Return the rules of a version with the vendor's own names in them, to be read by people."""
    return following.read(AREA, version.body) or following.rules_in(version)


def rulings_of(registration: Registration) -> QuerySet[Ruling]:
    """Return what the rules made of a registration each time that they were followed, the latest first."""
    return Ruling.objects.filter(registration=registration).select_related("policy").order_by("-at", "-id")


def stipulated(registration: Registration, ruling: Ruling | None = None) -> Stipulated:
    """Return what a registration stands under; `ruling` is its latest, if that was loaded before."""
    terms = Terms.from_body(registration.policy.body if registration.policy else {})
    effects = ruling.effects if ruling else rulings_of(registration).values_list("effects", flat=True).first()
    return Stipulated(terms, effects or {})


def discount_of(registration: Registration) -> Decimal | None:
    """Return the percentage off quotes for a deal, nothing where the usual one for registrations holds."""
    return registration.award_percent if registration.is_beside else stipulated(registration).discount


@dataclass(frozen=True)
class Explained:
    """What the rules made of a registration, with the decision as it can be told; nothing if it can't be read."""

    ruling: Ruling
    decision: Decision | None = None

    @property
    def stipulated(self) -> Stipulated:
        return Stipulated(Terms.from_body(self.ruling.policy.body), self.ruling.effects)


def explained(ruling: Ruling | None) -> Explained | None:
    """Return a ruling with the vendor's own names in it, nothing for none."""
    if ruling is None:
        return None
    rules = told_in(ruling.policy) if ruling.trace else None
    return Explained(ruling, rulesets.decision_from(ruling.trace, rules) if rules else None)


def offered(version: PolicyVersion) -> Stipulated:
    """Return what holds under a version unless one of its rules says otherwise."""
    rules = following.rules_in(version)
    default = {name: values.body_of(value) for name, value in rules.default.items()} if rules else {}
    return Stipulated(Terms.from_body(version.body), default)
