"""Sharing out an amount that somebody typed over the lines of a claim, so that each line still says what it gets."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from prm.money import Money, split


def apportion(total: Money, recommended: Sequence[Money], asked: Sequence[Money]) -> list[Money]:
    """Return what each line gets of a total: less than recommended is cut in proportion, more goes to what was cut.

    No line gets more than was asked for it; raises `ValueError` if the total is more than that in all.
    """
    nothing = Money(Decimal(0), total.currency)
    planned, most = sum(recommended, nothing), sum(asked, nothing)
    if total.amount < 0 or most < total:
        raise ValueError("The total is between nothing and what was asked.")
    if total <= planned:
        return split(total, [part.amount for part in recommended]) if planned else [nothing for _ in recommended]
    room = [(full - part).amount for full, part in zip(asked, recommended, strict=True)]
    return [part + more for part, more in zip(recommended, split(total - planned, room), strict=True)]
