"""Trying a draft on past records: choose the days, watch it, and read who would be treated otherwise and why."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from prm.accounts.guards import requires
from prm.events.refusals import DomainError
from prm.policies import versions
from prm.policies.areas import AREAS, Area
from prm.policies.replays import permissions, queries, services
from prm.policies.replays.forms import ChangeList, PeriodForm
from prm.policies.replays.models import Replay, ReplayChange
from prm.policies.replays.words import Words
from prm.spreadsheets import LIMIT, csv_file
from prm.ui.navigation import Visit


@require_http_methods(["GET", "POST"])
@requires(permissions.can_replay)
def index(request: HttpRequest, area: str) -> HttpResponse:
    """Choose over which days to try the draft, or look at what was tried before."""
    found, today = _area(request, area), Visit.of(request).today
    form = PeriodForm(request.POST or None, today=today)
    if request.method == "POST" and form.is_valid():
        try:
            made = services.start(found, **form.cleaned_data, today=today, by=request.member, at=timezone.now())
        except DomainError as refusal:
            form.add_error(None, refusal.sentence)
        else:
            services.run(made)
            return redirect("replay", area, made.pk)
    context = {"area": found, "form": form, "draft": versions.draft_of(area), "replays": queries.latest(area)}
    return render(request, "policies/replays/index.html", context, status=422 if form.errors else 200)


@require_GET
@requires(permissions.can_replay)
def detail(request: HttpRequest, area: str, pk: UUID) -> HttpResponse:
    """Show how far a replay is and what it found."""
    found = _area(request, area)
    replay = _replay(area, pk)
    words = Words(found, replay)
    groups = queries.groups(replay, words.effects)
    listing = ChangeList(request.GET, _narrowed(request, queries.changes(replay), groups))
    draft = versions.draft_of(area)
    context: dict[str, Any] = {
        "area": found,
        "replay": replay,
        "groups": [
            words.group(group) | {"url": f"?group={place}#records", "current": request.GET.get("group") == str(place)}
            for place, group in enumerate(groups)
        ],
        "tally": words.tally(replay),
        "given": queries.given(replay),
        "listing": listing,
        "rows": [
            words.row(change) | {"url": reverse(change.page or found.past.page, args=[change.record_id])}  # type: ignore[union-attr]
            for change in listing.rows
        ],
        "is_current": draft is not None and draft.revision == replay.revision and draft.saved_at <= replay.at,
    }
    is_part = request.htmx and request.htmx.target == "replay"
    return render(request, f"policies/replays/{'_replay' if is_part else 'replay'}.html", context)


@require_GET
@requires(permissions.can_replay)
def export(request: HttpRequest, area: str, pk: UUID) -> HttpResponse:
    """Send the records that would change as CSV."""
    found = _area(request, area)
    replay = _replay(area, pk)
    words = Words(found, replay)
    groups = queries.groups(replay, words.effects)
    listing = ChangeList(request.GET, _narrowed(request, queries.changes(replay), groups))
    rows = listing.matching.order_by("-on", "-id")[:LIMIT].iterator(chunk_size=500)
    head = [_("Record"), _("Of"), _("Day"), _("Value"), _("Currency"), _("What changes"), _("Before"), _("After")]
    head += [_("Rules before"), _("Rules after"), _("Given before"), _("Given after")]
    return csv_file(head, _cells(rows, words), name="replay.csv")


@require_POST
@requires(permissions.can_replay)
def cancel(request: HttpRequest, area: str, pk: UUID) -> HttpResponse:
    """Stop a replay; what it found until then stays."""
    _area(request, area)
    services.cancel(_replay(area, pk))
    messages.success(request, _("Stopped"))
    return redirect("replay", area, pk)


def _area(request: HttpRequest, key: str) -> Area:
    area = AREAS.get(key)
    if area is None or area.past is None:
        raise Http404
    if not request.member.has(area.permission):
        raise PermissionDenied
    return area


def _replay(area: str, pk: UUID) -> Replay:
    rows = Replay.objects.filter(area=area).select_related("version", "by")
    found: Replay = get_object_or_404(rows, pk=pk)
    return found


def _narrowed(request: HttpRequest, rows: Any, groups: list[queries.Group]) -> Any:
    place = request.GET.get("group", "")
    is_known = place.isdecimal() and len(place) < 6 and int(place) < len(groups)
    return groups[int(place)].holds(rows) if is_known else rows


def _cells(rows: Iterator[ReplayChange], words: Words) -> Iterator[list[Any]]:
    """Yield a line for each thing that changes."""
    for change in rows:
        told = words.row(change)
        value = change.value.rounded().amount if change.value else ""
        given: list[Any] = [money.rounded().amount for money in change.given or ()] or ["", ""]
        for found in told["changes"]:
            yield [
                *(change.title, change.detail, change.on.isoformat(), value, change.currency),
                *(found["label"], found["before"], found["after"]),
                *("; ".join(told[side]) for side in ("rules_before", "rules_after")),
                *given,
            ]
