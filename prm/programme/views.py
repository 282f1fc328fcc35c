"""Where an administrator carries the vendor's programme out as a file, and one in."""

from __future__ import annotations

from datetime import date, datetime
from itertools import groupby
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from prm.accounts.guards import requires
from prm.events.refusals import DomainError
from prm.programme import exchange, permissions, services, wording, yaml
from prm.programme.exchange import Trial
from prm.programme.forms import BringForm, TakeForm
from prm.programme.models import ProgrammeFile
from prm.ui.navigation import Visit
from prm.ui.submissions import once

SHOWN = 20


@require_http_methods(["GET", "POST"])
@requires(permissions.can_exchange)
@once
def index(request: HttpRequest) -> HttpResponse:
    """Offer the file for download, take one in, and show those that were brought."""
    form = BringForm(request.POST, request.FILES) if request.method == "POST" else BringForm()
    if form.is_bound and form.is_valid():
        file = services.bring(form.name, form.cleaned_data["file"], by=request.member, at=timezone.now())
        return redirect("programme-file", file.pk)
    files = ProgrammeFile.objects.select_related("brought_by", "taken_by").order_by("-brought_at", "-id")[:SHOWN]
    context = {"form": form, "files": files}
    return render(request, "programme/index.html", context, status=422 if form.errors else 200)


@require_GET
@requires(permissions.can_exchange)
def export(request: HttpRequest) -> HttpResponse:
    """Download the programme as it is today."""
    today = Visit.of(request).today
    response = HttpResponse(exchange.text_of(exchange.written(today)), content_type="application/yaml; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="program-{request.vendor.slug}-{today.isoformat()}.yaml"'
    return response


@require_http_methods(["GET", "POST"])
@requires(permissions.can_exchange)
@once
def detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Offer to try a file out, show what it would change or what is wrong with it, and take it over."""
    file = get_object_or_404(ProgrammeFile.objects.select_related("brought_by", "taken_by"), pk=pk)
    if file.taken_at is not None:
        return render(request, "programme/file.html", {"file": file})
    now, today = timezone.now(), Visit.of(request).today
    if request.method == "GET":
        return render(request, "programme/file.html", {"file": file, "form": TakeForm(None, today=today)})
    form = TakeForm(request.POST, today=today)
    if form.is_valid() and form.cleaned_data["mark"]:
        typed = form.cleaned_data
        try:
            taken = services.take(
                file, mark=typed["mark"], effective_on=typed["effective_on"], by=request.member, at=now
            )
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            count = taken.changes or 0
            said = ngettext("One change taken over", "%(count)s changes taken over", count) % {"count": count}
            messages.success(request, said)
            return redirect("programme-file", pk)
    trial, lines = _trial(request, file, _day(form, today), now)
    context = {"file": file, "form": form, "trial": trial, **_shown(trial, lines)}
    return render(request, "programme/file.html", context, status=422 if form.errors else 200)


def _day(form: TakeForm, today: date) -> date:
    """Return from which day on the trial lets the rules apply."""
    return form.cleaned_data.get("effective_on") or today


def _trial(request: HttpRequest, file: ProgrammeFile, day: date, now: datetime) -> tuple[Trial, yaml.Lines]:
    wanted, lines = yaml.read(file.text)
    return exchange.try_out(wanted, by=request.member, at=now, effective_on=day), lines


def _shown(trial: Trial, lines: yaml.Lines) -> dict[str, Any]:
    problems = [
        {
            "line": wording.line_of(problem.path, lines),
            "place": wording.place_of(problem.path),
            "sentence": problem.sentence,
        }
        for problem in trial.problems
    ]
    changes = [
        {
            "section": wording.section_of(change),
            "steps": change.steps,
            "what": change.what,
            "before": wording.side(change.before),
            "after": wording.side(change.after),
        }
        for change in trial.changes
    ]
    grouped = [(name, list(found)) for name, found in groupby(changes, key=lambda change: change["section"])]
    return {"problems": sorted(problems, key=lambda problem: problem["line"] or 0), "sections": grouped}
