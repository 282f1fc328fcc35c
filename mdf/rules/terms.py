"""The vendor's terms for marketing funds: one published version, pinned by each fund, request and claim."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, fields
from decimal import Decimal
from typing import Any

from prm.policies.shapes import decimal, many, names, whole
from prm.policies.values import Problem

AREA = "mdf.terms"
AMOUNTS = ("share_percent", "one_approver_to", "finance_above")

SHAPE = names(
    {
        "lead_days": whole(0, 365),
        "decision_business_days": whole(1, 60),
        "claim_days": whole(1, 730),
        "first_claim_days": whole(0, 365),
        "extension_days": whole(1, 365),
        "payment_days": whole(1, 365),
        "answer_days": whole(1, 90),
        "appeal_days": whole(0, 366),
        "appeal_business_days": whole(1, 60),
        "share_percent": decimal(0, 100),
        "one_approver_to": decimal(0, 10**13, may_be_nothing=True),
        "finance_above": decimal(0, 10**13, may_be_nothing=True),
        "reminder_days": many(whole(1, 366)),
    }
)


@dataclass(frozen=True)
class Terms:
    """Days are calendar days unless they say business days. The defaults are the product's.

    The limits of the approval ladder are in the fund's currency; a limit that is None never applies.
    """

    lead_days: int = 14
    decision_business_days: int = 5
    claim_days: int = 60
    first_claim_days: int = 15  # more, for a partner's first claim ever
    extension_days: int = 30  # more, once, if the vendor agrees
    payment_days: int = 30
    answer_days: int = 10
    appeal_days: int = 14  # none means that nothing can be appealed
    appeal_business_days: int = 5
    share_percent: Decimal = Decimal(50)
    one_approver_to: Decimal | None = Decimal(5000)
    finance_above: Decimal | None = Decimal(25000)
    reminder_days: tuple[int, ...] = (30, 14, 7, 1)

    @classmethod
    def from_body(cls, body: Mapping[str, Any]) -> Terms:
        """Read a stored version; terms that it does not mention keep their defaults."""
        known = {field.name for field in fields(cls)}
        values = {name: _read(name, value) for name, value in body.items() if name in known}
        return cls(**values)

    def body(self) -> dict[str, Any]:
        """Return the terms as they are stored."""
        return {name: _written(value) for name, value in asdict(self).items()}

    def approvals_needed(self, amount: Decimal) -> int:
        """Return how many people have to approve an amount."""
        if self.finance_above is not None and amount > self.finance_above:
            return 3
        if self.one_approver_to is not None and amount > self.one_approver_to:
            return 2
        return 1

    def reminder_due(self, days_left: int, already: int | None) -> int | None:
        """Return the reminder that is due with so many days left, unless it or a later one was sent."""
        due = [mark for mark in self.reminder_days if days_left <= mark]
        mark = min(due, default=None)
        return mark if mark is not None and (already is None or mark < already) else None


def problems_of(body: Mapping[str, Any]) -> Iterator[Problem]:
    """Yield what keeps a body from being published."""
    found = list(SHAPE(body, ()))
    yield from found
    if not found:
        terms = Terms.from_body(body)
        first, second = terms.one_approver_to, terms.finance_above
        if first is not None and second is not None and second < first:
            yield Problem(("finance_above",), "ascending")


def _read(name: str, value: Any) -> Any:
    if name in AMOUNTS:
        return None if value is None else Decimal(str(value))
    return tuple(value) if isinstance(value, list) else value


def _written(value: Any) -> Any:
    if isinstance(value, Decimal):
        return str(value)
    return list(value) if isinstance(value, tuple) else value
