"""The rules that requests and claims take their course by."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from mdf.models import ActivityType, FundProgram
from mdf.rules.catalogue import AREA, CLAIM, Choices, Offer, catalogue, for_claims
from partners.models import Tier
from prm import together
from prm.clocks import calendars
from prm.custom_fields import queries as custom_fields
from prm.policies.fields import Catalogue, Choice
from prm.policies.models import ReasonCode
from prm.ui import countries


def catalogue_of(body: Mapping[str, Any]) -> Catalogue:
    """Return what rules of this vendor can be about, with the names of all that it keeps, also of what is over."""
    return catalogue(offer(body), custom_fields.rule_fields(AREA))


def catalogue_for_everybody() -> Catalogue:
    """Return what partners may learn of a request, all but custom fields."""
    return catalogue(offer({}))


def claims_of(body: Mapping[str, Any]) -> Catalogue:
    """Return what rules of this vendor about claims can be about."""
    return for_claims(offer(body, CLAIM), custom_fields.rule_fields(CLAIM))


def offer(body: Mapping[str, Any], area: str = AREA) -> Offer:
    """Return the choices that are the vendor's own; approval steps are those of the body."""
    funds, kinds, tiers, reasons, offices = together.fetch(
        FundProgram.objects.order_by("-starts_on", "name").values_list("pk", "name"),
        ActivityType.objects.order_by("position", "code").values_list("pk", "name"),
        Tier.objects.order_by("rank", "name").values_list("pk", "name"),
        ReasonCode.objects.filter(area=area).order_by("position", "code"),
        calendars.names(),
    )
    return Offer(
        funds=_choices(funds),
        activity_types=_choices(kinds),
        tiers=_choices(tiers),
        countries=_choices(countries.choices()),
        reasons=_choices((reason.code, reason) for reason in reasons),
        steps=_choices((step["key"], step["name"]) for step in body.get("steps", ())),
        calendars=_choices(offices),
    )


def _choices(pairs: Iterable[tuple[Any, Any]]) -> Choices:
    return tuple(Choice(str(key), label) for key, label in pairs)
