"""Telling whoever decides what silence decided in their place, or could not."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from mdf import permissions
from mdf.events import (
    ClaimApproved,
    ClaimDeemingStopped,
    ClaimRejected,
    FundRequestApproved,
    FundRequestDeemingStopped,
    FundRequestRejected,
)
from mdf.handlers.news import tell
from mdf.models import Claim, FundRequest
from mdf.queries import people
from prm.accounts.roles import Role
from prm.events.models import Delivery, Event
from prm.events.outbox import handles
from prm.notifications.kinds import Audience, Kind, kind

DEEMED = kind("mdf.deemed", _("Nobody decided about marketing money in time, and the rules did"), Audience.VENDOR)
LEFT = kind(
    "mdf.deeming_stopped", _("Nobody decided about marketing money in time, and the rules could not"), Audience.VENDOR
)


@handles(FundRequestApproved, FundRequestRejected, ClaimApproved, ClaimRejected)
def tell_of_silence(event: Event, delivery: Delivery) -> None:
    """Tell who decides what counts as decided since nobody did."""
    if event.payload.get("is_deemed"):
        _tell(DEEMED, event, delivery, is_approved=event.name in (FundRequestApproved.name, ClaimApproved.name))


@handles(FundRequestDeemingStopped, ClaimDeemingStopped)
def tell_of_stop(event: Event, delivery: Delivery) -> None:
    """Tell who decides that the decision is late and still theirs."""
    _tell(LEFT, event, delivery)


def _tell(news: Kind, event: Event, delivery: Delivery, **more: object) -> None:
    is_claim = event.subject_type == Claim._meta.label_lower
    model = Claim if is_claim else FundRequest
    row: Claim | FundRequest = model.objects.select_related("partner").get(pk=event.subject_id)
    can = permissions.can_decide_claims if is_claim else permissions.can_decide
    title = row.request.title if isinstance(row, Claim) else row.title
    facts = {"title": title, "number": row.number, "partner": row.partner.name, **more}
    page = "mdf:claim-inbox-item" if is_claim else "mdf:inbox-item"
    tell(people.who_decide(row.partner, can.roles - {Role.FINANCE}), news.code, event, page, row.pk, facts, delivery)
