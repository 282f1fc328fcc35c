"""Funds: what partners have of them, and what the vendor set up, opened and gave out."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from mdf import permissions
from mdf.enums import FundStatus
from mdf.forms.funds import FundForm
from mdf.models import FundAllocation, FundProgram, FundRequest
from mdf.queries import funds as queries
from mdf.queries import requests, terms
from mdf.services import funds as services
from mdf.services.funds import FundChangedMeanwhile, NameTaken
from mdf.views.finding import find_fund
from prm.accounts.guards import requires
from prm.events.refusals import DomainError
from prm.money import Money
from prm.ui import stale

LATEST = 6


@require_GET
@requires(permissions.can_see)
def listing(request: HttpRequest) -> HttpResponse:
    """Show a partner its funds, the vendor all of them."""
    return _own_funds(request) if request.member.is_partner else _all_funds(request)


def _own_funds(request: HttpRequest) -> HttpResponse:
    member, today = request.member, terms.today_of_vendor(timezone.now())
    shares = queries.own_shares(member.partner_id)
    rows = FundRequest.objects.visible_to(member).filter(status__in=requests.OPEN)
    rows = rows.select_related("partner", "fund", "activity_type").order_by("-saved_at", "-id")
    context = {
        "shares": [share for share in shares if queries.rule_of(share.fund, share.allocation, today=today).is_open],
        "past": [share for share in shares if not queries.rule_of(share.fund, share.allocation, today=today).is_open],
        "rows": list(rows[:LATEST]),
        "can_request": member.has(permissions.can_request),
        "today": today,
    }
    return render(request, "mdf/funds/own.html", context)


def _all_funds(request: HttpRequest) -> HttpResponse:
    view = request.GET.get("view", "")
    labels = {"open": pgettext("fund", "Open"), "draft": _("Drafts"), "closed": pgettext("fund", "Closed")}
    view = view if view in labels else "open"
    funds = FundProgram.objects.filter(status=view).order_by("ends_on", "name")
    context = {
        "rows": queries.rows_of(funds),
        "view": view,
        "views": [{"label": label, "url": f"?view={code}", "current": code == view} for code, label in labels.items()],
        "can_keep": request.member.has(permissions.can_keep_funds),
    }
    return render(request, "mdf/funds/list.html", context)


@require_GET
@requires(permissions.can_see)
def detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show a fund with its partners; a partner is led to its own share."""
    fund = find_fund(request, pk)
    if request.member.is_partner:
        share = queries.allocation_of(fund, request.member.partner_id)
        if share is None:
            raise Http404
        return redirect("mdf:statement", share.pk)
    return page(request, fund)


def page(
    request: HttpRequest, fund: FundProgram, *, refusal: DomainError | None = None, status: int = 200
) -> HttpResponse:
    """Answer a fund's page, perhaps with why something was not done."""
    member = request.member
    (row,) = queries.rows_of([fund])
    shares = queries.shares(FundAllocation.objects.filter(fund=fund).order_by("partner__name", "id"))
    context: dict[str, Any] = {
        "fund": fund,
        "row": row,
        "budget": Money(queries.budget_of(fund), fund.currency),
        "shares": shares,
        "requests": requests.latest_of_fund(fund, member, LATEST),
        "kinds": queries.activity_types(fund) if fund.activity_type_ids else [],
        "tiers": queries.tiers_by_id(fund.tier_ids),
        "can_keep": member.has(permissions.can_keep_funds),
        "can_allocate": member.has(permissions.can_allocate) and fund.is_open,
        "refusal": refusal,
    }
    return render(request, "mdf/funds/detail.html", context, status=status)


@require_http_methods(["GET", "POST"])
@requires(permissions.can_keep_funds)
def new(request: HttpRequest) -> HttpResponse:
    """Set up a fund."""
    return _edit(request, None)


@require_http_methods(["GET", "POST"])
@requires(permissions.can_keep_funds)
def edit(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Change a fund, as far as it can still be changed."""
    fund = find_fund(request, pk)
    if fund.status == FundStatus.CLOSED:
        return redirect("mdf:fund", fund.pk)
    return _edit(request, fund)


def _edit(request: HttpRequest, fund: FundProgram | None) -> HttpResponse:
    at = timezone.now()
    facts = {"currency": request.profile.currency, "terms": terms.current(terms.today_of_vendor(at))[1]}
    form = FundForm(request.POST or None, fund=fund, **facts)
    context: dict[str, Any] = {"form": form, "fund": fund}
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                saved = _save(form, fund, by=request.member, at=at)
            except NameTaken as refusal:
                form.add_error("name", refusal.sentence)
            except FundChangedMeanwhile as refusal:
                kept = FundForm(fund=find_fund(request, fund.pk), **facts)  # type: ignore[union-attr]
                context |= {"refusal": refusal, "differences": stale.differences(form, kept)}
                form.data = form.data.copy()
                form.data["version"], status = kept.initial["version"], 409
            except DomainError as refusal:
                form.add_error("budget", refusal.sentence)
            else:
                messages.success(request, _("%(name)s saved") % {"name": saved.name})
                return redirect("mdf:fund", saved.pk)
    return render(request, "mdf/funds/form.html", context, status=status)


def _save(form: FundForm, fund: FundProgram | None, **who: Any) -> FundProgram:
    if fund is None:
        return services.draft(form.values, form.budget, **who)
    return services.change(fund, form.values, form.budget, version=form.cleaned_data["version"], **who)


@require_POST
@requires(permissions.can_keep_funds)
def opening(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Let partners ask for its money."""
    fund = find_fund(request, pk)
    try:
        fund = services.open_fund(fund, by=request.member, at=timezone.now())
    except DomainError as refusal:
        return page(request, find_fund(request, pk), refusal=refusal, status=409)
    messages.success(request, _("%(name)s is open. Allocate it to partners now.") % {"name": fund.name})
    return redirect("mdf:fund", fund.pk)


@require_http_methods(["GET", "POST"])
@requires(permissions.can_keep_funds)
def closing(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Close a fund before its last day, after saying what that does."""
    fund = find_fund(request, pk)
    (row,) = queries.rows_of([fund])
    context: dict[str, Any] = {"fund": fund, "row": row}
    lapsing = row.money.partners.available - row.in_review
    context["lapsing"] = Money(max(lapsing, Decimal(0)), fund.currency)
    if request.method == "GET":
        return render(request, "mdf/funds/closing.html", context)
    try:
        services.close(fund, by=request.member, at=timezone.now())
    except DomainError as refusal:
        return render(request, "mdf/funds/closing.html", {**context, "refusal": refusal}, status=409)
    messages.success(request, _("%(name)s is closed") % {"name": fund.name})
    return redirect(reverse("mdf:fund", args=[pk]))
