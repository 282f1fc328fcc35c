"""What the end of the work with a partner means for its deals."""

from __future__ import annotations

from collections.abc import Iterator

from deals.enums import Review
from deals.models import Registration
from deals.models.registrations import BESIDE, RegistrationQuerySet
from partners.models import Partner
from partners.queries.terminations import Ending

UNDECIDED = (Review.SUBMITTED, Review.IN_REVIEW, Review.INFO_REQUESTED)


def endings_of(partner: Partner) -> Iterator[Ending]:
    """Say how many protections are released, registrations withdrawn and deals beside others ended."""
    yield Ending(protected(partner).count(), "deals/terminations/_protections.html")
    yield Ending(undecided(partner).count(), "deals/terminations/_registrations.html")
    yield Ending(beside(partner).count(), "deals/terminations/_beside.html")


def protected(partner: Partner) -> RegistrationQuerySet:
    return Registration.objects.protected().filter(partner=partner)


def undecided(partner: Partner) -> RegistrationQuerySet:
    return Registration.objects.filter(partner=partner, review__in=UNDECIDED)


def beside(partner: Partner) -> RegistrationQuerySet:
    """Return the open deals that are approved beside others."""
    return Registration.objects.quotable().filter(partner=partner, award__in=BESIDE)
