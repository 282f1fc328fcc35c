"""At which shares of a promised time a vendor's people are told, and who is told of what is late."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from prm.accounts.models import Membership, VendorProfile
from prm.events.outbox import record
from prm.events.refusals import DomainError
from prm.events.service import service
from prm.promises import clocks
from prm.promises.events import PromiseTellingChanged
from prm.promises.models import PromiseTelling


class TellingChangedMeanwhile(DomainError):
    """Somebody saved these settings after the form was opened."""


@dataclass(frozen=True)
class Shares:
    """When people are warned and others told, in percent of the promised time, and the role of those others."""

    warn_percent: int
    escalate_percent: int
    escalate_to: str


@service
def change(shares: Shares, *, revision: int, by: Membership, at: datetime) -> PromiseTelling:
    """Change whom promised times tell when, also of what waits already and of which nobody was told.

    `revision` is the one that the person looked at. Raises `TellingChangedMeanwhile`.
    """
    VendorProfile.objects.select_for_update().get()  # two people who say it first wait here
    row = clocks.telling()
    if row.revision != revision:
        raise TellingChangedMeanwhile
    if shares == shares_of(row):
        return row
    row.warn_percent, row.escalate_percent = shares.warn_percent, shares.escalate_percent
    row.escalate_to = shares.escalate_to
    row.revision += 1
    row.save()
    record(PromiseTellingChanged(row.warn_percent, row.escalate_percent, row.escalate_to), on=row, by=by, at=at)
    return row


def shares_of(row: PromiseTelling) -> Shares:
    """Return what is set."""
    return Shares(row.warn_percent, row.escalate_percent, row.escalate_to)
