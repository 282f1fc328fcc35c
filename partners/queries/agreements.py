"""Agreements: what the vendor keeps, what is in force, what each partner was offered."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.db.models import Q, QuerySet

from partners.enums import AgreementStatus, PartnerStatus
from partners.models import Agreement, AgreementText, AgreementVersion, Partner
from partners.queries.days import today_of_vendor
from partners.rules import agreements as rules

LIVING = (PartnerStatus.PROSPECT, PartnerStatus.ONBOARDING, PartnerStatus.ACTIVE)


def in_force(text: AgreementText, on: date) -> AgreementVersion | None:
    """Return the version of an agreement that is offered on a day, if one is published."""
    rows = AgreementVersion.objects.filter(text=text, effective_on__lte=on)
    return rows.order_by("-effective_on", "-number").first()


def latest(text: AgreementText) -> AgreementVersion | None:
    """Return the newest version of an agreement, in force or not yet."""
    return AgreementVersion.objects.filter(text=text).order_by("-number").first()


def due(partner: Partner, on: date) -> list[AgreementVersion]:
    """Return the versions a partner has to accept and was not offered or has not accepted."""
    texts = [
        text for text in AgreementText.objects.filter(is_active=True).order_by("name") if text.is_for(partner.type)
    ]
    versions = [version for text in texts if (version := in_force(text, on))]
    known = (AgreementStatus.OFFERED, AgreementStatus.ACCEPTED)
    had = set(Agreement.objects.filter(partner=partner, status__in=known).values_list("version_id", flat=True))
    return [version for version in versions if version.pk not in had]


def of_partner(partner: Partner) -> list[Agreement]:
    """Return everything a partner was offered, what is open first, then the latest."""
    rows = list(Agreement.objects.filter(partner=partner).select_related("version", "decided_by", "offered_by"))
    return sorted(rows, key=lambda row: (not row.is_open, -row.offered_at.timestamp()))


def open_of(partner: Partner) -> QuerySet[Agreement]:
    """Return what a partner was offered and has not answered."""
    return Agreement.objects.open().filter(partner=partner)


def affected_by(text: AgreementText) -> QuerySet[Partner]:
    """Return the partners whom a new version of an agreement concerns."""
    rows = Partner.objects.filter(status__in=LIVING)
    return rows.filter(type__in=text.partner_types) if text.partner_types else rows


def successor_of(agreement: Agreement) -> Agreement | None:
    """Return the newer offer that replaced one before it was accepted."""
    rows = Agreement.objects.filter(partner=agreement.partner_id, text=agreement.text_id)
    return rows.filter(offered_at__gte=agreement.offered_at).exclude(pk=agreement.pk).order_by("-offered_at").first()


def to_be_reminded(at: datetime) -> Iterable[Agreement]:
    """Return the offers that a reminder may be due for, the nearest deadline first."""
    today = today_of_vendor(at)
    due_now = Q(pk__in=[])
    for mark in rules.REMINDER_DAYS:
        is_near = Q(accept_by__lte=today + timedelta(days=mark))
        due_now |= is_near & (Q(reminded_days__isnull=True) | Q(reminded_days__gt=mark))
    return Agreement.objects.open().filter(due_now, accept_by__gte=today).order_by("accept_by", "id")
