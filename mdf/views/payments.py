"""Finance's pages: what is to be paid, batches, the file for the bank, and that it was paid."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from mdf import permissions
from mdf.enums import PaymentStatus
from mdf.forms.payments import PaidForm, PartForm
from mdf.models import Claim, PayingAccount, Payment, PaymentBatch
from mdf.queries import paying_accounts
from mdf.queries import payment_files as files
from mdf.queries import payments as queries
from mdf.queries import terms as fund_terms
from mdf.services import payments
from mdf.services.payments import NoLongerPaidFrom, NoPayingAccount, NothingForTheBank
from mdf.views import timeline
from mdf.views.claim_finding import find
from prm.accounts.guards import requires
from prm.events.refusals import DomainError
from prm.ui.submissions import once

SHOWN = 50
FORMATS = {"csv": "text/csv; charset=utf-8", "xml": "application/xml"}


@require_http_methods(["GET", "POST"])
@requires(permissions.can_pay)
@once
def payable(request: HttpRequest) -> HttpResponse:
    """Show what is to be paid and the batches; a POST puts the chosen claims into a batch."""
    if request.method == "POST":
        return _make_batch(request, [text for text in request.POST.getlist("id") if text])
    return _payable(request)


@require_http_methods(["GET", "POST"])
@requires(permissions.can_pay)
@once
def part(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Put a part of one claim into a batch of its own."""
    claim = find(request, pk)
    form = PartForm(request.POST or None, claim=claim)
    context: dict[str, Any] = {"form": form, "claim": claim, "back": "mdf:payments"}
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            amounts = {claim.pk: form.cleaned_data["amount"]}
            try:
                batch = payments.make_batch([claim.pk], amounts=amounts, by=request.member, at=timezone.now())
            except DomainError as refusal:
                context["refusal"], status = refusal, 409
            else:
                return redirect("mdf:batch", batch.pk)
    return render(request, "mdf/payments/part.html", context, status=status)


