"""Where the vendor pays from: finance adds accounts and closes them; nobody else reads their numbers."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from mdf import permissions
from mdf.forms.paying_accounts import PayingAccountForm
from mdf.models import PayingAccount
from mdf.queries import paying_accounts as queries
from mdf.services import paying_accounts
from prm.accounts.guards import requires
from prm.events.refusals import DomainError
from prm.ui.submissions import once


@require_http_methods(["GET", "POST"])
@requires(permissions.can_keep_paying_accounts)
@once
def listing(request: HttpRequest) -> HttpResponse:
    """Show the accounts in use and take another one."""
    form = PayingAccountForm(request.POST or None, first=request.profile.currency)
    if request.method == "POST" and form.is_valid():
        try:
            added = paying_accounts.add(form.details, by=request.member, at=timezone.now())
        except DomainError as refusal:
            form.add_error("iban", refusal.sentence)
        else:
            messages.success(request, _("Account added: %(account)s") % {"account": added.masked})
            return redirect("mdf:paying-accounts")
    context = {"form": form, "accounts": queries.in_use()}
    return render(request, "mdf/paying_accounts/list.html", context, status=422 if form.errors else 200)


@require_POST
@requires(permissions.can_keep_paying_accounts)
def closing(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Pay no more from an account."""
    account = get_object_or_404(PayingAccount.objects, pk=pk)
    paying_accounts.close(account, by=request.member, at=timezone.now())
    messages.success(request, _("No longer paid from: %(account)s") % {"account": account.masked})
    return redirect("mdf:paying-accounts")
