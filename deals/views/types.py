"""The types of registrations that a vendor offers, each with its own fields and what it gives."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from deals import permissions
from deals.forms.types import TypeForm
from deals.models import RegistrationType
from deals.queries import types as queries
from deals.rules.terms import AREA
from deals.services import types as services
from prm.accounts.guards import requires
from prm.custom_fields import queries as custom_fields
from prm.events.refusals import DomainError
from prm.ui import stale


@require_GET
@requires(permissions.can_edit_rules)
def listing(request: HttpRequest) -> HttpResponse:
    """Show the types in their order, and which fields are only asked for each."""
    rows = [(found, _fields_of(found.code)) for found in queries.all_types()]
    return render(request, "deals/types/list.html", {"rows": rows})


@require_http_methods(["GET", "POST"])
@requires(permissions.can_edit_rules)
def new(request: HttpRequest) -> HttpResponse:
    """Offer another type."""
    form = TypeForm(request.POST or None)
    return _answer(request, form, None)


@require_http_methods(["GET", "POST"])
@requires(permissions.can_edit_rules)
def edit(request: HttpRequest, code: str) -> HttpResponse:
    """Change a type, or switch it off."""
    found = next((row for row in queries.all_types() if row.code == code), None)
    if found is None:
        raise Http404
    return _answer(request, TypeForm.of(found, request.POST or None), found)


def _answer(request: HttpRequest, form: TypeForm, found: RegistrationType | None) -> HttpResponse:
    """Show the form, or save what it holds; a refusal keeps what was typed."""
    context: dict[str, Any] = {"form": form, "row": found, "fields": _fields_of(found.code) if found else []}
    context["kind"] = AREA
    who: dict[str, Any] = {"by": request.member, "at": timezone.now()}
    if request.method == "POST" and form.is_valid():
        try:
            if found is None:
                saved = services.add(form.cleaned_data["code"], form.values, **who)
            else:
                saved = services.change(found.code, form.values, seen=form.cleaned_data["seen"], **who)
            messages.success(request, _("%(name)s saved") % {"name": saved.label})
            return redirect("deals:types")
        except services.TypeChanged as refusal:
            now = TypeForm.of(refusal.facts["type"])  # type: ignore[arg-type]
            context |= {"refusal": refusal, "differences": stale.differences(form, now)}
            form.start_over_from(refusal.facts["type"])  # type: ignore[arg-type]
        except services.TypeCodeTaken as refusal:
            form.add_error("code", refusal.sentence)
        except DomainError as refusal:
            form.add_error("is_active", refusal.sentence)
    is_refused = bool(form.errors or context.get("refusal"))
    return render(request, "deals/types/type.html", context, status=422 if is_refused else 200)


def _fields_of(code: str) -> list[Any]:
    """Return the custom fields whose conditions name a type."""
    return [
        field
        for field in custom_fields.definitions_of(AREA)
        if not field.is_retired
        and any(_names(condition, code) for condition in (field.shown_when, field.required_when))
    ]


def _names(condition: Any, code: str) -> bool:
    if isinstance(condition, dict):
        if condition.get("field") == "type":
            value = condition.get("value")
            return code in value if isinstance(value, list) else value == code
        return any(_names(part, code) for part in condition.values())
    return isinstance(condition, list) and any(_names(part, code) for part in condition)
