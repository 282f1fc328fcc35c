"""Giving out a fund: to one partner or many, changed with a reason, moved, given back after it lapsed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from mdf import permissions
from mdf.forms.allocations import (
    AdjustmentForm,
    AllocationForm,
    ReasonedForm,
    ReinstatementForm,
    TransferForm,
    summary,
)
from mdf.models import FundAllocation
from mdf.queries import funds as queries
from mdf.queries import terms
from mdf.services import allocations, forfeitures
from mdf.views.finding import find_fund, find_share
from prm.accounts.guards import requires
from prm.events.refusals import DomainError


@require_http_methods(["GET", "POST"])
@requires(permissions.can_allocate)
def new(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Give partners a share of the fund."""
    fund, at = find_fund(request, pk), timezone.now()
    form = AllocationForm(request.POST or None, fund=fund, today=terms.today_of_vendor(at))
    (row,) = queries.rows_of([fund])
    context: dict[str, Any] = {"form": form, "fund": fund, "row": row}
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                allocations.allocate(fund, form.grants, source=form.cause, by=request.member, at=at)
            except DomainError as refusal:
                context["refusal"], status = refusal, 409
            else:
                messages.success(request, _("Allocated to %(partners)s") % {"partners": summary(form.grants)})
                return redirect("mdf:fund", fund.pk)
    return render(request, "mdf/allocations/form.html", context, status=status)


@require_http_methods(["GET", "POST"])
@requires(permissions.can_allocate)
def adjustment(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Give a partner more, or take back what it has not used."""
    share = find_share(request, pk)
    form = AdjustmentForm(request.POST or None, fund=share.fund)
    return _move(
        request,
        share,
        form,
        lambda **who: allocations.adjust(share, form.change, **form.facts, **who),
        title=_("Adjust the allocation"),
        button=_("Adjust"),
        done=_("Allocation adjusted"),
    )


@require_http_methods(["GET", "POST"])
@requires(permissions.can_allocate)
def transfer(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Move what a partner has not used to another."""
    share, at = find_share(request, pk), timezone.now()
    form = TransferForm(request.POST or None, fund=share.fund, today=terms.today_of_vendor(at), but=share.partner_id)
    return _move(
        request,
        share,
        form,
        lambda **who: allocations.transfer(
            share, form.cleaned_data["partner"], form.cleaned_data["amount"], **form.facts, **who
        ),
        title=_("Transfer to another partner"),
        button=_("Transfer"),
        done=_("Amount transferred"),
    )


@require_http_methods(["GET", "POST"])
@requires(permissions.can_allocate)
def reinstatement(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Give a partner back what lapsed."""
    share = find_share(request, pk)
    form = ReinstatementForm(request.POST or None, fund=share.fund)
    return _move(
        request,
        share,
        form,
        lambda **who: forfeitures.reinstate(
            share, form.cleaned_data["amount"], until=form.cleaned_data["until"], **form.facts, **who
        ),
        title=_("Give back what lapsed"),
        button=_("Give back"),
        done=_("Money given back"),
    )


def _move(
    request: HttpRequest,
    share: FundAllocation,
    form: ReasonedForm,
    work: Callable[..., Any],
    *,
    title: str,
    button: str,
    done: str,
) -> HttpResponse:
    """Show a small form beside the balances, or move the money and go back to the statement."""
    context: dict[str, Any] = {"form": form, "title": title, "button": button, "share": queries.share_of(share)}
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                work(by=request.member, at=timezone.now())
            except DomainError as refusal:
                context["refusal"], status = refusal, 409
            else:
                messages.success(request, done)
                return redirect("mdf:statement", share.pk)
    return render(request, "mdf/allocations/movement.html", context, status=status)
