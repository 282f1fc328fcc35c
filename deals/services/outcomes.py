"""How a deal ends, and the stages on the way."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Q

from deals.enums import Action, Stage
from deals.events import RegistrationLost, RegistrationResumed, RegistrationWon, RivalWon, StageChanged
from deals.models import Registration, RegistrationLine
from deals.models.registrations import BESIDE, PROTECTED
from deals.queries import endings
from deals.queries import terms as registration_terms
from deals.queries.conflicts import families_by_registration
from deals.rules import lifecycle
from deals.services import check_ins, overturning, protection, sales
from deals.services.decisions import Contested
from deals.services.moves import NotPossible, lock_customer, move
from prm.accounts.models import Membership
from prm.events.models import Event
from prm.events.outbox import record
from prm.events.refusals import DomainError
from prm.events.service import service
from prm.files import services as files
from prm.money import Money, split
from prm.tenancy.context import seeing_all_partners


class ProofMissing(DomainError):
    """The vendor's terms ask for a file that proves the order."""


class TooEarlyToWin(DomainError):
    """The vendor's terms let hours pass between a registration and its win; `hours` says how many."""


class TooLateToReopen(DomainError):
    """The days in which a deal can be reopened are over; `until` was the last, if there was one."""


@service
def advance(registration: Registration, stage: Stage, *, by: Membership, at: datetime) -> Registration:
    """Say how far the deal is; a stage may also go back."""
    registration = Registration.objects.locked(registration.pk)
    if stage not in lifecycle.open_stages():
        raise NotPossible(registration=registration, action=Action.ADVANCE)
    was = registration.stage
    if stage == was:
        return registration
    move(registration, Action.ADVANCE)
    registration.stage = stage
    registration.saved_at = at
    registration.save()
    record(StageChanged(registration.pk, stage=stage.value, was=was), on=registration, by=by, at=at)
    return registration


