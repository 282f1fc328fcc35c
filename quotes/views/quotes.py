"""Quotes as a list and as a page, for partners and the vendor alike."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET, require_http_methods

from deals.models import Registration
from prm.accounts.guards import requires
from prm.accounts.models import Membership
from prm.comments import showing as comments
from prm.disputes import panel as disputes
from quotes import permissions
from quotes.enums import Status
from quotes.forms.lists import QuoteList
from quotes.models import QuoteLine, QuoteRevision
from quotes.queries import pricing
from quotes.queries import quotes as queries
from quotes.views import standing, timeline, waterfalls
from quotes.views.current import find, may_resell
from quotes.views.editor import of_the_page
from quotes.views.sheet import margin_of

VIEWS = ("open", "drafts", "approval", "issued", "ending", "accepted", "over", "all")
SOON = 7


@require_GET
@requires(permissions.can_see)
def listing(request: HttpRequest) -> HttpResponse:
    """List the quotes this person sees, the latest revision of each."""
    view = _view(request)
    today = request.profile.day_of(timezone.now())
    found = QuoteList(request.GET, queries.listed(_rows(request.member, view, today)))
    context = {
        "listing": found,
        "views": _views(request, view),
        "today": today,
    }
    return render(request, "quotes/quotes/list.html", context)


@require_GET
@requires(permissions.can_see)
def export(request: HttpRequest) -> HttpResponse:
    """Send the filtered list as CSV."""
    today = request.profile.day_of(timezone.now())
    found = QuoteList(request.GET, _rows(request.member, _view(request), today))
    return queries.csv_answer(found.matching, name="quotes.csv")


@require_GET
@requires(permissions.can_see)
def of_registration(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Answer the quotes of a deal, for the deal's page."""
    member = request.member
    registration = Registration.objects.visible_to(member).filter(pk=pk).first()
    if registration is None:
        raise Http404
    is_own = registration.partner_id == member.partner_id and member.has(permissions.can_quote)
    context = {
        "registration": registration,
        "rows": queries.of_registration(pk, member),
        "can_quote": is_own and Registration.objects.quotable().filter(pk=pk).exists(),
    }
    template = "_of_registration" if request.htmx else "of_registration"
    return render(request, f"quotes/quotes/{template}.html", context)


@require_GET
@requires(permissions.can_see)
def detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show a quote: what is offered, what it comes to, where it stands, what happened."""
    revision, member = find(request, pk), request.member
    is_own = revision.quote.partner_id == member.partner_id
    resale = queries.resale_of(revision) if is_own and may_resell(revision.quote.partner) else {}
    kept = pricing.lines_of(revision.pk)
    lines = [_row(line, revision, resale) for line in kept]
    context: dict[str, Any] = {
        "revision": revision,
        "quote": revision.quote,
        "lines": lines,
        "resale": _resale(revision, lines) if resale else None,
        "is_own": is_own,
        "can_edit": is_own and revision.is_draft and member.has(permissions.can_quote),
        "revisions": queries.revisions_of(revision, member),
        "timeline": timeline.entries(revision.quote, member),
        "appeal": disputes.of(revision, member, at=timezone.now()),
        "writing": comments.form_for(revision.quote, member),
        "today": request.profile.day_of(timezone.now()),
        **standing.of(request, revision, kept),
    }
    return render(request, "quotes/quotes/detail.html", context)


@require_http_methods(["GET", "POST"])
@requires(permissions.can_see)
def line(request: HttpRequest, pk: UUID, line: UUID) -> HttpResponse:
    """Show why a line costs what it costs: as it is kept, or posted with the editor as it is typed."""
    revision = find(request, pk)
    if request.method == "POST":
        found = of_the_page(request, pk, line)
        if found is None:
            return render(request, "quotes/quotes/_no_price.html")
        name, priced = found
    else:
        row = queries.line_of(revision, line)
        if row is None:
            raise Http404
        name, priced = row.name, pricing.recomputed(row, revision.quote.currency)
    context = {
        "revision": revision,
        "quote": revision.quote,
        "name": name,
        "priced": priced,
        "steps": waterfalls.steps_of(priced),
        "rounding": waterfalls.rounding_of(priced),
    }
    template = "quotes/quotes/_waterfall.html" if request.htmx else "quotes/quotes/waterfall.html"
    return render(request, template, context)


def _row(line: QuoteLine, revision: QuoteRevision, resale: dict[UUID, Any]) -> dict[str, Any]:
    priced = pricing.recomputed(line, revision.quote.currency)
    asked = resale.get(line.pk)
    return {
        "line": line,
        "priced": priced,
        "discounts": waterfalls.kinds_of(priced.steps),
        "resale": asked,
        "resale_total": asked * line.quantity if asked else None,
        "margin": margin_of(asked, priced.unit) if asked else None,
    }


def _resale(revision: QuoteRevision, lines: list[dict[str, Any]]) -> dict[str, Any]:
    """Return what the partner asks for all and what stays with it, the list price standing in where it asks no own."""
    total = sum((row["resale_total"] or row["priced"].list_total for row in lines), start=revision.net * 0)
    return {"total": total, "margin": margin_of(total, revision.net)}


def _view(request: HttpRequest) -> str:
    asked = request.GET.get("view", "")
    return asked if asked in VIEWS else "open"


def _rows(member: Membership, view: str, today: date) -> QuerySet[QuoteRevision]:
    rows = QuoteRevision.objects.latest_for(member)
    match view:
        case "open":
            return rows.open()
        case "drafts":
            return rows.filter(status=Status.DRAFT)
        case "approval":
            return rows.filter(status__in=(Status.PENDING_APPROVAL, Status.APPROVED))
        case "issued":
            return rows.filter(status=Status.ISSUED)
        case "ending":
            return queries.ending(member, today, SOON)
        case "accepted":
            return rows.filter(status=Status.ACCEPTED)
        case "over":
            return rows.exclude(Q(status=Status.ACCEPTED) | Q(status__in=_open()))
    return rows


def _open() -> tuple[Status, ...]:
    return (Status.DRAFT, Status.PENDING_APPROVAL, Status.APPROVED, Status.ISSUED)


def _views(request: HttpRequest, current: str) -> list[dict[str, Any]]:
    labels = {
        "open": pgettext("state", "Open"),
        "drafts": _("Drafts"),
        "approval": _("In approval"),
        "issued": pgettext("quote", "Issued"),
        "ending": _("Ending soon"),
        "accepted": pgettext("quote", "Accepted"),
        "over": _("Over"),
        "all": _("All"),
    }
    shown = [view for view in VIEWS if view != "drafts" or request.member.is_partner]
    return [{"label": labels[view], "url": f"?view={view}", "current": view == current} for view in shown]
