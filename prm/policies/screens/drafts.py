"""The draft of an area, rule by rule: each click is a form that is sent, and keeps what was typed."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from prm.accounts.guards import requires
from prm.events.refusals import DomainError
from prm.policies import versions
from prm.policies.fields import Catalogue
from prm.policies.models import PolicyDraft
from prm.policies.screens import editing, permissions, reading, services, showing, typing
from prm.policies.screens.editing import Node
from prm.policies.screens.forms import FollowingForm, PublicationForm, TermsForm
from prm.policies.screens.views import area_of
from prm.policies.values import Path, Problem
from prm.tenancy.fields import uuid7
from prm.ui.navigation import Visit

Body = dict[str, Any]


@require_GET
@requires(permissions.can_see_rules)
def draft(request: HttpRequest, area: str) -> HttpResponse:
    """Show the draft as sentences, with what keeps it from being published and what to look at again."""
    found = area_of(request, area)
    kept, body = _kept(area)
    context = {
        "area": found,
        "draft": kept,
        "told": reading.told(found, body, today=Visit.of(request).today),
        "problems": showing.others(found, found.problems(body)),
        "removed": request.session.get(_removed(area)),
    }
    return render(request, "policies/screens/draft.html", context)


@require_POST
@requires(permissions.can_see_rules)
def new(request: HttpRequest, area: str) -> HttpResponse:
    """Add a rule after all others, and open it."""
    area_of(request, area)
    _draft, body = _kept(area)
    made = {"key": _new_key(), "name": _("New rule"), "then": {}}
    rules = reading.rules_of(body)
    if not _save(request, area, body | {"rules": rules | {"rules": [*reading.listed(rules), made]}}):
        return redirect("rule-draft", area)
    return redirect("rule", area, made["key"])


@require_POST
@requires(permissions.can_see_rules)
def arrange(request: HttpRequest, area: str, key: str) -> HttpResponse:
    """Move a rule up or down, copy or remove it."""
    area_of(request, area)
    _draft, body = _kept(area)
    rules = reading.rules_of(body)
    before = reading.listed(rules)
    place = next((n for n, rule in enumerate(before) if rule.get("key") == key), None)
    if place is None:
        raise Http404
    asked = request.POST.get("do", "")
    copy_name = _("%(name)s (copy)") % {"name": before[place].get("name", "")}
    after = editing.arranged(before, key, asked, _new_key(), copy_name[:500])
    if _save(request, area, body | {"rules": rules | {"rules": after}}) and asked == "remove":
        request.session[_removed(area)] = {"place": place, "rule": before[place]}
    return redirect("rule-draft", area)


@require_POST
@requires(permissions.can_see_rules)
def restore(request: HttpRequest, area: str) -> HttpResponse:
    """Put the rule that was removed last back where it was."""
    area_of(request, area)
    removed = request.session.get(_removed(area))
    _draft, body = _kept(area)
    rules = reading.rules_of(body)
    after = reading.listed(rules)
    if removed and all(rule.get("key") != removed["rule"].get("key") for rule in after):
        after.insert(removed["place"], removed["rule"])
        if _save(request, area, body | {"rules": rules | {"rules": after}}):
            del request.session[_removed(area)]
    return redirect("rule-draft", area)


@require_http_methods(["GET", "POST"])
@requires(permissions.can_see_rules)
def rule(request: HttpRequest, area: str, key: str) -> HttpResponse:
    """Change a rule: when it matches, and what it gives."""
    found = area_of(request, area)
    kept, body = _kept(area)
    rules = reading.rules_of(body)
    listed = reading.listed(rules)
    edited = next((one for one in listed if one.get("key") == key), None)
    if edited is None:
        raise Http404
    assert found.catalogue
    catalogue = found.catalogue(body)
    root, focus, conflict = editing.opened(edited.get("when")), "", ""
    places: dict[Path, str] = {}
    asked = request.POST.get("do", "save")
    if request.method == "POST":
        if "when-node" in request.POST:
            root = typing.condition(request.POST, editing.ROOT, catalogue)
        focus = editing.changed(root, asked, catalogue)
        edited = _typed(request, edited, root, places, catalogue)
        after = [edited if one.get("key") == key else one for one in listed]
        conflict = _refused(request, area, body | {"rules": rules | {"rules": after}})
        kept = versions.draft_of(area)
    else:
        editing.stored(root, places)
    _rule, problems = reading.one(edited, catalogue)
    if request.method == "POST" and not conflict:
        if asked == "save" and not problems:
            messages.success(request, _("%(name)s saved in the draft") % {"name": edited["name"]})
            return redirect("rule-draft", area)
        if asked != "save" and not request.htmx:
            return redirect(f"{reverse('rule', args=[area, key])}#{focus}")
    is_checked = asked == "save" if request.method == "POST" else "check" in request.GET
    shown = problems if is_checked else ()
    context = {
        "area": found,
        "rule": edited,
        "root": showing.controls_of(root, editing.ROOT, catalogue, showing.by_place(shown, places), request),
        "sentence": reading.line_of(edited, catalogue),
        "given": showing.given(request, found, body, edited.get("then"), shown, "then"),
        "name_problems": showing.under(shown, "name"),
        "revision": kept.revision if kept else "",
        "focus": "" if asked.startswith("refresh") else focus,
        "mistakes": len(shown),
        "conflict": conflict,
        "is_first_only": rules.get("mode", "first") == "first",
    }
    is_refused = request.method == "POST" and bool(conflict or shown)
    template = "policies/screens/_rule_form.html" if request.htmx else "policies/screens/rule.html"
    return render(request, template, context, status=422 if is_refused else 200)


@require_http_methods(["GET", "POST"])
@requires(permissions.can_see_rules)
def following(request: HttpRequest, area: str) -> HttpResponse:
    """Change which rules are followed, what holds without any, and how effects are merged."""
    found = area_of(request, area)
    kept, body = _kept(area)
    rules = reading.rules_of(body)
    effects = found.effects(body)
    form = FollowingForm(request.POST or None, effects=effects, rules=rules)
    conflict = ""
    problems: list[Problem] = []
    if request.method == "POST":
        default = _typed_effects(request, [effect.field for effect in effects], "default")
        rules = rules | {"default": default}
        if form.is_valid():
            rules |= {"mode": form.cleaned_data["mode"], "merging": form.merging(rules.get("merging"))}
            conflict = _refused(request, area, body | {"rules": rules})
            kept = versions.draft_of(area)
            wrong = found.problems(body | {"rules": rules})
            problems = [Problem(each.path[1:], each.code, each.facts) for each in wrong if "default" in each.path[:2]]
            if not conflict and not problems:
                messages.success(request, _("Draft saved"))
                return redirect("rule-draft", area)
    context = {
        "area": found,
        "form": form,
        "given": showing.given(request, found, body, rules.get("default"), problems, "default"),
        "revision": kept.revision if kept else "",
        "conflict": conflict,
        "mistakes": len(problems),
    }
    is_refused = request.method == "POST"
    return render(request, "policies/screens/following.html", context, status=422 if is_refused else 200)


@require_http_methods(["GET", "POST"])
@requires(permissions.can_see_rules)
def terms(request: HttpRequest, area: str) -> HttpResponse:
    """Change what holds for every record beside the rules."""
    found = area_of(request, area)
    if not found.terms:
        raise Http404
    kept, body = _kept(area)
    form = TermsForm(request.POST or None, terms=found.terms, body=body)
    conflict = ""
    if request.method == "POST" and form.is_valid():
        conflict = _refused(request, area, body | form.cleaned_data)
        if not conflict:
            messages.success(request, _("Draft saved"))
            return redirect("rule-draft", area)
        kept = versions.draft_of(area)
    context = {"area": found, "form": form, "revision": kept.revision if kept else "", "conflict": conflict}
    is_refused = request.method == "POST"
    return render(request, "policies/screens/terms.html", context, status=422 if is_refused else 200)


@require_http_methods(["GET", "POST"])
@requires(permissions.can_see_rules)
def publication(request: HttpRequest, area: str) -> HttpResponse:
    """Show what publishing the draft changes, and publish it from a day on."""
    found, today = area_of(request, area), Visit.of(request).today
    kept = versions.draft_of(area)
    if kept is None or found.problems(kept.body):
        return redirect("rule-draft", area)
    form = PublicationForm(request.POST or None, today=today, revision=kept.revision)
    if request.method == "POST" and form.is_valid():
        try:
            made = services.publish(found, **form.cleaned_data, today=today, by=request.member, at=timezone.now())
        except DomainError as refusal:
            is_of_day = isinstance(refusal, versions.InThePast | versions.ScheduledLater)
            form.add_error("effective_on" if is_of_day else None, refusal.sentence)
        else:
            messages.success(request, _("Version %(number)s is published") % {"number": made.number})
            return redirect("rule-area", area)
    current = versions.current_of(versions.history(area), today)
    context = {
        "area": found,
        "form": form,
        "changes": reading.changes(found, current.body, kept.body) if current else [],
        "next_number": versions.latest_number(area) + 1,
        "warnings": reading.told(found, kept.body, today=today).warnings,
    }
    return render(request, "policies/screens/publication.html", context, status=422 if form.errors else 200)


@require_POST
@requires(permissions.can_see_rules)
def discard(request: HttpRequest, area: str) -> HttpResponse:
    """Throw the draft away."""
    found = area_of(request, area)
    try:
        services.discard(found, revision=_revision(request) or 0)
        messages.success(request, _("Draft discarded"))
    except DomainError as refusal:
        messages.error(request, refusal.sentence)
    return redirect("rule-area", area)


# -- keeping it ------------------------------------------------------------------------------------------
def _kept(area: str) -> tuple[PolicyDraft | None, Body]:
    """Return the draft, or what the next version starts from: the newest one."""
    kept = versions.draft_of(area)
    if kept is not None:
        return kept, dict(kept.body)
    newest = versions.history(area)[:1]
    return None, dict(newest[0].body) if newest else {}


def _revision(request: HttpRequest) -> int | None:
    typed = request.POST.get("revision", "")
    return int(typed) if typed.isdecimal() and len(typed) < 10 else None


def _refused(request: HttpRequest, area: str, body: Body) -> str:
    """Save the draft that the page was opened with; return why not, if it is another by now."""
    try:
        versions.save_draft(area, body, revision=_revision(request), by=request.member, at=timezone.now())
    except versions.DraftChanged as refusal:
        return refusal.sentence
    return ""


def _save(request: HttpRequest, area: str, body: Body) -> bool:
    refusal = _refused(request, area, body)
    if refusal:
        messages.error(request, refusal)
    return not refusal


def _removed(area: str) -> str:
    return f"removed-rule:{area}"


def _new_key() -> str:
    return uuid7().hex[-12:]


# -- what was typed --------------------------------------------------------------------------------------
def _typed(request: HttpRequest, rule: Body, root: Node, places: dict[Path, str], catalogue: Catalogue) -> Body:
    """Return the rule with everything that was sent."""
    made = {key: value for key, value in rule.items() if key != "when"}
    made["name"] = request.POST.get("name", rule.get("name", "")).strip()
    made["then"] = _typed_effects(request, [effect.field for effect in catalogue.effects], "then")
    made["stops"] = bool(request.POST.get("stops"))
    when = editing.stored(root, places)
    return made if when is None else made | {"when": when}


def _typed_effects(request: HttpRequest, fields: list[Any], prefix: str) -> Body:
    found = {field.name: typing.value(request.POST, f"{prefix}-{field.name}", field) for field in fields}
    return {name: value for name, value in found.items() if value not in ("", [])}
