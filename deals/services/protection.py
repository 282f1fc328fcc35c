"""The life of a protection: extended, reminded of, released, revoked, expired."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import IntegrityError, transaction

from deals.enums import Action, ExtensionStatus
from deals.events import (
    ExtensionApproved,
    ExtensionAsked,
    ExtensionRejected,
    PlaceForfeited,
    ProtectionExpired,
    ProtectionForfeited,
    ProtectionReleased,
    ProtectionReminded,
    ProtectionRevoked,
)
from deals.models import CheckIn, EndCustomer, Extension, Protection, Registration
from deals.queries import rules
from deals.queries import terms as registration_terms
from deals.services import amendments, check_ins
from deals.services.decisions import Contested
from deals.services.moves import NotPossible, lock_customer, move
from prm.accounts.models import Membership
from prm.clocks import calendars
from prm.events.outbox import record
from prm.events.refusals import DomainError
from prm.events.service import service
from prm.tenancy.context import seeing_all_partners


class ExtensionsUsedUp(DomainError):
    """The vendor's terms allow no further extension."""


class ExtensionWaits(DomainError):
    """An extension was asked for already and waits for its decision."""


@service
def ask_extension(registration: Registration, *, progress: str, by: Membership, at: datetime) -> Registration:
    """Ask for more days, saying what has happened since the approval.

    Raises `ExtensionsUsedUp` and `ExtensionWaits`; `NotPossible` without a protection in force.
    """
    registration = Registration.objects.locked(registration.pk)
    move(registration, Action.ASK_EXTENSION)
    stipulated = rules.stipulated(registration)
    if registration.extensions >= stipulated.extension_limit:
        raise ExtensionsUsedUp(limit=stipulated.extension_limit)
    if Extension.objects.filter(registration=registration, status=ExtensionStatus.PENDING).exists():
        raise ExtensionWaits(registration=registration)
    assert registration.protected_until is not None
    longer_until = stipulated.extension.from_day(registration.protected_until, calendars.default())
    days = (longer_until - registration.protected_until).days
    Extension(
        registration=registration,
        partner_path=registration.partner_path,
        days=days,
        progress=progress,
        asked_by_id=by.user_id,
        asked_at=at,
    ).save(force_insert=True)
    registration.save()
    record(ExtensionAsked(registration.pk, days=days, progress=progress), on=registration, by=by, at=at)
    return registration


@service
def extend(registration: Registration, *, by: Membership, at: datetime, note: str = "") -> Registration:
    """Approve the extension that waits: the same protection, a later last day."""
    lock_customer(registration, Action.EXTEND)
    registration = Registration.objects.locked(registration.pk)
    extension = _waiting(registration, Action.EXTEND)
    move(registration, Action.EXTEND)
    assert registration.protected_until is not None
    until = registration.protected_until + timedelta(days=extension.days)
    try:
        with transaction.atomic():
            Protection.objects.filter(registration=registration, is_in_force=True).update(ends_on=until)
    except IntegrityError as error:
        raise Contested(rival=None) from error
    registration.protected_until = until
    registration.extensions += 1
    registration.reminded_days = None
    registration.save()
    _decide(extension, ExtensionStatus.APPROVED, by=by, at=at, note=note)
    fact = ExtensionApproved(registration.pk, days=extension.days, until=until.isoformat(), note=note)
    record(fact, on=registration, by=by, at=at)
    return registration


@service
def refuse_extension(
    registration: Registration, *, reason_code: str, note: str, by: Membership, at: datetime
) -> Registration:
    """Refuse the extension that waits; the protection keeps its last day."""
    registration = Registration.objects.locked(registration.pk)
    extension = _waiting(registration, Action.EXTEND)
    _decide(extension, ExtensionStatus.REJECTED, by=by, at=at, note=note, reason_code=reason_code)
    record(ExtensionRejected(registration.pk, reason_code=reason_code, note=note), on=registration, by=by, at=at)
    return registration


@service
def release(
    registration: Registration,
    *,
    by: Membership | None,
    at: datetime,
    note: str = "",
    is_terminated: bool = False,
    is_shared: bool = False,
) -> Registration:
    """Give the protection up, so that others may register the customer; the end of the partner's work does it too.

    A conflict case that lets several have the customer takes it, too (`is_shared`): nobody's turn comes by that.
    """
    registration = end(registration, Action.RELEASE, at=at)
    fact = ProtectionReleased(registration.pk, note=note, is_terminated=is_terminated, is_shared=is_shared)
    record(fact, on=registration, by=by, at=at)
    return registration


