"""More days to claim: a partner asks once, the vendor decides."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from mdf.enums import ExtensionStatus, RequestAction, RequestStatus
from mdf.events import ClaimExtensionApproved, ClaimExtensionAsked, ClaimExtensionRejected
from mdf.models import ClaimExtension, FundRequest
from mdf.queries import terms as fund_terms
from mdf.services import moves, reservations
from prm.accounts.models import Membership
from prm.events.outbox import record
from prm.events.refusals import DomainError
from prm.events.service import service


class ExtendedBefore(DomainError):
    """The one extension of this request was asked for already."""


class NoExtension(DomainError):
    """The request is not one whose deadline could be moved, or nobody asked for it."""


@service
def ask(request: FundRequest, reason: str, *, by: Membership, at: datetime) -> ClaimExtension:
    """Ask for more days to claim, once, before the deadline or soon after it.

    Raises `NoExtension` and `ExtendedBefore`.
    """
    request = moves.lock(request)
    days = fund_terms.pinned(request.policy).extension_days
    today = fund_terms.today_of_vendor(at)
    is_open = request.status in (RequestStatus.APPROVED, RequestStatus.LAPSED)
    if not is_open or request.claim_by is None or today > request.claim_by + timedelta(days=days):
        raise NoExtension(request=request)
    extension = ClaimExtension(
        request=request,
        partner_path=request.partner_path,
        asked_by_id=by.user_id,
        asked_at=at,
        days=days,
        reason=reason,
    )
    try:
        with transaction.atomic():
            extension.save(force_insert=True)
    except IntegrityError as error:
        raise ExtendedBefore(request=request) from error
    record(ClaimExtensionAsked(request.pk, days=days, reason=reason), on=request, by=by, at=at)
    return extension


@service
def approve(request: FundRequest, *, by: Membership, at: datetime) -> FundRequest:
    """Give the days from the old deadline on; what had lapsed is reserved again.

    Raises `NoExtension`, and `NotCovered` if the money has gone elsewhere meanwhile.
    """
    request = moves.lock(request)
    extension = _pending(request)
    assert request.claim_by is not None
    if request.status == RequestStatus.LAPSED:
        moves.move(request, RequestAction.REOPEN)
        source = f"request:{request.pk}:{request.version}"
        assert request.approved_amount is not None
        reservations.reserve(request, request.approved_amount, source=source, by=by, at=at)
        request.closed_at = None
    elif request.status != RequestStatus.APPROVED:
        raise NoExtension(request=request)
    request.claim_by += timedelta(days=extension.days)
    request.reminded_days = None
    request.save()
    _decide(extension, ExtensionStatus.APPROVED, by=by, at=at)
    fact = ClaimExtensionApproved(request.pk, days=extension.days, until=request.claim_by.isoformat())
    record(fact, on=request, by=by, at=at)
    return request


@service
def refuse(request: FundRequest, *, reason_code: str, note: str, by: Membership, at: datetime) -> FundRequest:
    """Leave the deadline as it is, for a reason that the partner reads. Raises `NoExtension`."""
    request = moves.lock(request)
    extension = _pending(request)
    extension.reason_code, extension.note = reason_code, note
    _decide(extension, ExtensionStatus.REJECTED, by=by, at=at)
    record(ClaimExtensionRejected(request.pk, reason_code=reason_code, note=note), on=request, by=by, at=at)
    return request


def _pending(request: FundRequest) -> ClaimExtension:
    row = ClaimExtension.objects.select_for_update().filter(request=request, status=ExtensionStatus.PENDING).first()
    if row is None:
        raise NoExtension(request=request)
    return row


def _decide(extension: ClaimExtension, status: ExtensionStatus, *, by: Membership, at: datetime) -> None:
    extension.status, extension.decided_by_id, extension.decided_at = status, by.user_id, at
    extension.save()
