"""How long submitting under rules takes, and trying a draft on 10,000 registrations: `python -m tests.bench.deals`.

It makes a database of its own on the server that the tests use, and takes it away again.
"""

from __future__ import annotations

import os
import resource
from datetime import date, timedelta
from decimal import Decimal
from statistics import median, quantiles
from time import perf_counter
from typing import Any

import django

SUBMITTED, REPLAYED, RULES = 200, 10_000, 200


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    django.setup()
    from django.core.management import call_command
    from django.db import connections

    from prm.operations.scratch import ALIASES, point_at
    from tests import services

    services.passwords()
    urls = services.create_database("prm_bench")
    for alias, setting in ALIASES.items():
        point_at(alias, urls[setting])
    call_command("migrate", database="owner", verbosity=0)
    try:
        measure()
    finally:
        for connection in connections.all():
            connection.close()
        services.databases.drop_database(services.admin_url(), "prm_bench")


def measure() -> None:
    from prm.tenancy.context import as_system
    from tests import build

    for number in (0, 20, RULES):
        vendor = build.vendor()
        with as_system(vendor.pk):
            took = submit(number)
        print(f"submit under {number} rules: p95 {_p95(took):.1f} ms, median {median(took):.1f} ms of {len(took)}")
    with as_system(vendor.pk):
        print(replay())


def submit(number: int) -> list[float]:
    """Submit registrations of one partner as its seller under so many rules, and return the milliseconds of each."""
    from deals.services import drafts, registrations
    from prm.tenancy.context import acting_as
    from prm.tenancy.fields import uuid7
    from tests import build
    from tests.deals.rulebook import publish

    publish(*rules(number))
    seller, took = build.seller(), []
    for _number in range(SUBMITTED):
        form = build.content()
        draft = drafts.save(uuid7(), form, by=seller, at=build.MONDAY)
        start = perf_counter()
        with acting_as(seller.actor):
            registrations.submit(draft, form, by=seller, at=build.MONDAY)
        took.append(1000 * (perf_counter() - start))
    return took


def rules(number: int) -> list[dict[str, Any]]:
    """Make rules that ask for every kind of fact, of which the last matches."""
    from tests.deals.rulebook import eur, every, rule, when

    def wins(number: int) -> dict[str, Any]:
        window = {"kind": "rolling_months", "length": 12}
        return {"total": "registrations", "how": "count", "window": window, "is": "over", "value": str(10_000 + number)}

    asks = (
        lambda n: every(when("type", "is", "tender"), when("value", "at_least", eur(n * 1000))),
        lambda n: every(when("certified_in_territory", "at_least", "1"), when("value", "at_least", eur(10**7 + n))),
        lambda n: {"in": "lines", "any": when("quantity", "at_least", str(n + 10**6))},
        wins,
    )
    made = [rule(f"Rule {n}", asks[n % 4](n), decision="refuse", reason="other") for n in range(number - 1)]
    return [*made, rule("Rest", decision="person", protection={"count": 120, "unit": "days"})]


def replay() -> str:
    """Copy the registrations of the vendor until there are enough, and try a draft on all."""
    from deals.models import EndCustomer, Registration, RegistrationLine
    from prm.accounts.roles import Role
    from prm.policies.replays import services
    from prm.tenancy.fields import uuid7
    from tests import build
    from tests.deals.rulebook import eur, rule, when
    from tests.prm.policies import trial

    first = Registration.objects.exclude(number="").first()
    assert first is not None
    copies = []
    for number in range(REPLAYED - SUBMITTED):
        copy = Registration.objects.get(pk=first.pk) if not copies else Registration(**_facts(first))
        copy.pk, copy.number = uuid7(), f"COPY-{number}"
        copy.partner = build.partner() if number % 200 == 0 else copies[-1].partner
        copy.partner_path = copy.partner.partner_path
        copy.submitted_at = build.MONDAY - timedelta(hours=number)
        copy.value_amount = Decimal(1000 + number * 7)
        copy.decided_at = copy.submitted_at + timedelta(days=1)
        copy.customer = EndCustomer(name=f"Customer {number}", country="DE", first_seen_at=build.MONDAY)
        copies.append(copy)
    EndCustomer.objects.bulk_create([copy.customer for copy in copies], batch_size=1000)
    Registration.objects.bulk_create(copies, batch_size=1000)
    family = build.family()
    lines = [RegistrationLine(registration=row, partner_path=row.partner_path, family=family) for row in copies]
    RegistrationLine.objects.bulk_create(lines, batch_size=1000)
    del copies, lines
    admin = build.member(Role.ADMIN)
    trial.draft(admin, rule("Large", when("value", "at_least", eur(25000)), decision="approve"), *rules(20))
    before, start = _memory(), perf_counter()
    made = trial.start(admin, first=date(2024, 1, 1))
    while services.go_on(made.pk):
        pass
    took = perf_counter() - start
    made.refresh_from_db()
    grown = _memory() - before
    return f"{made.done} registrations tried in {took:.1f} s, {made.changed} would change, {grown} MB more at most"


def _facts(row: Any) -> dict[str, Any]:
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}


def _memory() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def _p95(took: list[float]) -> float:
    return quantiles(took, n=20)[-1]


if __name__ == "__main__":
    main()
