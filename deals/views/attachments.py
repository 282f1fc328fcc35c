"""Files on a registration: uploaded one by one while the form is filled in, or together with it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from deals.models import Registration
from prm.events.refusals import DomainError


def entries(registration: Registration | None) -> list[dict[str, Any]]:
    """Return the files of a registration as the list of files shows them."""
    try:
        from prm.files import queries
    except ImportError:
        return []
    return [queries.entry(file) for file in queries.of(registration)] if registration else []


def take_one(request: HttpRequest, registration: Registration) -> HttpResponse:
    """Take one uploaded file and answer its row, or say in its place why not."""
    from prm.files import queries, services

    upload = request.FILES.get("file")
    context: dict[str, Any] = {"file": None}
    try:
        if upload is None:
            raise services.NoFile
        kept = services.add(upload, on=registration, by=request.member, at=timezone.now())
        context["file"] = queries.entry(kept)
    except DomainError as refusal:
        context["refusal"] = refusal
        context["name"] = upload.name if upload else ""
        return render(request, "components/file_row.html", context, status=422)
    return render(request, "components/file_row.html", context)


def take_all(request: HttpRequest, registration: Registration) -> str:
    """Take the files that came with a form sent without scripts; return the first refusal's sentence."""
    for upload in request.FILES.getlist("files"):
        from prm.files import services

        try:
            services.add(upload, on=registration, by=request.member, at=timezone.now())
        except DomainError as refusal:
            return refusal.sentence
    return ""