@service
def revoke(
    registration: Registration,
    *,
    reason_code: str,
    note: str,
    by: Membership,
    at: datetime,
    is_after_appeal: bool = False,
) -> Registration:
    """Take the protection away, for a reason the partner sees, or because another partner's appeal said so."""
    registration = end(registration, Action.REVOKE, at=at)
    said = {"reason_code": reason_code, "note": note}
    fact = ProtectionRevoked(registration.pk, **said, is_after_appeal=is_after_appeal)
    record(fact, on=registration, by=by, at=at)
    return registration


@service
def remind(registration: Registration, *, today: date, at: datetime) -> bool:
    """Tell the partner that the protection ends soon, once per mark of the vendor's terms."""
    registration = Registration.objects.locked(registration.pk)
    left = registration.days_left(today)
    terms = registration_terms.pinned(registration.policy)
    mark = terms.reminder_due(left, registration.reminded_days) if left is not None and left >= 0 else None
    if mark is None:
        return False
    move(registration, Action.WARN)
    registration.reminded_days = mark
    registration.save()
    assert left is not None
    assert registration.protected_until is not None
    fact = ProtectionReminded(registration.pk, days_left=left, until=registration.protected_until.isoformat())
    record(fact, on=registration, by=None, at=at)
    return True


@service
def expire(registration: Registration, *, today: date, at: datetime) -> bool:
    """End a protection whose last day has passed; running it again finds nothing to do."""
    EndCustomer.objects.locked(registration.customer_id)  # first, as everybody does who gives or ends a protection
    row = Registration.objects.locked(registration.pk)
    if not row.is_protected or row.protected_until is None or row.protected_until >= today:
        return False
    row = end(row, Action.EXPIRE, at=at)
    record(ProtectionExpired(row.pk, until=row.protected_until.isoformat()), on=row, by=None, at=at)
    return True


@service
def forfeit(check_in: CheckIn, *, today: date, at: datetime) -> bool:
    """End the protection, or the place beside others, whose check-in stayed out for the days of grace.

    Running it again finds nothing to do.
    """
    row = CheckIn.objects.select_related("registration__policy").get(pk=check_in.pk)
    with seeing_all_partners():
        EndCustomer.objects.locked(row.registration.customer_id)
    registration = Registration.objects.locked(row.registration_id)
    row.refresh_from_db()  # somebody may have checked in while we waited
    if not (row.is_open and row.missed_at and registration.is_in_force):
        return False
    if check_ins.was_shut_out(registration, since=row.missed_at):
        return False
    terms = registration_terms.pinned(registration.policy)
    until = terms.last_day_of_grace(row.due_on, registration_terms.today_of_vendor(row.missed_at))
    if until is None or today <= until:
        return False
    if not registration.is_protected:
        _lose_place(registration, due_on=row.due_on, at=at)
        return True
    registration = end(registration, Action.FORFEIT, at=at)
    record(ProtectionForfeited(registration.pk, due_on=row.due_on.isoformat()), on=registration, by=None, at=at)
    return True


def _lose_place(registration: Registration, *, due_on: date, at: datetime) -> None:
    """Let a deal beside others go on as one that gives nothing; who is beside it is not concerned."""
    award, registration.award, registration.award_percent = registration.award, "", None
    registration.version += 1
    registration.save()
    amendments.lapse(registration, at=at)
    check_ins.close(registration, at=at)
    record(PlaceForfeited(registration.pk, due_on=due_on.isoformat(), award=award), on=registration, by=None, at=at)


def end(registration: Registration, action: Action, *, at: datetime) -> Registration:
    """Move the registration by an action that ends its protection, and free the customer."""
    lock_customer(registration, action)
    registration = Registration.objects.locked(registration.pk)
    move(registration, action)
    registration.save()
    Protection.objects.filter(registration=registration).update(is_in_force=False)
    Extension.objects.filter(registration=registration, status=ExtensionStatus.PENDING).update(
        status=ExtensionStatus.REJECTED, decided_at=at
    )
    amendments.lapse(registration, at=at)
    check_ins.close(registration, at=at)
    return registration


def _waiting(registration: Registration, action: Action) -> Extension:
    extension = Extension.objects.filter(registration=registration, status=ExtensionStatus.PENDING).first()
    if extension is None:
        raise NotPossible(registration=registration, action=action)
    return extension


def _decide(
    extension: Extension, status: ExtensionStatus, *, by: Membership, at: datetime, note: str, reason_code: str = ""
) -> None:
    extension.status, extension.decided_by_id, extension.decided_at = status, by.user_id, at
    extension.note, extension.reason_code = note, reason_code
    extension.save()
