"""Shows what is in the file on standard input: a page of a PDF as a picture, or the first rows of a table as JSON.

Run by `showing` and `workbooks` as a script, without Django; a hostile file can end this process, not the portal's.
"""

from __future__ import annotations

import contextlib
import csv
import io
import itertools
import json
import resource
import sys
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

SECONDS = 10
MEMORY = 1024 * 1024 * 1024
POINTS = 72  # of a PDF to the inch
RESOLUTION = 150
WIDTH, HEIGHT = 1400, 2000  # pixels at most, however large the page says it is
ROWS, COLUMNS, CELL = 20, 8, 120  # shown
WIDE, LONG = 40, 500  # columns and characters of a cell that are read
COUNTED = 10_000
TEXT = 2 * 1024 * 1024


def main(what: str, number: int) -> None:
    """Write the picture of a page, the first rows of a `csv` or `xlsx`, or the `cells` of so many rows of an `xlsx`."""
    for limit, most in ((resource.RLIMIT_CPU, SECONDS), (resource.RLIMIT_AS, MEMORY), (resource.RLIMIT_FSIZE, 0)):
        with contextlib.suppress(ValueError, OSError):  # macOS knows no limit of memory
            resource.setrlimit(limit, (most, most))
    content = sys.stdin.buffer.read()
    if what == "page":
        sys.stdout.buffer.write(_page(content, number))
        return
    if what == "cells":
        found = itertools.islice(_xlsx(content), number)
        sys.stdout.write(json.dumps([[_value(cell) for cell in itertools.islice(row, WIDE)] for row in found]))
        return
    rows = _csv(content) if what == "csv" else _xlsx(content)
    first, count = _first(rows)
    sys.stdout.write(json.dumps({"rows": first, "count": count, "is_cut": len(content) > TEXT or count >= COUNTED}))


def _page(content: bytes, number: int) -> bytes:
    import pypdfium2

    page = pypdfium2.PdfDocument(content)[number - 1]
    width, height = page.get_size()
    scale = min(RESOLUTION / POINTS, WIDTH / max(width, 1), HEIGHT / max(height, 1))
    picture = page.render(scale=scale, may_draw_forms=False).to_pil().convert("RGB")
    written = io.BytesIO()
    picture.save(written, "WEBP", quality=80, method=2)
    return written.getvalue()


def _csv(content: bytes) -> Iterable[Iterable[Any]]:
    beginning = content[:TEXT]
    encoding = "utf-16" if beginning[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        text = beginning.decode(encoding)
    except UnicodeDecodeError:
        text = beginning.decode("cp1252", errors="replace")
    delimiter = max(";,\t", key=text[:2000].count)
    return csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)


def _xlsx(content: bytes) -> Iterable[Iterable[Any]]:
    import openpyxl

    book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
    return book.worksheets[0].iter_rows(values_only=True)


def _first(rows: Iterable[Iterable[Any]]) -> tuple[list[list[str]], int]:
    """Return the first rows as text, and how many there are, up to `COUNTED`."""
    first: list[list[str]] = []
    count = 0
    for row in itertools.islice(rows, COUNTED):
        cells = [_text(cell) for cell in itertools.islice(row, COLUMNS)]
        if any(cells):
            count += 1
            if len(first) < ROWS:
                first.append(cells)
    return first, count


def _value(cell: Any) -> Any:
    """Return a number as it is, and everything else as text: what is not read here says so where it is used."""
    return cell if type(cell) in (int, float) else _text(cell, LONG)


def _text(cell: Any, most: int = CELL) -> str:
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return cell.isoformat(sep=" ", timespec="minutes")
    return cell.isoformat() if isinstance(cell, date) else str(cell).strip()[:most]


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
