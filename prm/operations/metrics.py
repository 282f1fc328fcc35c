"""Numbers for Prometheus: how many answers, of which kind, how fast."""

from __future__ import annotations

import time
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from prometheus_client import Counter, Histogram

ANSWERS = Counter("portal_answers_total", "Answers by route, method and status.", ["route", "method", "status"])
SECONDS = Histogram(
    "portal_answer_seconds",
    "Server time by route.",
    ["route"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)


class MetricsMiddleware:
    """Counts and times each answer under its route, which has no ids in it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        started = time.perf_counter()
        response = self.get_response(request)
        route = request.resolver_match.route if request.resolver_match else "unknown"
        ANSWERS.labels(route, request.method, response.status_code).inc()
        SECONDS.labels(route).observe(time.perf_counter() - started)
        return response
