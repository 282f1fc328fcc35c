"""Drafts of requests that save themselves: kept exactly as typed, so that nothing wrong is lost either."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from mdf.enums import RequestStatus
from mdf.events import FundRequestStarted
from mdf.models import FundRequest, FundRequestLine
from mdf.queries import funds, terms
from mdf.rules import eligibility
from mdf.rules.catalogue import AREA
from partners.models import Partner
from prm.accounts.models import Membership
from prm.custom_fields import services as custom_fields
from prm.events.outbox import record
from prm.events.refusals import DomainError
from prm.events.service import service
from prm.money import Money


class AlreadySent(DomainError):
    """The request was sent meanwhile; a draft cannot be saved over it."""


class Stale(DomainError):
    """Somebody saved the request since this page was opened."""


class NotYours(DomainError):
    """The id belongs to a record that this person does not see."""


@dataclass(frozen=True)
class Line:
    """A cost as the form understood it."""

    what: str
    planned: Decimal


@dataclass(frozen=True)
class Content:
    """What the form understood; `fields` are columns of the request, `typed` is everything as posted.

    Lines that are None were not asked for and stay as they are. `custom` are values of custom fields, nothing for those
    that were emptied; what it does not name stays.
    """

    fields: Mapping[str, Any] = field(default_factory=dict)
    lines: Collection[Line] | None = None
    typed: Mapping[str, Any] = field(default_factory=dict)
    custom: Mapping[str, Any] = field(default_factory=dict)


@service
def save(pk: UUID, content: Content, *, by: Membership, at: datetime, version: int | None = None) -> FundRequest:
    """Keep a draft under the id that its form was given, making it the first time.

    Raises `Stale` if `version` is not the latest, `AlreadySent` once it was submitted.
    """
    request = _start_or_lock(pk, by=by, at=at)
    if request.status != RequestStatus.DRAFT:
        raise AlreadySent(request=request)
    if version is not None and version != request.version:
        raise Stale(request=request)
    fill(request, content, at=at)
    request.typed = dict(content.typed)
    request.saved_at = at
    request.version += 1
    request.save()
    return request


def fill(request: FundRequest, content: Content, *, at: datetime) -> None:
    """Write what was understood onto the request and its lines, with the vendor's share. The caller saves the row."""
    for name, value in content.fields.items():
        setattr(request, name, value)
    custom_fields.fill(AREA, request, content.custom)
    allocation = funds.allocation_of(request.fund, request.partner_id)
    request.allocation_id = allocation.pk if allocation else None
    request.currency = request.fund.currency if request.fund else ""
    if request.fund:
        request.share_percent = funds.share_percent(request.fund, request.partner, terms.today_of_vendor(at))
    if content.lines is not None:
        _write_lines(request, content.lines)


def _write_lines(request: FundRequest, lines: Collection[Line]) -> None:
    FundRequestLine.objects.filter(request=request).delete()
    request.planned_amount = request.asked_amount = Decimal(0)
    if not request.fund or request.share_percent is None:
        return
    costs = [Money(line.planned, request.currency) for line in lines]
    asked = eligibility.share_of(costs, request.share_percent)
    FundRequestLine.objects.bulk_create(
        [
            FundRequestLine(
                request=request,
                partner_path=request.partner_path,
                position=position,
                what=line.what,
                planned_amount=line.planned,
                asked_amount=share.amount,
                currency=request.currency,
            )
            for position, (line, share) in enumerate(zip(lines, asked, strict=True), 1)
        ]
    )
    request.planned_amount = sum((line.planned for line in lines), Decimal(0))
    request.asked_amount = sum((share.amount for share in asked), Decimal(0))


def _start_or_lock(pk: UUID, *, by: Membership, at: datetime) -> FundRequest:
    found = FundRequest.objects.select_for_update(of=("self",)).select_related("fund", "partner").filter(pk=pk).first()
    if found is not None:
        if found.partner_id != by.partner_id or not FundRequest.objects.visible_to(by).filter(pk=pk).exists():
            raise NotYours
        return found
    partner = Partner.objects.get(pk=by.partner_id)
    request = FundRequest(
        pk=pk, partner=partner, partner_path=partner.partner_path, owner_id=by.user_id, started_at=at, saved_at=at
    )
    try:
        with transaction.atomic():
            request.save(force_insert=True)
    except IntegrityError as error:
        raise NotYours from error
    record(FundRequestStarted(request.pk), on=request, by=by, at=at)
    return request
