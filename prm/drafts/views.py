"""Throwing a draft away, and the page on which it can be put back."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from prm.accounts.actions import ENTER
from prm.accounts.guards import requires
from prm.drafts import services
from prm.drafts.kinds import KINDS, Kind
from prm.drafts.services import DraftSent, NotFound
from prm.events.refusals import DomainError


@require_GET
@requires(ENTER)
def thrown_away(request: HttpRequest) -> HttpResponse:
    """Show the drafts that this person can put back, and until when."""
    found = services.thrown_away(request.member)
    rows = [
        {"kind": kind, "draft": draft, "title": kind.title(draft), "until": draft.thrown_away_at + services.KEPT}
        for kind, draft in found
        if draft.thrown_away_at
    ]
    return render(request, "drafts/thrown_away.html", {"rows": rows, "days": services.KEPT.days})


@require_POST
@requires(ENTER)
def discard(request: HttpRequest, kind: str, pk: UUID) -> HttpResponse:
    """Throw a draft away, and offer to undo it."""
    found = _kind(request, kind)
    try:
        draft = services.throw_away(found, pk, by=request.member, at=timezone.now())
    except NotFound as error:
        raise Http404 from error
    except DraftSent as refusal:
        messages.error(request, refusal.sentence)
        return redirect(found.form, pk)
    undo_url = reverse("draft-return", args=[kind, pk])
    messages.success(request, _("Draft thrown away"), extra_tags=undo_url)
    return redirect(found.beside(draft))


@require_POST
@requires(ENTER)
def put_back(request: HttpRequest, kind: str, pk: UUID) -> HttpResponse:
    """Put a draft back and go on with it."""
    found = _kind(request, kind)
    try:
        services.put_back(found, pk, by=request.member, at=timezone.now())
    except NotFound as error:
        raise Http404 from error
    except DomainError as refusal:
        messages.error(request, refusal.sentence)
        return redirect("thrown-away")
    messages.success(request, _("Draft put back"))
    return redirect(found.form, pk)


def _kind(request: HttpRequest, name: str) -> Kind:
    kind = KINDS.get(name)
    if kind is None or not request.member.has(kind.permission):
        raise Http404
    return kind
