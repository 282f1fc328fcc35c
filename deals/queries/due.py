"""What the clock has to do: protections to end or to be reminded of, questions nobody answered."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet

from deals.enums import CaseStatus, Deemed, Review
from deals.models import CaseParty, CheckIn, ConflictCase, Registration
from deals.queries import terms as registration_terms
from deals.queries.check_ins import expected
from deals.rules.terms import AREA, Terms
from partners.enums import PartnerStatus
from prm.accounts.models import VendorProfile
from prm.policies.models import PolicyVersion

NEARLY = timedelta(days=1)  # before the time for evidence is over
MORNING = time(7)  # nobody is reminded at night


def ended(at: datetime) -> Iterable[Registration]:
    """Return the protections whose last day is over at the vendor, the oldest first."""
    today = registration_terms.today_of_vendor(at)
    return Registration.objects.protected().filter(protected_until__lt=today).order_by("protected_until", "id")


def to_be_reminded(at: datetime) -> Iterable[Registration]:
    """Return the protections that a reminder is due for, by the terms that each stands under."""
    local = at.astimezone(ZoneInfo(VendorProfile.objects.values_list("time_zone", flat=True).get()))
    if local.time() < MORNING:
        return []
    rows = Registration.objects.protected().filter(protected_until__gte=local.date())
    return rows.filter(_is_reminder_due(local.date())).order_by("protected_until", "id")


def _is_reminder_due(today: date) -> Q:
    """Say in SQL what `Terms.reminder_due` says, so that only those rows are read: few of many."""
    due = Q(pk__in=[])
    for version in PolicyVersion.objects.filter(area=AREA):
        for mark in Terms.from_body(version.body).reminder_days:
            is_near = Q(policy=version, protected_until__lte=today + timedelta(days=mark))
            due |= is_near & (Q(reminded_days__isnull=True) | Q(reminded_days__gt=mark))
    return due


def unanswered(at: datetime) -> Iterable[Registration]:
    """Return the registrations whose question was not answered in time."""
    return Registration.objects.filter(review=Review.INFO_REQUESTED, answer_by__lt=at).order_by("answer_by", "id")


def undecided(at: datetime) -> Iterable[Registration]:
    """Return the registrations that nobody decided in time and the rules have a decision for, the oldest first."""
    rows = Registration.objects.waiting().exclude(deemed=Deemed.NONE)
    return rows.filter(decide_by__lt=at).order_by("decide_by", "id")


def check_ins(at: datetime) -> Iterable[CheckIn]:
    """Return the check-ins to be reminded of, in the vendor's morning, and those that were missed; the oldest first."""
    today = registration_terms.today_of_vendor(at)
    is_missed = Q(due_on__lt=today, missed_at=None)
    if _is_morning(at):
        is_missed |= Q(due_on__gte=today, reminded_at=None) & _is_near(today)
    return _waiting().filter(is_missed)


def _is_near(today: date) -> Q:
    near = Q(pk__in=[])
    for version in PolicyVersion.objects.filter(area=AREA):
        days = Terms.from_body(version.body).check_in_reminder_days
        near |= Q(registration__policy=version, due_on__lte=today + timedelta(days=days))
    return near


def unconfirmed(at: datetime) -> Iterable[CheckIn]:
    """Return the check-ins that stayed out longer than their grace, the oldest first."""
    today = registration_terms.today_of_vendor(at)
    over = Q(pk__in=[])
    for version in PolicyVersion.objects.filter(area=AREA):
        terms = Terms.from_body(version.body)
        if terms.releases_unconfirmed:
            is_over = Q(due_on__lt=today - timedelta(days=terms.check_in_grace_days))
            is_over &= Q(missed_at__lt=at - timedelta(days=terms.check_in_grace_days))
            over |= is_over & Q(registration__policy=version)
    return _waiting().filter(over)


def _waiting() -> QuerySet[CheckIn]:
    """Return the check-ins that people can give: not of a suspended partner, whose people cannot enter."""
    rows = CheckIn.objects.filter(expected())
    return rows.exclude(registration__partner__status=PartnerStatus.SUSPENDED).order_by("due_on", "id")


def _is_morning(at: datetime) -> bool:
    zone = ZoneInfo(VendorProfile.objects.values_list("time_zone", flat=True).get())
    return at.astimezone(zone).time() >= MORNING


def evidence_late(at: datetime) -> Iterable[CaseParty]:
    """Return those who have not brought their evidence in time, the latest first to be let go."""
    rows = CaseParty.objects.filter(is_open=True, asked_at__isnull=False, given_at__isnull=True, missed_at=None)
    return rows.filter(evidence_by__lt=at).order_by("evidence_by", "id")


def evidence_to_be_reminded(at: datetime) -> Iterable[CaseParty]:
    """Return those whose time to bring evidence is nearly over, and who were not reminded."""
    rows = CaseParty.objects.filter(is_open=True, asked_at__isnull=False, given_at__isnull=True, missed_at=None)
    return rows.filter(reminded_at=None, evidence_by__gte=at, evidence_by__lt=at + NEARLY).order_by("evidence_by", "id")


def cases_to_conclude(at: datetime) -> Iterable[ConflictCase]:
    """Return the cases that were decided and not appealed, the oldest first."""
    return ConflictCase.objects.filter(status=CaseStatus.DECIDED).order_by("decided_at", "id")
