"""A document as HTML and as PDF. Both come from what the document keeps alone: no clock, no network, no files."""

from __future__ import annotations

from contextlib import redirect_stdout
from functools import lru_cache
from html import unescape
from io import StringIO
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone, translation

from prm.documents import fonts, letterhead
from prm.documents.facts import thawed
from prm.documents.models import AnyDocument
from prm.documents.slimming import slim
from prm.ui import formats

NOWHERE = "data:,"  # what relative addresses are relative to
SHEET = settings.BASE_DIR / "static/paper/document.css"


class PangoMissing(RuntimeError):
    """This machine cannot set type: Pango is not installed."""


def html(document: AnyDocument, *, on_screen: bool = False) -> str:
    """Return the document's page in its own language and its vendor's zone."""
    context = {
        "document": document,
        "facts": thawed(document.facts),
        "letterhead": document.letterhead,
        "on_screen": on_screen,
    }
    zone = ZoneInfo(document.letterhead["time_zone"])
    with translation.override(document.language), timezone.override(zone), formats.on_paper():
        return render_to_string(document.kind_of_document.template, context)


def pdf(document: AnyDocument) -> bytes:
    """Return the document's file; the same bytes each time. Raises `PangoMissing`."""
    return set_in_type(html(document), letterhead.sheet(document.letterhead))


def set_in_type(page: str, colors: str = "") -> bytes:
    """Return a page as PDF. Whatever it points to, only `data:` is ever opened. Raises `PangoMissing`."""
    weasyprint = _weasyprint()
    urls = weasyprint.urls.URLFetcher(allowed_protocols=["data"], allow_redirects=False)
    letters = weasyprint.text.fonts.FontConfiguration()
    sheets = [
        weasyprint.CSS(string=text, url_fetcher=urls, font_config=letters)
        for text in (SHEET.read_text(), colors, fonts.sheet(unescape(page)))
    ]
    paper = weasyprint.HTML(string=page, url_fetcher=urls, base_url=NOWHERE)
    return paper.write_pdf(stylesheets=sheets, font_config=letters, pdf_tags=True, finisher=slim)


def can_set_type() -> bool:
    """Say whether this machine can write PDF files."""
    try:
        _weasyprint()
    except PangoMissing:
        return False
    return True


@lru_cache
def _weasyprint() -> Any:
    try:
        with redirect_stdout(StringIO()):  # it prints its advice at each attempt; ours is on the page and in `doctor`
            import weasyprint
            import weasyprint.text.fonts
            import weasyprint.urls
    except OSError as missing:
        raise PangoMissing(str(missing)) from missing
    return weasyprint
