"""What the first page of a portal says about deals."""

from __future__ import annotations

from deals.enums import Review
from deals.models import Registration
from prm.accounts.models import Membership


def waiting_for_decision(member: Membership) -> int:
    """Return how many registrations wait for the vendor."""
    return Registration.objects.visible_to(member).waiting().count()


def waiting_for_answer(member: Membership) -> int:
    """Return how many questions of the vendor wait for the partner."""
    return Registration.objects.visible_to(member).filter(review=Review.INFO_REQUESTED).count()
