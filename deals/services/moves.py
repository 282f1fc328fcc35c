"""Moving a registration along its axes, with the refusal people read when it can't."""

from __future__ import annotations

from deals.enums import Action
from deals.models import EndCustomer, Registration
from deals.rules import lifecycle
from prm.events.refusals import DomainError
from prm.tenancy.context import seeing_all_partners


class NotPossible(DomainError):
    """The registration is no longer where the action needs it: somebody was faster, or the page was old."""


def lock_customer(registration: Registration, action: Action) -> None:
    """Lock the customer, as everybody does first who gives or ends a protection.

    Raises `NotPossible` for a draft, whose customer nobody has recognised yet.
    """
    if registration.customer_id is None:
        raise NotPossible(registration=registration, action=action)
    with seeing_all_partners():  # a partner does not see the vendor's customers
        EndCustomer.objects.locked(registration.customer_id)


def move(registration: Registration, action: Action) -> lifecycle.State:
    """Take the action and return the state before it, or raise `NotPossible`."""
    before = registration.state
    try:
        registration.move(action)
    except lifecycle.NotAllowed as error:
        raise NotPossible(registration=registration, action=action) from error
    return before