@service
def win(
    registration: Registration,
    amount: Money,
    *,
    by: Membership,
    at: datetime,
    closed_on: date | None = None,
    order_reference: str = "",
    proof: UploadedFile | None = None,
) -> Registration:
    """Close the deal as won at its final value; what was sold is recorded, and the protection is fulfilled.

    Raises `ProofMissing` where the terms ask for a file, `TooEarlyToWin` where they ask for time, and `FileUnfit`.
    """
    was = _locked(registration).state
    registration = protection.end(registration, Action.WIN, at=at)
    terms = registration_terms.pinned(registration.policy)
    early = terms.early_by(registration.submitted_at, at)
    if early is not None and terms.refuses_early_win:
        raise TooEarlyToWin(hours=terms.win_after_hours)
    if proof is None and terms.win_needs_proof:
        raise ProofMissing(registration=registration)
    if proof is not None:
        files.add(proof, on=registration, by=by, at=at)
    registration.closed_on = closed_on or registration_terms.today_of_vendor(at)
    registration.value_amount, registration.value_currency = amount.amount, amount.currency
    registration.order_reference = order_reference
    registration.saved_at = at
    registration.save()
    lines = list(RegistrationLine.objects.filter(registration=registration))
    shares = split(amount, [1] * len(lines))
    sales.record_sale(
        registration,
        total=amount,
        lines=[
            sales.Line(row.family_id, row.product_id, row.quantity, share)
            for row, share in zip(lines, shares, strict=True)
        ],
        sold_on=registration.closed_on,
        by=by,
        at=at,
    )
    fact = RegistrationWon(
        registration.pk,
        amount=str(amount.amount),
        currency=amount.currency,
        closed_on=registration.closed_on.isoformat(),
        order_reference=order_reference,
        was=was,
        early_hours=int(early.total_seconds() // 3600) if early is not None else None,
        least_hours=terms.win_after_hours if early is not None else 0,
    )
    record(fact, on=registration, by=by, at=at)
    return registration


@service
def lose(
    registration: Registration,
    *,
    reason_code: str,
    note: str,
    by: Membership | None,
    at: datetime,
    competitor: str = "",
    is_others: bool = False,
    is_terminated: bool = False,
) -> Registration:
    """Close the deal as lost, perhaps to somebody; its protection is released.

    That another partner beside it has won (`is_others`) closes it, too, and the end of the work with the partner.
    """
    was = _locked(registration).state
    registration = protection.end(registration, Action.LOSE, at=at)
    registration.closed_on = registration_terms.today_of_vendor(at)
    registration.reason_code, registration.competitor, registration.saved_at = reason_code, competitor, at
    registration.save()
    said = {"reason_code": reason_code, "note": note, "competitor": competitor}
    fact = RegistrationLost(registration.pk, **said, was=was, is_others=is_others, is_terminated=is_terminated)
    record(fact, on=registration, by=by, at=at)
    return registration


@service
def end_others(won: Registration, *, at: datetime) -> list[Registration]:
    """End the deals of other partners beside a won one that are about nothing but products it was won for.

    Only who closes a deal is paid where the terms say so. A deal that is about more goes on, also for what was sold:
    its channel manager is told instead. Running it again finds nothing to do.
    """
    if won.stage != Stage.WON or not registration_terms.pinned(won.policy).ends_others:
        return []
    rows = Registration.objects.quotable().filter(customer=won.customer_id).exclude(partner=won.partner_id)
    stood = Q(award__in=BESIDE) | Q(protection__in=PROTECTED) if won.is_beside else Q(award__in=BESIDE)
    others = list(rows.filter(stood).order_by("id"))
    families = families_by_registration([won.pk, *(row.pk for row in others)])
    sold, ended = families.get(won.pk, frozenset()), []
    for row in others:
        wanted = families.get(row.pk, frozenset())
        if wanted and wanted <= sold:
            ended.append(lose(row, reason_code="", note="", is_others=True, by=None, at=at))
        elif wanted & sold:
            _tell_of_win(row, won, at=at)
    return ended


def _tell_of_win(row: Registration, won: Registration, *, at: datetime) -> None:
    """Leave it to the vendor's people what becomes of a deal when another partner sold a part of it."""
    if not Event.objects.filter(subject_id=row.pk, name=RivalWon.name, payload__winner_id=str(won.pk)).exists():
        fact = RivalWon(row.pk, winner_id=won.pk, winner=won.partner.name)
        record(fact, on=row, by=None, at=at, is_internal=True)


@service
def resume_others(reopened: Registration, *, at: datetime) -> list[Registration]:
    """Let those deals go on that ended because this one was won, which it is no more.

    Running it again finds nothing to do.
    """
    wins = Event.objects.filter(subject_id=reopened.pk, name=RegistrationWon.name, at__lte=at)
    win = wins.order_by("-at", "-id").first()
    if win is None or reopened.stage == Stage.WON:
        return []
    resumed = []
    rows = Registration.objects.filter(customer=reopened.customer_id, stage=Stage.LOST).exclude(pk=reopened.pk)
    for row in rows.order_by("id"):
        row = _locked(row)
        ended = endings.latest_of(row)
        if ended is None or not ended.payload.get("is_others") or ended.at != win.at:
            continue  # it ended for another reason
        was = row.stage
        move(row, Action.RESUME)
        resumed.append(_go_on(row, was, ended, by=None, at=at, is_others=True))
    return resumed


@service
def reopen(registration: Registration, *, by: Membership, at: datetime, note: str = "") -> Registration:
    """Let a won or lost deal go on from the stage it had; a sale is taken back.

    What was protected until then is protected again to the same last day, unless that is over or somebody else holds
    the customer by now. Raises `TooLateToReopen` after the days of the terms.
    """
    registration = _locked(registration)
    ended, today = endings.latest_of(registration), registration_terms.today_of_vendor(at)
    until = endings.reopens_until(registration, ended)
    was = registration.stage
    move(registration, Action.RESUME)
    if until is None or today > until:
        raise TooLateToReopen(until=until)
    sales.reverse_sales(registration, on=today, by=by, at=at)
    return _go_on(registration, was, ended, by=by, at=at, note=note)


def _go_on(
    registration: Registration,
    was: str,
    ended: Event | None,
    *,
    by: Membership | None,
    at: datetime,
    note: str = "",
    is_others: bool = False,
) -> Registration:
    """Give a deal that was moved back its stage and, if it may be, its protection."""
    before, today = tuple(ended.payload.get("was", ())) if ended else (), registration_terms.today_of_vendor(at)
    registration.stage = before[2] if before else registration.stage
    registration.closed_on, registration.saved_at = None, at
    registration.reason_code = registration.competitor = registration.order_reference = ""
    registration.save()
    if before and before[1] in PROTECTED and registration.protected_until and registration.protected_until >= today:
        _protect_again(registration, at=at)
    check_ins.begin(registration, at=at)
    held_until = registration.protected_until if registration.is_protected else None
    fact = RegistrationResumed(
        registration.pk,
        was=was,
        stage=registration.stage,
        until=held_until.isoformat() if held_until else "",
        note=note,
        is_others=is_others,
    )
    record(fact, on=registration, by=by, at=at)
    return registration


def _protect_again(registration: Registration, *, at: datetime) -> None:
    """Let its protection hold again if nobody else's stands against it; the partner is not told whose."""
    with seeing_all_partners():
        try:
            with transaction.atomic():
                overturning.protect_again(registration, timedelta(), at=at)
        except Contested:
            registration.refresh_from_db()


def _locked(registration: Registration) -> Registration:
    """Lock the customer, then the registration, as everybody does who ends or begins a protection."""
    lock_customer(registration, Action.RESUME)
    return Registration.objects.locked(registration.pk)
