"""Letting a deal go from one partner to another, with its protection.

What belongs to the deal goes: the registration, `GOES`, and what the rules say of it. What people of the former partner
wrote, and what was written to them, stays with it; of its files, those go along that whoever decides has chosen.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from deals.enums import Action, EnteredAs, ExtensionStatus, Review, TransferStatus
from deals.events import (
    RegistrationLeft,
    RegistrationReceived,
    RegistrationTransferred,
    TransferAsked,
    TransferRecalled,
    TransferRefused,
)
from deals.models import (
    Extension,
    PreSalesActivity,
    Protection,
    Registration,
    RegistrationLine,
    Transfer,
)
from deals.queries import cases as case_queries
from deals.queries import distributors, idle, people
from deals.queries import rules as rule_queries
from deals.queries import transfers as queries
from deals.queries.conflicts import is_contested
from deals.rules.engagement import Stipulated
from deals.services import amendments, approvals, check_ins, judging, rulings
from deals.services.decisions import Changed, InCase
from deals.services.moves import NotPossible, lock_customer, move
from partners.models import Partner
from prm.accounts.models import Membership
from prm.accounts.roles import Role
from prm.approvals import services as agreement
from prm.clocks import calendars
from prm.disputes.models import WAITING as DISPUTED
from prm.disputes.models import Dispute
from prm.events.outbox import record
from prm.events.refusals import DomainError
from prm.events.service import service
from prm.questions import services as questions

GOES: tuple[Any, ...] = (RegistrationLine, PreSalesActivity, Protection)
LetGo = Callable[[Registration, Membership, datetime], None]
_LETTING_GO: list[LetGo] = []


class TransferWaits(DomainError):
    """A transfer was asked for already."""


class TransferOver(DomainError):
    """No transfer is asked for any more."""


class ReceiverNotActive(DomainError):
    """Who should get the deal is no active partner."""


class ReceiverHasIt(DomainError):
    """The deal is with that partner already."""


class NobodySells(DomainError):
    """Nobody of the receiving partner works on deals, or not who was chosen."""


class ReceiverHoards(DomainError):
    """The partner holds as many deals without movement as the terms let it; whoever decides may give it one more."""


class AppealWaits(DomainError):
    """An appeal about the registration waits: it is decided first."""


def lets_go(function: LetGo) -> LetGo:
    """Let an app above loosen what the former partner holds of a deal that goes, in the same transaction."""
    _LETTING_GO.append(function)
    return function


# -- asked for by the partner ----------------------------------------------------------------------------
@service
def ask(registration: Registration, *, firm: str, wish: str, by: Membership, at: datetime) -> Registration:
    """Ask the vendor to give the deal to another firm, by the name that the partner knows.

    Raises `NotPossible`, and `TransferWaits`.
    """
    registration = Registration.objects.locked(registration.pk)
    if not registration.can(Action.ASK_TRANSFER):
        raise NotPossible(registration=registration, action=Action.ASK_TRANSFER)
    if queries.asked_of(registration):
        raise TransferWaits(registration=registration)
    made = _row(registration, TransferStatus.ASKED)
    made.firm, made.wish, made.asked_by_id, made.asked_at = firm, wish, by.user_id, at
    made.save(force_insert=True)
    record(TransferAsked(registration.pk, firm=firm, wish=wish), on=registration, by=by, at=at)
    return registration


@service
def recall(registration: Registration, *, by: Membership, at: datetime) -> Registration:
    """Take the wish back. Raises `TransferOver`."""
    registration = Registration.objects.locked(registration.pk)
    _close(_asked(registration), TransferStatus.RECALLED, by=None, at=at)
    record(TransferRecalled(registration.pk), on=registration, by=by, at=at)
    return registration


@service
def refuse(registration: Registration, *, reason_code: str, note: str, by: Membership, at: datetime) -> Registration:
    """Leave the deal where it is, for a reason that the partner reads. Raises `TransferOver`."""
    registration = Registration.objects.locked(registration.pk)
    wanted = _asked(registration)
    wanted.reason_code, wanted.note = reason_code, note
    _close(wanted, TransferStatus.REFUSED, by=by, at=at)
    record(TransferRefused(registration.pk, reason_code=reason_code, note=note), on=registration, by=by, at=at)
    return registration


# -- decided by the vendor -------------------------------------------------------------------------------
@service
def transfer(
    registration: Registration,
    to: Partner,
    *,
    owner: Membership | None = None,
    reason_code: str,
    note: str = "",
    files: Collection[UUID] = (),
    version: int | None = None,
    is_overruled: bool = False,
    by: Membership,
    at: datetime,
) -> Registration:
    """Give a deal to another partner, with its protection and all its dates. The reason is kept for the vendor alone.

    `owner` looks after it there, or an administrator of the partner. `files` are those of the deal that belong to the
    customer and go along. What waited at the former partner is over, and it sees nothing of what comes. What nobody
    decided yet is judged anew for the new partner.

    Raises `NotPossible`, `Changed` if `version` is not the latest, `ReceiverNotActive`, `ReceiverHasIt`, `NobodySells`,
    `ReceiverHoards` unless that `is_overruled`, and `InCase` or `AppealWaits` while somebody decides about more than
    this deal.
    """
    lock_customer(registration, Action.TRANSFER)
    registration = Registration.objects.locked(registration.pk)
    was = registration.review
    move(registration, Action.TRANSFER)
    if version is not None and version != registration.version - 1:
        raise Changed(registration=registration)
    to = Partner.objects.locked(to.pk)
    _refuse_unfit(registration, to)
    hoard = None if is_overruled else idle.hoard_of(to, at)
    if hoard is not None:
        raise ReceiverHoards(partner=to, hoard=hoard)
    seller = _owner_at(to, owner)
    former = registration.partner
    _end_what_waits(registration, was=was, by=by, at=at)
    _leave(registration, by=by, at=at)
    taken = _hand_over(registration, files, to)

    registration.partner, registration.partner_path, registration.owner = to, to.partner_path, seller.user
    if registration.entered_as == EnteredAs.DISTRIBUTOR:  # which is not above this partner
        registration.entered_as, registration.entered_by = EnteredAs.PARTNER, None
    if registration.distributor_id not in dict(distributors.offered_to(to)):  # which the new partner may not know
        registration.distributor_id = None
    registration.saved_at = at
    registration.save()
    for model in GOES:
        model.objects.filter(registration=registration).update(partner_path=to.partner_path)
    for let_go in _LETTING_GO:
        let_go(registration, by, at)

    record(RegistrationReceived(registration.pk), on=registration, by=by, at=at)
    said = {"reason_code": reason_code, "note": note, "former": former.name, "receiver": to.name}
    fact = RegistrationTransferred(registration.pk, former_id=former.pk, receiver_id=to.pk, files=taken, **said)
    record(fact, on=registration, by=by, at=at, is_internal=True)
    if registration.is_waiting:
        _judge_anew(registration, by=by, at=at)
    else:
        rulings.carry_over(registration)
    check_ins.begin(registration, at=at)
    return registration


def _hand_over(registration: Registration, files: Collection[UUID], to: Partner) -> tuple[str, ...]:
    """Let files of the deal go along; return their names."""
    rows = queries.files_of(registration).filter(pk__in=files)
    names = tuple(rows.values_list("name", flat=True))
    rows.update(partner_path=to.partner_path)
    return names


def _refuse_unfit(registration: Registration, to: Partner) -> None:
    if to.pk == registration.partner_id:
        raise ReceiverHasIt(partner=to)
    if not to.is_active:
        raise ReceiverNotActive(partner=to)
    if case_queries.open_parties().filter(registration=registration).exists():
        raise InCase(registration=registration)
    if Dispute.objects.filter(subject_id=registration.pk, status__in=DISPUTED).exists():
        raise AppealWaits(registration=registration)


def _owner_at(to: Partner, owner: Membership | None) -> Membership:
    sellers = list(people.sellers_at(to.pk))
    if owner is not None:
        sellers = [seller for seller in sellers if seller.pk == owner.pk]
    if not sellers:
        raise NobodySells(partner=to)
    return next((seller for seller in sellers if seller.role == Role.PARTNER_ADMIN), sellers[0])


def _end_what_waits(registration: Registration, *, was: str, by: Membership, at: datetime) -> None:
    """End what the former partner was asked or asked for; the promised decision stays promised."""
    if was == Review.INFO_REQUESTED:
        question = questions.open_one(registration)
        agreement.resume(registration, at=at)
        if question and registration.decide_by:
            promise = rule_queries.stipulated(registration).promise
            since = question.asked_at
            registration.decide_by = calendars.resumed(
                registration.decide_by, stood_since=since, at=at, promise=promise
            )
        questions.drop(registration)
        registration.answer_by = None
    agreement.recall(registration, by=by, at=at)
    Extension.objects.filter(registration=registration, status=ExtensionStatus.PENDING).update(
        status=ExtensionStatus.REJECTED, decided_at=at
    )
    amendments.lapse(registration, at=at)
    check_ins.close(registration, at=at)


def _leave(registration: Registration, *, by: Membership, at: datetime) -> None:
    """Leave the former partner a line that says so, and no more."""
    row = queries.asked_of(registration) or _row(registration, TransferStatus.DONE)
    _close(row, TransferStatus.DONE, by=by, at=at)
    fact = RegistrationLeft(registration.pk, partner_id=registration.partner_id, owner_id=registration.owner_id)
    record(fact, on=registration, by=by, at=at)


def _judge_anew(registration: Registration, *, by: Membership, at: datetime) -> None:
    """Follow the rules for the new partner; whatever they say, a person decides: the vendor gave it to this one."""
    ruling = rulings.follow(registration, is_contested=is_contested(registration, at), at=at)
    registration.deemed = Stipulated(effects=ruling.effects).deemed
    judging.leave_late_to_person(registration, at)
    registration.save()
    approvals.begin(registration, ruling, by=by, at=at)


def _row(registration: Registration, status: TransferStatus) -> Transfer:
    return Transfer(
        registration=registration,
        partner_path=registration.partner_path,
        status=status,
        number=registration.number,
        customer_name=registration.customer_name,
        owner_id=registration.owner_id,
    )


def _asked(registration: Registration) -> Transfer:
    found = queries.asked_of(registration)
    if found is None:
        raise TransferOver(registration=registration)
    return found


def _close(row: Transfer, status: TransferStatus, *, by: Membership | None, at: datetime) -> None:
    row.status, row.decided_at, row.decided_by_id = status, at, by.user_id if by else None
    row.save()
