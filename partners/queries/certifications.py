"""Who is certified in what, on a day."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.db.models import Count, F, Q, QuerySet

from partners.enums import CertificateStatus
from partners.models import Certificate, Certification, Partner
from partners.queries.days import today_of_vendor
from partners.rules import certifications as rules
from prm.accounts.models import Membership
from prm.accounts.roles import Role


def certified_people(
    partner: Partner, on: date, role: str | None = None, certification: Certification | None = None
) -> int:
    """Return how many people who work for a partner are certified on a day, each counted once.

    `role` (a `CertifiedRole`) and `certification` narrow what counts. Whoever no longer has an entry does not count.
    """
    rows = Certificate.objects.valid_on(on).filter(partner=partner)
    if role:
        rows = rows.filter(certification__role=role)
    if certification:
        rows = rows.filter(certification=certification)
    people = Membership.objects.filter(partner_id=partner.pk, status=Membership.Status.ACTIVE)
    return rows.filter(holder__in=people.values("user_id")).values("holder").distinct().count()


def kept(*, with_inactive: bool = True) -> list[Certification]:
    """Return what people can be certified in, by role, with how many hold it now."""
    found = Certification.objects.order_by("role", "name", "id")
    rows = list(found if with_inactive else found.filter(is_active=True))
    valid = Certificate.objects.filter(status=CertificateStatus.ACTIVE).values_list("certification_id")
    holders = dict(valid.annotate(people=Count("holder", distinct=True)))
    for row in rows:
        row.holders = holders.get(row.pk, 0)
    return rows


def listed(member: Membership) -> QuerySet[Certificate]:
    """Return the certificates somebody may see, as their list shows them."""
    return Certificate.objects.visible_to(member).select_related("certification", "holder", "partner", "decided_by")


def of_partner(partner: Partner) -> QuerySet[Certificate]:
    """Return a partner's certificates that are valid or wait, those that end first."""
    shown = (CertificateStatus.ACTIVE, CertificateStatus.SUBMITTED, CertificateStatus.RETURNED)
    rows = Certificate.objects.filter(partner=partner, status__in=shown).select_related("certification", "holder")
    return rows.order_by(F("expires_on").asc(nulls_last=True), "id")


def colleagues(member: Membership) -> list[Membership]:
    """Return whose certificates somebody may add: a partner's administrator everybody's, others their own."""
    rows = Membership.objects.filter(partner_id=member.partner_id, status=Membership.Status.ACTIVE)
    if member.role != Role.PARTNER_ADMIN:
        rows = rows.filter(pk=member.pk)
    return list(rows.select_related("user").order_by("user__name", "pk"))


def to_be_reminded(at: datetime) -> Iterable[Certificate]:
    """Return the certificates that a reminder may be due for, what ends first."""
    today = today_of_vendor(at)
    due = Q(pk__in=[])
    for mark in rules.REMINDER_DAYS:
        is_near = Q(expires_on__lte=today + timedelta(days=mark))
        due |= is_near & (Q(reminded_days__isnull=True) | Q(reminded_days__gt=mark))
    rows = Certificate.objects.filter(due, status=CertificateStatus.ACTIVE, expires_on__gte=today)
    return rows.order_by("expires_on", "id")


def ended(at: datetime) -> Iterable[Certificate]:
    """Return the certificates whose last day is over, the oldest first."""
    today = today_of_vendor(at)
    return Certificate.objects.filter(status=CertificateStatus.ACTIVE, expires_on__lt=today).order_by(
        "expires_on", "id"
    )
