"""Passing approval steps: the last of those asked approves a registration, and any of them refuses it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from deals.models import Registration, Ruling
from deals.rules import approvals as rules
from deals.rules.engagement import Stipulated
from prm.accounts.models import Membership
from prm.approvals import queries, services
from prm.approvals.models import Approval
from prm.approvals.plans import Facts, Hindrance, Plan
from prm.approvals.services import NotYourTurn


def begin(registration: Registration, ruling: Ruling, *, by: Membership, at: datetime) -> None:
    """Ask those whom the rules name; where they name nobody, any of the vendor's deciders decides."""
    if plan := _plan(registration, ruling):
        services.start(registration, plan, requested_by=by, at=at)


def agree(registration: Registration, *, by: Membership, at: datetime, note: str, only_if_asked: bool) -> bool:
    """Agree to the step that waits for this person, and say whether nobody else has to. Raises `NotYourTurn`."""
    approval = _waiting(registration, only_if_asked=only_if_asked)
    return approval is None or services.approve(approval, by=by, at=at, note=note).status == Approval.Status.APPROVED


def refuse(
    registration: Registration, *, reason_code: str, note: str, by: Membership, at: datetime, only_if_asked: bool
) -> None:
    """Refuse the step that waits for this person, which ends it for all. Raises `NotYourTurn`."""
    if approval := _waiting(registration, only_if_asked=only_if_asked):
        services.reject(approval, reason_code=reason_code, note=note, by=by, at=at)


def refuse_unless_asked(registration: Registration, *, by: Membership, at: datetime) -> None:
    """Raise `NotYourTurn` unless a step waits for this person."""
    if not queries.waiting_for(by, at).filter(subject_id=registration.pk).exists():
        raise NotYourTurn(hindrance=Hindrance.NOT_ASKED, step="")


def follow_change(
    registration: Registration, ruling: Ruling, changed: Collection[str], *, by: Membership, at: datetime
) -> None:
    """Ask again whom a change of these columns touches, and those whom the rules name since."""
    plan = _plan(registration, ruling)
    if plan is None:
        services.recall(registration, by=by, at=at)
    elif services.amend(registration, plan, facts=rules.facts_in(changed), by=by, at=at) is None:
        services.start(registration, plan, requested_by=by, at=at)


def take_back(registration: Registration, *, by: Membership, at: datetime) -> bool:
    """Take this person's own last word back, if there is an approval; see `prm.approvals.services.undo`."""
    approval = queries.latest_of(registration)
    if approval is None or approval.status == Approval.Status.RECALLED:
        return False
    services.undo(approval, by=by, at=at)
    return True


def _waiting(registration: Registration, *, only_if_asked: bool) -> Approval | None:
    approval = queries.current_of(registration)
    if approval is None and only_if_asked:
        raise NotYourTurn(hindrance=Hindrance.NOT_ASKED, step="")
    return approval


def _plan(registration: Registration, ruling: Ruling) -> Plan | None:
    stipulated = Stipulated(effects=ruling.effects)
    if not stipulated.steps:
        return None
    owner = registration.partner.channel_manager_id
    author = str(registration.entered_by_id or "")
    facts = Facts(registration.value, str(owner or ""), stipulated.promise.calendar, author)
    return rules.plan_for(ruling.policy.body, stipulated.steps, facts)
