"""What is known of partners, as the rules want it: a few queries for however many partners."""

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
from prm.accounts.models import Membership


def record_of(partner: Partner) -> Record:
    """Return what is known of one partner."""
    return records_of([partner])[partner.pk]


def records_of(partners: Iterable[Partner]) -> dict[UUID, Record]:
    """Return what is known of each partner."""
    rows = list(partners)
    ids = [row.pk for row in rows]
    entries, certificates, confirmations, waivers = (
        _entries(ids),
        _certificates(ids),
        _confirmations(ids),
        _waivers(ids),
    )
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


def _entries(ids: list[UUID]) -> dict[UUID, list[records.Entry]]:
    names = ("partner_id", "metric", "on", "amount", "currency", "families", "label")
    found: dict[UUID, list[records.Entry]] = defaultdict(list)
    for pk, metric, on, amount, currency, families, label in _rows(Achievement, ids, names):
        found[pk].append(records.Entry(Metric(metric), on, amount, currency, tuple(families), label))
    return found


def _certificates(ids: list[UUID]) -> dict[UUID, list[records.Certificate]]:
    """Return the confirmed certificates of those who still work for each partner."""
    people = Membership.objects.filter(partner_id__in=ids, status=Membership.Status.ACTIVE)
    work_for = set(people.values_list("partner_id", "user_id"))
    rows = Certificate.objects.filter(status__in=(CertificateStatus.ACTIVE, CertificateStatus.EXPIRED))
    names = ("partner_id", "holder_id", "certification_id", "certification__role", "issued_on", "expires_on")
    found: dict[UUID, list[records.Certificate]] = defaultdict(list)
    for pk, holder, certification, role, issued_on, expires_on in _rows_of(rows, ids, names):
        if (pk, holder) in work_for:
            found[pk].append(records.Certificate(str(holder), str(certification), role, issued_on, expires_on))
    return found


def _confirmations(ids: list[UUID]) -> dict[UUID, list[records.Confirmation]]:
    found: dict[UUID, list[records.Confirmation]] = defaultdict(list)
    for pk, *facts in _rows(Confirmation, ids, ("partner_id", "label", "starts_on", "ends_on")):
        found[pk].append(records.Confirmation(*facts))
    return found


def _waivers(ids: list[UUID]) -> dict[UUID, list[records.Waiver]]:
    found: dict[UUID, list[records.Waiver]] = defaultdict(list)
    for pk, *facts in _rows(Waiver, ids, ("partner_id", "requirement", "starts_on", "ends_on")):
        found[pk].append(records.Waiver(*facts))
    return found


def _rows(model: Any, ids: list[UUID], names: tuple[str, ...]) -> Any:
    return _rows_of(model.objects.all(), ids, names)


def _rows_of(rows: QuerySet, ids: list[UUID], names: tuple[str, ...]) -> Any:
    return rows.filter(partner__in=ids).order_by("pk").values_list(*names)
