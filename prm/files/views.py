"""Files of records: add, open and remove them. Who may is what the record's app says."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST

from prm.accounts.actions import ENTER
from prm.accounts.guards import requires
from prm.accounts.models import Membership
from prm.files import rules, services, showing, subjects, uploads
from prm.files.models import File
from prm.tenancy.models import TenantModel


@require_POST
@requires(ENTER)
def adding(request: HttpRequest, subject_type: str, pk: UUID) -> HttpResponse:
    """Take one file for a record."""
    subject = subjects.find(subject_type, pk, request.member)
    if subject is None:
        raise Http404
    if not subjects.may_change(subject, request.member):
        raise PermissionDenied
    return uploads.take(request, on=subject)


@require_GET
@requires(ENTER)
def download(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Hand out a file to be saved, never to be shown."""
    file, _subject = _find(request.member, pk)
    return _answer(file, as_attachment=True)


@require_GET
@requires(ENTER)
def preview(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show a picture inside a page, if what is stored still begins like one."""
    file, _subject = _find(request.member, pk)
    if file.media_type not in rules.SHOWN:
        raise Http404
    with _content(file) as content:
        if not rules.begins_as(file.media_type, content):
            raise Http404
    return _answer(file, as_attachment=False)


@require_GET
@requires(ENTER)
def page(request: HttpRequest, pk: UUID, number: int) -> HttpResponse:
    """Show a page of a document as a picture; one that cannot be drawn is a picture that says so."""
    file, _subject = _find(request.member, pk)
    if not 1 <= number <= showing.pages_of(file):
        raise Http404
    _content(file).close()
    picture = showing.page(file, number)
    if picture is None:
        return _guarded(render(request, "files/not_shown.html", content_type="image/svg+xml"))
    return _guarded(HttpResponse(picture, content_type="image/webp"))


@require_POST
@requires(ENTER)
def removal(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take a file away from its record."""
    file, subject = _find(request.member, pk, is_clean=False)
    if not subjects.may_change(subject, request.member):
        raise PermissionDenied
    services.remove(file, on=subject, by=request.member, at=timezone.now())
    if request.htmx:
        return HttpResponse()
    return redirect(_page_before(request))


def _find(member: Membership, pk: UUID, *, is_clean: bool = True) -> tuple[File, TenantModel]:
    """Return a file with its record, both in sight of the member; everything else does not exist."""
    file = File.objects.filter(pk=pk, removed_at__isnull=True).first()
    subject = subjects.find(file.subject_type, file.subject_id, member) if file else None
    if file is None or subject is None or (is_clean and file.status != File.Status.CLEAN):
        raise Http404
    return file, subject


def _content(file: File) -> Any:
    try:
        return default_storage.open(file.key)
    except FileNotFoundError:
        raise Http404 from None


def _answer(file: File, *, as_attachment: bool) -> FileResponse:
    response = FileResponse(
        _content(file), as_attachment=as_attachment, filename=file.name, content_type=file.media_type
    )
    return _guarded(response)


def _guarded(response: Any) -> Any:
    """Let nothing of a stranger's file run, be read from elsewhere or stay in a shared cache."""
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["Cache-Control"] = "private, no-store"
    return response


def _page_before(request: HttpRequest) -> str:
    page = request.headers.get("Referer", "")
    is_ours = url_has_allowed_host_and_scheme(page, {request.get_host()}, require_https=request.is_secure())
    return page if is_ours else "home"
