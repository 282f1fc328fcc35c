"""Rejections of registrations can be appealed."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from deals import permissions
from deals.enums import Review
from deals.models import Registration
from deals.queries import people
from deals.queries import terms as registration_terms
from deals.rules.terms import AREA
from deals.services import decisions
from deals.views import timeline
from prm.disputes import subjects
from prm.disputes.subjects import Decision
from prm.disputes.terms import Appeals


def decision_of(registration: Registration) -> Decision | None:
    """Return the rejection, if it was rejected."""
    if registration.review != Review.REJECTED or registration.decided_at is None:
        return None
    return Decision(
        registration.decided_at, registration.decided_by_id, registration.reason_code, registration.decision_note
    )


def appeals_of(registration: Registration) -> Appeals:
    """Return until when it can be appealed, by the terms under which it was decided."""
    terms = registration_terms.pinned(registration.policy)
    return Appeals(terms.appeal_days, terms.appeal_business_days)


subjects.declare(
    "deals.registration",
    label=_("Deal registration"),
    visible=lambda member: Registration.objects.visible_to(member),
    appealed_by=permissions.can_register,
    page="deals:registration",
    title=str,
    decision=decision_of,
    appeals=appeals_of,
    overturn=decisions.overturn,
    reasons=AREA,
    timeline=timeline.entries,
    of_firm=people.of_firm,
)
