"""The kinds of activity that funds pay for, and the proof each asks for."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from mdf import permissions
from mdf.forms.funds import ActivityTypeForm
from mdf.models import ActivityType
from mdf.queries import funds as queries
from mdf.services import activity_types as services
from mdf.services.activity_types import ActivityTypeChangedMeanwhile, CodeTaken
from prm.accounts.guards import requires
from prm.ui import stale


@require_GET
@requires(permissions.can_keep_funds)
def listing(request: HttpRequest) -> HttpResponse:
    """List the kinds of activity."""
    return render(request, "mdf/activity_types/list.html", {"kinds": queries.activity_types(with_inactive=True)})


@require_http_methods(["GET", "POST"])
@requires(permissions.can_keep_funds)
def new(request: HttpRequest) -> HttpResponse:
    return _edit(request, None)


@require_http_methods(["GET", "POST"])
@requires(permissions.can_keep_funds)
def edit(request: HttpRequest, pk: UUID) -> HttpResponse:
    return _edit(request, get_object_or_404(ActivityType.objects, pk=pk))


def _edit(request: HttpRequest, kind: ActivityType | None) -> HttpResponse:
    form = ActivityTypeForm.of(kind, request.POST or None)
    context: dict[str, Any] = {"form": form, "kind": kind}
    if request.method == "POST" and form.is_valid():
        who = {"by": request.member, "at": timezone.now()}
        try:
            if kind is None:
                saved = services.add(form.values, **who)
            else:
                saved = services.change(kind, form.values, version=form.cleaned_data["version"], **who)
        except CodeTaken as refusal:
            form.add_error("code", refusal.sentence)
        except ActivityTypeChangedMeanwhile as refusal:
            now = ActivityTypeForm.of(get_object_or_404(ActivityType.objects, pk=kind.pk))  # type: ignore[union-attr]
            context |= {"refusal": refusal, "differences": stale.differences(form, now)}
            form.data = form.data.copy()
            form.data["version"] = now.initial["version"]
        else:
            messages.success(request, _("%(name)s saved") % {"name": saved.name})
            return redirect("mdf:activity-types")
    is_refused = bool(form.errors or context.get("refusal"))
    return render(request, "mdf/activity_types/form.html", context, status=422 if is_refused else 200)
