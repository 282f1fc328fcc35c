"""Giving a deal to a colleague of the same firm."""

from __future__ import annotations

from datetime import datetime

from deals.enums import Action
from deals.events import OwnerChanged
from deals.models import Registration
from deals.queries import people
from deals.services.moves import NotPossible
from prm.accounts.models import Membership
from prm.events.outbox import record
from prm.events.refusals import DomainError
from prm.events.service import service


class NoColleague(DomainError):
    """Whoever should look after the deal does not sell for its firm, or not any more."""


@service
def hand_over(
    registration: Registration, *, to: Membership, by: Membership, at: datetime, note: str = ""
) -> Registration:
    """Let a colleague look after the deal from now on; nothing else about it changes.

    Raises `NotPossible` for a draft or what was withdrawn, and `NoColleague`.
    """
    registration = Registration.objects.locked(registration.pk)
    if not registration.can(Action.HAND_OVER):
        raise NotPossible(registration=registration, action=Action.HAND_OVER)
    colleague = people.sellers_of(registration).filter(pk=to.pk).select_related("user").first()
    if colleague is None:
        raise NoColleague(registration=registration)
    if colleague.user_id == registration.owner_id:
        return registration
    was, registration.owner = registration.owner, colleague.user
    registration.saved_at = at
    registration.save()
    fact = OwnerChanged(registration.pk, owner_id=colleague.user_id, owner=colleague.user.name, was=was.name, note=note)
    record(fact, on=registration, by=by, at=at)
    return registration
