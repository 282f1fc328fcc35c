"""The keys of one's own programs, and what the API offers, for people."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from prm.accounts.guards import requires
from prm.api import documentation as documents
from prm.api import keys, permissions
from prm.api.forms import KeyForm, scope_label
from prm.api.models import ApiKey
from prm.api.schema import described
from prm.events.refusals import DomainError


@require_GET
@requires(permissions.can_keep_keys)
def index(request: HttpRequest) -> HttpResponse:
    """List the keys; a vendor's administrator also finds those of the partners."""
    at = timezone.now()
    rows = keys.managed_by(request.member).select_related("user", "made_by").order_by("revoked_at", "firm", "name")
    told = [{"key": key, "state": key.state(at), "scopes": _words(key)} for key in rows[:200]]
    order = list(ApiKey.State)
    told.sort(key=lambda row: order.index(row["state"]))  # type: ignore[arg-type]
    return render(request, "api/index.html", {"rows": told})


@require_http_methods(["GET", "POST"])
@requires(permissions.can_keep_keys)
@never_cache
def new(request: HttpRequest) -> HttpResponse:
    """Make a key, and show its secret this once."""
    at = timezone.now()
    form = KeyForm(request.POST or None, is_partner=request.member.is_partner)
    if request.method == "POST" and form.is_valid():
        try:
            key, secret = keys.make(**form.facts(at), by=request.member, at=at)
            return render(request, "api/made.html", {"key": key, "secret": secret, "curl": _curl(request, secret)})
        except DomainError as refusal:
            form.refuse(refusal, "name")
    return render(request, "api/new.html", {"form": form}, status=422 if form.errors else 200)


@require_POST
@requires(permissions.can_keep_keys)
def revoke(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Let nothing in by a key any more."""
    key = keys.revoke(get_object_or_404(keys.managed_by(request.member), pk=pk), by=request.member, at=timezone.now())
    messages.success(request, _("%(name)s can no longer enter") % {"name": key.name})
    return redirect("api-keys")


@require_GET
@requires(permissions.can_keep_keys)
def documentation(request: HttpRequest) -> HttpResponse:
    """Say what the API offers, with this vendor's own fields."""
    schema = described(request)
    context: dict[str, Any] = {"sections": documents.sections(schema), "curl": _curl(request, "prm_…")}
    return render(request, "api/documentation.html", context | {"server": documents.server_of(schema)})


@require_GET
@requires(permissions.can_keep_keys)
def openapi(request: HttpRequest) -> HttpResponse:
    """Answer the description of the API as a file."""
    return JsonResponse(described(request), headers={"Content-Disposition": 'attachment; filename="openapi.json"'})


def _words(key: ApiKey) -> list[str]:
    return [scope_label(*scope.split(":")) for scope in key.scopes]


def _curl(request: HttpRequest, secret: str) -> str:
    return documents.example(documents.server_of(described(request)), secret)
