"""Bank details: the partner's administrator enters them, the vendor's finance checks them, nobody else reads them."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from partners import permissions
from partners.forms.onboarding import BankForm, ReturnForm
from partners.models import BankAccount, Partner
from partners.queries import onboarding as queries
from partners.services import bank_accounts
from partners.views.answers import done, refused
from prm.accounts.guards import requires
from prm.events.refusals import DomainError
from prm.ui.submissions import once


@require_http_methods(["GET", "POST"])
@requires(permissions.can_enter_bank)
@once
def own(request: HttpRequest) -> HttpResponse:
    """Show the own bank details and take new ones."""
    partner = Partner.objects.get(pk=request.member.partner_id)
    form = BankForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        bank_accounts.enter(partner, form.details, by=request.member, at=timezone.now())
        return done(request, _("Bank details submitted"), reverse("partners:bank"))
    context = {
        "partner": partner,
        "form": form,
        "in_use": queries.bank_account(partner),
        "latest": queries.latest_bank_account(partner),
    }
    return render(request, "partners/bank/own.html", context, status=422 if form.errors else 200)


@require_GET
@requires(permissions.can_see_bank)
def of_partner(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show a partner's bank details to finance; the partner's own people have their own page."""
    if request.member.is_partner:
        get_object_or_404(Partner.objects.filter(pk=request.member.partner_id), pk=pk)
        return redirect("partners:bank")
    partner = get_object_or_404(Partner.objects, pk=pk)
    latest = queries.latest_bank_account(partner)
    context = {
        "partner": partner,
        "in_use": queries.bank_account(partner),
        "latest": latest,
        "can_check": bool(latest) and request.member.has(permissions.can_check_bank),
    }
    return render(request, "partners/bank/of_partner.html", context)


@require_POST
@requires(permissions.can_check_bank)
def acceptance(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Say that the partner may be paid there."""
    account = get_object_or_404(BankAccount.objects, pk=pk)
    url = reverse("partners:partner-bank", args=[account.partner_id])
    try:
        bank_accounts.accept(account, by=request.member, at=timezone.now())
    except DomainError as refusal:
        return refused(request, refusal, url)
    return done(request, _("Bank details accepted"), url)


@require_http_methods(["GET", "POST"])
@requires(permissions.can_check_bank)
def giving_back(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Ask what is wrong, then return the details."""
    account = get_object_or_404(BankAccount.objects.select_related("partner"), pk=pk)
    form = ReturnForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            bank_accounts.give_back(account, note=form.cleaned_data["note"], by=request.member, at=timezone.now())
            url = reverse("partners:partner-bank", args=[account.partner_id])
            return done(request, _("Bank details returned"), url)
        except DomainError as refusal:
            form.add_error(None, refusal.sentence)
    template = f"partners/bank/{'_' if request.htmx else ''}return.html"
    return render(request, template, {"account": account, "form": form}, status=422 if form.errors else 200)
