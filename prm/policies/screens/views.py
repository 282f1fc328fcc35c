"""The rules of a vendor by area: what is in force, what is scheduled, what was, and how two versions differ."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from prm.accounts.guards import requires
from prm.events.refusals import DomainError
from prm.policies import versions
from prm.policies.areas import AREAS, Area, all_areas
from prm.policies.models import PolicyDraft, PolicyVersion
from prm.policies.screens import permissions, reading, services
from prm.ui.navigation import Visit


@require_GET
@requires(permissions.can_see_rules)
def index(request: HttpRequest) -> HttpResponse:
    """List every area: what is in force, what is scheduled, and who works on a draft."""
    areas = [area for area in all_areas() if request.member.has(area.permission)]
    keys = [area.key for area in areas]
    today = Visit.of(request).today
    history: dict[str, list[PolicyVersion]] = {key: [] for key in keys}
    fields = ("id", "area", "number", "effective_on")
    for version in PolicyVersion.objects.filter(area__in=keys).only(*fields).order_by("-effective_on", "-number"):
        history[version.area].append(version)
    drafts = PolicyDraft.objects.filter(area__in=keys).select_related("saved_by")
    by_area = {draft.area: draft for draft in drafts}
    rows = [
        {
            "area": area,
            "current": next((row for row in history[area.key] if row.effective_on <= today), None),
            "scheduled": [row for row in reversed(history[area.key]) if row.effective_on > today],
            "draft": by_area.get(area.key),
        }
        for area in areas
    ]
    return render(request, "policies/screens/index.html", {"rows": rows})


@require_GET
@requires(permissions.can_see_rules)
def detail(request: HttpRequest, area: str) -> HttpResponse:
    """Show the rules in force as sentences, the draft, and all versions."""
    found, today = _any_area(request, area), Visit.of(request).today
    if found.editor:
        return redirect(found.editor)
    history = versions.history(area)
    current = versions.current_of(history, today)
    context: dict[str, Any] = {
        "area": found,
        "versions": history,
        "current": current,
        "today": today,
        "told": reading.told(found, current.body) if current else None,
        "draft": versions.draft_of(area),
    }
    return render(request, "policies/screens/area.html", context)


@require_GET
@requires(permissions.can_see_rules)
def version(request: HttpRequest, area: str, number: int) -> HttpResponse:
    """Show what a version said, and what it changed."""
    found = _any_area(request, area)
    if found.reader:
        return redirect(found.reader, number)
    history = versions.history(area)
    shown = _numbered(history, number)
    before = next((row for row in history if row.number < number), None)
    context = {
        "area": found,
        "version": shown,
        "versions": history,
        "current": versions.current_of(history, Visit.of(request).today),
        "today": Visit.of(request).today,
        "told": reading.told(found, shown.body),
        "before": before,
        "changes": reading.changes(found, before.body, shown.body) if before else [],
    }
    return render(request, "policies/screens/version.html", context)


@require_GET
@requires(permissions.can_see_rules)
def comparison(request: HttpRequest, area: str) -> HttpResponse:
    """Say in words how two versions differ."""
    found = _any_area(request, area)
    history = versions.history(area)
    asked = [request.GET.get(name, "") for name in ("from", "to")]
    numbers = [int(text) for text in asked if text.isdecimal() and len(text) < 6]
    if len(numbers) != 2:
        return redirect("rule-area", area)
    one, other = (_numbered(history, number) for number in sorted(numbers))
    context = {
        "area": found,
        "one": one,
        "other": other,
        "versions": history,
        "changes": reading.changes(found, one.body, other.body),
    }
    return render(request, "policies/screens/comparison.html", context)


@require_POST
@requires(permissions.can_see_rules)
def go_back(request: HttpRequest, area: str, number: int) -> HttpResponse:
    """Make a draft of an earlier version."""
    found = _any_area(request, area)
    try:
        services.go_back_to(_numbered(versions.history(area), number), by=request.member, at=timezone.now())
    except DomainError as refusal:
        messages.error(request, refusal.sentence)
    else:
        messages.success(request, _("The draft is now version %(number)s") % {"number": number})
    return redirect(found.editor) if found.editor else redirect("rule-draft", area)


@require_POST
@requires(permissions.can_see_rules)
def recall(request: HttpRequest, area: str, number: int) -> HttpResponse:
    """Take a version back before it takes effect."""
    _any_area(request, area)
    shown = _numbered(versions.history(area), number)
    try:
        services.recall(shown, today=Visit.of(request).today, by=request.member, at=timezone.now())
    except DomainError as refusal:
        messages.error(request, refusal.sentence)
    else:
        messages.success(request, _("Version %(number)s is taken back") % {"number": number})
    return redirect("rule-area", area)


def area_of(request: HttpRequest, key: str) -> Area:
    """Return an area whose rules are written here, if the reader may change them."""
    area = _any_area(request, key)
    if area.catalogue is None:
        raise Http404
    return area


def _any_area(request: HttpRequest, key: str) -> Area:
    area = AREAS.get(key)
    if area is None:
        raise Http404
    if not request.member.has(area.permission):
        raise PermissionDenied
    return area


def _numbered(history: list[PolicyVersion], number: int) -> PolicyVersion:
    for row in history:
        if row.number == number:
            return row
    raise Http404
