"""Requests and ledgers as files that a spreadsheet opens without running anything."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils.translation import gettext as _

from mdf.models import Claim, FundRequest, LedgerEntry
from mdf.rules.catalogue import AREA, CLAIM
from prm.custom_fields.columns import Columns
from prm.custom_fields.kinds import KINDS
from prm.money import Money
from prm.spreadsheets import LIMIT, csv_file


def requests(rows: QuerySet[FundRequest], *, name: str, for_vendor: bool, at: datetime) -> HttpResponse:
    """Return requests with what they ask for and what they got, and custom fields that the reader sees."""
    head = (
        _("Number"),
        _("Partner"),
        _("Fund"),
        _("Title"),
        _("Kind of activity"),
        _("First day"),
        _("Last day"),
        _("Planned costs"),
        _("Asked for"),
        _("Approved"),
        _("Currency"),
        _("State"),
        _("Claim by"),
    )
    found = rows.order_by("-saved_at", "-id")[:LIMIT].iterator(chunk_size=500)
    columns = Columns(KINDS[AREA], for_vendor=for_vendor, at=at)
    return csv_file([*head, *columns.head], columns.beside(found, _request_cells), name=name)


def _request_cells(row: FundRequest) -> Iterator[Any]:
    yield from (row.number, row.partner.name, row.fund or "", row.title, row.activity_type or "")
    yield from (row.starts_on, row.ends_on)
    yield from (_amount(row.planned), _amount(row.asked), _amount(row.approved), row.currency)
    yield from (row.get_status_display(), row.claim_by)


def claims(rows: QuerySet[Claim], *, name: str, for_vendor: bool, at: datetime) -> HttpResponse:
    """Return claims with what they ask for, what was approved and paid, and custom fields that the reader sees."""
    head = (
        _("Number"),
        _("Partner"),
        _("Fund"),
        _("Request"),
        _("Title"),
        _("Submitted"),
        _("Costs"),
        _("Asked for"),
        _("Approved"),
        _("Paid"),
        _("Currency"),
        _("State"),
        _("Pay by"),
    )
    found = rows.order_by("-saved_at", "-id")[:LIMIT].iterator(chunk_size=500)
    columns = Columns(KINDS[CLAIM], for_vendor=for_vendor, at=at)
    return csv_file([*head, *columns.head], columns.beside(found, _claim_cells), name=name)


def _claim_cells(row: Claim) -> Iterator[Any]:
    yield from (row.number, row.partner.name, row.fund, row.request.number, row.request.title)
    yield row.submitted_at.date() if row.submitted_at else ""
    yield from (_amount(row.cost), _amount(row.asked), _amount(row.approved), _amount(row.paid), row.currency)
    yield from (row.get_status_display(), row.pay_by)


def ledger(entries: Iterable[LedgerEntry], *, name: str) -> HttpResponse:
    """Return the movements of a whole fund, each with the accounts it went from and to."""
    head = (_("Day"), _("Kind"), _("Partner"), _("From"), _("To"), _("Amount"), _("Currency"), _("Note"), _("Cause"))
    return csv_file(head, (_entry_cells(entry) for entry in entries), name=name)


def _entry_cells(entry: LedgerEntry) -> Iterator[Any]:
    partner = entry.allocation.partner.name if entry.allocation else ""
    yield from (entry.booked_on, entry.get_kind_display(), partner)
    yield from (entry.debit.get_kind_display(), entry.credit.get_kind_display())
    yield from (_amount(entry.money), entry.currency, entry.note, entry.source)


def _amount(money: Money | None) -> Any:
    return money.rounded().amount if money else ""
