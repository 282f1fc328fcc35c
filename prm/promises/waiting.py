"""What waits for a decision that was promised: each app declares its own, so that late ones are told of.

waiting.declare("deals.registration", page="deals:inbox-item", rows=…, promise=…, deciders=…)
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from prm.accounts.models import User
from prm.clocks.clock import Promise
from prm.tenancy.models import TenantModel

Subject = Any


def itself(subject: Subject) -> TenantModel:
    """Say that what happens to the promise stands in the record's own history."""
    return subject  # type: ignore[no-any-return]


@dataclass(frozen=True)
class Declared:
    """A kind of record that somebody promised to decide about.

    `rows` are those whose clock runs: they wait for the vendor, and for nobody's answer. `deciders` are told where no
    approval step asks anybody. `due` and `start` are columns of the rows; `record` has the history in which it stands.
    """

    page: str
    rows: Callable[[], QuerySet]
    promise: Callable[[Subject], Promise]
    deciders: Callable[[Subject], Iterable[User]]
    title: Callable[[Subject], str] = str
    record: Callable[[Subject], TenantModel] = itself
    due: str = "decide_by"
    start: str = "submitted_at"


DECLARED: dict[str, Declared] = {}


def declare(model: str, **facts: Any) -> None:
    """Let people be told where decisions about records of a model, such as `deals.registration`, become late."""
    DECLARED[model] = Declared(**facts)
