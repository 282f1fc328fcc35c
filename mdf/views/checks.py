"""What a plan comes to and what its fund says to it, as far as it is typed. A POST, because it is long."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST

from mdf import permissions
from mdf.forms.requests import Facts, PlanForm
from mdf.queries import checks, funds
from mdf.queries import requests as queries
from mdf.queries.terms import today_of_vendor
from mdf.rules import eligibility
from partners.models import Partner
from prm.accounts.guards import requires
from prm.money import Money


@require_POST
@requires(permissions.can_request)
def check(request: HttpRequest) -> HttpResponse:
    """Answer the sums and the conditions for what is typed."""
    form = PlanForm(None, facts(request), posted=request.POST)
    return render(request, "mdf/requests/_plan.html", {"plan": judged(request, form)})


def facts(request: HttpRequest, *, upload_url: str = "", check_url: str = "", also: Any = None) -> Facts:
    """Return what the form has to know for this partner; `also` is a fund it chose that may be closed by now."""
    today = today_of_vendor(timezone.now())
    shares = [
        share
        for share in funds.own_shares(request.member.partner_id)
        if funds.rule_of(share.fund, share.allocation, today=today).is_open or share.fund.pk == also
    ]
    return Facts(
        shares,
        queries.deals_of(request.member.partner_id),
        today=today,
        currency=request.profile.currency,
        upload_url=upload_url,
        check_url=check_url,
    )


def judged(request: HttpRequest, form: PlanForm) -> dict[str, Any] | None:
    """Return the sums of a plan and the findings about it; nothing while no fund is chosen."""
    share = form.facts.share(form.fund)
    if share is None:
        return None
    fund, today = share.fund, form.facts.today
    partner = Partner.objects.get(pk=request.member.partner_id)
    percent = funds.share_percent(fund, partner, today)
    costs = [Money(line.planned, fund.currency) for line in form.costs]
    asked = eligibility.share_of(costs, percent)
    planned = sum((cost.amount for cost in costs), Decimal(0))
    total = sum((part.amount for part in asked), Decimal(0))
    found = checks.findings(
        fund, partner, replace(form.plan, asked=total or None), today=today, allocation=share.allocation
    )
    return {
        "percent": percent,
        "planned": Money(planned, fund.currency),
        "asked": Money(total, fund.currency),
        "own": Money(planned - total, fund.currency),
        "findings": found,
        "share": share,
    }
