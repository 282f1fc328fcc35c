"""What is asked of records, kind by kind: listed, ordered, written, tried out, retired and brought back."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from prm.accounts.guards import requires
from prm.custom_fields import permissions, queries, services, values
from prm.custom_fields.controls import AnswersForm
from prm.custom_fields.definitions import Definition
from prm.custom_fields.forms import NEW_OPTIONS, DefinitionForm, options_form, options_in
from prm.custom_fields.kinds import KINDS, Kind, all_kinds
from prm.custom_fields.models import CustomField
from prm.custom_fields.record_views import refreshed
from prm.custom_fields.schemas import Schema
from prm.events.refusals import DomainError
from prm.policies import reading, wording
from prm.policies.evaluation import Facts
from prm.policies.screens import editing, showing, typing
from prm.policies.values import Invalid, Path, Problem
from prm.ui.submissions import once

WHICH = {"shown": "shown_when", "required": "required_when"}


@require_GET
@requires(permissions.can_define)
def index(request: HttpRequest) -> HttpResponse:
    """List the kinds of records, with how much more each is asked."""
    rows = list(CustomField.objects.values_list("kind", "retired_at"))
    kinds = [
        {
            "kind": kind,
            "asked": sum(1 for key, retired in rows if key == kind.key and retired is None),
            "retired": sum(1 for key, retired in rows if key == kind.key and retired is not None),
        }
        for kind in all_kinds()
    ]
    return render(request, "custom_fields/index.html", {"rows": kinds})


@require_GET
@requires(permissions.can_define)
def listing(request: HttpRequest, kind: str) -> HttpResponse:
    """List the fields of one kind of record in their order."""
    of = _kind(kind)
    schema = replace(queries.schema_of(of), catalogue=queries.catalogue_of(of))
    rows = [_row(each, schema) for each in schema.definitions]
    context = {
        "kind": of,
        "rows": [row for row in rows if not row["definition"].is_retired],
        "retired": [row for row in rows if row["definition"].is_retired],
    }
    return render(request, "custom_fields/listing.html", context)


@require_http_methods(["GET", "POST"])
@requires(permissions.can_define)
@once
def new(request: HttpRequest, kind: str) -> HttpResponse:
    """Ask something more."""
    return _edit(request, _kind(kind), None)


@require_http_methods(["GET", "POST"])
@requires(permissions.can_define)
def field(request: HttpRequest, kind: str, key: str) -> HttpResponse:
    """Ask it otherwise."""
    of = _kind(kind)
    return _edit(request, of, _field(of, key))


@require_http_methods(["GET", "POST"])
@requires(permissions.can_define)
def condition(request: HttpRequest, kind: str, key: str, which: str) -> HttpResponse:
    """Say when a field is shown or required; each click keeps what was typed, and only saving changes the field."""
    of = _kind(kind)
    kept = _field(of, key)
    if which not in WHICH:
        raise Http404
    definition, name = kept.definition, WHICH[which]
    schema = replace(queries.schema_of(of), catalogue=queries.catalogue_of(of))
    catalogue = schema.offered_to(definition)
    root, focus, refusal = editing.opened(getattr(definition, name)), "", ""
    places: dict[Path, str] = {}
    asked = request.POST.get("do", "save")
    problems: list[Problem] = []
    if request.method == "POST":
        root = typing.condition(request.POST, editing.ROOT, catalogue)
        focus = editing.changed(root, asked, catalogue)
    body = editing.stored(root, places)
    if request.method == "POST" and asked == "save":
        try:
            services.change(
                kept,
                replace(definition, **{name: body}),
                revision=_whole(request.POST.get("revision", "")),
                by=request.member,
                at=timezone.now(),
            )
            messages.success(request, _("%(name)s saved") % {"name": kept.label})
            return redirect("custom-field", of.key, key)
        except services.ConditionUnfit as unfit:
            problems = [Problem(("when", *found.path[1:]), found.code, found.facts) for found in unfit.problems]
        except DomainError as error:
            refusal = error.sentence
    context = {
        "kind": of,
        "field": kept,
        "which": which,
        "root": showing.controls_of(root, editing.ROOT, catalogue, showing.by_place(problems, places), request),
        "sentence": _sentence(body, schema, definition),
        "focus": "" if asked.startswith("refresh") else focus,
        "revision": request.POST.get("revision", kept.revision),
        "refusal": refusal,
        "mistakes": len(problems),
        "is_shown": which == "shown",
        "nothing_asked": _("No condition: it is always shown.") if which == "shown" else _("No condition: always."),
    }
    template = "custom_fields/_condition_form.html" if request.htmx else "custom_fields/condition.html"
    return render(request, template, context, status=422 if problems or refusal else 200)


@require_http_methods(["GET", "POST"])
@requires(permissions.can_define)
def preview(request: HttpRequest, kind: str) -> HttpResponse:
    """Try the fields out as a partner or the vendor fills them; nothing is kept."""
    of = _kind(kind)
    schema = queries.schema_of(of)
    for_vendor = "vendor" in request.GET
    posted = request.POST if request.method == "POST" else None
    currency = request.profile.currency
    form = AnswersForm(schema, stored={}, posted=posted, for_vendor=for_vendor, currency=currency)
    stored = values.merged(schema.definitions, {}, form.answers) if posted is not None else {}
    is_whole = form.follow(schema.follow(stored, Facts({}, timezone.localdate())))
    url = reverse("custom-field-preview", args=[of.key]) + ("?vendor" if for_vendor else "")
    if request.htmx and posted is not None:
        return refreshed(request, form, custom_url=url)
    context = {"kind": of, "form": form, "custom": form, "for_vendor": for_vendor, "custom_url": url}
    context["is_whole"] = posted is not None and is_whole
    return render(request, "custom_fields/preview.html", context, status=422 if form.errors else 200)


@require_POST
@requires(permissions.can_define)
def order(request: HttpRequest, kind: str, key: str) -> HttpResponse:
    """Move a field up or down."""
    of = _kind(kind)
    services.move(_field(of, key), -1 if request.POST.get("do") == "up" else 1)
    return redirect(f"{reverse('custom-fields-of', args=[of.key])}#field-{key}")


@require_POST
@requires(permissions.can_define)
def retirement(request: HttpRequest, kind: str, key: str) -> HttpResponse:
    """Ask a field no more, or again."""
    of = _kind(kind)
    kept = _field(of, key)
    if request.POST.get("do") == "return":
        services.bring_back(kept, by=request.member, at=timezone.now())
        messages.success(request, _("%(name)s is asked again") % {"name": kept.label})
    else:
        services.retire(kept, by=request.member, at=timezone.now())
        messages.success(request, _("%(name)s is not asked any more") % {"name": kept.label})
    return redirect("custom-fields-of", of.key)


def _edit(request: HttpRequest, of: Kind, kept: CustomField | None) -> HttpResponse:
    definition = kept.definition if kept else None
    posted = request.POST if request.method == "POST" else None
    is_more = request.POST.get("do") == "more"
    form = DefinitionForm(posted, kept=definition, initial={"revision": kept.revision if kept else None})
    options = options_form(posted, definition.options if definition else ())
    if request.POST.get("do") == "type" and request.htmx:
        rows = {"options": options, "has_choices": form.has_choices}
        return render(request, "custom_fields/_choices.html", rows)
    if posted is not None and form.is_valid() & (options.is_valid() or not options.is_bound):
        typed = options_in(options)
        if is_more:
            options = options_form(None, typed, more=NEW_OPTIONS * 2)
        elif made := _save(request, of, kept, form, form.definition(typed)):
            messages.success(request, _("%(name)s saved") % {"name": made.label})
            return redirect("custom-field", of.key, made.key)
    schema = replace(queries.schema_of(of), catalogue=queries.catalogue_of(of))
    context: dict[str, Any] = {"kind": of, "field": kept, "form": form, "options": options}
    context["has_choices"] = form.has_choices
    if kept and definition:
        context |= _row(definition, schema)
        context["number"] = queries.number_with_value(of, kept.key)
        context["rules"] = sorted({name for name, _node in queries.naming(of, kept.key)})
    is_refused = bool(form.errors) or (options.is_bound and not options.is_valid())
    return render(request, "custom_fields/field.html", context, status=422 if is_refused else 200)


def _save(
    request: HttpRequest, of: Kind, kept: CustomField | None, form: DefinitionForm, definition: Definition
) -> CustomField | None:
    at = timezone.now()
    try:
        if kept is None:
            return services.add(of, definition, by=request.member, at=at)
        revision = form.cleaned_data["revision"]
        return services.change(kept, definition, revision=revision, by=request.member, at=at)
    except services.FieldKeyTaken as refusal:
        form.refuse(refusal, "key")
    except services.FieldTypeInUse as refusal:
        form.refuse(refusal, "type")
    except DomainError as refusal:
        form.refuse(refusal)
    return None


def _row(definition: Definition, schema: Schema) -> dict[str, Any]:
    """Return a field with its conditions in words."""
    return {
        "definition": definition,
        "shown": _sentence(definition.shown_when, schema, definition),
        "required": _sentence(definition.required_when, schema, definition),
    }


def _sentence(body: Any, schema: Schema, definition: Definition) -> str:
    """Return a condition in words, nothing without one."""
    if body is None:
        return ""
    try:
        return wording.text(wording.sentence(reading.read(body, schema.offered_to(definition))))
    except Invalid:
        return _("a condition that cannot be read")


def _kind(key: str) -> Kind:
    if key not in KINDS:
        raise Http404
    return KINDS[key]


def _field(kind: Kind, key: str) -> CustomField:
    return get_object_or_404(CustomField.objects, kind=kind.key, key=key)


def _whole(typed: str) -> int | None:
    return int(typed) if typed.isdecimal() and len(typed) < 10 else None
