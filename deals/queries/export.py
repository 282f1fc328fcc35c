"""The list of deals as a file that a spreadsheet opens without running anything."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils.translation import gettext as _

from deals.models import Registration

RISKY = ("=", "+", "-", "@", "\t", "\r")
LIMIT = 100_000


def csv_answer(rows: QuerySet[Registration], *, name: str) -> HttpResponse:
    """Return the deals as CSV in UTF-8 with a mark, which spreadsheets need to read other scripts."""
    answer = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    writer = csv.writer(answer)
    writer.writerow(_head())
    for row in rows.order_by("-saved_at", "-id")[:LIMIT].iterator(chunk_size=500):
        writer.writerow([defused(cell) for cell in _cells(row)])
    return answer


def defused(cell: Any) -> str:
    """Return the cell as text that no spreadsheet takes for a formula."""
    text = "" if cell is None else str(cell)
    return f"'{text}" if text.startswith(RISKY) else text


def _head() -> list[str]:
    return [
        _("Number"),
        _("Partner"),
        _("Customer"),
        _("Website"),
        _("Country"),
        _("Products"),
        _("Value"),
        _("Currency"),
        _("Expected close"),
        _("Review"),
        _("Protection"),
        _("Protected until"),
        _("Stage"),
        _("Submitted"),
    ]


def _cells(row: Registration) -> Iterator[Any]:
    yield from (row.number, row.partner.name, row.customer_name, row.customer_website, row.customer_country)
    yield "; ".join(dict.fromkeys(line.family.name for line in row.lines.all()))
    yield from (row.value.rounded().amount if row.value else "", row.value_currency, row.close_on)
    yield from (row.get_review_display(), row.get_protection_display(), row.protected_until)
    yield from (row.get_stage_display(), row.submitted_at.isoformat() if row.submitted_at else "")
