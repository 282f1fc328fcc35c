"""Answers for machines that watch: is the process alive, may it get requests, and its numbers.

The middleware stands before everything else, so that these answers need no host name, session,
vendor or https, and still come when one of those is what is broken.
"""

from __future__ import annotations

import hmac
import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from ipaddress import ip_address

from django.conf import settings
from django.db import Error, connection
from django.db.migrations.loader import MigrationLoader
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone

from prm.operations import metrics
from prm.tenancy.checks import is_role_unsafe

logger = logging.getLogger(__name__)

FORWARDED = ("HTTP_X_FORWARDED_FOR", "HTTP_FORWARDED", "HTTP_X_REAL_IP", "HTTP_VIA")
OK = "ok"


class HealthMiddleware:
    """Answers `/healthz`, `/readyz` and `/metrics`; everything else goes on."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.answers = {"/healthz": alive, "/readyz": ready, "/metrics": numbers}

    def __call__(self, request: HttpRequest) -> HttpResponse:
        answer = self.answers.get(request.path_info)
        if answer is None:
            return self.get_response(request)
        if request.method not in ("GET", "HEAD"):
            return HttpResponse(status=405, headers={"Allow": "GET, HEAD"})
        response = answer(request)
        response["Cache-Control"] = "no-store"
        response["X-Content-Type-Options"] = "nosniff"
        return response


def alive(request: HttpRequest) -> HttpResponse:
    """The process answers; it asks nobody else."""
    return JsonResponse({"alive": True})


def ready(request: HttpRequest) -> HttpResponse:
    """The process can serve people; 503 says which check failed."""
    state = readiness()
    body = {
        "ready": state.is_ready,
        "checks": state.checks,
        "oldest_due_delivery_seconds": state.oldest_due_delivery_seconds,
    }
    return JsonResponse(body, status=200 if state.is_ready else 503)


def numbers(request: HttpRequest) -> HttpResponse:
    """The numbers of this process and of the outbox, for Prometheus."""
    if not may_see_numbers(request):
        return HttpResponse("Use the METRICS_TOKEN as bearer token.\n", status=403, content_type="text/plain")
    return HttpResponse(metrics.text(), content_type=metrics.CONTENT_TYPE)


def may_see_numbers(request: HttpRequest) -> bool:
    """Say whether a request comes from this very machine, or with the token.

    A proxy on this machine also comes from loopback: whoever it forwards for has to bring the token.
    """
    kind, _, token = request.META.get("HTTP_AUTHORIZATION", "").partition(" ")
    if settings.METRICS_TOKEN and kind.lower() == "bearer":
        return hmac.compare_digest(token.strip().encode(), settings.METRICS_TOKEN.encode())
    return not any(name in request.META for name in FORWARDED) and _is_loopback(request.META.get("REMOTE_ADDR", ""))


def _is_loopback(address: str) -> bool:
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return False


@dataclass
class Readiness:
    """Each check by name with `ok` or what is wrong, and how long the outbox has been waiting."""

    checks: dict[str, str] = field(default_factory=dict)
    oldest_due_delivery_seconds: float | None = None

    @property
    def is_ready(self) -> bool:
        return all(result == OK for result in self.checks.values())


def readiness() -> Readiness:
    """Check what a request needs. A check that cannot be made, because an earlier one failed, is left out."""
    state = Readiness()
    for name, check in CHECKS.items():
        try:
            state.checks[name] = check()
        except Error:
            logger.exception("readiness check failed", extra={"check": name})
            state.checks[name] = "The database does not answer; the log of this process says why."
        if state.checks[name] != OK:
            return state
    try:
        state.oldest_due_delivery_seconds = metrics.outbox(timezone.now()).oldest_due_seconds
    except Error:
        logger.exception("the system role cannot look at the outbox")
    return state


def database() -> str:
    """Ask the database anything."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return OK


def migrations() -> str:
    """Compare the migrations this code comes with to those the database has seen."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('django_migrations') IS NOT NULL")
        if not cursor.fetchone()[0]:
            return "The database is empty. Run: python manage.py migrate --database owner"
        cursor.execute("SELECT app, name FROM django_migrations")
        missing = known_migrations() - set(cursor.fetchall())
    if not missing:
        return OK
    return f"{len(missing)} migrations are not applied. Run: python manage.py migrate --database owner"


@lru_cache
def known_migrations() -> frozenset[tuple[str, str]]:
    """Return the migrations this code comes with; a squashed one counts as what it replaces."""
    loader = MigrationLoader(None)
    return frozenset(key for key in loader.graph.nodes if key in loader.disk_migrations)


def role() -> str:
    """Refuse a role that could look over the walls between vendors."""
    if is_role_unsafe():
        return "DATABASE_URL names a role that row-level security does not bind."
    return OK


CHECKS: dict[str, Callable[[], str]] = {"database": database, "migrations": migrations, "role": role}
