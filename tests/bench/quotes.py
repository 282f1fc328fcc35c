"""How long it takes to follow 200 rules for one quote of ten lines: `python -m tests.bench.quotes`."""

from __future__ import annotations

import os
from datetime import timedelta
from decimal import Decimal
from statistics import median
from time import process_time
from typing import Any


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    import django

    django.setup()
    from prm.policies import courses
    from quotes.rules.catalogue import ANYTHING

    body = {"mode": "all", "rules": [_rule(number) for number in range(200)], "default": {"decision": "person"}}
    rules = courses.rules_of({"rules": body}, ANYTHING)
    took = []
    for _round in range(200):
        facts = _quote()
        start = process_time()
        courses.judge(rules, facts)
        took.append(1000 * (process_time() - start))
    print(f"200 rules, one quote: {median(took):.2f} ms of the processor (best {min(took):.2f} ms)")


def _rule(number: int) -> dict[str, Any]:
    """Return a rule as a vendor writes it, of four kinds in turn."""
    whens: tuple[dict[str, Any], ...] = (
        {"all": [_is("value", "over", {"amount": "1000", "currency": "EUR"}), _is("special", "over", "10")]},
        {"in": "lines", "any": {"all": [_is("special", "over", "15"), _is("margin", "under", "20")]}},
        {"any": [_is("customer_is_new", "is", True), _is("validity", "over", {"count": 60, "unit": "days"})]},
        {"total": "lines", "how": "sum", "of": "quantity", "is": "over", "value": "5000"},
    )
    return {"key": f"r{number}", "name": f"Rule {number}", "when": whens[number % 4], "then": {"decision": "person"}}


def _is(field: str, operator: str, value: Any) -> dict[str, Any]:
    return {"field": field, "is": operator, "value": value}


def _quote() -> Any:
    from prm.money import Money
    from prm.policies.evaluation import Facts
    from prm.policies.periods import Span
    from tests.prm.policies.sample import TODAY

    lines = [{"quantity": Decimal(n), "special": Decimal(n), "margin": Decimal(40 - n)} for n in range(1, 11)]
    known = {
        "value": Money(Decimal(48_000), "EUR"),
        "special": Decimal(22),
        "customer_is_new": True,
        "validity": Span(TODAY, TODAY + timedelta(days=30)),
        "lines": lines,
    }
    return Facts(known, TODAY)


if __name__ == "__main__":
    main()
