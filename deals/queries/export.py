"""The list of deals as a file for spreadsheets."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils.translation import gettext as _

from deals.models import Registration
from deals.queries import distributors
from deals.queries import types as kinds
from deals.rules.terms import AREA
from prm.custom_fields.columns import Columns
from prm.custom_fields.kinds import KINDS
from prm.spreadsheets import LIMIT, csv_file


def csv_answer(rows: QuerySet[Registration], *, name: str, for_vendor: bool, at: datetime) -> HttpResponse:
    """Return the deals as CSV, with a column for each custom field that the reader may see."""
    found = rows.order_by("-saved_at", "-id")[:LIMIT].iterator(chunk_size=500)
    columns = Columns(KINDS[AREA], for_vendor=for_vendor, at=at)
    cells = partial(_cells, types=dict(kinds.choices()), through=distributors.names_in(rows))
    return csv_file([*_head(), *columns.head], columns.beside(found, cells), name=name)


def _head() -> list[str]:
    return [
        _("Number"),
        _("Type of deal"),
        _("Partner"),
        _("Distributor"),
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
        _("Approved as"),
        _("Points"),
        _("Stage"),
        _("Submitted"),
    ]


def _cells(row: Registration, types: Mapping[str, str], through: Mapping[UUID | None, str]) -> Iterator[Any]:
    yield from (
        row.number,
        types.get(row.type, row.type),
        row.partner.name,
        through.get(row.distributor_id, ""),
        row.customer_name,
        row.customer_website,
        row.customer_country,
    )
    yield "; ".join(dict.fromkeys(line.family.name for line in row.lines.all()))
    yield from (row.value.rounded().amount if row.value else "", row.value_currency, row.close_on)
    yield from (row.get_review_display(), row.get_protection_display(), row.protected_until)
    yield from (row.get_award_display(), "" if row.points is None else row.points)
    yield from (row.get_stage_display(), row.submitted_at.isoformat() if row.submitted_at else "")
