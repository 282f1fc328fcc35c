"""How a deal ends, and the stages on the way."""

from __future__ import annotations

from datetime import datetime

from deals.enums import Action, Stage
from deals.events import RegistrationLost, RegistrationWon, StageChanged
from deals.models import Registration, RegistrationLine
from deals.queries import terms as registration_terms
from deals.rules import lifecycle
from deals.services import protection, sales
from deals.services.moves import NotPossible, move
from prm.accounts.models import Membership
from prm.events.outbox import record
from prm.events.service import service
from prm.money import Money, split


@service
def advance(registration: Registration, stage: Stage, *, by: Membership, at: datetime) -> Registration:
    """Say how far the deal is; a stage may also go back."""
    registration = Registration.objects.locked(registration.pk)
    if stage not in lifecycle.open_stages():
        raise NotPossible(registration=registration, action=Action.ADVANCE)
    was = registration.stage
    if stage == was:
        return registration
    move(registration, Action.ADVANCE)
    registration.stage = stage
    registration.saved_at = at
    registration.save()
    record(StageChanged(registration.pk, stage=stage.value, was=was), on=registration, by=by, at=at)
    return registration


@service
def win(registration: Registration, amount: Money, *, by: Membership, at: datetime) -> Registration:
    """Close the deal as won at its final value; what was sold is recorded, and the protection is fulfilled."""
    registration = protection.end(registration, Action.WIN, at=at)
    registration.closed_on = registration_terms.today_of_vendor(at)
    registration.value_amount, registration.value_currency = amount.amount, amount.currency
    registration.saved_at = at
    registration.save()
    lines = list(RegistrationLine.objects.filter(registration=registration))
    shares = split(amount, [1] * len(lines))
    sales.record_sale(
        registration,
        total=amount,
        lines=[
            sales.Line(row.family_id, row.product_id, row.quantity, share)
            for row, share in zip(lines, shares, strict=True)
        ],
        sold_on=registration.closed_on,
        by=by,
        at=at,
    )
    fact = RegistrationWon(registration.pk, amount=str(amount.amount), currency=amount.currency)
    record(fact, on=registration, by=by, at=at)
    return registration


@service
def lose(registration: Registration, *, reason_code: str, note: str, by: Membership, at: datetime) -> Registration:
    """Close the deal as lost; its protection is released."""
    registration = protection.end(registration, Action.LOSE, at=at)
    registration.closed_on = registration_terms.today_of_vendor(at)
    registration.reason_code, registration.saved_at = reason_code, at
    registration.save()
    record(RegistrationLost(registration.pk, reason_code=reason_code, note=note), on=registration, by=by, at=at)
    return registration
