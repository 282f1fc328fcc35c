"""Judging anew what nobody has decided, because its facts are others now."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from deals.enums import Deemed
from deals.models import Registration
from deals.queries import rules
from deals.queries.conflicts import is_contested
from deals.rules.engagement import Stipulated
from deals.services import approvals, rulings
from prm.accounts.models import Membership
from prm.clocks import calendars


def judge_again(registration: Registration, changed: Collection[str], *, by: Membership, at: datetime) -> None:
    """Follow the rules for the facts as their partner changed them, and let no silence count that nobody has read.

    A person decides, and sees what the rules say. The caller saves the row.
    """
    follow(registration, changed, by=by, at=at)
    leave_late_to_person(registration, at)
    give_time_to_read(registration, at)


def follow(registration: Registration, changed: Collection[str], *, by: Membership, at: datetime) -> None:
    """Follow the rules for the facts as they are now; whoever asked decides, and sees what the rules say."""
    ruling = rulings.follow(registration, is_contested=is_contested(registration, at), at=at)
    registration.deemed = Stipulated(effects=ruling.effects).deemed
    approvals.follow_change(registration, ruling, changed, by=by, at=at)


def leave_late_to_person(registration: Registration, at: datetime) -> None:
    """Let no silence count that was over before the rules were followed: nobody has read what changed."""
    if registration.is_waiting and registration.decide_by and registration.decide_by <= at:
        registration.deemed = Deemed.NONE


def give_time_to_read(registration: Registration, at: datetime) -> None:
    """Promise the decision anew where silence would approve what its partner has only now changed."""
    if registration.is_waiting and registration.decide_by and registration.deemed == Deemed.APPROVED:
        anew = calendars.promised(rules.stipulated(registration).promise, at=at)
        registration.decide_by = max(registration.decide_by, anew)
