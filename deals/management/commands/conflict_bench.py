"""Measures the conflict check on a registry and questions with known answers, in a scratch database of its own."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from pathlib import Path
from time import perf_counter
from typing import Any, TextIO

from django.core.management.base import BaseCommand
from django.db import connection
from django.utils import timezone

from deals.queries import matching
from deals.rules.matching import classes, measuring
from deals.rules.matching.classes import Class
from deals.services import benchmark
from deals.services.benchmark import Asked
from prm.operations import scratch
from prm.tenancy.context import as_system

HITS = 10


class Command(BaseCommand):
    help = "Load a registry into an empty scratch vendor, ask every question, and print how good the answers are."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--registry", required=True, type=Path, help="a CSV file of companies")
        parser.add_argument("--queries", required=True, type=Path, help="a file of JSON lines, one question each")
        parser.add_argument("--answers", type=Path, help="write the answers there, one JSON line each")
        parser.add_argument(
            "--threshold", type=float, help="the score of an alarm; without it the one with the best F1"
        )
        parser.add_argument("--first", type=int, help="ask only so many questions")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, registry: Path, queries: Path, answers: Path | None, **options: Any) -> None:
        asked = list(benchmark.questions(queries))[: options["first"]]
        with scratch.database():
            began = perf_counter()
            vendor, ids = benchmark.vendor_with(registry, timezone.now())
            built = perf_counter() - began
            with as_system(vendor.pk):
                found, shown, took = _ask(asked, ids, answers)
            size = _index_size()
        outcomes = [measuring.judge(one.question, hits) for one, hits in zip(asked, found, strict=True)]
        report: dict[str, Any] = {
            "companies": len(ids),
            "questions": len(asked),
            **measuring.summary(outcomes, options["threshold"]),
            "related_shown": measuring.related_shown([one.question for one in asked], shown),
            **{f"ms_{name}": value for name, value in measuring.percentiles(took).items()},
            "build_seconds": built,
            "index_megabytes": size / 1_000_000,
        }
        kinds = measuring.by_kind(outcomes, report["threshold"])
        if options["json"]:
            self.stdout.write(json.dumps(report | {"kinds": kinds}, indent=1))
        else:
            _print(report, kinds, self.stdout)


def _ask(
    asked: list[Asked], ids: dict[Any, str], answers: Path | None
) -> tuple[list[list[tuple[str, float]]], dict[str, frozenset[str]], list[float]]:
    found, shown, took = [], {}, []
    file = answers.open("w", encoding="utf-8") if answers else None
    for one in asked:
        began = perf_counter()
        ranked = matching.ranked(one.facts)
        took.append((perf_counter() - began) * 1000)
        hits = [(ids[each.key.pk], round(each.probability, 5)) for each in ranked[:HITS]]
        close = [each.key for each in ranked if classes.of(each) is not Class.DIFFERENT]
        relatives = [each.customer for each in matching.relatives_of(one.facts, ranked)]
        near = {ids[each.pk] for each in (*close, *relatives)}
        found.append(hits)
        shown[one.question.id] = frozenset(near)
        if file:
            _write(file, one.question.id, hits, sorted(near - {key for key, _ in hits}), took[-1])
    if file:
        file.close()
    return found, shown, took


def _write(file: TextIO, asked: str, hits: list[tuple[str, float]], related: list[str], ms: float) -> None:
    file.write(json.dumps({"qid": asked, "hits": hits, "related": related, "ms": round(ms, 2)}) + "\n")


def _index_size() -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_relation_size('customers_by_match_key') + pg_total_relation_size('deals_matchkeycount')"
        )
        return int(cursor.fetchone()[0])


def _print(report: dict[str, Any], kinds: dict[str, dict[str, float]], out: Any) -> None:
    for name, value in report.items():
        out.write(f"{name:30s} {value:.4f}" if isinstance(value, float) else f"{name:30s} {value}")
    out.write("")
    for kind, measures in kinds.items():
        shown = "  ".join(f"{name} {value:.3f}" for name, value in measures.items() if name != "n")
        out.write(f"{kind:28s} {measures['n']:5.0f}  {shown}")
