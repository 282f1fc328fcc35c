"""The vendor's programme: what is in force, the versions before, and the draft of the next until it is published."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from partners import permissions
from partners.forms.programs import PublicationForm
from partners.models import Preview
from partners.queries import programs as queries
from partners.queries import standings
from partners.rules import checking, differences
from partners.rules.programs import AREA, ProgramTerms
from partners.services import evaluation, previews, programs
from partners.views import changes
from partners.views.phrases import Line, Phrases
from prm.accounts.guards import requires
from prm.events.refusals import DomainError
from prm.money.amounts import currencies
from prm.policies import versions
from prm.policies.areas import AREAS
from prm.ui.navigation import Visit

AT_ONCE = 200  # partners that are evaluated while the page waits


@require_GET
@requires(permissions.can_see_program)
def program(request: HttpRequest) -> HttpResponse:
    """Show the version in force, what is scheduled, and that there is a draft."""
    today = Visit.of(request).today
    version, terms = queries.in_force(today)
    can_edit = request.member.has(permissions.can_edit_program)
    context = {
        "version": version,
        "terms": terms,
        "tiers": columns(terms),
        "review_on": terms.review_from_on(today),
        "scheduled": queries.scheduled(today),
        "draft": versions.draft_of(AREA) if can_edit else None,
        "can_edit": can_edit,
        "can_evaluate": request.member.has(permissions.can_evaluate),
    }
    return render(request, "partners/program/program.html", context)


@require_GET
@requires(permissions.can_see_program)
def history(request: HttpRequest) -> HttpResponse:
    """List all versions."""
    today = Visit.of(request).today
    current, _terms = queries.in_force(today)
    can_edit = request.member.has(permissions.can_edit_program)
    context = {"area": AREAS[AREA], "versions": queries.history(), "current": current, "can_edit": can_edit}
    return render(request, "partners/program/history.html", context)


@require_GET
@requires(permissions.can_see_program)
def version(request: HttpRequest, number: int) -> HttpResponse:
    """Show one version, and what it changed."""
    found = queries.version(number)
    if found is None:
        raise Http404
    terms = ProgramTerms.from_body(found.body)
    history = queries.history()
    before = next((row for row in history if row.number < number), None)
    context = {
        "area": AREAS[AREA],
        "versions": history,
        "version": found,
        "today": Visit.of(request).today,
        "can_edit": request.member.has(permissions.can_edit_program),
        "terms": terms,
        "tiers": columns(terms),
        "before": before,
        "changes": _changes(ProgramTerms.from_body(before.body), terms) if before else [],
    }
    return render(request, "partners/program/version.html", context)


@require_http_methods(["GET", "POST"])
@requires(permissions.can_edit_program)
def publication(request: HttpRequest) -> HttpResponse:
    """Show what publishing the draft changes, and publish it from a day on."""
    draft = versions.draft_of(AREA)
    if draft is None:
        return redirect("partners:program")
    problems = checking.problems_of(draft.body, currencies())
    if problems:
        return redirect("partners:program-draft")
    today = Visit.of(request).today
    form = PublicationForm(request.POST or None, today=today, revision=draft.revision)
    if request.method == "POST" and form.is_valid():
        try:
            made = programs.publish(**form.cleaned_data, by=request.member, at=timezone.now())
            messages.success(request, _("Version %(number)s is published") % {"number": made.number})
            return redirect("partners:program")
        except DomainError as refusal:
            field = "effective_on" if isinstance(refusal, versions.InThePast | versions.ScheduledLater) else None
            form.add_error(field, refusal.sentence)
    _version, current = queries.in_force(today)
    terms = ProgramTerms.from_body(draft.body)
    preview = Preview.objects.filter(revision=draft.revision, at__gte=draft.saved_at).order_by("-at").first()
    context = {
        "form": form,
        "draft": draft,
        "changes": _changes(current, terms),
        "doubts": changes.doubts(terms),
        "preview": preview,
        "next_number": versions.latest_number(AREA) + 1,
    }
    return render(request, "partners/program/publication.html", context, status=422 if form.errors else 200)


@require_POST
@requires(permissions.can_edit_program)
def discard(request: HttpRequest) -> HttpResponse:
    """Throw the draft away."""
    typed = request.POST.get("revision", "")
    try:
        programs.discard_draft(revision=int(typed) if typed.isdecimal() else None)
        messages.success(request, _("Draft discarded"))
    except DomainError as refusal:
        messages.error(request, refusal.sentence)
    return redirect("partners:program")


@require_POST
@requires(permissions.can_edit_program)
def start_preview(request: HttpRequest) -> HttpResponse:
    """Try the draft on all partners: at once for a few, by the worker for many."""
    try:
        made = previews.start(by=request.member, at=timezone.now())
    except DomainError as refusal:
        messages.error(request, refusal.sentence)
        return redirect("partners:program-draft")
    if made.total > previews.STEP:
        previews.enqueue(made)
    else:
        previews.go_on(made.pk)
    return redirect("partners:program-preview", made.pk)


@require_GET
@requires(permissions.can_edit_program)
def preview(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show who would move, or how far the preview is."""
    found = get_object_or_404(Preview.objects, pk=pk)
    terms = ProgramTerms.from_body(found.body)
    draft = versions.draft_of(AREA)
    words = Phrases(terms.currency)
    context = {
        "preview": found,
        "moves": [changes.move(words, row) for row in found.moves],
        "is_current": draft is not None and draft.revision == found.revision,
    }
    template = "partners/program/_preview.html" if request.htmx else "partners/program/preview.html"
    return render(request, template, context)


@require_POST
@requires(permissions.can_evaluate)
def evaluate_all(request: HttpRequest) -> HttpResponse:
    """Evaluate the partners now; of many, those that waited longest."""
    at, moved = timezone.now(), 0
    rows = list(standings.active().order_by("outlooks__evaluated_on", "id")[:AT_ONCE])
    for partner in rows:
        found = evaluation.evaluate(partner, at=at, by=request.member)
        moved += bool(found and found.moved)
    words = ngettext("%(count)s partner evaluated", "%(count)s partners evaluated", len(rows)) % {"count": len(rows)}
    more = ngettext("%(count)s moved", "%(count)s moved", moved) % {"count": moved} if moved else _("nobody moved")
    messages.success(request, _("%(evaluated)s, %(moved)s") % {"evaluated": words, "moved": more})
    return redirect("partners:standings")


def columns(terms: ProgramTerms) -> list[dict[str, Any]]:
    """Return the tiers as columns, the entry first."""
    words = Phrases(terms.currency)
    return [{"tier": tier, "line": Line(words, tier.requirement, is_root=True)} for tier in terms.ranked]


def _changes(before: ProgramTerms, after: ProgramTerms) -> list[dict[str, Any]]:
    return changes.in_words(differences.between(before, after), before, after)
