"""The draft of the programme, tier by tier: each click is a form that is sent, and keeps what was typed."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from partners import permissions
from partners.forms import programs as forms
from partners.forms.programs import GroupForm, NeedForm, Parts, TermsForm, TierForm
from partners.queries import programs as queries
from partners.rules import checking, editing
from partners.rules.checking import Problem
from partners.rules.programs import AREA, ProgramTerms
from partners.services import programs
from partners.views import changes
from partners.views.programs import columns
from prm.accounts.guards import requires
from prm.money.amounts import currencies
from prm.policies import versions
from prm.policies.models import PolicyDraft
from prm.tenancy.fields import uuid7
from prm.ui.navigation import Visit

Body = dict[str, Any]


@require_GET
@requires(permissions.can_edit_program)
def draft(request: HttpRequest) -> HttpResponse:
    """Show the draft as it is: its tiers in columns, and what keeps it from being published."""
    kept, body = _kept(request)
    problems = checking.problems_of(body, currencies())
    terms = ProgramTerms.from_body(body) if not problems else None
    context = {
        "draft": kept,
        "body": body,
        "rows": sorted(body["tiers"], key=lambda tier: tier["rank"]),
        "problems": [_told(body, problem) for problem in problems],
        "tiers": columns(terms) if terms else None,
        "doubts": changes.doubts(terms) if terms else [],
    }
    return render(request, "partners/program/draft.html", context)


@require_http_methods(["GET", "POST"])
@requires(permissions.can_edit_program)
def terms(request: HttpRequest) -> HttpResponse:
    """Change how the programme works as a whole."""
    kept, body = _kept(request)
    context: Body = {}
    if request.method == "POST":
        body = forms.typed_terms(body, request.POST)
        problems = [problem for problem in _problems(body) if problem.where == "" or problem.where.startswith("rate")]
        saved = _save(request, body, context)
        if saved and request.POST.get("do") == "row":
            return redirect(f"{reverse('partners:program-terms')}#rates")
        if saved and not problems:
            messages.success(request, _("Draft saved"))
            return redirect("partners:program-draft")
        kept = versions.draft_of(AREA)
    parts = Parts(_problems(body) if request.method == "POST" or request.GET.get("check") else ())
    context |= {
        "form": TermsForm(body, parts),
        "rates": forms.rate_forms(body, parts),
        "revision": kept.revision if kept else "",
        "currency": body.get("currency", ""),
        "problems": [problem for problem in parts.found.items() if not problem[0][0] or problem[0][0].startswith("r")],
    }
    return render(request, "partners/program/terms.html", context, status=422 if request.method == "POST" else 200)


@require_POST
@requires(permissions.can_edit_program)
def new_tier(request: HttpRequest) -> HttpResponse:
    """Add a tier above all others, and open it."""
    _draft, body = _kept(request)
    rank = max((tier["rank"] for tier in body["tiers"]), default=0) + 1
    made = editing.new_tier(str(uuid7()), programs.new_id(), rank)
    if not _save(request, editing.with_tier(body, made), {}):
        messages.error(request, _("Somebody saved the draft meanwhile. Look at it again before you add a tier."))
        return redirect("partners:program-draft")
    return redirect("partners:program-tier", made["id"])


@require_POST
@requires(permissions.can_edit_program)
def arrange(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Move a tier up or down, or remove it."""
    _draft, body = _kept(request)
    steps = {"up": 1, "down": -1}
    asked = request.POST.get("do", "")
    tier = editing.tier_of(body, str(pk))
    if tier is None:
        raise Http404
    changed = (
        editing.without_tier(body, str(pk))
        if asked == "remove"
        else editing.with_tier_moved(body, str(pk), steps.get(asked, 0))
    )
    if not _save(request, changed, {}):
        messages.error(request, _("Somebody saved the draft meanwhile. Look at it again before you change it."))
    return redirect("partners:program-draft")


