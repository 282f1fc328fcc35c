"""The geometry of bar charts: numbers become bars and a round axis. `components/bar_chart.html` draws them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

STEP = 10  # units of the drawing for a bar and the space beside it
BAR = 6
HEIGHT = 100
ROUND = tuple(Decimal(step) for step in ("1", "1.5", "2", "2.5", "3", "4", "5", "7.5", "10"))


@dataclass(frozen=True)
class Bar:
    """A bar as SVG attributes, written with points whatever the reader's language; one may stand before it."""

    x: str
    y: str
    height: str
    is_last: bool
    front_y: str = ""
    front_height: str = ""


@dataclass(frozen=True)
class Chart:
    """Bars in a drawing of `width` by 100 units, and the numbers of its axis from the top down."""

    bars: tuple[Bar, ...]
    axis: tuple[Decimal, ...]
    width: int


def bars(values: Sequence[Decimal | int], fronts: Sequence[Decimal | int] = ()) -> Chart:
    """Lay out one bar for each value, and before it one for each of `fronts`; a value below zero has none.

    Where all values are whole, so is the axis: nobody counts half a deal.
    """
    is_counted = all(isinstance(value, int) for value in (*values, *fronts))
    top = nice_top(max([*values, *fronts, 0]), is_counted=is_counted)
    laid_out = []
    for number, value in enumerate(values):
        x = number * STEP + (STEP - BAR) // 2
        front = _upright(fronts[number], top) if fronts else ()
        laid_out.append(Bar(str(x), *_upright(value, top), number == len(values) - 1, *front))
    return Chart(tuple(laid_out), (top, top / 2, Decimal(0)), len(values) * STEP)


def _upright(value: Decimal | int, top: Decimal) -> tuple[str, str]:
    """Return where a bar begins from above, and its height."""
    height = round(max(Decimal(value), Decimal(0)) / top * HEIGHT, 1)
    return f"{HEIGHT - height:.1f}", f"{height:.1f}"


def nice_top(highest: Decimal | int, *, is_counted: bool = False) -> Decimal:
    """Return a round number that is not below the highest value, and whose half is round as well, or even whole."""
    half = Decimal(highest) / 2
    if half <= 0:
        return Decimal(2)
    unit = Decimal(1).scaleb(half.adjusted())
    steps = (step * unit for step in ROUND)
    return 2 * next(step for step in steps if step >= half and not (is_counted and step % 1))
