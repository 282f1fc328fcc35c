"""The rules that applications take their course by."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils import timezone

from partners.enums import OwnQuestion
from partners.models import Tier
from partners.queries import joining
from partners.queries.days import today_of_vendor
from partners.rules.catalogue import APPLICATION, Choices, Offer, for_applications
from partners.rules.joining import REASONS
from prm import together
from prm.clocks import calendars
from prm.custom_fields import queries as custom_fields
from prm.policies.fields import Catalogue, Choice
from prm.policies.models import ReasonCode
from prm.ui import countries


def catalogue_of(body: Mapping[str, Any]) -> Catalogue:
    """Return what rules of this vendor can be about, with its own tiers and the questions that it asks now."""
    tiers, reasons, offices = together.fetch(
        Tier.objects.order_by("rank", "name").values_list("pk", "name"),
        ReasonCode.objects.filter(area=REASONS).order_by("position", "code"),
        calendars.names(),
    )
    offer = Offer(
        countries=_choices(countries.choices()),
        tiers=_choices(tiers),
        questions=_choices(_questions()),
        reasons=_choices((reason.code, reason) for reason in reasons),
        steps=_choices((step["key"], step["name"]) for step in body.get("steps", ())),
        calendars=_choices(offices),
    )
    return for_applications(offer, custom_fields.rule_fields(APPLICATION))


def _questions() -> dict[str, Any]:
    """Return the questions of all types by their codes, as the vendor words them."""
    _version, terms = joining.current(today_of_vendor(timezone.now()))
    own = dict(OwnQuestion.choices)
    asked = {question.code: question.text for questions in terms.questions.values() for question in questions}
    return {code: text or own.get(code, code) for code, text in asked.items()}


def _choices(pairs: Any) -> Choices:
    items: Iterable[tuple[Any, Any]] = pairs.items() if isinstance(pairs, Mapping) else pairs
    return tuple(Choice(str(key), label) for key, label in items)
