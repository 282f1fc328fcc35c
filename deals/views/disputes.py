"""Rejections, revocations and refused extensions of registrations can be appealed."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from deals import permissions
from deals.models import Registration
from deals.queries import appeals, people
from deals.queries.appeals import NOT_EXTENDED, REJECTED, REVOKED
from deals.rules.terms import AREA
from deals.services import overturning
from deals.views import timeline
from prm.disputes import subjects
from prm.disputes.subjects import Kind

subjects.declare(
    "deals.registration",
    label=_("Deal registration"),
    visible=lambda member: Registration.objects.visible_to(member),
    appealed_by=permissions.can_register,
    page="deals:registration",
    title=str,
    kinds={
        REJECTED: Kind(_("The registration was rejected."), AREA),
        REVOKED: Kind(_("The protection was revoked."), "deals.revocation"),
        NOT_EXTENDED: Kind(_("The extension was refused."), "deals.extension"),
    },
    decision=appeals.decision_of,
    appeals=appeals.appeals_of,
    overturn=overturning.overturn,
    timeline=timeline.entries,
    of_firm=people.of_firm,
    firm=lambda registration: registration.partner.name,
)
