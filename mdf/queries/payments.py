"""What finance has to pay, batch by batch."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db.models import Count, F, Q, QuerySet, Sum

from mdf.enums import ClaimStatus, PaymentStatus
from mdf.models import Claim, Clawback, Payment, PaymentBatch
from partners.enums import BankStatus
from partners.models import BankAccount
from prm.money import Money

TO_PAY = (ClaimStatus.APPROVED, ClaimStatus.PART_PAID)


@dataclass(frozen=True)
class Line:
    """A payment of a batch with the account it goes to, if the partner's is known and checked."""

    payment: Payment
    account: BankAccount | None


def to_pay() -> QuerySet[Claim]:
    """Return the claims that wait to be paid, those promised first before the others."""
    rows = Claim.objects.filter(status__in=TO_PAY).select_related("partner", "request", "fund")
    return rows.order_by("pay_by", "id")


def sums_to_pay(today: date) -> list[tuple[Money, int, int]]:
    """Return what waits to be paid in each currency: the sum, how many, how many of them late."""
    rows = Claim.objects.filter(status__in=TO_PAY).order_by().values_list("currency")
    found = rows.annotate(
        total=Sum(F("approved_amount") - F("paid_amount")),
        count=Count("pk"),
        late=Count("pk", filter=Q(pay_by__lt=today)),
    )
    return [(Money(total, currency), count, late) for currency, total, count, late in found.order_by("currency")]


def owed_by(partners: Iterable[UUID]) -> dict[tuple[UUID, str], Decimal]:
    """Return what partners have to give back, by partner and currency."""
    rows = Clawback.objects.filter(partner__in=list(partners), netted_amount__lt=F("amount")).order_by()
    found = rows.values_list("partner_id", "currency").annotate(total=Sum(F("amount") - F("netted_amount")))
    return {(partner, currency): total for partner, currency, total in found}


def accounts_of(partners: Iterable[UUID]) -> dict[UUID, BankAccount]:
    """Return the checked bank account of each partner that has one."""
    rows = BankAccount.objects.filter(partner__in=list(partners), status=BankStatus.ACCEPTED)
    return {row.partner_id: row for row in rows}


@dataclass(frozen=True)
class BatchRow:
    """A batch with its number of payments and what leaves the bank."""

    batch: PaymentBatch
    count: int
    sum: Money


def batches(most: int) -> list[BatchRow]:
    """Return the latest batches, in two questions whatever their number."""
    found = list(PaymentBatch.objects.order_by("-made_at", "-id")[:most])
    rows = Payment.objects.filter(batch__in=found).exclude(status=PaymentStatus.CANCELLED).order_by()
    sums = {
        pk: (count, total)
        for pk, count, total in rows.values_list("batch_id").annotate(
            count=Count("pk"), total=Sum(F("amount") - F("netted_amount"))
        )
    }
    nothing = (0, Decimal(0))
    return [
        BatchRow(batch, sums.get(batch.pk, nothing)[0], Money(sums.get(batch.pk, nothing)[1], batch.currency))
        for batch in found
    ]


def lines_of(batch: PaymentBatch, *, only_waiting: bool = False) -> list[Line]:
    """Return the payments of a batch, by partner."""
    rows = Payment.objects.filter(batch=batch).exclude(status=PaymentStatus.CANCELLED)
    if only_waiting:
        rows = rows.filter(status=PaymentStatus.SCHEDULED)
    payments = list(rows.select_related("partner", "claim__request").order_by("partner__name", "id"))
    accounts = accounts_of({payment.partner_id for payment in payments})
    return [Line(payment, accounts.get(payment.partner_id)) for payment in payments]


def total_of(lines: Iterable[Line], currency: str) -> Money:
    """Return what the bank is told to pay for these lines."""
    return sum((line.payment.transferred for line in lines), Money(Decimal(0), currency))
