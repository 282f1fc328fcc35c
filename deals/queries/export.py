"""The list of deals as a file for spreadsheets."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils.translation import gettext as _

from deals.models import Registration
from prm.spreadsheets import LIMIT, csv_file


def csv_answer(rows: QuerySet[Registration], *, name: str) -> HttpResponse:
    """Return the deals as CSV."""
    found = rows.order_by("-saved_at", "-id")[:LIMIT].iterator(chunk_size=500)
    return csv_file(_head(), map(_cells, found), name=name)


def _head() -> list[str]:
    return [
        _("Number"),
        _("Type of deal"),
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
    yield from (
        row.number,
        row.get_type_display(),
        row.partner.name,
        row.customer_name,
        row.customer_website,
        row.customer_country,
    )
    yield "; ".join(dict.fromkeys(line.family.name for line in row.lines.all()))
    yield from (row.value.rounded().amount if row.value else "", row.value_currency, row.close_on)
    yield from (row.get_review_display(), row.get_protection_display(), row.protected_until)
    yield from (row.get_stage_display(), row.submitted_at.isoformat() if row.submitted_at else "")
