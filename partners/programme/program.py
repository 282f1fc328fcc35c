"""The program in the file of a vendor: its tiers by name, what they ask and give, and how partners are reviewed.

A tier that is named is the vendor's of that name, or a new one; requirements keep their ids as far as they stay the
same. Rules name a tier as `program:Gold`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partners import permissions
from partners.enums import CertifiedRole, Counting, Junction, Metric, Promotion, WindowKind
from partners.forms.programs import advice
from partners.models import Tier
from partners.queries import programs as queries
from partners.rules import checking, editing
from partners.rules.programs import ProgramTerms
from partners.services import programs
from prm.money.amounts import currencies
from prm.policies.shapes import boolean, decimal, many, names, text, whole, word
from prm.policies.values import Path, Problem
from prm.programme.references import names_by_id, replaced, unknown_names
from prm.programme.sections import Taking, section
from prm.tenancy.fields import uuid7

Body = dict[str, Any]


def node(body: Any, path: Path) -> Iterator[Problem]:
    """A requirement: a need, or a group of requirements."""
    yield from (NEED if isinstance(body, Mapping) and "metric" in body else GROUP)(body, path)


NEED = names(
    {
        "metric": word(Metric.values),
        "target": decimal(0, 10**13),
        "window": word(WindowKind.values),
        "length": whole(1, checking.LONGEST),
        "starts": many(whole(1, 31), 2, 2),
        "family": text(80),
        "role": word(("", *CertifiedRole.values)),
        "certification": text(120),
        "label": text(120),
        "counting": word(Counting.values),
    }
)
GROUP = names({"junction": word(Junction.values), "least": whole(1, 100), "parts": many(node)}, ("parts",))
BENEFITS = names(
    {
        "discount_percent": decimal(0, 100, may_be_nothing=True),
        "protection_days": whole(1, 1000, may_be_nothing=True),
        "fund_share_percent": decimal(0, 100, may_be_nothing=True),
    }
)
TIER = names(
    {
        "name": text(60, may_be_empty=False),
        "rank": whole(1, 100),
        "is_by_invitation": boolean,
        "requirement": GROUP,
        "benefits": BENEFITS,
    },
    ("name",),
)
RATE = {"currency": text(3), "starts_on": text(10), "rate": decimal(0, 10**6)}
SHAPE = names(
    {
        "name": text(120, may_be_empty=False),
        "currency": text(3),
        "promotion": word(Promotion.values),
        "review_months": whole(1, 12),
        "review_from": whole(1, 12),
        "grace_days": whole(0, 366),
        "warning_days": whole(0, 366),
        "tiers": many(TIER, 50, 1),
        "rates": many(names(RATE, tuple(RATE))),
    }
)


def written(on: date) -> Body:
    """Return the program that is in force on a day."""
    _version, terms = queries.in_force(on)
    return replaced(_without_ids(terms.body()), names_by_id())  # type: ignore[no-any-return]


def take(wanted: Any, path: Path, taking: Taking) -> None:
    """Publish the next version of the program if it differs."""
    wanted = replaced(wanted, {name: pk for pk, name in names_by_id().items()})
    before = len(taking.problems)
    for place, name in unknown_names(wanted, path):
        taking.refuse(place, _("There is no “%(name)s”.") % {"name": name})
    if not taking.has_shape(SHAPE, wanted, path) or len(taking.problems) > before:
        return
    _version, kept = queries.in_force(taking.effective_on)
    body = {**_without_ids(kept.body()), **wanted}
    body["tiers"] = [_identified_tier(tier, rank, kept) for rank, tier in enumerate(body["tiers"], 1)]
    for problem in checking.problems_of(body, currencies()):
        taking.refuse((*path, *_place_of(problem.where, body), problem.name), advice(problem))
    if taking.by.role not in permissions.can_edit_program.roles:
        taking.refuse(path, _("You may not change these rules."))
    if len(taking.problems) == before and ProgramTerms.from_body(body) != kept:
        day, by, at = taking.effective_on, taking.by, taking.at
        taking.attempt(path, lambda: programs.adopt(body, effective_on=day, by=by, at=at))


def _without_ids(body: Any) -> Any:
    if isinstance(body, Mapping):
        return {name: _without_ids(value) for name, value in body.items() if name != "id"}
    return [_without_ids(value) for value in body] if isinstance(body, list) else body


def _identified_tier(tier: Body, rank: int, kept: ProgramTerms) -> Body:
    same = next((other for other in kept.body()["tiers"] if other["name"] == tier["name"]), None)
    known = Tier.objects.filter(name=tier["name"]).order_by("-is_offered", "pk").first() if same is None else None
    found = same["id"] if same else str(known.pk) if known else str(uuid7())
    nothing = editing.new_tier(found, programs.new_id(), rank)
    benefits = {**nothing["benefits"], "discount_percent": "0", **tier.get("benefits", {})}
    root = _identified(tier.get("requirement", {"parts": []}), same["requirement"] if same else None)
    return {**nothing, **tier, "id": found, "benefits": benefits, "requirement": root}


def _identified(node: Body, kept: Body | None) -> Body:
    """Return a requirement with ids: those of what stood in its place, if that was about the same."""
    is_same = kept is not None and kept.get("metric") == node.get("metric")
    found = kept["id"] if kept is not None and is_same else programs.new_id()
    if "metric" in node:
        return {**editing.new_need(found, node["metric"]), **node}
    before = kept.get("parts", []) if kept is not None and is_same else []
    parts = [_identified(part, before[n] if n < len(before) else None) for n, part in enumerate(node["parts"])]
    return {"id": found, "junction": str(Junction.ALL), "least": 1, **node, "parts": parts}


def _place_of(where: str, body: Body) -> Path:
    """Return where in the program something with an id stands."""
    if not where:
        return ()
    if where.startswith("rate-"):
        return ("rates", int(where.removeprefix("rate-")))
    for number, tier in enumerate(body["tiers"]):
        if tier["id"] == where or where in str(tier["requirement"]):
            return ("tiers", number)
    return ()


section(
    "program",
    gettext_lazy("Program"),
    order=54,
    written=written,
    take=take,
    ids=lambda: dict(Tier.objects.order_by("is_offered", "pk").values_list("pk", "name")),
)
