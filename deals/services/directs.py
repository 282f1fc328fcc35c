"""Logging what the vendor's own people work at. The time that counts is the server's, whatever day is claimed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from deals.enums import DirectStage, Stage, TouchKind
from deals.events import DirectOpportunityChanged, DirectOpportunityLogged, DirectTouchLogged
from deals.models import DirectOpportunity, DirectTouch, EndCustomer, Registration
from deals.services import customers
from prm.accounts.models import Membership
from prm.events.outbox import record
from prm.events.refusals import DomainError
from prm.events.service import service

CHANGED = ("title", "families", "owner", "stage", "phase", "opened_on")


class NobodyNamed(DomainError):
    """Nothing that identifies a customer was typed: no name with its country, no website, no tax number."""


class AnotherCustomers(DomainError):
    """The id belongs to something that was logged for another customer, which it stays with."""


class DirectChanged(DomainError):
    """Somebody saved the opportunity after this page was opened."""


@dataclass(frozen=True)
class Named:
    """A customer as it was typed."""

    name: str
    country: str
    website: str = ""
    tax_id: str = ""


@dataclass(frozen=True)
class Opportunity:
    """What is said of an opportunity."""

    owner: str
    opened_on: date
    title: str = ""
    families: tuple[UUID, ...] = ()
    stage: DirectStage = DirectStage.OPEN
    phase: Stage | None = None  # how far it is, as far as that is known
    keeps_phase: bool = False  # nothing is said of how far it is


@service
def log_opportunity(
    customer: Named, facts: Opportunity, *, external_id: str = "", by: Membership, at: datetime
) -> DirectOpportunity:
    """Keep an opportunity; one that is known by its id is brought up to date, which changes nothing if nothing differs.

    Raises `NobodyNamed` and `AnotherCustomers`.
    """
    found = _recognised(customer, at)
    row = DirectOpportunity(customer=found, external_id=external_id, logged_at=at, logged_by_id=by.user_id)
    _fill(row, facts, at)
    if _is_added(row):
        record(DirectOpportunityLogged(row.pk, found.name, row.stage), on=row, by=by, at=at)
        return row
    row = DirectOpportunity.objects.select_for_update(of=("self",)).get(external_id=external_id)
    _refuse_other_customer(row.customer_id, found)
    return _follow(row, facts, by=by, at=at)


@service
def change_opportunity(
    row: DirectOpportunity, facts: Opportunity, *, version: int, by: Membership, at: datetime
) -> DirectOpportunity:
    """Change what is said of an opportunity. Raises `DirectChanged` if `version` is not the latest."""
    row = DirectOpportunity.objects.locked(row.pk)
    if row.version != version:
        raise DirectChanged(opportunity=row)
    return _follow(row, facts, by=by, at=at)


@service
def log_touch(
    customer: Named,
    kind: TouchKind,
    happened_on: date,
    *,
    note: str = "",
    external_id: str = "",
    by: Membership,
    at: datetime,
) -> DirectTouch:
    """Keep a touch; one that is known by its id stays as it was logged. Raises `NobodyNamed` and `AnotherCustomers`."""
    found = _recognised(customer, at)
    row = DirectTouch(customer=found, kind=kind, happened_on=happened_on, note=note, external_id=external_id)
    row.logged_at, row.logged_by_id = at, by.user_id
    if not _is_added(row):
        row = DirectTouch.objects.get(external_id=external_id)
        _refuse_other_customer(row.customer_id, found)
        return row
    record(DirectTouchLogged(row.pk, found.name, row.kind), on=row, by=by, at=at)
    return row


def _recognised(customer: Named, at: datetime) -> EndCustomer:
    """Return the customer that is meant, found as a partner's would be."""
    typed = Registration(
        customer_name=customer.name,
        customer_country=customer.country,
        customer_website=customer.website,
        customer_tax_id=customer.tax_id,
    )
    typed.stamp_keys()
    if not typed.keys:
        raise NobodyNamed()
    return customers.recognise(typed, at)


def _is_added(row: DirectOpportunity | DirectTouch) -> bool:
    """Add the row unless its id is known; two who bring the same file at once add it once."""
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        if "is_kept_once" not in str(error):
            raise
        return False
    return True


def _refuse_other_customer(known_id: UUID, found: EndCustomer) -> None:
    if known_id != found.pk:
        raise AnotherCustomers(customer=EndCustomer.objects.get(pk=known_id))


def _follow(row: DirectOpportunity, facts: Opportunity, *, by: Membership, at: datetime) -> DirectOpportunity:
    before = {name: getattr(row, name) for name in CHANGED}
    was_open, families = row.is_open, set(row.families)
    _fill(row, facts, at)
    if before == {name: getattr(row, name) for name in CHANGED}:
        return row
    says_more = (row.is_open and not was_open) or _covers_more(families, set(row.families))
    if says_more:
        row.logged_at = at
    row.version += 1
    row.save()
    fact = DirectOpportunityChanged(row.pk, row.customer.name, row.stage, is_logged_anew=says_more)
    record(fact, on=row, by=by, at=at)
    return row


def _covers_more(before: set[UUID], after: set[UUID]) -> bool:
    """Say whether it is about products that it was not about; without any it is about all."""
    return bool(before) and (not after or bool(after - before))


def _fill(row: DirectOpportunity, facts: Opportunity, at: datetime) -> None:
    was_open = row.is_open
    row.title, row.owner, row.opened_on = facts.title, facts.owner, facts.opened_on
    row.families, row.stage = sorted(facts.families), facts.stage
    phase = facts.phase.value if facts.phase else ""
    if phase != row.phase and not facts.keeps_phase:
        row.phase, row.phase_at = phase, at if phase else None
    if row.is_open:
        row.closed_at = None
    elif was_open:
        row.closed_at = at
