"""Check-ins of approved deals, protected or beside others: said by the partner, asked for by the clock."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from deals.enums import Action, Stage
from deals.events import CheckinDone, CheckinMissed, CheckinReminded, StageChanged
from deals.models import CheckIn, Registration
from deals.queries import rules
from deals.queries import terms as registration_terms
from deals.rules import amendments, lifecycle
from deals.services.moves import NotPossible, move
from partners.enums import PartnerStatus
from partners.events import PartnerRestored
from partners.models import Partner
from prm.accounts.models import Membership, VendorProfile
from prm.events.models import Event
from prm.events.outbox import record
from prm.events.refusals import DomainError
from prm.events.service import service

DAY = timedelta(days=1)


class CloseDecided(DomainError):
    """The vendor decides about such a close date: it is asked for as a change of facts."""


def begin(registration: Registration, *, at: datetime) -> CheckIn | None:
    """Ask for the next check-in, if the registration stands under any; one that waits stays as it is."""
    days = rules.stipulated(registration).check_in_days
    if not days or not registration.is_in_force:
        return None
    waiting = open_one(registration)
    if waiting is not None:
        return waiting
    due_on = registration_terms.today_of_vendor(at) + days * DAY
    check_in = CheckIn(
        registration=registration,
        partner_path=registration.partner_path,
        opened_at=at,
        due_on=due_on,
        due_by=_end_of(due_on),
    )
    check_in.save(force_insert=True)
    return check_in


def close(registration: Registration, *, at: datetime) -> None:
    """Ask for no more: the deal or what its approval gave has ended. What was missed stays missed."""
    waiting = CheckIn.objects.filter(registration=registration, is_open=True)
    waiting.filter(due_on__gte=registration_terms.today_of_vendor(at)).delete()
    waiting.update(is_open=False)


def open_one(registration: Registration) -> CheckIn | None:
    """Return the check-in that waits."""
    return CheckIn.objects.filter(registration=registration, is_open=True).first()


@service
def confirm(
    registration: Registration, *, stage: Stage, close_on: date, note: str, by: Membership, at: datetime
) -> Registration:
    """Say that the deal is alive: how far it is, when it closes, and what happened. The next one is asked for then.

    Raises `NotPossible` unless a check-in waits, and `CloseDecided` for a day that the terms let nobody change alone.
    """
    registration = Registration.objects.locked(registration.pk)
    move(registration, Action.CHECK_IN)
    check_in = open_one(registration)
    if check_in is None or stage not in lifecycle.open_stages():
        raise NotPossible(registration=registration, action=Action.CHECK_IN)
    _refuse_decided(registration, close_on)
    check_in.is_open, check_in.done_at, check_in.done_by_id = False, at, by.user_id
    check_in.stage, check_in.close_on, check_in.note = stage, close_on, note
    check_in.save()
    was, before = registration.stage, registration.close_on
    registration.stage, registration.close_on, registration.saved_at = stage, close_on, at
    registration.save()
    fact = CheckinDone(registration.pk, note=note, close_on=close_on.isoformat(), moved_from=_moved(before, close_on))
    record(fact, on=registration, by=by, at=at)
    if stage != was:
        record(StageChanged(registration.pk, stage=stage.value, was=was), on=registration, by=by, at=at)
    begin(registration, at=at)
    return registration


@service
def remind(check_in: CheckIn, *, today: date, at: datetime) -> bool:
    """Tell the partner that a check-in is due soon, once; running it again finds nothing to do."""
    found = _waiting(check_in)
    if found is None or found[1].reminded_at or found[1].missed_at:
        return False
    registration, check_in = found
    terms = registration_terms.pinned(registration.policy)
    left = (check_in.due_on - today).days
    if not 0 <= left <= terms.check_in_reminder_days:
        return False
    check_in.reminded_at = at
    check_in.save()
    fact = CheckinReminded(registration.pk, days_left=left, until=check_in.due_on.isoformat())
    record(fact, on=registration, by=None, at=at)
    return True


@service
def warn(check_in: CheckIn, *, today: date, at: datetime) -> bool:
    """Tell the partner that a check-in was missed, and when what its approval gave ends for it, if it does."""
    found = _waiting(check_in)
    if found is None or found[1].missed_at or found[1].due_on >= today:
        return False
    registration, check_in = found
    check_in.missed_at = at
    check_in.save()
    terms = registration_terms.pinned(registration.policy)
    until = terms.last_day_of_grace(check_in.due_on, today)
    said = {"due_on": check_in.due_on.isoformat(), "until": until.isoformat() if until else ""}
    fact = CheckinMissed(registration.pk, **said, is_beside=not registration.is_protected)
    record(fact, on=registration, by=None, at=at)
    return True


@service
def start_over(partner: Partner, *, at: datetime) -> None:
    """Forget what a partner was reminded and warned of before `at`, so that it is asked anew: it was suspended."""
    rows = CheckIn.objects.filter(registration__partner=partner, is_open=True)
    rows.filter(reminded_at__lt=at).update(reminded_at=None)
    rows.filter(missed_at__lt=at).update(missed_at=None)


def was_shut_out(registration: Registration, *, since: datetime) -> bool:
    """Say whether the partner could not check in for a while since then, or cannot now: the warning does not count."""
    if Partner.objects.filter(pk=registration.partner_id, status=PartnerStatus.SUSPENDED).exists():
        return True
    restored = Event.objects.filter(subject_id=registration.partner_id, name=PartnerRestored.name, at__gt=since)
    return restored.exists()


def _refuse_decided(registration: Registration, close_on: date) -> None:
    before = {"close_on": registration.close_on.isoformat() if registration.close_on else None}
    terms = registration_terms.pinned(registration.policy)
    until = registration.protected_until if registration.is_protected else None
    if amendments.grounds(before, {"close_on": close_on.isoformat()}, agreed=None, protected_until=until, terms=terms):
        raise CloseDecided(registration=registration, kept=registration.close_on)


def _waiting(check_in: CheckIn) -> tuple[Registration, CheckIn] | None:
    """Lock the registration and return it with its check-in, if that still waits."""
    registration = Registration.objects.locked(check_in.registration_id)
    row = CheckIn.objects.filter(pk=check_in.pk, is_open=True).first()
    return (registration, row) if row is not None and registration.is_in_force else None


def _end_of(day: date) -> datetime:
    zone = ZoneInfo(VendorProfile.objects.values_list("time_zone", flat=True).get())
    return datetime.combine(day + DAY, time(), zone)


def _moved(before: date | None, close_on: date) -> str:
    return before.isoformat() if before and before != close_on else ""
