"""Which fall to a lower tier can be appealed: the one that a partner stands after, by rules or by a person."""

from __future__ import annotations

from datetime import timedelta

from partners.enums import TierReason
from partners.events import TierChanged
from partners.models import Partner, TierMembership
from partners.queries import joining
from prm.disputes.subjects import Decision
from prm.disputes.terms import Appeals
from prm.events.models import Event

FALLEN = "fallen"
DECIDED = (TierReason.DEMOTION, TierReason.EXCEPTION)  # what moves with the program as a whole is nobody's decision
LATEST = 2  # the tier that is appealed, and the one that an appeal gave back


def latest_of(partner: Partner) -> list[TierMembership]:
    """Return where a partner was placed last, the latest first."""
    rows = TierMembership.objects.filter(partner=partner).select_related("tier", "partner")
    return list(rows.order_by("-starts_on")[:LATEST])


def before(membership: TierMembership) -> TierMembership | None:
    """Return where a partner stood until the day before."""
    rows = TierMembership.objects.filter(partner=membership.partner_id).select_related("tier")
    return rows.filter(ends_on=membership.starts_on - timedelta(days=1)).first()


def decision_of(membership: TierMembership) -> Decision | None:
    """Return the fall from a higher tier, as long as the partner stands where it fell to."""
    if membership.ends_on is not None or membership.reason not in DECIDED:
        return None
    previous = before(membership)
    if previous is None or previous.tier.rank <= membership.tier.rank:
        return None
    facts = {"tier_id": str(membership.tier_id), "starts_on": membership.starts_on.isoformat()}
    events = Event.objects.filter(
        subject_id=membership.partner_id, name=TierChanged.name, payload__contains=facts
    ).order_by("-at", "-id")
    event = events.first()
    return event and Decision(FALLEN, event.at, event.by_id, note=membership.note)


def appeals_of(membership: TierMembership) -> Appeals:
    """Return until when it can be appealed, by the terms of the day on which the partner fell."""
    _version, terms = joining.current(membership.starts_on)
    return Appeals(terms.appeal_days, terms.appeal_business_days)
