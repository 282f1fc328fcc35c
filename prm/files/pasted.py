"""Rows that people paste from a spreadsheet, or upload as CSV or XLSX: either becomes text, and text becomes rows."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from prm.files import rules, workbooks
from prm.files.rules import Unfit
from prm.ui.forms import PortalForm

MOST_BYTES = 600_000
UTF_16 = (b"\xff\xfe", b"\xfe\xff")
MOSTLY = 0.4


class PastedForm(PortalForm):
    """Rows as a text or a file, of which one is needed; the cleaned `text` can be read by `rows_of`."""

    most_rows = 1000
    nothing = gettext_lazy("Paste the rows, or choose a file.")

    text = forms.CharField(
        label=gettext_lazy("Paste from a spreadsheet"), required=False, max_length=MOST_BYTES, widget=forms.Textarea
    )
    file = forms.FileField(label=gettext_lazy("Or choose a file: CSV or XLSX"), required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        upload = cleaned.get("file")
        place = "file" if upload else "text"
        try:
            if upload is not None:
                cleaned["text"] = self._text_of(upload)
            text = cleaned.get("text") or ""
            if not text.strip() and not self.errors:
                raise ValidationError(self.nothing)
            list(rows_of(text))
            if max(text.count("\n"), text.count("\r")) > self.most_rows:
                raise ValidationError(_("There are more than %(most)s lines. Split them.") % {"most": self.most_rows})
        except ValidationError as error:
            self.add_error(place, error)
        return cleaned

    def number(self, cell: Decimal) -> str:
        """Return a number of a workbook as somebody would have typed it."""
        return f"{cell:f}"

    def _text_of(self, upload: Any) -> str:
        if upload.size > MOST_BYTES:
            raise ValidationError(_("The file is larger than 600 KB. Split it."))
        if rules.extension_of(upload.name) != "xlsx":
            return decoded(upload.read())
        text = io.StringIO()
        writer = csv.writer(text, delimiter="\t")
        for row in cells_of(upload, most_rows=self.most_rows + 2):
            writer.writerow([cell if isinstance(cell, str) else self.number(cell) for cell in row])
        return text.getvalue()


def cells_of(upload: Any, *, most_rows: int) -> list[list[str | Decimal]]:
    """Return the rows of the first sheet of an uploaded workbook. Raises `ValidationError`."""
    try:
        return workbooks.cells(upload.name, upload, most_rows=most_rows)
    except Unfit as error:
        words = _("This is no workbook that can be read. Save it again as XLSX, or as CSV.")
        raise ValidationError(words, code="unfit") from error


def decoded(raw: bytes) -> str:
    """Return the text of a file as spreadsheets save it. Raises `ValidationError`."""
    for encoding in _encodings(raw):
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        if not rules.NOT_TEXT.search(text.replace("\0", "")):
            return text
    raise ValidationError(_("The file is not text. Save it as CSV."), code="binary")


def _encodings(raw: bytes) -> list[str]:
    """Return how a file may be written: as it says, or by where every other byte is nothing, as in UTF-16."""
    if raw[:2] in UTF_16:
        return ["utf-16"]
    half = max(1, len(raw) // 2)
    for place, encoding in ((1, "utf-16-le"), (0, "utf-16-be")):
        if raw[place::2].count(0) > half * MOSTLY:
            return [encoding]
    return ["utf-8-sig", "cp1252"]


def rows_of(text: str, *, delimiter: str = "") -> Iterator[tuple[int, list[str]]]:
    """Yield the rows that say anything, with their numbers from 1. Raises `ValidationError` for what is no table."""
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter or _delimiter(text))
    numbered = enumerate(lines, start=1)
    try:
        yield from ((number, cells) for number, cells in numbered if any(map(str.strip, cells)))
    except csv.Error as error:
        words = _("This cannot be read as rows and columns. Save it again as CSV.")
        raise ValidationError(words, code="binary") from error


def _delimiter(text: str) -> str:
    first = text.lstrip().replace("\r", "\n").split("\n", 1)[0]
    return next((mark for mark in ("\t", ";") if mark in first), ",")  # amounts have commas in some languages
