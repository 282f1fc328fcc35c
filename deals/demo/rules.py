"""Rules of registrations that a demo vendor follows, and those that its administrator is still thinking about."""

from __future__ import annotations

from typing import Any

from prm.demo.vendors import VENDORS

LARGE, DRAFTED = 250_000, 25_000
# Who would have to agree to a tender, one after the other.
STEPS: list[dict[str, Any]] = [
    {"key": "terms", "name": "Terms are sound", "asked": [{"role": "finance"}]},
    {"key": "price", "name": "Price is right", "stage": 2, "asked": [{"owner": True}, {"role": "channel_manager"}]},
]


def in_force(slug: str) -> dict[str, Any]:
    """Return what the vendor has published: large deals of certified partners at once, tenders with more time."""
    return _rules(
        _rule("large", "Large deals of certified partners", _large(slug, LARGE), decision="approve"),
        _rule("tenders", "Tenders", {"field": "is_tender", "is": "is", "value": True}, promise_days="5"),
    )


def drafted(slug: str) -> dict[str, Any]:
    """Return what the administrator would like: smaller deals at once, and silence that approves the rest."""
    tender = {"field": "is_tender", "is": "is", "value": True}
    return _rules(
        _rule("tenders", "Tenders", tender, promise_days="5", steps=[step["key"] for step in STEPS]),
        _rule("large", "Resale by certified partners", _large(slug, DRAFTED), decision="approve"),
        _rule("rest", "All others", None, promise_days="2", deemed="approved"),
    )


def _rules(*rules: dict[str, Any]) -> dict[str, Any]:
    return {"mode": "first", "rules": list(rules), "default": {"decision": "person"}}


def _rule(key: str, name: str, condition: dict[str, Any] | None, **then: Any) -> dict[str, Any]:
    return {"key": key, "name": name, "then": then} | ({"when": condition} if condition else {})


def _large(slug: str, amount: int) -> dict[str, Any]:
    currency = VENDORS[slug][1]["currency"]
    return {
        "all": [
            {"field": "type", "is": "is", "value": "resale"},
            {"field": "value", "is": "at_least", "value": {"amount": str(amount), "currency": currency}},
            {"field": "certified_in_territory", "is": "at_least", "value": "1"},
        ]
    }
