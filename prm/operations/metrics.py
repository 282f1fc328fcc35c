"""Numbers for Prometheus: how many answers, of which kind, how fast, and how the outbox does."""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db import Error, connections
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector

logger = logging.getLogger(__name__)

CONTENT_TYPE = CONTENT_TYPE_LATEST
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
ANSWERS = Counter("portal_answers_total", "Answers by route, method and status.", ["route", "method", "status"])
SECONDS = Histogram(
    "portal_answer_seconds",
    "Server time by route.",
    ["route"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)

# One row over the partial indexes of pending and dead deliveries; the many that are done are not read.
OUTBOX = """
    SELECT count(*) FILTER (WHERE handler <> %(seal)s),
           count(*) FILTER (WHERE handler = %(seal)s),
           extract(epoch FROM %(now)s - min(due_at) FILTER (WHERE handler <> %(seal)s AND due_at <= %(now)s)),
           extract(epoch FROM %(now)s - min(due_at) FILTER (WHERE handler = %(seal)s)),
           (SELECT count(*) FROM prm_delivery WHERE status = 'dead')
    FROM prm_delivery WHERE status = 'pending'
"""


class MetricsMiddleware:
    """Counts and times each answer under its route, which has no ids in it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        started = time.perf_counter()
        response = self.get_response(request)
        route = request.resolver_match.route if request.resolver_match else "unknown"
        # A visitor may make up methods; each would be a series of its own.
        method = request.method if request.method in METHODS else "other"
        ANSWERS.labels(route, method, response.status_code).inc()
        SECONDS.labels(route).observe(time.perf_counter() - started)
        return response


@dataclass(frozen=True)
class Outbox:
    """What waits for delivery over all vendors; events that wait for their seal are counted apart."""

    pending: int
    unsealed: int
    oldest_due_seconds: float
    oldest_unsealed_seconds: float
    dead: int


def outbox(now: datetime) -> Outbox:
    """Look at the outbox of all vendors, as the role that may."""
    with connections["system"].cursor() as cursor:
        cursor.execute(OUTBOX, {"seal": "prm.audit.seal", "now": now})
        pending, unsealed, oldest, oldest_unsealed, dead = cursor.fetchone()
    return Outbox(pending, unsealed, _age(oldest), _age(oldest_unsealed), dead)


def _age(seconds: object) -> float:
    return round(max(0.0, float(seconds or 0)), 3)  # type: ignore[arg-type]


class OutboxCollector:
    """Reads the outbox when the numbers are asked for, so that no process has to keep them."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        try:
            state = outbox(timezone.now())
        except Error:
            logger.exception("the outbox cannot be counted")
            yield GaugeMetricFamily("portal_outbox_readable", "1 if the outbox could be counted.", 0)
            return
        yield GaugeMetricFamily("portal_outbox_readable", "1 if the outbox could be counted.", 1)
        yield GaugeMetricFamily("portal_outbox_pending", "Deliveries that wait.", state.pending)
        yield GaugeMetricFamily("portal_outbox_dead", "Deliveries that gave up and wait for a person.", state.dead)
        yield GaugeMetricFamily(
            "portal_outbox_oldest_due_seconds", "Age of the oldest delivery that is due.", state.oldest_due_seconds
        )
        yield GaugeMetricFamily("portal_audit_unsealed", "Events that wait for their seal.", state.unsealed)
        yield GaugeMetricFamily(
            "portal_audit_oldest_unsealed_seconds", "Age of the oldest unsealed event.", state.oldest_unsealed_seconds
        )


def text() -> bytes:
    """Return all numbers in Prometheus's text format; of all web processes where they share a folder."""
    shown = REGISTRY
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        shown = CollectorRegistry()
        MultiProcessCollector(shown)
    own = CollectorRegistry()
    own.register(OutboxCollector())
    return generate_latest(shown) + generate_latest(own)
