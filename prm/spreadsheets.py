"""Lists as files that a spreadsheet opens without running anything."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.http import HttpResponse

RISKY = ("=", "+", "-", "@", "\t", "\r")
LIMIT = 100_000


def csv_file(head: Iterable[Any], rows: Iterable[Iterable[Any]], *, name: str, delimiter: str = ",") -> HttpResponse:
    """Return rows as CSV in UTF-8 with a mark, which spreadsheets need to read other scripts."""
    answer = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    writer = csv.writer(answer, delimiter=delimiter)
    writer.writerow(head)
    writer.writerows([defused(cell) for cell in row] for row in rows)
    return answer


def defused(cell: Any) -> Any:
    """Return a cell that no spreadsheet takes for a formula: a number as it is, everything else as text."""
    if isinstance(cell, int | Decimal):
        return cell
    text = "" if cell is None else str(cell)
    return f"'{text}" if text.startswith(RISKY) else text
