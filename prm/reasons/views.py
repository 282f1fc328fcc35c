"""The lists of reasons on screen: renamed, ordered, switched off, and with those that are new in the product."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from prm.accounts.guards import requires
from prm.policies.models import ReasonCode
from prm.reasons import permissions, queries, services
from prm.reasons.forms import ReasonForm
from prm.reasons.lists import LISTS, ReasonList, all_lists


@require_GET
@requires(permissions.can_keep)
def index(request: HttpRequest) -> HttpResponse:
    """Show every list, how many reasons it offers, and how many are new."""
    kept = queries.by_list()
    rows = [
        {
            "list": listed,
            "offered": [row for row in kept.get(listed.area, []) if row.is_active],
            "new": queries.new_in(listed, kept.get(listed.area, [])),
        }
        for listed in all_lists()
    ]
    return render(request, "reasons/index.html", {"rows": rows})


@require_GET
@requires(permissions.can_keep)
def detail(request: HttpRequest, area: str) -> HttpResponse:
    """Show the reasons of a list, and those that can be taken over."""
    listed = _list(area)
    kept = queries.of_list(area)
    return render(request, "reasons/list.html", {"list": listed, "rows": kept, "new": queries.new_in(listed, kept)})


@require_http_methods(["GET", "POST"])
@requires(permissions.can_keep)
def new(request: HttpRequest, area: str) -> HttpResponse:
    """Offer a reason of the vendor's own."""
    return _answer(request, _list(area), ReasonForm(request.POST or None), None)


@require_http_methods(["GET", "POST"])
@requires(permissions.can_keep)
def edit(request: HttpRequest, area: str, code: str) -> HttpResponse:
    """Rename a reason, move it, or switch it off."""
    listed = _list(area)
    found = next((row for row in queries.of_list(area) if row.code == code), None)
    if found is None:
        raise Http404
    return _answer(request, listed, ReasonForm.of(found, request.POST or None), found)


@require_POST
@requires(permissions.can_keep)
def take_over(request: HttpRequest, area: str) -> HttpResponse:
    """Offer the reasons that are new in the product, too."""
    listed = _list(area)
    taken = services.take_over(listed, by=request.member, at=timezone.now())
    if taken:
        words = ngettext("%(n)s reason taken over", "%(n)s reasons taken over", len(taken))
        messages.success(request, words % {"n": len(taken)})
    return redirect("reason-list", area)


def _answer(request: HttpRequest, listed: ReasonList, form: ReasonForm, found: ReasonCode | None) -> HttpResponse:
    """Show the form, or save what it holds; a refusal keeps what was typed."""
    context: dict[str, Any] = {"list": listed, "form": form, "row": found}
    who: dict[str, Any] = {"by": request.member, "at": timezone.now()}
    if request.method == "POST" and form.is_valid():
        try:
            if found is None:
                saved = services.add(listed, form.cleaned_data["code"], form.values, **who)
            else:
                saved = services.change(listed, found.code, form.values, seen=form.cleaned_data["seen"], **who)
            messages.success(request, _("%(name)s saved") % {"name": saved})
            return redirect("reason-list", listed.area)
        except services.ReasonChangedMeanwhile as refusal:
            context["refusal"] = refusal
            form.start_over_from(refusal.facts["reason"])  # type: ignore[arg-type]
        except services.ReasonCodeTaken as refusal:
            form.add_error("code", refusal.sentence)
        except services.LastReason as refusal:
            form.add_error("is_active", refusal.sentence)
    is_refused = bool(form.errors or context.get("refusal"))
    return render(request, "reasons/reason.html", context, status=422 if is_refused else 200)


def _list(area: str) -> ReasonList:
    if area not in LISTS:
        raise Http404
    return LISTS[area]
