"""What becomes of a registration when a decision about it is overturned after an appeal."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from deals.enums import Action, ExtensionStatus, ProtectionState, Review
from deals.events import ProtectionReinstated
from deals.models import EndCustomer, Protection, Registration, RegistrationLine
from deals.queries import appeals
from deals.queries import terms as registration_terms
from deals.services import case_decisions, check_ins, decisions, protection
from deals.services.decisions import Contested
from deals.services.moves import NotPossible, move
from partners.enums import PartnerStatus
from prm.accounts.models import Membership
from prm.events.outbox import record
from prm.events.service import service


@service
def overturn(registration: Registration, *, by: Membership, at: datetime, note: str) -> Registration:
    """Approve what was rejected, protect again what was revoked, or extend what was not: the customer has to be free.

    Raises `NotPossible`, `Contested`, and what `decisions.approve` and `protection.extend` raise.
    """
    EndCustomer.objects.locked(registration.customer_id)
    registration = Registration.objects.locked(registration.pk)
    if registration.partner.status == PartnerStatus.TERMINATED:
        raise NotPossible(registration=registration, action=Action.APPROVE)
    if registration.review == Review.REJECTED or registration.protection == ProtectionState.REVOKED:
        case_decisions.turn(registration, by=by, at=at)
    if registration.review == Review.REJECTED:
        return _approve(registration, by=by, at=at, note=note)
    if registration.protection == ProtectionState.REVOKED:
        return _reinstate(registration, by=by, at=at)
    return _extend(registration, by=by, at=at, note=note)


def _approve(registration: Registration, *, by: Membership, at: datetime, note: str) -> Registration:
    move(registration, Action.REOPEN)
    registration.reason_code = ""
    registration.save()
    return decisions.approve(registration, by=by, at=at, note=note, is_final=True)


def _reinstate(registration: Registration, *, by: Membership, at: datetime) -> Registration:
    """Protect again, with as many days more as the protection was away."""
    revoked = appeals.revocation_of(registration)
    today = registration_terms.today_of_vendor(at)
    away = today - registration_terms.today_of_vendor(revoked.at) if revoked else timedelta()
    protect_again(registration, away, at=at)
    assert registration.protected_until is not None
    fact = ProtectionReinstated(registration.pk, until=registration.protected_until.isoformat())
    record(fact, on=registration, by=by, at=at)
    return registration


def _extend(registration: Registration, *, by: Membership, at: datetime, note: str) -> Registration:
    """Extend as was asked; a protection that ended since begins again for that."""
    extension = appeals.refused_extension_of(registration)
    if extension is None:
        raise NotPossible(registration=registration, action=Action.EXTEND)
    if not registration.is_protected:
        protect_again(registration, timedelta(), at=at)
    extension.status = ExtensionStatus.PENDING
    extension.save()
    return protection.extend(registration, by=by, at=at, note=note)


def protect_again(registration: Registration, more: timedelta, *, at: datetime) -> None:
    """Let the protections hold again, some days longer; not those for what a conflict case gave to somebody else.

    Raises `NotPossible` and `Contested`.
    """
    move(registration, Action.REINSTATE)
    assert registration.protected_until is not None
    lines = RegistrationLine.objects.filter(registration=registration)
    rows = Protection.objects.filter(registration=registration, family__in=lines.values("family_id"))
    families = set(rows.values_list("family_id", flat=True))
    decisions.refuse_contested(registration, families, today=registration_terms.today_of_vendor(at))
    registration.protected_until += more
    registration.reminded_days = None
    registration.save()
    try:
        with transaction.atomic():
            rows.update(is_in_force=True, ends_on=registration.protected_until)
    except IntegrityError as error:
        if "protections_never_overlap" not in str(error):
            raise
        raise Contested(rival=None) from error
    check_ins.begin(registration, at=at)
