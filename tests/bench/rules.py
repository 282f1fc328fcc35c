"""How long it takes to follow 200 rules for one record: `python -m tests.bench.rules`."""

from __future__ import annotations

from decimal import Decimal
from statistics import median
from time import process_time

from prm.policies.conditions import Comparison, Each, Junction, Operator, Total
from prm.policies.fields import Catalogue
from prm.policies.periods import Duration, Window, WindowKind
from prm.policies.rulesets import Mode, Rule, RuleSet, decide
from tests.prm.policies.sample import (
    CATALOGUE,
    CLOSE_ON,
    HISTORY,
    LINES,
    SKILLS,
    TENDER,
    TIER,
    TODAY,
    VALUE,
    eur,
    every,
    facts,
    is_,
    least,
    most,
    some,
    usd,
)

CONDITIONS = (
    lambda n: every(least(VALUE, eur(n * 1000)), is_(TIER, "gold"), is_(TENDER, False)),
    lambda n: some(most(CLOSE_ON, Duration(n)), Comparison(SKILLS, Operator.HAS_ANY, frozenset({"cloud"}))),
    lambda n: Each(LINES, Junction.ANY, every(is_(LINES.fields[2], "edge"), least(LINES.fields[0], Decimal(n)))),
    lambda n: every(least(Total(HISTORY, window=Window(WindowKind.YEAR)), Decimal(n)), is_(TIER, "select")),
)
RECORD = facts(
    value=usd(31_200),
    tier="gold",
    tender=False,
    close_on=TODAY,
    skills=frozenset({"sales"}),
    lines=[{"family": "cloud", "units": Decimal(5)}, {"family": "edge", "units": Decimal(40)}],
    registrations=[{"on": TODAY, "status": "won"}] * 5,
)


def rules(catalogue: Catalogue, count: int) -> RuleSet:
    made = (
        Rule(str(number), f"Rule {number}", CONDITIONS[number % 4](number), {"discount": Decimal(1)})
        for number in range(count)
    )
    return RuleSet(catalogue, tuple(made), Mode.ALL)


def main() -> None:
    two_hundred = rules(CATALOGUE, 200)
    took = []
    for _round in range(200):
        start = process_time()
        decide(two_hundred, RECORD)
        took.append(1000 * (process_time() - start))
    print(f"200 rules, one record: {median(took):.2f} ms of the processor (best {min(took):.2f} ms)")


if __name__ == "__main__":
    main()
