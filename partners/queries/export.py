"""The list of partners as a file for spreadsheets."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils.translation import gettext as _

from partners.models import Partner
from partners.rules.catalogue import PARTNER
from prm.custom_fields.columns import Columns
from prm.custom_fields.kinds import KINDS
from prm.spreadsheets import LIMIT, csv_file


def csv_answer(rows: QuerySet[Partner], *, name: str, at: datetime) -> HttpResponse:
    """Return partners, with their tiers, as CSV, with a column for each custom field."""
    found = rows.order_by("name", "id")[:LIMIT].iterator(chunk_size=500)
    columns = Columns(KINDS[PARTNER], for_vendor=True, at=at)
    return csv_file([*_head(), *columns.head], columns.beside(found, _cells), name=name)


def _head() -> list[str]:
    return [
        _("Partner"),
        _("Type"),
        _("Status"),
        _("Tier"),
        _("Distributor"),
        _("Channel manager"),
        _("Website"),
        _("Country"),
        _("City"),
        _("Address"),
        _("Tax number"),
        _("Joined"),
    ]


def _cells(row: Any) -> Iterator[Any]:
    yield from (row.name, row.get_type_display(), row.get_status_display(), row.tier_name)
    yield from (firm.name if firm else "" for firm in (row.distributor, row.channel_manager))
    yield from (row.website, row.country, row.city, row.address, row.tax_id, row.joined_on)
