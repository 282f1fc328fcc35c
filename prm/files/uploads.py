"""The doors through which files come in: one upload, and requests that are larger than any we take."""

from __future__ import annotations

import time
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone, translation

from prm.events.refusals import DomainError
from prm.files import queries, services
from prm.tenancy.models import TenantModel

CHUNK = 256 * 1024
LISTENING = 4  # times the largest request, for at most this many seconds:
SECONDS = 60


def take(request: HttpRequest, *, on: TenantModel, is_internal: bool = False) -> HttpResponse:
    """Take the file that a drop area sends at once: answer its row, or 422 with why not in a sentence.

    The sentence is plain text, because the script of the drop area puts it beside the file's name.
    """
    upload = request.FILES.get("file")
    try:
        if upload is None:
            raise services.NoFile()
        file = services.add(upload, on=on, by=request.member, at=timezone.now(), is_internal=is_internal)
    except DomainError as refusal:
        return HttpResponse(refusal.sentence, status=422, content_type="text/plain; charset=utf-8")
    return render(request, "components/file_row.html", {"file": queries.entry(file)})


class RequestSizeMiddleware:
    """Answers requests that are too large in words.

    A browser sends everything before it reads an answer: one that came early would end in "connection reset".
    So the rest is read and thrown away, up to a limit of size and time.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not _length(request) > settings.MAX_REQUEST_BYTES:
            return self.get_response(request)
        _hear_out(request)
        with translation.override(translation.get_language_from_request(request)):
            response = self._refusal(request)
        response["Connection"] = "close"
        return response

    @staticmethod
    def _refusal(request: HttpRequest) -> HttpResponse:
        facts = {"limit": settings.UPLOAD_LIMIT}
        if request.headers.get("Sec-Fetch-Dest", "document") in ("document", "iframe"):
            html = render_to_string("files/too_large.html", facts)
            return HttpResponse(html, status=413)
        sentence = render_to_string("files/refusals/too_large.txt", facts).strip()
        return HttpResponse(sentence, status=422, content_type="text/plain; charset=utf-8")


def _length(request: HttpRequest) -> int:
    try:
        return int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return 0


def _hear_out(request: HttpRequest) -> None:
    left, until = LISTENING * settings.MAX_REQUEST_BYTES, time.monotonic() + SECONDS
    while left > 0 and time.monotonic() < until and (chunk := request.read(CHUNK)):
        left -= len(chunk)
