"""What is known of partners, as the rules want it: one query for however many partners."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from partners.enums import CertificateStatus, Metric
from partners.models import Achievement, Certificate, Confirmation, Partner, Waiver
from partners.rules import records
from partners.rules.records import Record
from prm import together
from prm.accounts.models import Membership


def record_of(partner: Partner) -> Record:
    """Return what is known of one partner."""
    return records_of([partner])[partner.pk]


def records_of(partners: Iterable[Partner]) -> dict[UUID, Record]:
    """Return what is known of each partner."""
    rows = list(partners)
    ids = [row.pk for row in rows]
    people = Membership.objects.filter(partner_id__in=ids, status=Membership.Status.ACTIVE)
    found = together.fetch(
        _rows(Achievement.objects.all(), ids, "metric", "on", "amount", "currency", "families", "label"),
        people.values_list("partner_id", "user_id"),
        _rows(
            Certificate.objects.filter(status__in=(CertificateStatus.ACTIVE, CertificateStatus.EXPIRED)),
            ids,
            *("holder_id", "certification_id", "certification__role", "issued_on", "expires_on"),
        ),
        _rows(Confirmation.objects.all(), ids, "label", "starts_on", "ends_on"),
        _rows(Waiver.objects.all(), ids, "requirement", "starts_on", "ends_on"),
    )
    achieved, work_for, held, confirmed, waived = found
    entries, certificates = _entries(achieved), _certificates(held, set(work_for))
    confirmations, waivers = _confirmations(confirmed), _waivers(waived)
    return {
        row.pk: Record(
            row.joined_on,
            entries=tuple(entries[row.pk]),
            certificates=tuple(certificates[row.pk]),
            confirmations=tuple(confirmations[row.pk]),
            waivers=tuple(waivers[row.pk]),
        )
        for row in rows
    }


def _entries(rows: Iterable[Any]) -> dict[UUID, list[records.Entry]]:
    found: dict[UUID, list[records.Entry]] = defaultdict(list)
    for pk, metric, on, amount, currency, families, label in rows:
        found[pk].append(records.Entry(Metric(metric), on, amount, currency, tuple(families), label))
    return found


def _certificates(rows: Iterable[Any], work_for: set[Any]) -> dict[UUID, list[records.Certificate]]:
    """Return the confirmed certificates of those who still work for each partner."""
    found: dict[UUID, list[records.Certificate]] = defaultdict(list)
    for pk, holder, certification, role, issued_on, expires_on in rows:
        if (pk, holder) in work_for:
            found[pk].append(records.Certificate(str(holder), str(certification), role, issued_on, expires_on))
    return found


def _confirmations(rows: Iterable[Any]) -> dict[UUID, list[records.Confirmation]]:
    found: dict[UUID, list[records.Confirmation]] = defaultdict(list)
    for pk, *facts in rows:
        found[pk].append(records.Confirmation(*facts))
    return found


def _waivers(rows: Iterable[Any]) -> dict[UUID, list[records.Waiver]]:
    found: dict[UUID, list[records.Waiver]] = defaultdict(list)
    for pk, *facts in rows:
        found[pk].append(records.Waiver(*facts))
    return found


def _rows(rows: QuerySet, ids: list[UUID], *names: str) -> QuerySet:
    return rows.filter(partner__in=ids).order_by("pk").values_list("partner_id", *names)
