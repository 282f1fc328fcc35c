"""Small pictures of papers for the demo: certificates, extracts of a register. Drawn here, so that none is kept."""

from __future__ import annotations

import io

from anyascii import anyascii
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageDraw, ImageFont

PAGE = (420, 297)


def paper(name: str, title: str, lines: list[str], color: str) -> SimpleUploadedFile:
    """Return a page as a picture. The font that comes with the library writes Latin only."""
    page = Image.new("RGB", PAGE, "white")
    pen = ImageDraw.Draw(page)
    pen.rectangle((8, 8, PAGE[0] - 9, PAGE[1] - 9), outline=color, width=3)
    pen.text((32, 40), anyascii(title), fill=color, font=ImageFont.load_default(22))
    for number, line in enumerate(lines):
        pen.text((32, 100 + 30 * number), anyascii(line), fill="#333", font=ImageFont.load_default(14))
    content = io.BytesIO()
    page.save(content, "PNG")
    return SimpleUploadedFile(f"{name}.png", content.getvalue(), "image/png")
