"""When the vendors of the demo work: opening hours, and the holidays of the years that the demo is about."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from dateutil.easter import easter

from prm.accounts.models import Membership
from prm.clocks import services
from prm.clocks.hours import Span
from prm.clocks.models import CalendarDay
from prm.clocks.services import Day, Hours
from prm.demo.scenes import Scene

HOUR = 60
NAMES = {"halyard": "Hamburg", "ostwerk": "Zürich"}
OPEN = {"halyard": (Span(9 * HOUR, 18 * HOUR),), "ostwerk": (Span(8 * HOUR, 12 * HOUR), Span(13 * HOUR, 17 * HOUR))}
FIXED = {
    "halyard": {
        (1, 1): "New Year",
        (5, 1): "Labour Day",
        (10, 3): "German Unity Day",
        (12, 25): "Christmas",
        (12, 26): "Second day of Christmas",
    },
    "ostwerk": {
        (1, 1): "Neujahr",
        (1, 2): "Berchtoldstag",
        (5, 1): "Tag der Arbeit",
        (8, 1): "Bundesfeier",
        (12, 25): "Weihnachten",
        (12, 26): "Stephanstag",
    },
}
HALF = {
    "halyard": {(12, 24): "Christmas Eve", (12, 31): "New Year’s Eve"},
    "ostwerk": {(12, 24): "Heiligabend", (12, 31): "Silvester"},
}
BY_EASTER = {
    "halyard": {-2: "Good Friday", 1: "Easter Monday", 39: "Ascension Day", 50: "Whit Monday"},
    "ostwerk": {-2: "Karfreitag", 1: "Ostermontag", 39: "Auffahrt", 50: "Pfingstmontag"},
}


def keep(scene: Scene, *, by: Membership, at: datetime) -> None:
    """Make the vendor's calendar, by which its promises count."""
    slug = scene.vendor.slug
    week = (OPEN[slug],) * 5 + ((), ())
    calendar = services.make(Hours(NAMES[slug], scene.zone, week), by=by, at=at)
    years = range(at.year, scene.today.year + 2)
    services.set_days(calendar, [day for year in years for day in _days(slug, year)], by=by, at=at)


def _days(slug: str, year: int) -> Iterator[Day]:
    for (month, day), name in FIXED[slug].items():
        yield Day(date(year, month, day), name)
    for (month, day), name in HALF[slug].items():
        yield Day(date(year, month, day), name, CalendarDay.Kind.HALF)
    for distance, name in BY_EASTER[slug].items():
        yield Day(easter(year) + timedelta(days=distance), name)
