"""The vendor's terms for registrations: one published version, pinned by each registration it applies to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, fields
from datetime import date, datetime, timedelta
from typing import Any

from deals.enums import Criterion
from prm.policies import values
from prm.policies.values import Problem, Refused

AREA = "deals.registration"
LIMITS: Mapping[str, tuple[int, int]] = {
    "protection_days": (1, 3660),
    "extension_days": (1, 3660),
    "extension_limit": (0, 100),
    "check_in_days": (0, 366),
    "check_in_reminder_days": (0, 90),
    "check_in_grace_days": (0, 366),
    "decision_business_days": (1, 260),
    "answer_days": (1, 366),
    "reopen_days": (0, 366),
    "appeal_days": (0, 366),
    "appeal_business_days": (1, 260),
    "look_back_days": (0, 3660),
    "direct_opportunity_days": (0, 3660),
    "direct_touch_days": (0, 3660),
    "existing_customer_days": (0, 3660),
    "checks_per_minute": (1, 1000),
    "evidence_business_days": (1, 260),
    "win_after_hours": (0, 8784),
    "idle_limit": (0, 1000),
    "idle_days": (1, 366),
    "amendment_value_percent": (0, 1000),
}
BESIDE = ("rules", "steps")  # what a version holds beside its terms


@dataclass(frozen=True)
class Terms:
    """Days are calendar days unless they say business days. The defaults are the product's."""

    protection_days: int = 90
    extension_days: int = 60
    extension_limit: int = 1
    check_in_days: int = 30  # 0 asks for none
    check_in_reminder_days: int = 3
    check_in_grace_days: int = 14
    releases_unconfirmed: bool = True  # after the grace of a missed check-in; otherwise people are only warned
    decision_business_days: int = 2
    answer_days: int = 10
    reopen_days: int = 30  # after a deal was won or lost; 0 is never
    win_needs_proof: bool = False
    win_after_hours: int = 0  # between the registration and the win; a win before is conspicuous …
    refuses_early_win: bool = False  # … or not possible
    precedence: tuple[Criterion, ...] = (Criterion.SUBMISSION,)  # who comes first of those who want the same
    ends_others: bool = True  # a win ends the deals of those who were approved beside it
    idle_limit: int = 0  # so many protected deals without movement draw a warning when registering; 0 never
    idle_days: int = 30  # without a check-in or a change of stage a deal does not move
    offers_next: bool = True  # when a customer is free again, whoever asked next is brought to the manager …
    tells_next: bool = True  # … and a partner that was refused for it learns that it may ask again
    appeal_days: int = 14
    appeal_business_days: int = 5
    look_back_days: int = 366
    direct_opportunity_days: int = 366
    direct_touch_days: int = 180
    existing_customer_days: int = 366
    reminder_days: tuple[int, ...] = (30, 14, 7, 1)
    discloses_products: bool = True
    discloses_end: bool = True
    discloses_rules: bool = True  # partners read which rule decided, and why
    discloses_direct: bool = True  # partners are told that the vendor works at a customer itself, not at what
    checks_per_minute: int = 30
    distributors_register: bool = False  # on behalf of the partners below them
    opens_cases: bool = False  # a vendor that has not heard of cases decides one by one, as before
    evidence_business_days: int = 5
    amendment_value_percent: int = 25  # so much more than was agreed to needs no decision; less never does
    amendment_type_decided: bool = True  # another type of deal needs one …
    amendment_close_decided: bool = True  # … and a close date after the protection …
    amendment_all_decided: bool = False  # … or any change of an approved deal; a family that is added always does

    @classmethod
    def from_body(cls, body: Mapping[str, Any]) -> Terms:
        """Read a stored version; terms that it does not mention keep their defaults."""
        known = {field.name for field in fields(cls)}
        given: dict[str, Any] = {
            name: tuple(v) if isinstance(v, list) else v for name, v in body.items() if name in known
        }
        if "precedence" in given:
            given["precedence"] = tuple(Criterion(name) for name in given["precedence"])
        return cls(**given)

    def body(self) -> dict[str, Any]:
        """Return the terms as they are stored."""
        return {name: list(v) if isinstance(v, tuple) else v for name, v in asdict(self).items()}

    def early_by(self, sent_at: datetime | None, at: datetime) -> timedelta | None:
        """Return how long after the registration a win comes, if that is sooner than the terms want it."""
        if sent_at is None or at - sent_at >= timedelta(hours=self.win_after_hours):
            return None
        return at - sent_at

    def reminder_due(self, days_left: int, already: int | None) -> int | None:
        """Return the reminder that is due with so many days left, unless it or a later one was sent."""
        due = [mark for mark in self.reminder_days if days_left <= mark]
        mark = min(due, default=None)
        return mark if mark is not None and (already is None or mark < already) else None

    def last_day_of_grace(self, due_on: date, warned_on: date) -> date | None:
        """Return the last day to check in before the protection is released for it; nothing if it never is.

        The grace counts from the warning, so that nobody loses a protection unwarned because the clock stood.
        """
        if not self.releases_unconfirmed:
            return None
        return max(due_on, warned_on) + timedelta(days=self.check_in_grace_days)


def problems_of(body: Mapping[str, Any]) -> Iterator[Problem]:
    """Yield what is no term, or cannot be the value of one."""
    known = {field.name for field in fields(Terms)}
    for name, value in body.items():
        if name not in known and name not in BESIDE:
            yield Problem((name,), "unknown_key", {"key": name})
        elif name in known:
            try:
                _read(name, value)
            except Refused as refusal:
                yield Problem((name,), refusal.code, refusal.facts)


def _read(name: str, value: Any) -> None:
    if name in LIMITS:
        values.whole(value, *LIMITS[name])
    elif name == "precedence":
        _read_order(value)
    elif name != "reminder_days":
        if not isinstance(value, bool):
            raise Refused("boolean")
    elif isinstance(value, list):
        for days in value:
            values.whole(days, 1, 366)
    else:
        raise Refused("list")


def _read_order(value: Any) -> None:
    """Read criteria in their order, each once; at least one."""
    if not isinstance(value, list) or not value or len(set(map(str, value))) < len(value):
        raise Refused("list")
    for name in value:
        if name not in Criterion.values:
            raise Refused("choice", key=name)


@dataclass(frozen=True)
class Grant:
    """How many days an approval protects, and which tier gives more than the terms do, if one does."""

    days: int
    tier: str = ""
    program_version: int | None = None

    def until(self, today: date) -> date:
        """Return the last protected day of an approval today."""
        return today + timedelta(days=self.days)
