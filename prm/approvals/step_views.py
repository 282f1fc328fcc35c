"""The approval steps of an area's draft: read as sentences, written one by one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from prm.accounts.guards import requires
from prm.approvals import panel, people, steps, subjects
from prm.approvals.people import Staff
from prm.approvals.step_forms import ROLES, StepForm
from prm.approvals.steps import MOST_STEPS, Step
from prm.approvals.subjects import Declared
from prm.events.refusals import DomainError
from prm.policies import explanations, versions
from prm.policies.areas import AREAS, Area
from prm.policies.models import PolicyDraft
from prm.policies.screens import permissions
from prm.policies.values import Invalid

Body = dict[str, Any]
CURRENCIES = ("EUR", "USD", "GBP", "CHF", "JPY", "KWD")
NEW = "new"


@require_GET
@requires(permissions.can_see_rules)
def index(request: HttpRequest, area: str) -> HttpResponse:
    """Show the steps of the draft, which rules ask for each, and rules that ask for one that is not there."""
    found, declared = _area(request, area)
    draft, body = _kept(area)
    staff = people.staff(timezone.now())
    listed = _listed(body)
    naming = list(_naming(body))
    keys = {step.get("key") for step in listed}
    context = {
        "area": found,
        "draft": draft,
        "rows": [_row(step, staff, declared, naming) for step in listed],
        "missing": sorted({rule for rule, key in naming if key not in keys}),
        "is_full": len(listed) >= MOST_STEPS,
        "removed": request.session.get(_removed(area)),
    }
    return render(request, "approvals/steps.html", context)


@require_http_methods(["GET", "POST"])
@requires(permissions.can_see_rules)
def step(request: HttpRequest, area: str, key: str) -> HttpResponse:
    """Write one step of the draft, or a new one."""
    found, declared = _area(request, area)
    draft, body = _kept(area)
    listed = _listed(body)
    edited = next((each for each in listed if each.get("key") == key), None)
    if edited is None and key != NEW:
        raise Http404
    form = StepForm(
        request.POST or None,
        step=_readable(edited) if edited else None,
        key=key if edited else "",
        staff=sorted(people.staff(timezone.now()).members, key=lambda member: member.user.name),
        facts=declared.facts,
        currencies=[request.profile.currency, *[code for code in CURRENCIES if code != request.profile.currency]],
        initial={"revision": draft.revision if draft else None},
    )
    if form.is_bound and not edited:
        form.key = _new_key(form.data.get("name", ""), listed)
    if form.is_valid():
        made = form.body
        after = [made if each is edited else each for each in listed] + ([] if edited else [made])
        try:
            _save(request, area, body | {"steps": after}, form.cleaned_data["revision"])
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("%(name)s saved in the draft") % {"name": made["name"]})
            return redirect("approval-steps", area)
    context = {"area": found, "form": form, "step": edited}
    return render(request, "approvals/step.html", context, status=422 if form.errors else 200)


@require_POST
@requires(permissions.can_see_rules)
def removal(request: HttpRequest, area: str, key: str) -> HttpResponse:
    """Take a step out of the draft; rules that ask for it are named where the steps are listed."""
    _area(request, area)
    _draft, body = _kept(area)
    listed = _listed(body)
    removed = next((each for each in listed if each.get("key") == key), None)
    if removed is None:
        raise Http404
    revision = request.POST.get("revision", "")
    place = listed.index(removed)
    after = [each for each in listed if each is not removed]
    try:
        _save(request, area, body | {"steps": after}, int(revision) if revision.isdecimal() else None)
    except DomainError as refusal:
        messages.error(request, refusal.sentence)
    else:
        request.session[_removed(area)] = {"place": place, "step": removed}
    return redirect("approval-steps", area)


@require_POST
@requires(permissions.can_see_rules)
def restoration(request: HttpRequest, area: str) -> HttpResponse:
    """Put the step that was removed last back where it was."""
    _area(request, area)
    removed = request.session.get(_removed(area))
    _draft, body = _kept(area)
    after = _listed(body)
    revision = request.POST.get("revision", "")
    if removed and len(after) < MOST_STEPS and all(step.get("key") != removed["step"].get("key") for step in after):
        after.insert(removed["place"], removed["step"])
        try:
            _save(request, area, body | {"steps": after}, int(revision) if revision.isdecimal() else None)
        except DomainError as refusal:
            messages.error(request, refusal.sentence)
        else:
            del request.session[_removed(area)]
    return redirect("approval-steps", area)


def _area(request: HttpRequest, key: str) -> tuple[Area, Declared]:
    """Return an area whose records pass approval steps, if the reader may change its rules."""
    found, declared = AREAS.get(key), subjects.of_area(key)
    if found is None or declared is None:
        raise Http404
    if not request.member.has(found.permission):
        raise PermissionDenied
    return found, declared


def _kept(area: str) -> tuple[PolicyDraft | None, Body]:
    """Return the draft, or what the next version starts from: the newest one."""
    draft = versions.draft_of(area)
    if draft is not None:
        return draft, dict(draft.body)
    newest = versions.history(area)[:1]
    return None, dict(newest[0].body) if newest else {}


def _save(request: HttpRequest, area: str, body: Body, revision: int | None) -> None:
    versions.save_draft(area, body, revision=revision, by=request.member, at=timezone.now())


def _removed(area: str) -> str:
    return f"removed-step:{area}"


def _listed(body: Mapping[str, Any]) -> list[dict[str, Any]]:
    found = body.get("steps", [])
    return [dict(step) for step in found if isinstance(step, Mapping)] if isinstance(found, list) else []


def _readable(raw: Mapping[str, Any]) -> Step | None:
    try:
        return steps.read([raw], roles=ROLES)[0]
    except Invalid:
        return None


def _row(raw: Mapping[str, Any], staff: Staff, declared: Declared, naming: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return a step in words, or what is wrong with it, and the rules that ask for it."""
    key = raw.get("key")
    row: dict[str, Any] = {"key": key if steps.is_key(key) else "", "name": raw.get("name", "")}
    row["rules"] = [rule for rule, key in naming if key == row["key"]]
    try:
        facts = [name for name, _label in declared.facts]
        found = steps.read([raw], roles=ROLES, facts=facts, people=staff.by_user)[0]
    except Invalid as wrong:
        return row | {"problems": [explanations.problem(each) for each in wrong.problems]}
    labels = dict(declared.facts)
    return row | {
        "step": found,
        "asked": panel.names(found.asked, staff),
        "then": panel.names(found.then, staff),
        "looks_at": [labels[name] for name in labels if name in found.looks_at],
    }


def _naming(body: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Yield the rules that ask for steps, by name, and each step that they ask for."""
    rules = body.get("rules")
    if not isinstance(rules, Mapping):
        return
    listed = rules.get("rules", [])
    given = [(rule.get("name", ""), rule.get("then")) for rule in listed if isinstance(rule, Mapping)]
    for name, effects in [*given, (_("Unless a rule says otherwise"), rules.get("default"))]:
        if isinstance(effects, Mapping) and isinstance(effects.get("steps"), list):
            yield from ((str(name), key) for key in effects["steps"])


def _new_key(name: str, listed: list[dict[str, Any]]) -> str:
    """Return a key like the name that no other step has."""
    taken = {step.get("key") for step in listed} | {NEW}
    start = slugify(name)[:30] or "step"
    number = 1
    while (key := start if number == 1 else f"{start}-{number}") in taken:
        number += 1
    return key
