"""Handing out a document's file."""

from __future__ import annotations

from django.core.files.storage import default_storage
from django.http import FileResponse, Http404

from prm.documents.models import AnyDocument


def answer(document: AnyDocument) -> FileResponse:
    """Return the file to be saved; also for pages that a signed link opens. Nothing, while it is not ready."""
    if not document.is_ready:
        raise Http404
    try:
        content = default_storage.open(document.key)
    except FileNotFoundError:
        raise Http404 from None
    response = FileResponse(content, as_attachment=True, filename=document.file_name, content_type="application/pdf")
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["Cache-Control"] = "private, no-store"
    return response
