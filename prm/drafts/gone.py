"""What somebody is told whose page is of a draft that was thrown away in another window."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from prm.accounts.guards import View
from prm.drafts.kinds import KINDS
from prm.drafts.models import DraftModel
from prm.tenancy.context import seeing_thrown_away


def tells_of_thrown_away(kind: str) -> Callable[[View], View]:
    """Let a view that finds no draft say that it was thrown away, if it was, and offer to put it back."""

    def telling(view: View) -> View:
        @wraps(view)
        def page(request: HttpRequest, pk: UUID, *args: Any, **kwargs: Any) -> HttpResponse:
            try:
                return view(request, pk, *args, **kwargs)
            except Http404:
                draft = _thrown_away(request, kind, pk)
                if draft is None:
                    raise
            context = {"kind": KINDS[kind], "draft": draft}
            template = "drafts/_gone.html" if request.headers.get("X-Autosave") else "drafts/gone.html"
            return render(request, template, context, status=409)

        return page

    return telling


def _thrown_away(request: HttpRequest, kind: str, pk: UUID) -> DraftModel | None:
    with seeing_thrown_away():
        draft: DraftModel | None = KINDS[kind].own(request.member).filter(pk=pk, thrown_away_at__isnull=False).first()
    return draft