@require_GET
@requires(permissions.can_pay)
def batch(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show one batch: whom it pays, where to, and what is left to do."""
    return _batch(request, _find(pk))


@require_POST
@requires(permissions.can_pay)
def export(request: HttpRequest, pk: UUID, format: str) -> HttpResponse:
    """Hand out the file for the bank. A POST, because the batch is noted as handed over."""
    if format not in FORMATS:
        raise Http404
    at, found = timezone.now(), _find(pk)
    try:
        account = _paid_from(request, found) if format == "xml" else None
        found = payments.export(found, format, account=account, by=request.member, at=at)
    except DomainError as refusal:
        return _batch(request, _find(pk), refusal=refusal, status=409)
    lines = queries.lines_of(found)
    content: Any = (
        files.as_xml(found, lines, payer=request.vendor.name, account=account, at=found.exported_at or at)
        if account
        else files.as_csv(found, lines)
    )
    answer = HttpResponse(content, content_type=FORMATS[format])
    answer["Content-Disposition"] = f'attachment; filename="{found.number}.{format}"'
    return answer


@require_http_methods(["GET", "POST"])
@requires(permissions.can_pay)
@once
def payment(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Confirm that the bank paid, all of a batch or some; the total is typed."""
    found = _find(pk)
    lines = queries.lines_of(found, only_waiting=True)
    if not lines:
        return redirect("mdf:batch", pk)
    total = queries.total_of(lines, found.currency)
    today = fund_terms.today_of_vendor(timezone.now())
    form = PaidForm(request.POST or None, lines=lines, total=total, today=today)
    context: dict[str, Any] = {"batch": found, "form": form, "lines": lines, "total": total}
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            said = {name: form.cleaned_data[name] for name in ("total", "paid_on", "reference")}
            chosen = [UUID(pk) for pk in form.cleaned_data["payments"]]
            try:
                payments.pay(found, chosen, **said, by=request.member, at=timezone.now())
            except DomainError as refusal:
                context["refusal"], status = refusal, 409
            else:
                messages.success(request, _("Marked as paid"))
                return redirect("mdf:batch", pk)
    return render(request, "mdf/payments/paid.html", context, status=status)


@require_POST
@requires(permissions.can_pay)
@once
def cancellation(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Let all claims of a batch go that are not paid."""
    found = _find(pk)
    try:
        payments.cancel(found, by=request.member, at=timezone.now())
    except DomainError as refusal:
        return _batch(request, _find(pk), refusal=refusal, status=409)
    messages.success(request, _("Batch cancelled"))
    return redirect("mdf:payments")


@require_POST
@requires(permissions.can_pay)
@once
def removal(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take one payment out of its batch."""
    row = get_object_or_404(Payment.objects.select_related("batch"), pk=pk)
    try:
        payments.take_out(row, by=request.member, at=timezone.now())
    except DomainError as refusal:
        return _batch(request, _find(row.batch_id), refusal=refusal, status=409)
    messages.success(request, _("Taken out of the batch"))
    return redirect("mdf:batch", row.batch_id)


def _paid_from(request: HttpRequest, found: PaymentBatch) -> PayingAccount:
    """Return the account that was chosen for the file, or the first of the batch's currency."""
    accounts = paying_accounts.in_use(found.currency)
    if not accounts:
        raise NoPayingAccount(currency=found.currency)
    if not files.payable_by_bank(queries.lines_of(found)):
        raise NothingForTheBank
    chosen = request.POST.get("account", "")
    found_account = next((account for account in accounts if chosen in ("", str(account.pk))), None)
    if found_account is None:
        raise NoLongerPaidFrom
    return found_account


def _payable(request: HttpRequest, *, refusal: DomainError | None = None, status: int = 200) -> HttpResponse:
    today = fund_terms.today_of_vendor(timezone.now())
    claims = list(queries.to_pay()[:500])
    partners = {claim.partner_id for claim in claims}
    accounts, owed = queries.accounts_of(partners), queries.owed_by(partners)
    groups: dict[str, list[dict[str, Any]]] = {}
    for claim in claims:
        groups.setdefault(claim.currency, []).append(
            {
                "claim": claim,
                "has_account": claim.partner_id in accounts,
                "owes": owed.get((claim.partner_id, claim.currency)),
                "is_late": claim.pay_by is not None and claim.pay_by < today,
            }
        )
    context = {
        "groups": groups,
        "sums": {money.currency: (money, count, late) for money, count, late in queries.sums_to_pay(today)},
        "batches": queries.batches(SHOWN),
        "refusal": refusal,
    }
    return render(request, "mdf/payments/payable.html", context, status=status)


def _make_batch(request: HttpRequest, ids: list[str]) -> HttpResponse:
    try:
        chosen = list(Claim.objects.filter(pk__in=[UUID(text) for text in ids[:500]]).values_list("pk", flat=True))
        made = payments.make_batch(chosen, by=request.member, at=timezone.now())
    except DomainError as refusal:
        refusal.facts["for_vendor"] = True
        return _payable(request, refusal=refusal, status=409)
    except ValueError:
        return _payable(request, status=422)
    messages.success(request, _("Batch made: %(number)s") % {"number": made.number})
    return redirect("mdf:batch", made.pk)


def _batch(
    request: HttpRequest, found: PaymentBatch, *, refusal: DomainError | None = None, status: int = 200
) -> HttpResponse:
    lines = queries.lines_of(found)
    waiting = [line for line in lines if line.payment.status == PaymentStatus.SCHEDULED]
    context = {
        "batch": found,
        "lines": lines,
        "waiting": waiting,
        "total": queries.total_of(lines, found.currency),
        "left": queries.total_of(waiting, found.currency),
        "missing": [line for line in waiting if line.account is None and line.payment.transferred.amount],
        "accounts": paying_accounts.in_use(found.currency),
        "can_keep_accounts": request.member.has(permissions.can_keep_paying_accounts),
        "timeline": timeline.entries(found, request.member),
        "refusal": refusal,
    }
    return render(request, "mdf/payments/batch.html", context, status=status)


def _find(pk: UUID) -> PaymentBatch:
    return get_object_or_404(PaymentBatch.objects.select_related("made_by", "paid_by"), pk=pk)
