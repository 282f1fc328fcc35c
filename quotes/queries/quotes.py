"""Quotes shaped like their list, their page and their export."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils.translation import gettext as _

from prm.accounts.models import Membership
from prm.money import Money
from prm.spreadsheets import LIMIT, csv_file
from quotes.enums import Status
from quotes.models import QuoteLine, QuoteRevision, ResalePrice


def listed(rows: QuerySet[QuoteRevision]) -> QuerySet[QuoteRevision]:
    """Load what a row of the list shows."""
    return rows.select_related("quote__partner", "quote__registration")


def of_registration(registration_id: UUID, member: Membership) -> list[QuoteRevision]:
    """Return the quotes of a deal, the latest first."""
    rows = QuoteRevision.objects.latest_for(member).filter(quote__registration_id=registration_id)
    return list(listed(rows).order_by("-saved_at", "-id"))


def revisions_of(revision: QuoteRevision, member: Membership) -> list[QuoteRevision]:
    """Return all revisions of the same quote that this person may see, the latest first."""
    rows = QuoteRevision.objects.visible_to(member).filter(quote_id=revision.quote_id)
    return list(rows.order_by("-number"))


def resale_of(revision: QuoteRevision) -> dict[UUID, Money]:
    """Return the partner's own price of each line that has one; to everybody but its own people there is none."""
    rows = ResalePrice.objects.filter(line__revision=revision).values_list("line_id", "unit_amount")
    return {line: Money(amount, revision.quote.currency) for line, amount in rows}


def ending(member: Membership, today: date, days: int) -> QuerySet[QuoteRevision]:
    """Return the issued quotes that end within so many days."""
    rows = QuoteRevision.objects.latest_for(member).filter(status=Status.ISSUED)
    return rows.filter(valid_until__gte=today, valid_until__lte=date.fromordinal(today.toordinal() + days))


def csv_answer(rows: QuerySet[QuoteRevision], *, name: str) -> HttpResponse:
    """Return the quotes as CSV."""
    found = listed(rows).order_by("-saved_at", "-id")[:LIMIT].iterator(chunk_size=500)
    return csv_file(_head(), map(_cells, found), name=name)


def _head() -> list[str]:
    return [
        _("Number"),
        _("Revision"),
        _("Partner"),
        _("Customer"),
        _("Registration"),
        _("State"),
        _("Approval"),
        _("List price"),
        _("Net"),
        _("Tax"),
        _("Currency"),
        _("Valid until"),
        _("Last changed"),
    ]


def _cells(row: QuoteRevision) -> Iterator[Any]:
    quote = row.quote
    yield from (quote.number, row.number, quote.partner.name, quote.customer_name)
    yield quote.registration.number if quote.registration else ""
    yield from (row.get_status_display(), row.get_approval_display())
    yield from (money.rounded().amount for money in (row.list_price, row.net, row.tax))
    yield from (quote.currency, row.valid_until, row.saved_at.isoformat())


def line_of(revision: QuoteRevision, pk: UUID) -> QuoteLine | None:
    """Return a line of a revision with its steps."""
    return QuoteLine.objects.filter(revision=revision, pk=pk).prefetch_related("steps").first()
