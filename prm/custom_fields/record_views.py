"""Where the vendor's people fill and change the custom fields of a record."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from prm.accounts.guards import requires
from prm.custom_fields import permissions, services, values
from prm.custom_fields.controls import STATE, AnswersForm, answers_of
from prm.custom_fields.kinds import KINDS
from prm.events.refusals import DomainError


@require_http_methods(["GET", "POST"])
@requires(permissions.can_open)
def answers(request: HttpRequest, kind: str, pk: UUID) -> HttpResponse:
    """Change the values of one record; what is asked follows what is typed."""
    of = KINDS.get(kind)
    if of is None:
        raise Http404
    row = get_object_or_404(of.visible_to(request.member), pk=pk)
    if not request.member.has(of.permission):
        raise PermissionDenied
    at = timezone.now()
    posted = request.POST if request.method == "POST" else None
    seen = row.custom
    form = answers_of(kind, row, posted=posted, for_vendor=True, currency=request.profile.currency)
    is_whole = form.follow_record(row, at)
    if asks_for_fields(request):
        return refreshed(request, form)
    refusal: DomainError | None = None
    if posted is not None and request.POST.get("seen") != mark_of(seen):
        refusal = services.ValuesChangedMeanwhile()
    elif posted is not None and is_whole:
        try:
            services.answer(of, row, form.answers, seen=seen, by=request.member, at=at)
        except DomainError as error:
            refusal = error
        else:
            messages.success(request, _("Details saved"))
            return redirect(of.page, pk)
    context = {"kind": of, "row": row, "form": form, "custom": form, "seen": mark_of(seen), "refusal": refusal}
    status = 409 if refusal else 422 if form.errors else 200
    return render(request, "custom_fields/answers.html", context, status=status)


def asks_for_fields(request: HttpRequest) -> bool:
    """Say whether a form that is filled in asks for its custom fields alone: its own address answers them."""
    return STATE in request.POST and request.htmx.target == "custom-fields"


def fields(request: HttpRequest, form: AnswersForm, keep: Callable[[], Any]) -> HttpResponse:
    """Answer the fields as what is typed shows and requires them: `keep` keeps it, and it is taken back at once."""
    try:
        with transaction.atomic():
            form.follow_record(keep(), timezone.now())
            transaction.set_rollback(True)
    except DomainError:
        return HttpResponse(status=204)  # it was sent in another window: saving says so
    return refreshed(request, form)


def refreshed(request: HttpRequest, form: AnswersForm, **more: object) -> HttpResponse:
    """Answer the fields as they are shown and required now, nothing if the page has them like that."""
    if request.POST.get(STATE) == form.state:
        return HttpResponse(status=204)
    form.errors.clear()
    return render(request, "custom_fields/_fields.html", {"custom": form, "custom_url": request.path, **more})


def mark_of(stored: values.Stored) -> str:
    """Return a word that changes whenever the values do."""
    return hashlib.sha256(json.dumps(dict(stored), sort_keys=True).encode()).hexdigest()[:24]
