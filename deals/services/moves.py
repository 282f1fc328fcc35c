"""Moving a registration along its axes, with the refusal people read when it can't."""

from __future__ import annotations

from deals.enums import Action
from deals.models import Registration
from deals.rules import lifecycle
from prm.events.refusals import DomainError


class NotPossible(DomainError):
    """The registration is no longer where the action needs it: somebody was faster, or the page was old."""


def move(registration: Registration, action: Action) -> lifecycle.State:
    """Take the action and return the state before it, or raise `NotPossible`."""
    before = registration.state
    try:
        registration.move(action)
    except lifecycle.NotAllowed as error:
        raise NotPossible(registration=registration, action=action) from error
    return before
