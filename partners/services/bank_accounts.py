"""Where a partner is paid to: entered by its administrator, checked by the vendor's finance."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from partners.enums import BankStatus, TaskAction, TaskKind, TaskStatus
from partners.events import BankAccepted, BankEntered, BankReturned
from partners.models import BankAccount, ChecklistTask, Partner
from partners.queries import onboarding as queries
from partners.services import onboarding
from prm.accounts.models import Membership
from prm.events.outbox import record
from prm.events.refusals import DomainError
from prm.events.service import service


class BankMoved(DomainError):
    """The bank details are no longer what the person looked at: decided or replaced meanwhile."""


@dataclass(frozen=True)
class Details:
    """What is typed."""

    holder: str
    account: str
    bic: str = ""
    bank: str = ""


@service
def enter(partner: Partner, details: Details, *, by: Membership, at: datetime) -> BankAccount:
    """Hand in bank details; those that wait are replaced, those in use stay in use until these are checked."""
    partner = Partner.objects.locked(partner.pk)
    waiting = BankAccount.objects.filter(partner=partner, status__in=(BankStatus.SUBMITTED, BankStatus.RETURNED))
    waiting.update(status=BankStatus.SUPERSEDED)
    account = BankAccount(
        partner=partner,
        partner_path=partner.partner_path,
        holder=details.holder,
        account=details.account,
        bic=details.bic,
        bank=details.bank,
        submitted_by_id=by.user_id,
        submitted_at=at,
    )
    account.save(force_insert=True)
    record(BankEntered(account_id=account.pk, partner_id=partner.pk), on=partner, by=by, at=at)
    for task in _tasks(partner):
        if task.is_open:
            onboarding.hand_in(task, answer="", by=by, at=at)
    return account


@service
def accept(account: BankAccount, *, by: Membership, at: datetime) -> BankAccount:
    """Say that the partner may be paid there; the details before are no longer used. Raises `BankMoved`."""
    partner = Partner.objects.locked(account.partner_id)
    account = _locked(account)
    BankAccount.objects.filter(partner=partner, status=BankStatus.ACCEPTED).update(status=BankStatus.SUPERSEDED)
    _decide(account, BankStatus.ACCEPTED, by=by, at=at)
    record(BankAccepted(account_id=account.pk, partner_id=partner.pk), on=partner, by=by, at=at)
    onboarding.complete(partner, TaskKind.BANK, by=by, at=at)
    return account


@service
def give_back(account: BankAccount, *, note: str, by: Membership, at: datetime) -> BankAccount:
    """Return bank details with what is wrong; raises `BankMoved`."""
    partner = Partner.objects.locked(account.partner_id)
    account = _locked(account)
    _decide(account, BankStatus.RETURNED, by=by, at=at, note=note)
    record(BankReturned(account_id=account.pk, partner_id=partner.pk, note=note), on=partner, by=by, at=at)
    for task in _tasks(partner):
        if task.status != TaskStatus.SUBMITTED:
            continue
        task.move(TaskAction.RETURN)
        task.note, task.decided_by_id, task.decided_at = note, by.user_id, at
        task.save()
    return account


def _tasks(partner: Partner) -> list[ChecklistTask]:
    return list(queries.undone(partner, TaskKind.BANK).select_for_update(of=("self",)))


def _locked(account: BankAccount) -> BankAccount:
    account = BankAccount.objects.locked(account.pk)
    if account.status != BankStatus.SUBMITTED:
        raise BankMoved(account=account)
    return account


def _decide(account: BankAccount, status: BankStatus, *, by: Membership, at: datetime, note: str = "") -> None:
    account.status, account.note = status, note
    account.decided_by_id, account.decided_at = by.user_id, at
    account.save()
