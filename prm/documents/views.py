"""Documents: how far they are, their file, how they print without one, and whether a copy is genuine."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from allauth.core import ratelimit
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from prm.accounts.actions import ENTER
from prm.accounts.guards import for_anybody, requires
from prm.accounts.models import Membership
from prm.documents import content, letterhead, paper, queries, services
from prm.documents.forms import ComparisonForm
from prm.documents.kinds import KINDS
from prm.documents.models import BOTH, Document, PrivateDocument
from prm.files import subjects
from prm.tenancy.context import as_system


@require_GET
@requires(ENTER)
def document(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Say how far a document is; the part of a page that asks for it again until it is ready."""
    return _progress(request, _find(request.member, pk))


@require_GET
@requires(ENTER)
def file(request: HttpRequest, pk: UUID) -> HttpResponse:
    return content.answer(_find(request.member, pk))


@require_GET
@requires(ENTER)
def printing(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show the document as a page, for printing from the browser."""
    return HttpResponse(paper.html(_find(request.member, pk), on_screen=True))


@require_GET
@requires(ENTER)
def colors(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The colours of the page above, as a style sheet: nothing inline."""
    sheet = letterhead.sheet(_find(request.member, pk).letterhead)
    return HttpResponse(sheet, content_type="text/css; charset=utf-8")


@require_POST
@requires(ENTER)
def rendering(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Have a document that failed written once more."""
    document = services.retry(_find(request.member, pk))
    return _progress(request, document) if request.htmx else redirect("document", document.pk)


@never_cache
@require_http_methods(["GET", "POST"])
@for_anybody
def verification(request: HttpRequest, code: str) -> HttpResponse:
    """Tell whoever holds a document what was issued under its code, and whether their copy is that."""
    if blocked := ratelimit.consume_or_429(request, action="verify_document"):
        return blocked
    with as_system(request.vendor.pk):
        document = queries.with_code(code)
    if document is None or document.kind not in KINDS:
        return render(request, "documents/verification_unknown.html", status=404)
    is_asked = request.method == "POST" and document.is_ready
    form = ComparisonForm(request.POST, request.FILES) if is_asked else ComparisonForm()
    context: dict[str, Any] = {"document": document, "form": form}
    if is_asked and form.is_valid():
        context |= {"given": form.given, "matches": form.given == document.sha256}
    return render(request, "documents/verification.html", context, status=422 if form.errors else 200)


def _progress(request: HttpRequest, document: Document | PrivateDocument) -> HttpResponse:
    template = "documents/_document.html" if request.htmx else "documents/detail.html"
    return render(request, template, {"document": document})


def _find(member: Membership, pk: UUID) -> Document | PrivateDocument:
    """Return a document whose record the member may open; everything else does not exist."""
    for model in BOTH:
        document = model.objects.filter(pk=pk).first()
        if document is not None and document.kind in KINDS:
            if subjects.find(document.subject_type, document.subject_id, member) is None:
                break
            return document
    raise Http404
