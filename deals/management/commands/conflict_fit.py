"""Fits the weights of the conflict check on a registry and questions with known answers, and reports on them."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from deals.queries import matching
from deals.rules.matching import comparing, fitting, measuring, profiles, scoring
from deals.rules.matching.fitting import Example, Fitted
from deals.services import benchmark
from deals.services.benchmark import Asked
from prm.operations import scratch
from prm.tenancy.context import as_system

SHOWN = 30
REPORT = scoring.WEIGHTS.with_name("weights.md")


class Command(BaseCommand):
    help = "Fit the weights of the conflict check anew. Needs numpy and scipy, which the portal itself does not."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--registry", required=True, type=Path, help="a CSV file of companies")
        parser.add_argument("--queries", required=True, type=Path, help="a file of JSON lines, one question each")
        parser.add_argument("--name", required=True, help="what the weights are called, such as 2026.1")
        parser.add_argument("--write", action="store_true", help="keep them; without it only the report is printed")

    def handle(self, *args: Any, registry: Path, queries: Path, name: str, write: bool, **options: Any) -> None:
        try:
            import scipy.optimize  # noqa: F401
        except ImportError as error:
            raise CommandError("numpy and scipy are needed: .venv/bin/pip install numpy scipy") from error
        asked = list(benchmark.questions(queries))
        with scratch.database():
            vendor, ids = benchmark.vendor_with(registry, timezone.now())
            with as_system(vendor.pk):
                found = [_compared(one, ids) for one in asked]
        first = [example for example, _, _ in found]
        alone = fitting.fit(first, "alone")
        beside, places = _fit_beside(found, alone)
        report = _report(asked, found, alone, beside, places, name)
        self.stdout.write(report)
        if write:
            kept = scoring.Weights(name, alone.weights, beside.weights, alone.start, beside.start)
            scoring.WEIGHTS.write_text(json.dumps(kept.__dict__, indent=1) + "\n", encoding="utf-8")
            REPORT.write_text(report, encoding="utf-8")


def _compared(one: Asked, ids: dict[Any, str]) -> tuple[Example, list[tuple[str, comparing.Comparison]], Asked]:
    asked = profiles.of(one.facts)
    candidates, rarity = matching.candidates_of(asked)
    compared = [(ids[customer.pk], comparing.compare(asked, profile, rarity)) for customer, profile in candidates]
    example = Example(
        family=(asked.names[0].core or ("",))[0],
        features=scoring.features_of([each for _, each in compared], rarity),
        is_same=[key in one.question.same for key, _ in compared],
        counts=[key not in one.question.unknown for key, _ in compared],
    )
    return example, compared, one


def _fit_beside(found: Sequence[Any], alone: Fitted) -> tuple[Fitted, list[list[int]]]:
    places, examples = [], []
    for (example, compared, _), scores in zip(found, alone.held_back, strict=True):
        best = fitting.best(scores)
        said = scoring.rivals(best, scores, compared)
        places.append(best)
        examples.append(
            Example(
                example.family,
                [example.features[place] | rival for place, rival in zip(best, said, strict=True)],
                [example.is_same[place] for place in best],
                [example.counts[place] for place in best],
            )
        )
    return fitting.fit(examples, "beside"), places


def _report(
    asked: Sequence[Asked], found: Sequence[Any], alone: Fitted, beside: Fitted, places: list[list[int]], name: str
) -> str:
    outcomes = []
    for one, (_, compared, _), scores, best in zip(asked, found, beside.held_back, places, strict=True):
        hits = sorted(
            ((compared[place][0], score) for place, score in zip(best, scores, strict=True)), key=lambda h: -h[1]
        )
        outcomes.append(measuring.judge(one.question, hits))
    held_back = measuring.summary(outcomes)
    weightiest = sorted(beside.weights, key=lambda feature: -abs(beside.weights[feature]))[:SHOWN]
    lines = [
        f"# Weights {name}",
        "",
        f"Fitted by `manage.py conflict_fit` on {len(asked)} questions of conflict-bench (development half).",
        f"Below is how questions were answered whose families of names the weights had not seen: {fitting.FOLDS}",
        "folds, split by the first word of the name. Bounds keep signs sensible; see `fitting.py`.",
        "",
        "| Measure | Held back |",
        "| --- | --- |",
        *(f"| {measure} | {value:.4f} |" for measure, value in held_back.items()),
        "",
        f"{len(alone.weights)} features alone, {len(beside.weights)} beside rivals. The weightiest:",
        "",
        "| Feature | Points |",
        "| --- | --- |",
        *(f"| {feature} | {beside.weights[feature]:+.2f} |" for feature in weightiest),
    ]
    return "\n".join(lines) + "\n"
