"""The certifications a vendor keeps, and the certificates of people: handed in, confirmed, expired."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction

from partners.enums import CertificateAction, CertificateStatus, CertifiedRole, TaskKind
from partners.events import (
    CertificateConfirmed,
    CertificateExpired,
    CertificateReminded,
    CertificateReturned,
    CertificateRevoked,
    CertificateSubmitted,
    CertificateWithdrawn,
    CertificationAdded,
    CertificationChanged,
)
from partners.models import Certificate, Certification, Partner
from partners.queries.days import today_of_vendor
from partners.rules import certifications as rules
from partners.rules.moving import NotAllowed
from partners.services import onboarding
from prm.accounts.models import Membership
from prm.accounts.roles import Role
from prm.events.outbox import record
from prm.events.refusals import DomainError
from prm.events.service import service
from prm.files import services as files


class CertificationNameTaken(DomainError):
    """Another certification of the vendor has this name."""


class CertificationChangedMeanwhile(DomainError):
    """Somebody saved the certification after this page was opened."""


class CertificateMoved(DomainError):
    """The certificate is no longer in the state that the action needs, or is not what the person looked at."""


class NotAColleague(DomainError):
    """The holder does not work for the partner, or the person may add certificates of their own only."""


class NoLongerOffered(DomainError):
    """Nobody is certified in this any more."""


class NotIssuedYet(DomainError):
    """The certificate is dated in the future."""


class OutOfDate(DomainError):
    """The certificate has expired already; `until` was its last day."""


class NumberTaken(DomainError):
    """This number of this certification was handed in already, perhaps for somebody else."""


@dataclass(frozen=True)
class Course:
    """What a vendor says of a certification."""

    name: str
    role: CertifiedRole
    description: str = ""
    valid_months: int | None = None
    is_active: bool = True

    def write_into(self, row: Certification) -> None:
        row.name, row.role, row.description = self.name, self.role, self.description
        row.valid_months, row.is_active = self.valid_months, self.is_active


@dataclass(frozen=True)
class Claimed:
    """What is on a certificate."""

    certification: Certification
    holder: Membership
    number: str
    issued_on: date


@service
def keep(course: Course, *, by: Membership, at: datetime) -> Certification:
    """Add something that people can be certified in. Raises `CertificationNameTaken`."""
    row = Certification()
    course.write_into(row)
    _save_named(row)
    record(CertificationAdded(certification_id=row.pk, title=row.name), on=row, by=by, at=at)
    return row


@service
def change(certification: Certification, course: Course, *, seen: int, by: Membership, at: datetime) -> Certification:
    """Save a certification; certificates that exist keep their dates.

    Raises `CertificationChangedMeanwhile` or `CertificationNameTaken`.
    """
    row = Certification.objects.locked(certification.pk)
    if row.revision != seen:
        raise CertificationChangedMeanwhile(certification=row)
    course.write_into(row)
    row.revision += 1
    _save_named(row)
    record(CertificationChanged(certification_id=row.pk, title=row.name), on=row, by=by, at=at)
    return row


@service
def submit(claimed: Claimed, evidence: UploadedFile, *, by: Membership, at: datetime) -> Certificate:
    """Hand in a person's certificate with its file.

    Raises `NotAColleague`, `NoLongerOffered`, `NotIssuedYet`, `OutOfDate`, `NumberTaken`, or `FileUnfit` for the file.
    """
    _refuse_stranger(claimed.holder, by)
    certificate = Certificate(
        partner_id=by.partner_id, partner_path=by.partner_path, submitted_by_id=by.user_id, submitted_at=at
    )
    _write(certificate, claimed, at)
    files.add(evidence, on=certificate, by=by, at=at)
    record(CertificateSubmitted(**_names(certificate)), on=certificate, by=by, at=at)
    return certificate


@service
def correct(
    certificate: Certificate, claimed: Claimed, evidence: UploadedFile | None, *, by: Membership, at: datetime
) -> Certificate:
    """Hand a returned certificate in again, with another file if there is one; raises what `submit` does."""
    certificate = Certificate.objects.locked(certificate.pk)
    _refuse_stranger(claimed.holder, by)
    _move(certificate, CertificateAction.SUBMIT)
    certificate.note, certificate.submitted_by_id, certificate.submitted_at = "", by.user_id, at
    _write(certificate, claimed, at)
    if evidence:
        files.add(evidence, on=certificate, by=by, at=at)
    record(CertificateSubmitted(**_names(certificate)), on=certificate, by=by, at=at)
    return certificate


@service
def confirm(certificate: Certificate, *, by: Membership, at: datetime, version: int | None = None) -> Certificate:
    """Say that the certificate is genuine: its holder counts from now on. Raises `CertificateMoved`."""
    partner = Partner.objects.locked(certificate.partner_id)
    certificate = _locked(certificate, version)
    _move(certificate, CertificateAction.CONFIRM)
    _decide(certificate, by=by, at=at)
    until = certificate.expires_on.isoformat() if certificate.expires_on else ""
    record(CertificateConfirmed(**_names(certificate), until=until), on=certificate, by=by, at=at)
    onboarding.complete(partner, TaskKind.TRAINING, by=by, at=at)
    return certificate


@service
def give_back(
    certificate: Certificate, *, note: str, by: Membership, at: datetime, version: int | None = None
) -> Certificate:
    """Return a certificate with what is wrong; raises `CertificateMoved`."""
    certificate = _locked(certificate, version)
    _move(certificate, CertificateAction.RETURN)
    _decide(certificate, by=by, at=at, note=note)
    record(CertificateReturned(**_names(certificate), note=note), on=certificate, by=by, at=at)
    return certificate


@service
def revoke(
    certificate: Certificate, *, note: str, by: Membership, at: datetime, version: int | None = None
) -> Certificate:
    """Take a valid certificate away for a reason; raises `CertificateMoved`."""
    certificate = _locked(certificate, version)
    _move(certificate, CertificateAction.REVOKE)
    _decide(certificate, by=by, at=at, note=note)
    record(CertificateRevoked(**_names(certificate), note=note), on=certificate, by=by, at=at)
    return certificate


@service
def withdraw(certificate: Certificate, *, by: Membership, at: datetime) -> Certificate:
    """Take back what was handed in before it is confirmed; raises `CertificateMoved`."""
    certificate = _locked(certificate, None)
    _move(certificate, CertificateAction.WITHDRAW)
    certificate.save()
    record(CertificateWithdrawn(**_names(certificate)), on=certificate, by=by, at=at)
    return certificate


@service
def remind(certificate: Certificate, *, today: date, at: datetime) -> bool:
    """Tell the holder 60, 30 and 7 days before the last day; running it again finds nothing to do."""
    certificate = _locked(certificate, None)
    if certificate.status != CertificateStatus.ACTIVE or certificate.expires_on is None:
        return False
    days_left = (certificate.expires_on - today).days
    mark = rules.reminder_due(days_left, certificate.reminded_days)
    if mark is None:
        return False
    certificate.reminded_days = mark
    certificate.save(update_fields=["reminded_days"])
    fact = CertificateReminded(**_names(certificate), days_left=days_left, until=certificate.expires_on.isoformat())
    record(fact, on=certificate, by=None, at=at)
    return True


@service
def expire(certificate: Certificate, *, today: date, at: datetime) -> bool:
    """End a certificate once its last day is over; running it again finds nothing to do."""
    certificate = _locked(certificate, None)
    last_day = certificate.expires_on
    if certificate.status != CertificateStatus.ACTIVE or last_day is None or last_day >= today:
        return False
    _move(certificate, CertificateAction.EXPIRE)
    certificate.save()
    record(CertificateExpired(**_names(certificate), until=last_day.isoformat()), on=certificate, by=None, at=at)
    return True


def _refuse_stranger(holder: Membership, by: Membership) -> None:
    may_add = holder.pk == by.pk or by.role == Role.PARTNER_ADMIN
    if holder.partner_id != by.partner_id or holder.status != Membership.Status.ACTIVE or not may_add:
        raise NotAColleague(holder=holder)


def _write(certificate: Certificate, claimed: Claimed, at: datetime) -> None:
    """Save what is on the paper; the database decides whether its number is free, whoever has it."""
    today = today_of_vendor(at)
    if not claimed.certification.is_active:
        raise NoLongerOffered(certification=claimed.certification)
    if claimed.issued_on > today:
        raise NotIssuedYet(day=claimed.issued_on)
    until = rules.last_day(claimed.issued_on, claimed.certification.valid_months)
    if until is not None and until < today:
        raise OutOfDate(until=until)
    certificate.certification, certificate.holder_id = claimed.certification, claimed.holder.user_id
    certificate.number, certificate.issued_on, certificate.expires_on = claimed.number, claimed.issued_on, until
    try:
        with transaction.atomic():
            certificate.save()
    except IntegrityError as error:
        if "certificate_numbers_differ" not in str(error):
            raise
        raise NumberTaken(number=claimed.number) from error


def _locked(certificate: Certificate, version: int | None) -> Certificate:
    row = Certificate.objects.select_related("certification", "holder").locked(certificate.pk)
    if version is not None and version != row.version:
        raise CertificateMoved(certificate=row)
    return row


def _move(certificate: Certificate, action: CertificateAction) -> None:
    try:
        certificate.move(action)
    except NotAllowed as error:
        raise CertificateMoved(certificate=certificate) from error


def _decide(certificate: Certificate, *, by: Membership, at: datetime, note: str = "") -> None:
    certificate.note, certificate.decided_by_id, certificate.decided_at = note, by.user_id, at
    certificate.save()


def _save_named(row: Certification) -> None:
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        if "certification_names_differ" not in str(error):
            raise
        raise CertificationNameTaken(name=row.name) from error


def _names(certificate: Certificate) -> dict[str, Any]:
    return {
        "certificate_id": certificate.pk,
        "partner_id": certificate.partner_id,
        "title": certificate.certification.name,
        "holder": certificate.holder.name,
    }
