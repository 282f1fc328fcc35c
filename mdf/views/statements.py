"""The ledger on screen: a partner's statement with its running balance, and a whole fund's movements."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from mdf import permissions
from mdf.enums import AccountKind
from mdf.forms.lists import EntryList, LedgerList
from mdf.models import FundAllocation, LedgerEntry
from mdf.queries import export as exports
from mdf.queries import funds as queries
from mdf.queries import ledger, statements, terms
from mdf.queries.statements import Line
from mdf.views.finding import find_fund, find_share
from prm.accounts.guards import requires
from prm.accounts.models import Membership
from prm.documents import queries as documents
from prm.documents import services as paper
from prm.documents.kinds import kind
from prm.files.subjects import can_open
from prm.money import Money
from prm.spreadsheets import LIMIT, csv_file
from prm.ui.submissions import once

STATEMENT = kind(
    "mdf.statement",
    template="mdf/documents/statement.html",
    file_name="statement",
    label=gettext_lazy("Statement of a marketing fund"),
)


@can_open("mdf.fundallocation")
def allocations(member: Membership) -> QuerySet:
    """Whoever sees funds may open the statements within their walls."""
    rows = FundAllocation.objects.all()
    return rows if member.has(permissions.can_see) else rows.none()


@require_GET
@requires(permissions.can_see)
def statement(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show a partner's share of a fund and each movement of it."""
    share = find_share(request, pk)
    listing, rows = _rows(request, share)
    context: dict[str, Any] = {
        "share": queries.share_of(share),
        "listing": listing,
        "rows": rows,
        "document": documents.latest(share, STATEMENT.code),
        "can_allocate": request.member.has(permissions.can_allocate),
        "can_request": request.member.has(permissions.can_request) and share.partner_id == request.member.partner_id,
        "is_own": share.partner_id == request.member.partner_id,
    }
    return render(request, "mdf/statements/statement.html", context)


@require_GET
@requires(permissions.can_see)
def export(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Send the statement as CSV: all of it, or what the filters leave."""
    share = find_share(request, pk)
    listing = EntryList(request.GET, LedgerEntry.objects.filter(allocation=share))
    wanted = set(listing.matching.values_list("pk", flat=True))
    lines = [line for line in statements.lines_of(share) if line.entry.pk in wanted]
    head = (_("Day"), _("Kind"), _("Cause"), _("Change"), _("Available"), _("Reserved"), _("Used"), _("Currency"))
    causes = statements.causes_of(line.entry for line in lines)
    cells = (_cells(line, causes) for line in lines)
    return csv_file(head, cells, name="statement.csv")


@require_POST
@requires(permissions.can_see)
@once
def document(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Ask for the statement as PDF, with the same numbers as the page."""
    share = find_share(request, pk)
    at = timezone.now()
    paper.request(
        STATEMENT.code,
        on=share,
        facts=facts_of(share, today=terms.today_of_vendor(at)),
        title=_("Statement %(fund)s, %(partner)s") % {"fund": share.fund.name, "partner": share.partner.name},
        by=request.member,
        at=at,
        language=get_language() or "",
    )
    messages.success(request, _("The PDF is being written"))
    return redirect(f"{reverse('mdf:statement', args=[pk])}#document")


@require_GET
@requires(permissions.can_see_ledger)
def fund_ledger(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show the movements of a whole fund; its accounts add up to zero on every day."""
    fund = find_fund(request, pk)
    listing = LedgerList(request.GET, ledger.entries_of(fund).order_by())
    day = listing.form.cleaned_data.get("booked_to") if listing.form.is_valid() else None
    day = day or terms.today_of_vendor(timezone.now())
    held = ledger.balances_on(None, fund, day)
    shown = [kind for kind in AccountKind if kind != AccountKind.SOURCE]
    context = {
        "fund": fund,
        "listing": listing,
        "rows": [{"entry": entry, "cause": cause} for entry, cause in _with_causes(listing.rows)],
        "day": day,
        "balances": [(kind.label, Money(held.get(kind, Decimal(0)), fund.currency)) for kind in shown],
        "total": Money(-held.get(AccountKind.SOURCE, Decimal(0)), fund.currency),
    }
    return render(request, "mdf/statements/ledger.html", context)


@require_GET
@requires(permissions.can_see_ledger)
def ledger_export(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Send the movements of a fund as CSV."""
    fund = find_fund(request, pk)
    listing = LedgerList(request.GET, ledger.entries_of(fund).order_by())
    return exports.ledger(listing.matching.order_by("at", "id")[:LIMIT], name="ledger.csv")


def facts_of(share: FundAllocation, *, today: date) -> dict[str, Any]:
    """Return what the statement's PDF says."""
    lines = statements.lines_of(share)
    causes = statements.causes_of(line.entry for line in lines)
    found = queries.share_of(share)
    return {
        "partner": share.partner.name,
        "fund": share.fund.name,
        "starts_on": share.fund.starts_on,
        "ends_on": share.last_day,
        "day": today,
        "total": found.total,
        "used": found.used,
        "reserved": found.reserved,
        "available": found.available,
        "forfeited": found.forfeited,
        "lines": [
            {
                "day": line.entry.booked_on,
                "kind": line.entry.get_kind_display(),
                "cause": causes[line.entry.pk].label if line.entry.pk in causes else line.entry.note,
                "change": line.change,
                "amount": line.entry.money,
                "available": line.available,
                "reserved": line.reserved,
                "used": line.used,
            }
            for line in lines
        ],
    }


def _rows(request: HttpRequest, share: FundAllocation) -> tuple[EntryList, list[dict[str, Any]]]:
    listing = EntryList(request.GET, LedgerEntry.objects.filter(allocation=share))
    lines = {line.entry.pk: line for line in statements.lines_of(share)}
    return listing, [{"line": lines[entry.pk], "cause": cause} for entry, cause in _with_causes(listing.rows)]


def _with_causes(entries: list[LedgerEntry]) -> list[tuple[LedgerEntry, dict[str, str] | None]]:
    causes = statements.causes_of(entries)
    return [(entry, _link(causes[entry.pk]) if entry.pk in causes else None) for entry in entries]


def _link(cause: statements.Cause) -> dict[str, str]:
    try:
        return {"label": cause.label, "url": reverse(cause.url_name, args=[cause.pk])}
    except NoReverseMatch:
        return {"label": cause.label, "url": ""}


def _cells(line: Line, causes: dict[UUID, statements.Cause]) -> list[Any]:
    entry = line.entry
    cause = causes[entry.pk].label if entry.pk in causes else entry.note
    change = line.change.rounded().amount if line.change else ""
    amounts = (line.available, line.reserved, line.used)
    return [
        entry.booked_on,
        entry.get_kind_display(),
        cause,
        change,
        *(money.rounded().amount for money in amounts),
        entry.currency,
    ]
