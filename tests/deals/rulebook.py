"""Rules of registrations for tests, published through the services; say only what matters."""

from __future__ import annotations

from datetime import date
from typing import Any

from deals.areas import problems_of
from deals.models import Ruling
from deals.rules.terms import AREA, Terms
from prm.policies import versions
from prm.policies.models import PolicyVersion
from prm.policies.rulesets import Mode
from tests.build import MONDAY

EARLIER = date(2026, 1, 1)


def eur(amount: int | str) -> dict[str, str]:
    return {"amount": str(amount), "currency": "EUR"}


def usd(amount: int | str) -> dict[str, str]:
    return {"amount": str(amount), "currency": "USD"}


def when(field: str, operator: str, value: Any = None, **more: Any) -> dict[str, Any]:
    return {"field": field, "is": operator} | ({} if value is None else {"value": value}) | more


def every(*parts: Any) -> dict[str, Any]:
    return {"all": list(parts)}


def some(*parts: Any) -> dict[str, Any]:
    return {"any": list(parts)}


def rule(name: str, condition: dict[str, Any] | None = None, **then: Any) -> dict[str, Any]:
    body: dict[str, Any] = {"key": name.lower().replace(" ", "-"), "name": name, "then": then}
    return body | ({"when": condition} if condition else {})


def body(
    *rules: dict[str, Any],
    mode: Mode = Mode.FIRST,
    default: dict[str, Any] | None = None,
    terms: Terms | None = None,
    steps: list[dict[str, Any]] | None = None,
) -> dict[str, Any]:
    """The body of a version: terms, and rules in their order."""
    found = {"mode": mode.value, "rules": list(rules), "default": {"decision": "person", **(default or {})}}
    return (terms or Terms()).body() | {"rules": found} | ({"steps": steps} if steps else {})


def publish(*rules: dict[str, Any], on: date = EARLIER, **facts: Any) -> PolicyVersion:
    """Put rules into force; they have to be such that an administrator could publish them."""
    made = body(*rules, **facts)
    assert not problems_of(made), problems_of(made)
    return versions.publish(AREA, made, effective_on=on, at=MONDAY)


def ruling(registration: Any) -> Ruling:
    """What the rules made of a registration the last time."""
    return Ruling.objects.filter(registration=registration).order_by("-at", "-id")[0]


def matched(registration: Any) -> list[str]:
    """The rules that matched, by name."""
    found = ruling(registration)
    names = {each["key"]: each["name"] for each in found.policy.body["rules"]["rules"]}
    return [names[row["rule"]] for row in found.trace if row["outcome"] == "holds"]
