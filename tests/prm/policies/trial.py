"""A draft of rules about deals, tried on past registrations."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from deals.rules.terms import AREA
from prm.accounts.models import Membership
from prm.policies import versions
from prm.policies.areas import AREAS
from prm.policies.replays import services
from prm.policies.replays.models import Replay
from tests.build import MONDAY
from tests.deals.rulebook import body, rule

TODAY = MONDAY.date()


def draft(by: Membership, *rules: dict[str, Any], **facts: Any) -> None:
    """Make this the draft, in place of any other."""
    kept = versions.draft_of(AREA)
    made = body(*rules, **facts)
    versions.save_draft(AREA, made, revision=kept.revision if kept else None, by=by, at=MONDAY)


def start(by: Membership, first: date = date(2026, 1, 1), last: date = TODAY, at: datetime = MONDAY) -> Replay:
    return services.start(AREAS[AREA], first_on=first, last_on=last, today=TODAY, by=by, at=at)


def of_deals(by: Membership) -> Replay:
    """A replay that has just begun."""
    draft(by, rule("All", decision="refuse", reason="other"))
    return start(by)
