"""Who comes next when a customer is free again: in the order of the terms."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef, Q, QuerySet

from deals.enums import Award, Review, Stage
from deals.events import TurnCame
from deals.models import Registration, RegistrationLine
from deals.models.registrations import WAITING
from deals.queries import precedence
from deals.queries import terms as registration_terms
from deals.queries.conflicts import conflicts_of
from deals.queries.terms import zone_of_vendor
from deals.rules.terms import Terms
from partners.enums import PartnerStatus
from prm.events.models import Event
from prm.tenancy.context import seeing_all_partners

FOR_CONFLICT = "duplicate"  # the reason of those who were refused because somebody else came first
MOST = 50


def behind(
    ended: Registration, *, families: Collection[UUID] | None = None, today: date, terms: Terms, at: datetime
) -> list[Registration]:
    """Return who comes after one deal that no longer holds a customer, in the order of the terms.

    That is who waits for it, was refused for it, or is approved as second partner beside it.

    It has to be about a product family that is free now, one of `families` if it gave up only those, within the
    look-back, and of another partner.
    """
    freed = RegistrationLine.objects.filter(registration=ended).values("family_id") if families is None else families
    about = RegistrationLine.objects.filter(family_id__in=freed).values("registration_id")
    can_go_on = Q(review__in=WAITING) | Q(review=Review.REJECTED, reason_code=FOR_CONFLICT, asked_again=None)
    can_go_on |= Q(review=Review.APPROVED, award=Award.SECOND) & ~Q(stage__in=(Stage.WON, Stage.LOST))
    with seeing_all_partners():
        rows = Registration.objects.filter(can_go_on, customer=ended.customer_id, pk__in=about)
        since = datetime.combine(today - timedelta(days=terms.look_back_days), time(), ZoneInfo(zone_of_vendor()))
        rows = rows.filter(submitted_at__gte=since)
        rows = rows.filter(partner__status=PartnerStatus.ACTIVE).exclude(partner=ended.partner_id)
        rows = rows.select_related("partner").order_by("submitted_at", "id")[:MOST]
        free = [row for row in rows if not _is_held(row, today)]
        return [ranked.registration for ranked in precedence.order_of(free, terms=terms, at=at).rows]


def is_free_again(registration: Registration, at: datetime) -> bool:
    """Say whether a registration that was refused for another could be approved by now."""
    is_refused = registration.review == Review.REJECTED and registration.reason_code == FOR_CONFLICT
    return is_refused and not _is_held(registration, registration_terms.today_of_vendor(at))


def is_first_gone(registration: Registration, at: datetime) -> bool:
    """Say whether nobody is protected any more beside whom a second partner was approved."""
    is_second = registration.review == Review.APPROVED and registration.award == Award.SECOND
    return is_second and not _is_held(registration, registration_terms.today_of_vendor(at))


def turns_of(registration: Registration) -> QuerySet[Event]:
    """Return when its turn came, the latest first."""
    return Event.objects.filter(subject_id=registration.pk, name=TurnCame.name).order_by("-at", "-id")


def is_next() -> Exists:
    """The condition that the turn of a registration came, and its vendor is to know."""
    return Exists(Event.objects.filter(subject_id=OuterRef("pk"), name=TurnCame.name, payload__is_offered=True))


def _is_held(registration: Registration, today: date) -> bool:
    """Say whether somebody is protected against it."""
    families = RegistrationLine.objects.filter(registration=registration).values_list("family_id", flat=True)
    terms = registration_terms.pinned(registration.policy)
    found = conflicts_of(registration, families=families, today=today, terms=terms)
    return any(conflict.blocks_approval for conflict in found)
