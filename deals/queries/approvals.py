"""Who would decide about a draft, as far as its partner may know before it is sent."""

from __future__ import annotations

from datetime import datetime

from deals.enums import Course
from deals.models import Registration
from deals.queries import facts
from deals.queries import terms as registration_terms
from deals.rules import approvals, engagement
from deals.rules.catalogue import FOR_VENDOR
from prm.approvals.plans import Facts, Plan
from prm.policies import following


def plan_ahead(registration: Registration, *, at: datetime) -> Plan | None:
    """Return the steps that a draft would pass if it were sent now; nothing if there are none, or nobody can tell yet.

    What only the vendor knows is left out, so that nobody learns of rivals by trying names: rules that ask about it
    count as uncertain.
    """
    version, terms = registration_terms.current(registration_terms.today_of_vendor(at))
    found = following.rules_in(version)
    if found is None or not version.body.get("steps"):
        return None
    asked = engagement.asked(found) - FOR_VENDOR
    known = facts.facts_of(registration, at=at, asked=asked, terms=terms)
    ruled = engagement.judge(found, known, is_contested=False)
    if ruled.course != Course.PERSON or ruled.decision is None or not ruled.decision.is_certain:
        return None
    owner = registration.partner.channel_manager_id
    keys = engagement.Stipulated(effects=ruled.effects).steps
    return approvals.plan_for(version.body, keys, Facts(registration.value, str(owner or "")))
