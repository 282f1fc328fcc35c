"""Paying approved claims: put into batches, handed to the bank as a file, marked as paid, and clawed back."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.db.models import F

from mdf.enums import BatchStatus, PaymentStatus
from mdf.enums import ClaimAction as Action
from mdf.events import (
    BatchCancelled,
    BatchExported,
    BatchMade,
    BatchPaid,
    ClaimPaid,
    ClaimReclaimed,
    ClaimScheduled,
    ClaimUnscheduled,
)
from mdf.models import Claim, Clawback, PayingAccount, Payment, PaymentBatch
from mdf.queries import terms as fund_terms
from mdf.rules import ledger as movements
from mdf.services import ledger
from mdf.services.claim_moves import lock, move
from prm.accounts.models import Membership
from prm.events.outbox import record
from prm.events.refusals import DomainError
from prm.events.service import service
from prm.money import Money
from prm.tenancy.numbers import next_number


class NothingToSchedule(DomainError):
    """No claim was chosen, or none of those chosen can be paid now."""


class TwoCurrencies(DomainError):
    """The bank takes a file in one currency."""


class MoreThanApproved(DomainError):
    """A payment is of more than nothing and at most of what is not paid yet."""


class BatchClosed(DomainError):
    """The batch was paid or cancelled already."""


class TotalDiffers(DomainError):
    """What was typed is not what the chosen payments add up to."""


class PaidTooEarly(DomainError):
    """A payment was made today or earlier."""


class MoreThanPaid(DomainError):
    """No more can be taken back than was paid."""


class NoPayingAccount(DomainError):
    """No account is kept that payments in this currency are made from."""


class NoLongerPaidFrom(DomainError):
    """The account that was chosen is closed."""


class NothingForTheBank(DomainError):
    """No payment of the batch can be in a file for the bank."""


@service
def make_batch(
    claims: Sequence[UUID], *, by: Membership, at: datetime, amounts: Mapping[UUID, Money] | None = None
) -> PaymentBatch:
    """Put claims into a batch to be paid together: all that is open of each, or the part that `amounts` says.

    What a partner has to give back is taken off its first payments. Raises `NothingToSchedule`, `TwoCurrencies`,
    `MoreThanApproved`, and `ClaimNotPossible` if one of them is being paid already.
    """
    rows = Claim.objects.filter(pk__in=claims).order_by("allocation_id", "request_id", "pk")
    locked = [lock(row)[1] for row in rows]
    if not locked:
        raise NothingToSchedule
    currencies = {claim.currency for claim in locked}
    if len(currencies) > 1:
        raise TwoCurrencies(currencies=", ".join(sorted(currencies)))
    batch = PaymentBatch(
        number=next_number("PB", fund_terms.today_of_vendor(at).year),
        currency=currencies.pop(),
        made_by_id=by.user_id,
        made_at=at,
    )
    batch.save(force_insert=True)
    payments = [_schedule(claim, batch, (amounts or {}).get(claim.pk), by=by, at=at) for claim in locked]
    total = sum((payment.money for payment in payments), Money(Decimal(0), batch.currency))
    fact = BatchMade(
        batch.pk, batch=batch.number, amount=str(total.amount), currency=batch.currency, count=len(payments)
    )
    record(fact, on=batch, by=by, at=at)
    return batch


@service
def take_out(payment: Payment, *, by: Membership, at: datetime) -> PaymentBatch:
    """Take one payment out of a batch that is not paid; an empty batch ends. Raises `BatchClosed`."""
    batch = _open(payment.batch_id)
    _release(payment.pk, batch, by=by, at=at)
    if not Payment.objects.filter(batch=batch, status=PaymentStatus.SCHEDULED).exists():
        _close(batch, by=by, at=at)
    return batch


@service
def cancel(batch: PaymentBatch, *, by: Membership, at: datetime) -> PaymentBatch:
    """Take all that is not paid out of a batch. Raises `BatchClosed`."""
    batch = _open(batch.pk)
    for pk in Payment.objects.filter(batch=batch, status=PaymentStatus.SCHEDULED).values_list("pk", flat=True):
        _release(pk, batch, by=by, at=at)
    _close(batch, by=by, at=at)
    return batch


@service
def export(
    batch: PaymentBatch, format: str, *, by: Membership, at: datetime, account: PayingAccount | None = None
) -> PaymentBatch:
    """Note that the batch was handed over as a file, and which account it is paid from where the file says so.

    Raises `BatchClosed` once it was cancelled.
    """
    batch = PaymentBatch.objects.locked(batch.pk)
    if batch.status == BatchStatus.CANCELLED:
        raise BatchClosed(batch=batch)
    if batch.status == BatchStatus.OPEN:
        batch.status, batch.exported_at = BatchStatus.EXPORTED, at
        batch.version += 1
        batch.save()
    paid_from = account.masked if account else ""
    fact = BatchExported(batch.pk, batch=batch.number, format=format, account=paid_from)
    record(fact, on=batch, by=by, at=at)
    return batch


@service
def pay(
    batch: PaymentBatch,
    payments: Collection[UUID],
    *,
    total: Money,
    paid_on: date,
    by: Membership,
    at: datetime,
    reference: str = "",
) -> PaymentBatch:
    """Mark payments of a batch as made; the total that was typed has to be what left the bank.

    The batch is paid once none of its payments waits. Raises `BatchClosed`, `NothingToSchedule`, `TotalDiffers`,
    `PaidTooEarly`.
    """
    batch = _open(batch.pk)
    rows = list(Payment.objects.filter(batch=batch, pk__in=payments, status=PaymentStatus.SCHEDULED).order_by("pk"))
    if not rows or len(rows) != len(set(payments)):
        raise NothingToSchedule
    if paid_on > fund_terms.today_of_vendor(at):
        raise PaidTooEarly(day=paid_on)
    leaves = sum((row.transferred for row in rows), Money(Decimal(0), batch.currency))
    if total != leaves:
        raise TotalDiffers(total=total, expected=leaves)
    for row in rows:
        _pay(row, paid_on=paid_on, reference=reference or batch.number, by=by, at=at)
    left = Payment.objects.filter(batch=batch, status=PaymentStatus.SCHEDULED).count()
    if not left:
        batch.status, batch.paid_on, batch.paid_by_id = BatchStatus.PAID, paid_on, by.user_id
    batch.version += 1
    batch.save()
    fact = BatchPaid(
        batch.pk,
        batch=batch.number,
        amount=str(leaves.amount),
        currency=batch.currency,
        paid_on=paid_on.isoformat(),
        count=len(rows),
        left=left,
    )
    record(fact, on=batch, by=by, at=at)
    return batch


@service
def claw_back(claim: Claim, amount: Money, *, reason_code: str, note: str, by: Membership, at: datetime) -> Clawback:
    """Take back what was paid for a claim, all or a part; the partner's next payments are reduced by it.

    Raises `MoreThanPaid`, and `ClaimNotPossible` unless the claim is paid.
    """
    _request, claim = lock(claim)
    is_all = amount == claim.keepable
    move(claim, Action.CLAW_BACK if is_all else Action.CLAW_BACK_PART)
    if amount.currency != claim.currency or not 0 < amount.amount <= claim.keepable.amount:
        raise MoreThanPaid(limit=claim.keepable)
    clawback = Clawback(
        claim=claim,
        partner_id=claim.partner_id,
        partner_path=claim.partner_path,
        amount=amount.amount,
        currency=claim.currency,
        reason_code=reason_code,
        note=note,
        by_id=by.user_id,
        at=at,
    )
    clawback.save(force_insert=True)
    claim.clawed_back_amount += amount.amount
    claim.save()
    movement = movements.claw_back(claim.allocation_id, amount.amount)
    source = f"clawback:{clawback.pk}"
    ledger.post([movement], fund=claim.fund, source=source, on=claim, by=by, at=at, reason_code=reason_code)
    fact = ClaimReclaimed(
        claim.pk, amount=str(amount.amount), currency=claim.currency, reason_code=reason_code, note=note
    )
    record(fact, on=claim, by=by, at=at)
    return clawback


# -- one payment -------------------------------------------------------------------------------------------
def _schedule(claim: Claim, batch: PaymentBatch, amount: Money | None, *, by: Membership, at: datetime) -> Payment:
    amount = claim.unpaid if amount is None else amount
    move(claim, Action.SCHEDULE)
    if amount.currency != claim.currency or not 0 < amount.amount <= claim.unpaid.amount:
        raise MoreThanApproved(limit=claim.unpaid, claim=claim)
    claim.save()
    payment = Payment(
        batch=batch,
        claim=claim,
        partner_id=claim.partner_id,
        partner_path=claim.partner_path,
        amount=amount.amount,
        netted_amount=_net(claim, amount.amount),
        currency=claim.currency,
    )
    payment.save(force_insert=True)
    fact = ClaimScheduled(claim.pk, batch=batch.number, amount=str(amount.amount), currency=claim.currency)
    record(fact, on=claim, by=by, at=at)
    return payment


def _release(pk: UUID, batch: PaymentBatch, *, by: Membership, at: datetime) -> None:
    payment = Payment.objects.locked(pk)
    if payment.status != PaymentStatus.SCHEDULED:
        raise BatchClosed(batch=batch)
    _request, claim = lock(Claim.objects.get(pk=payment.claim_id))
    move(claim, Action.UNSCHEDULE_REST if claim.paid_amount else Action.UNSCHEDULE)
    claim.save()
    _give_back_netting(payment)
    payment.status, payment.netted_amount = PaymentStatus.CANCELLED, Decimal(0)
    payment.save()
    record(ClaimUnscheduled(claim.pk, batch=batch.number), on=claim, by=by, at=at)


def _pay(payment: Payment, *, paid_on: date, reference: str, by: Membership, at: datetime) -> None:
    _request, claim = lock(Claim.objects.get(pk=payment.claim_id))
    rest = claim.unpaid - payment.money
    move(claim, Action.PAY_PART if rest.amount else Action.PAY)
    claim.paid_amount += payment.amount
    claim.paid_on = paid_on
    claim.save()
    payment.status, payment.paid_on, payment.reference = PaymentStatus.PAID, paid_on, reference
    payment.save()
    movement = movements.pay(claim.allocation_id, payment.amount)
    ledger.post([movement], fund=claim.fund, source=f"payment:{payment.pk}", on=claim, by=by, at=at, note=reference)
    fact = ClaimPaid(
        claim.pk,
        amount=str(payment.amount),
        currency=claim.currency,
        paid_on=paid_on.isoformat(),
        reference=reference,
        netted=str(payment.netted_amount) if payment.netted_amount else "",
        rest=str(rest.amount) if rest.amount else "",
    )
    record(fact, on=claim, by=by, at=at)


def _net(claim: Claim, most: Decimal) -> Decimal:
    """Take what the partner has to give back off a payment, the oldest debt first; returns how much."""
    netted = Decimal(0)
    owed = Clawback.objects.select_for_update().filter(
        partner=claim.partner_id, currency=claim.currency, netted_amount__lt=F("amount")
    )
    for clawback in owed.order_by("at", "id"):
        part = min(clawback.amount - clawback.netted_amount, most - netted)
        if part <= 0:
            break
        clawback.netted_amount += part
        clawback.save(update_fields=["netted_amount"])
        netted += part
    return netted


def _give_back_netting(payment: Payment) -> None:
    """Let the partner owe again what a payment that is not made had taken off."""
    left = payment.netted_amount
    settled = Clawback.objects.select_for_update().filter(
        partner=payment.partner_id, currency=payment.currency, netted_amount__gt=0
    )
    for clawback in settled.order_by("-at", "-id"):
        part = min(clawback.netted_amount, left)
        if part <= 0:
            break
        clawback.netted_amount -= part
        clawback.save(update_fields=["netted_amount"])
        left -= part


# -- the batch -----------------------------------------------------------------------------------------------
def _open(pk: UUID) -> PaymentBatch:
    batch = PaymentBatch.objects.locked(pk)
    if batch.status in (BatchStatus.PAID, BatchStatus.CANCELLED):
        raise BatchClosed(batch=batch)
    return batch


def _close(batch: PaymentBatch, *, by: Membership, at: datetime) -> None:
    """End a batch from which nothing waits any more: it is paid if anything of it was."""
    has_paid = Payment.objects.filter(batch=batch, status=PaymentStatus.PAID).exists()
    batch.status = BatchStatus.PAID if has_paid else BatchStatus.CANCELLED
    if has_paid:
        batch.paid_on = Payment.objects.filter(batch=batch, status=PaymentStatus.PAID).latest("paid_on").paid_on
    batch.version += 1
    batch.save()
    record(BatchCancelled(batch.pk, batch=batch.number), on=batch, by=by, at=at)
