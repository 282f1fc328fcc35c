"""Small files for deals of the demo: notes of a meeting, a plan of the sites. Drawn here, so that none is kept."""

from __future__ import annotations

import io

from anyascii import anyascii
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageDraw, ImageFont

PAGE = (620, 877)
MARGIN = 56


def notes(title: str, lines: list[str], color: str) -> SimpleUploadedFile:
    """Return a page of text as PDF. The font that comes with the library writes Latin only."""
    page = Image.new("RGB", PAGE, "white")
    pen = ImageDraw.Draw(page)
    pen.rectangle((0, 0, PAGE[0], 14), fill=color)
    pen.text((MARGIN, 70), anyascii(title), fill="black", font=ImageFont.load_default(26))
    for number, line in enumerate(lines):
        pen.text((MARGIN, 130 + 34 * number), anyascii(line), fill="#333", font=ImageFont.load_default(15))
    return _file("Notes.pdf", page, "PDF")


def plan(sites: int, color: str) -> SimpleUploadedFile:
    """Return a picture of a center and the sites around it."""
    page = Image.new("RGB", (640, 420), "white")
    pen = ImageDraw.Draw(page)
    for site in range(sites):
        left = 40 + site * (560 - 60) // max(1, sites - 1)
        pen.line((320, 90, left + 30, 320), fill="#999", width=2)
        pen.rectangle((left, 300, left + 60, 350), outline=color, width=3)
    pen.rectangle((260, 50, 380, 120), fill=color)
    return _file("Plan.png", page, "PNG")


def _file(name: str, page: Image.Image, kind: str) -> SimpleUploadedFile:
    content = io.BytesIO()
    page.save(content, kind)
    return SimpleUploadedFile(name, content.getvalue())
