"""What a browser finds to look at: one record for each kind of page."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from partners.models import Application
from partners.services import application_decisions as decisions
from tests.partners import applicants


def records(scene: Any, now: datetime) -> list[Any]:
    """Make records that the partner `scene.partner` and the vendor's people see, and return those with pages."""
    wish = applicants.wish(company_name=scene.partner.name, country=scene.partner.country, at=now)
    return [*applications_in_every_state(scene, now), wish]


def applications_in_every_state(scene: Any, now: datetime) -> list[Application]:
    """One that waits and looks like a partner, one asked, one rejected, one approved."""
    earlier, by = now - timedelta(hours=2), {"by": scene.manager, "at": now}
    known = applicants.applied(at=earlier, company_name=scene.partner.name, country=scene.partner.country)
    asked, rejected, approved = (applicants.applied(at=earlier) for _ in range(3))
    return [
        known,
        decisions.ask(asked, question="Who sells for you?", fields=("city", "q_staff"), **by),
        decisions.reject(rejected, reason_code="too_small", note="Come back with two people.", **by),
        decisions.approve(approved, applicants.placement(approved), **by),
    ]
