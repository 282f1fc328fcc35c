"""Where the vendor pays from: kept by finance."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction

from mdf.events import PayingAccountAdded, PayingAccountClosed
from mdf.models import PayingAccount
from prm.accounts.models import Membership
from prm.events.outbox import record
from prm.events.refusals import DomainError
from prm.events.service import service


class AccountKept(DomainError):
    """The account is kept for this currency already."""


@dataclass(frozen=True)
class Details:
    """What is typed."""

    currency: str
    holder: str
    iban: str
    bic: str = ""


@service
def add(details: Details, *, by: Membership, at: datetime) -> PayingAccount:
    """Keep an account to pay from. Raises `AccountKept`."""
    account = PayingAccount(
        currency=details.currency,
        holder=details.holder,
        iban=details.iban,
        bic=details.bic,
        added_by_id=by.user_id,
        added_at=at,
    )
    try:
        with transaction.atomic():
            account.save(force_insert=True)
    except IntegrityError as error:
        if "a_paying_account_is_kept_once" not in str(error):
            raise
        raise AccountKept(account=account) from error
    fact = PayingAccountAdded(account.pk, account=account.masked, currency=account.currency)
    record(fact, on=account, by=by, at=at)
    return account


@service
def close(account: PayingAccount, *, by: Membership, at: datetime) -> PayingAccount:
    """Pay no more from an account; closing it again changes nothing."""
    account = PayingAccount.objects.locked(account.pk)
    if account.closed_at is None:
        account.closed_at = at
        account.save()
        fact = PayingAccountClosed(account.pk, account=account.masked, currency=account.currency)
        record(fact, on=account, by=by, at=at)
    return account
