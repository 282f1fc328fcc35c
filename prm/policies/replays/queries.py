"""What a replay came to, shaped like its page."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, F, QuerySet, Sum

from prm.money import Money
from prm.policies.replays.models import Replay, ReplayChange

LATEST = 10


@dataclass
class Group:
    """Records for which the same becomes of the same effect."""

    effect: str
    before: Any
    after: Any
    count: int = 0
    sums: list[Money] = field(default_factory=list)

    def holds(self, rows: QuerySet) -> QuerySet:
        """Return those of the rows that belong to it."""
        for name, value in (("before", self.before), ("after", self.after)):
            rows = rows.filter(**{f"{name}__isnull": True}) if value is None else rows.filter(**{name: value})
        return rows.filter(effect=self.effect)


def latest(area: str) -> list[Replay]:
    """Return the replays of an area that are kept, the latest first."""
    return list(Replay.objects.filter(area=area).select_related("by").order_by("-at", "-id")[:LATEST])


def changes(replay: Replay) -> QuerySet[ReplayChange]:
    return ReplayChange.objects.filter(replay=replay)


@dataclass(frozen=True)
class Given:
    """What the vendor gives in a currency: by the version in force, and by the draft."""

    before: Money
    after: Money
    count: int

    @property
    def difference(self) -> Money:
        return self.after - self.before

    @property
    def less(self) -> Money:
        return self.before - self.after


def given(replay: Replay) -> list[Given]:
    """Return what the draft gives more or less, by currency; records that nobody can say it of are left out."""
    rows = changes(replay).filter(given_before__isnull=False, given_after__isnull=False).exclude(currency="")
    rows = rows.exclude(given_before=F("given_after")).order_by("currency").values_list("currency")
    found = rows.annotate(before=Sum("given_before"), after=Sum("given_after"), count=Count("pk"))
    return [Given(Money(was, currency), Money(now, currency), count) for currency, was, now, count in found]


def groups(replay: Replay, order: Iterable[str]) -> list[Group]:
    """Return what changes, the weightiest effects first, then what most records share."""
    rows = changes(replay).order_by().values_list("effect", "before", "after", "currency")
    found: dict[str, Group] = {}
    for effect, before, after, currency, count, total in rows.annotate(count=Count("pk"), total=Sum("amount")):
        group = found.setdefault(repr((effect, before, after)), Group(effect, before, after))
        group.count += count
        if total is not None and currency:
            group.sums.append(Money(total, currency))
    places = {name: place for place, name in enumerate(order)}
    return sorted(found.values(), key=lambda group: (places.get(group.effect, len(places)), -group.count, repr(group)))
