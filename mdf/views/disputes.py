"""Rejected fund requests, and claims that were rejected or cut, can be appealed."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from mdf import permissions
from mdf.models import Claim, FundRequest
from mdf.queries import appeals, people
from mdf.queries import claims as queries
from mdf.queries.appeals import CUT, REJECTED
from mdf.services import overturning
from mdf.views import timeline
from prm.accounts.models import Membership
from prm.disputes import subjects
from prm.disputes.subjects import Kind


def _seen(rows: QuerySet, member: Membership) -> QuerySet:
    """Show money only to those who see marketing funds at all."""
    return rows if member.has(permissions.can_see) else rows.none()


subjects.declare(
    "mdf.fundrequest",
    label=_("Fund request"),
    visible=lambda member: _seen(FundRequest.objects.visible_to(member), member),
    appealed_by=permissions.can_request,
    page="mdf:request",
    title=str,
    kinds={REJECTED: Kind(_("The fund request was rejected."), "mdf.request")},
    decision=appeals.of_request,
    appeals=appeals.appeals_of,
    overturn=overturning.overturn_request,
    timeline=timeline.entries,
    of_firm=lambda request: people.of_firm(request.partner_id, request.owner_id),
    firm=lambda request: request.partner.name,
    took_part=appeals.who_agreed,
    room=appeals.room_of_request,
)
subjects.declare(
    "mdf.claim",
    label=_("Claim"),
    visible=lambda member: _seen(queries.with_parts(Claim.objects.visible_to(member)), member),
    appealed_by=permissions.can_claim,
    page="mdf:claim",
    title=lambda claim: f"{claim.number} {claim.request.title}".strip(),
    kinds={
        REJECTED: Kind(_("The claim was rejected."), "mdf.claim"),
        CUT: Kind(_("Less was approved than was claimed."), "mdf.claim"),
    },
    decision=appeals.of_claim,
    appeals=appeals.appeals_of,
    overturn=overturning.overturn_claim,
    timeline=timeline.entries,
    of_firm=lambda claim: people.of_firm(claim.partner_id, claim.owner_id),
    firm=lambda claim: claim.partner.name,
    took_part=appeals.who_judged,
    room=appeals.room_of_claim,
)
