"""Taking up a deal again: the next in line when a customer is free, and what was refused, asked for anew."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db import transaction

from deals.enums import Action, ActivityKind, Review
from deals.events import TurnCame
from deals.models import PreSalesActivity, Registration, RegistrationLine
from deals.queries import queue, types
from deals.queries import terms as registration_terms
from deals.services import drafts, registrations
from deals.services.drafts import Activity, Content, Line
from deals.services.moves import NotPossible
from prm.accounts.models import Membership
from prm.events.models import Event
from prm.events.outbox import record
from prm.events.refusals import DomainError
from prm.events.service import service
from prm.tenancy.fields import uuid7

COPIED = (
    "type",
    "distributor_id",
    "source",
    "customer_name",
    "customer_website",
    "customer_tax_id",
    "customer_country",
    "customer_city",
    "contact_name",
    "contact_email",
    "value_amount",
    "value_currency",
    "close_on",
    "starts_on",
    "tender_published_on",
    "reason_to_buy",
    "letter_on",
    "stage",
)


class AskedAgain(DomainError):
    """Another registration asks for the same one anew."""


@service
def reconsider(
    ended: Registration, *, families: Collection[UUID] | None = None, after: UUID, at: datetime
) -> Registration | None:
    """Say that it is the turn of whoever asked next for the customer that one deal held.

    `after` is the event that set the customer free, or free for some `families` only: for one, somebody's turn comes
    once. Nobody's comes while the deal holds the customer again, and none where the terms reconsider nobody.
    """
    terms = registration_terms.pinned(ended.policy)
    if (ended.is_protected and families is None) or not (terms.offers_next or terms.tells_next):
        return None
    today = registration_terms.today_of_vendor(at)
    line = queue.behind(ended, families=families, today=today, terms=terms, at=at)
    if not line or Event.objects.filter(name=TurnCame.name, payload__after=str(after)).exists():
        return None
    first = line[0]
    said = {"is_told": terms.tells_next, "is_offered": terms.offers_next, "is_beside": first.is_beside}
    is_told = terms.tells_next and (first.review == Review.REJECTED or first.is_beside)
    fact = TurnCame(first.pk, after=after, of=len(line), **said)
    record(fact, on=first, by=None, at=at, is_internal=not is_told)
    return first


@service
def ask_again(registration: Registration, *, by: Membership, at: datetime) -> Registration:
    """Register a deal anew that was refused or withdrawn, as the one it was: a new submission behind all others.

    It is sent at once if its customer is free and it is complete; otherwise it is a draft to be looked through. Doing
    it twice returns the same. Raises `NotPossible` while the registration is neither refused nor withdrawn.
    """
    registration = Registration.objects.locked(registration.pk)
    if not registration.can(Action.REPEAT):
        raise NotPossible(registration=registration, action=Action.REPEAT)
    known = Registration.objects.filter(repeats=registration, thrown_away_at=None).first()
    if known is not None:
        return known
    content = _content_of(registration)
    draft = drafts.save(uuid7(), content, by=by, at=at)
    draft.repeats, draft.custom = registration, registration.custom
    draft.save()
    today = registration_terms.today_of_vendor(at)
    if not queue.is_free_again(registration, at) or registration.close_on is None or registration.close_on < today:
        return draft
    if registration.type not in {offered.code for offered in types.offered()}:
        return draft
    try:
        with transaction.atomic():
            return registrations.submit(draft, content, by=by, at=at)
    except DomainError:
        draft.refresh_from_db()
        return draft


def refuse_second(draft: Registration) -> None:
    """Refuse to put a draft back if what it asks for anew was asked for again since. Raises `AskedAgain`."""
    if draft.repeats_id is None:
        return
    Registration.objects.locked(draft.repeats_id)
    known = Registration.objects.filter(repeats_id=draft.repeats_id, thrown_away_at=None).first()
    if known is not None:
        raise AskedAgain(registration=known)


def _content_of(registration: Registration) -> Content:
    lines = RegistrationLine.objects.filter(registration=registration).select_related("family", "product")
    activities = PreSalesActivity.objects.filter(registration=registration).order_by("held_on", "id")
    return Content(
        {name: getattr(registration, name) for name in COPIED},
        [Line(line.family, line.product, line.quantity) for line in lines.order_by("id")],
        [Activity(ActivityKind(row.kind), row.held_on, row.note) for row in activities],
    )