@require_http_methods(["GET", "POST"])
@requires(permissions.can_edit_program)
def tier(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Change a tier: what it is called, asks and gives."""
    kept, body = _kept(request)
    found = editing.tier_of(body, str(pk))
    if found is None:
        raise Http404
    context: Body = {}
    focus = ""
    if request.method == "POST":
        found, focus = _changed(forms.typed_tier(found, request.POST), request.POST.get("do", "save"))
        body = editing.with_tier(body, found)
        is_saved = _save(request, body, context)
        asked = request.POST.get("do", "save")
        if is_saved and asked == "save" and not _of_tier(found, body):
            messages.success(request, _("%(name)s saved in the draft") % {"name": found["name"]})
            return redirect("partners:program-draft")
        if is_saved and asked != "save" and not request.htmx:
            return redirect(f"{reverse('partners:program-tier', args=[pk])}#{focus or 'asks'}")
        if request.htmx and asked.startswith("refresh"):
            focus = ""  # a choice that changed keeps the focus
        kept = versions.draft_of(AREA)
    is_checked = (request.method == "POST" and request.POST.get("do", "save") == "save") or request.GET.get("check")
    parts = Parts(_of_tier(found, body) if is_checked else ())
    context |= {
        "tier": found,
        "form": TierForm(found, parts),
        "root": _node(found["requirement"], parts, forms.choices(), is_root=True),
        "revision": kept.revision if kept else "",
        "currency": body.get("currency", ""),
        "focus": focus,
        "mistakes": len(parts.found),
    }
    template = "partners/program/_tier_form.html" if request.htmx else "partners/program/tier.html"
    is_refused = bool(parts.found or context.get("conflict"))
    return render(request, template, context, status=422 if is_refused and request.method == "POST" else 200)


def _changed(tier: Body, asked: str) -> tuple[Body, str]:
    """Return the tier after a button was pressed, and the part that the reader goes on with."""
    action, _sep, target = asked.partition(":")
    root = tier["requirement"]
    if action == "need":
        made = editing.new_need(programs.new_id())
        return {**tier, "requirement": editing.with_part(root, target, made)}, made["id"]
    if action == "group":
        made = editing.new_group(programs.new_id(), programs.new_id())
        return {**tier, "requirement": editing.with_part(root, target, made)}, made["id"]
    if action == "remove":
        return {**tier, "requirement": editing.without_part(root, target)}, ""
    if action in ("up", "down"):
        step = -1 if action == "up" else 1
        return {**tier, "requirement": editing.with_part_moved(root, target, step)}, target
    return tier, target


def _kept(request: HttpRequest) -> tuple[PolicyDraft | None, Body]:
    """Return the draft, or what the next version starts from: the newest one."""
    kept = versions.draft_of(AREA)
    if kept is not None:
        return kept, kept.body
    newest = queries.history()
    return None, newest[0].body if newest else queries.in_force(Visit.of(request).today)[0].body


def _save(request: HttpRequest, body: Body, context: Body) -> bool:
    """Save the draft that the page was opened with; False, and who was faster, if it is another by now."""
    typed = request.POST.get("revision", "")
    revision = int(typed) if typed.isdecimal() else None
    try:
        programs.save_draft(body, revision=revision, by=request.member, at=timezone.now())
    except versions.DraftChanged as refusal:
        context["conflict"] = refusal.sentence
        return False
    return True


def _problems(body: Body) -> list[Problem]:
    return checking.problems_of(body, currencies())


def _of_tier(tier: Body, body: Body) -> list[Problem]:
    """Return what is wrong with one tier."""
    ids = {tier["id"], *_ids(tier["requirement"])}
    return [problem for problem in _problems(body) if problem.where in ids]


def _ids(node: Body) -> list[str]:
    return [node["id"], *(found for part in node.get("parts", ()) for found in _ids(part))]


def _node(node: Body, parts: Parts, choices: dict[str, Any], *, is_root: bool = False) -> Body:
    """Return the controls of a requirement and of all its parts."""
    if "metric" in node:
        return {"id": node["id"], "form": NeedForm(node, parts, choices), "is_group": False}
    inner = [_node(part, parts, choices) for part in node["parts"]]
    for place, part in enumerate(inner):
        part |= {"is_first": place == 0, "is_last": place == len(inner) - 1}
    return {"id": node["id"], "form": GroupForm(node, parts), "is_group": True, "is_root": is_root, "parts": inner}


def _told(body: Body, problem: Problem) -> Body:
    """Return what is wrong, where, and the way to it."""
    for row in body["tiers"]:
        if problem.where in {row["id"], *_ids(row["requirement"])}:
            url = reverse("partners:program-tier", args=[row["id"]])
            return {"title": row["name"] or _("Tier without a name"), "text": forms.advice(problem), "url": url}
    title = _("No tiers") if problem.name == "tiers" else _("The program as a whole")
    return {"title": title, "text": forms.advice(problem), "url": reverse("partners:program-terms")}
