"""Lists as files that a spreadsheet opens without running anything."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.http import HttpResponse

RISKY = ("=", "+", "-", "@", "\t", "\r")
LIMIT = 100_000
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def csv_file(head: Iterable[Any], rows: Iterable[Iterable[Any]], *, name: str, delimiter: str = ",") -> HttpResponse:
    """Return rows as CSV in UTF-8 with a mark, which spreadsheets need to read other scripts."""
    answer = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    writer = csv.writer(answer, delimiter=delimiter)
    writer.writerow(head)
    writer.writerows([defused(cell) for cell in row] for row in rows)
    return answer


def xlsx_file(head: Iterable[Any], rows: Iterable[Iterable[Any]], *, name: str) -> HttpResponse:
    """Return rows as a workbook of one sheet: numbers as numbers, everything else as text that nothing runs."""
    from openpyxl import Workbook  # a third of a second and 20 MB that most processes never need

    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    for row in (head, *rows):
        sheet.append([_cell(sheet, value) for value in row])
    content = io.BytesIO()
    book.save(content)
    answer = HttpResponse(content.getvalue(), content_type=XLSX)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _cell(sheet: Any, value: Any) -> Any:
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    if isinstance(value, int | Decimal):
        return value
    cell = WriteOnlyCell(sheet, ILLEGAL_CHARACTERS_RE.sub("", "" if value is None else str(value)))
    cell.data_type = "s"
    return cell


def defused(cell: Any) -> Any:
    """Return a cell that no spreadsheet takes for a formula: a number as it is, everything else as text."""
    if isinstance(cell, int | Decimal):
        return cell
    text = "" if cell is None else str(cell)
    return f"'{text}" if text.startswith(RISKY) else text
