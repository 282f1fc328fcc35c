"""Invoices, lists and pictures for claims of the demo. Drawn here, so that none is kept."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date

from anyascii import anyascii
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageDraw, ImageFont

from mdf.enums import ProofKind
from prm.money import Money

PAGE, MARGIN, END = (620, 800), 56, 564
LISTS = {ProofKind.ATTENDEE_LIST, ProofKind.LEAD_LIST}
PEOPLE = ("Anna Berg", "Luis Ortega", "Mina Sato", "Pavel Novak", "Ines Duarte", "Omar Haddad", "Eva Lind")
FIRMS = ("Nordwerk", "Aldous & Co", "Ferro Sud", "Hafenlogistik", "Brightfield", "Kappa Metall", "Lindgren")


def invoice(supplier: str, number: str, on: date, lines: Sequence[tuple[str, Money]], color: str) -> SimpleUploadedFile:
    """Return an invoice of one page. The font that comes with the library writes Latin only."""
    page = Image.new("RGB", PAGE, "white")
    pen = ImageDraw.Draw(page)
    pen.rectangle((0, 0, PAGE[0], 10), fill=color)
    _text(pen, (MARGIN, 50), supplier, 24)
    _text(pen, (MARGIN, 100), f"Invoice {number}", 16)
    _text(pen, (MARGIN, 124), on.isoformat(), 13)
    top = 190
    for what, cost in lines:
        _text(pen, (MARGIN, top), what, 14)
        _right(pen, top, str(cost), 14)
        pen.line((MARGIN, top + 26, END, top + 26), fill="#ddd")
        top += 36
    total = sum((cost for _what, cost in lines[1:]), lines[0][1])
    _text(pen, (MARGIN, top + 10), "Total before tax", 15)
    _right(pen, top + 10, str(total), 15)
    pen.rectangle((MARGIN, top + 60, MARGIN + 110, top + 92), outline="#14734a", width=2)
    pen.text((MARGIN + 24, top + 66), "PAID", fill="#14734a", font=ImageFont.load_default(18))
    return _file(f"Invoice {number.replace('/', '-')}.pdf", page, "PDF")


def proof(kind: ProofKind, title: str, color: str) -> tuple[str, SimpleUploadedFile]:
    """Return a list of people as a table, or a picture for everything else."""
    if kind in LISTS:
        rows = ["name,company,email", *(f"{p},{f},{_mail(p, f)}" for p, f in zip(PEOPLE, FIRMS, strict=True))]
        rows.append(f"{title},,")
        return kind, SimpleUploadedFile("List of people.csv", "\n".join(rows).encode())
    page = Image.new("RGB", (640, 420), "#eef1f5")
    pen = ImageDraw.Draw(page)
    pen.rectangle((40, 60, 600, 240), fill=color)
    _text(pen, (60, 80), title[:44], 22, "white")
    for place in range(9):
        left = 60 + 60 * place
        pen.ellipse((left, 290, left + 28, 318), fill="#444")
        pen.rectangle((left - 6, 322, left + 34, 380), fill="#666")
    return kind, _file("Picture.png", page, "PNG")


def _mail(person: str, firm: str) -> str:
    return f"{person.split()[0].lower()}@{firm.split()[0].lower()}.example"


def _text(pen: ImageDraw.ImageDraw, at: tuple[int, int], text: str, size: int, fill: str = "#1d2430") -> None:
    pen.text(at, anyascii(text), fill=fill, font=ImageFont.load_default(size))


def _right(pen: ImageDraw.ImageDraw, top: int, text: str, size: int) -> None:
    font = ImageFont.load_default(size)
    pen.text((END - pen.textlength(text, font=font), top), text, fill="#1d2430", font=font)


def _file(name: str, page: Image.Image, kind: str) -> SimpleUploadedFile:
    content = io.BytesIO()
    page.save(content, kind)
    return SimpleUploadedFile(name, content.getvalue())
