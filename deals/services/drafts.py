"""Drafts that save themselves: kept exactly as typed, so that nothing wrong is lost either."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from deals.enums import ActivityKind, EnteredAs, Review
from deals.events import RegistrationStarted
from deals.models import PreSalesActivity, Product, ProductFamily, Registration, RegistrationLine
from deals.queries import behalf, people, types
from deals.queries import terms as registration_terms
from deals.rules.terms import AREA
from partners.models import Partner
from prm.accounts.models import Membership
from prm.custom_fields import services as custom_fields
from prm.events.outbox import record
from prm.events.refusals import DomainError
from prm.events.service import service
from prm.money import Money


class NotADraft(DomainError):
    """The registration was sent meanwhile; a draft cannot be saved over it."""


class Stale(DomainError):
    """Somebody saved the record since this page was opened."""


class NotForThem(DomainError):
    """Nobody may register on behalf of this partner any more, or not this person."""


class NotYours(DomainError):
    """The id belongs to a record that this person does not see."""


@dataclass(frozen=True)
class Line:
    family: ProductFamily
    product: Product | None = None
    quantity: int | None = None


@dataclass(frozen=True)
class Activity:
    kind: ActivityKind
    held_on: date
    note: str = ""


@dataclass(frozen=True)
class Content:
    """What the form understood; `fields` are columns of the registration, `typed` is everything as posted.

    Lines or activities that are None were not asked for and stay as they are. `custom` are values of custom fields,
    nothing for those that were emptied; what it does not name stays.
    """

    fields: Mapping[str, Any] = field(default_factory=dict)
    lines: Collection[Line] | None = None
    activities: Collection[Activity] | None = None
    typed: Mapping[str, Any] = field(default_factory=dict)
    custom: Mapping[str, Any] = field(default_factory=dict)

    @property
    def value(self) -> Money | None:
        """Return the value, if it was understood."""
        amount, currency = self.fields.get("value_amount"), self.fields.get("value_currency")
        return Money(amount, currency) if amount is not None and currency else None


@service
def save(
    pk: UUID,
    content: Content,
    *,
    by: Membership,
    at: datetime,
    version: int | None = None,
    partner: Partner | None = None,
) -> Registration:
    """Keep a draft under the id that its form was given, making it the first time, on behalf of a `partner` if given.

    Raises `Stale` if `version` is not the latest, `NotADraft` once it was submitted, and `NotForThem`.
    """
    registration = _start_or_lock(pk, partner, by=by, at=at)
    if registration.review != Review.DRAFT:
        raise NotADraft(registration=registration)
    if version is not None and version != registration.version:
        raise Stale(registration=registration)
    fill(registration, content)
    registration.typed = dict(content.typed)
    registration.saved_at = at
    registration.version += 1
    registration.save()
    return registration


def fill(registration: Registration, content: Content) -> None:
    """Write what was understood onto the registration, its lines and activities. The caller saves the row."""
    for name, value in content.fields.items():
        setattr(registration, name, value)
    custom_fields.fill(AREA, registration, content.custom)
    registration.stamp_keys()
    owned = {"registration": registration, "partner_path": registration.partner_path}
    if content.lines is not None:
        RegistrationLine.objects.filter(registration=registration).delete()
        RegistrationLine.objects.bulk_create([RegistrationLine(**owned, **vars(line)) for line in content.lines])
    if content.activities is not None:
        PreSalesActivity.objects.filter(registration=registration).delete()
        PreSalesActivity.objects.bulk_create([PreSalesActivity(**owned, **vars(act)) for act in content.activities])


def refuse_unless_let(registration: Registration, *, by: Membership, at: datetime) -> None:
    """Refuse what is on behalf of a partner for whom this person may not register. Raises `NotForThem`."""
    if registration.entered_by_id is None:
        return
    today = registration_terms.today_of_vendor(at)
    if registration.entered_by_id != by.user_id or not behalf.is_let(by, registration.partner_id, today):
        raise NotForThem(partner=registration.partner)


def _start_or_lock(pk: UUID, partner: Partner | None, *, by: Membership, at: datetime) -> Registration:
    found = Registration.objects.select_for_update(of=("self",)).filter(pk=pk).first()
    if found is not None:
        if not Registration.objects.visible_to(by).filter(pk=pk).exists():
            raise NotYours
        return found
    if partner is None or partner.pk == by.partner_id:
        partner, on_behalf = Partner.objects.get(pk=by.partner_id), {"owner_id": by.user_id}
    else:
        on_behalf = _entered(partner, by)
    registration = Registration(
        pk=pk,
        partner=partner,
        partner_path=partner.partner_path,
        type=types.offered()[0].code,
        started_at=at,
        saved_at=at,
        **on_behalf,
    )
    refuse_unless_let(registration, by=by, at=at)
    try:
        with transaction.atomic():
            registration.save(force_insert=True)
    except IntegrityError as error:
        raise NotYours from error
    record(RegistrationStarted(registration.pk), on=registration, by=by, at=at)
    return registration


def _entered(partner: Partner, by: Membership) -> dict[str, Any]:
    """Return what a registration on behalf of a partner starts with: it belongs to somebody there."""
    owner = people.sellers_at(partner.pk).first()
    return {
        "owner_id": owner.user_id if owner else by.user_id,
        "entered_by_id": by.user_id,
        "entered_as": EnteredAs.VENDOR if by.is_vendor else EnteredAs.DISTRIBUTOR,
    }
