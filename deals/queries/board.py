"""Deals by stage, and by the days that matter to them; both look at what a list of deals has narrowed."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery, Sum, Window
from django.db.models.functions import RowNumber

from deals.enums import Review, Stage
from deals.models import CheckIn, Registration
from deals.models.registrations import PROTECTED
from deals.queries.registrations import with_lines
from prm.money import Money

FIRST, MORE, MOST = 10, 10, 100  # cards of a column
MOST_DAYS = 400  # entries of a month and kind
SOON = timedelta(days=14)


@dataclass(frozen=True)
class Step:
    """What comes next for a deal, by its code, and by when."""

    code: str
    on: date | None
    is_urgent: bool = False


@dataclass(frozen=True)
class Column:
    """The deals of a stage: how many, what they are worth in each currency, and the first of them."""

    stage: Stage
    count: int
    sums: tuple[Money, ...]
    deals: tuple[Registration, ...]

    @property
    def left(self) -> int:
        return self.count - len(self.deals)

    @property
    def shown_next(self) -> int:
        return len(self.deals) + MORE


def columns(rows: QuerySet[Registration], stages: Sequence[Stage], shown: Mapping[str, int]) -> list[Column]:
    """Return a column for each stage, the latest touched deal first; `shown` says how many cards where more."""
    counted = rows.order_by().values("stage", "value_currency").annotate(deals=Count("pk"), total=Sum("value_amount"))
    counts: dict[str, int] = {}
    sums: dict[str, list[Money]] = {}
    for row in counted:
        counts[row["stage"]] = counts.get(row["stage"], 0) + row["deals"]
        if row["total"] and row["value_currency"]:
            sums.setdefault(row["stage"], []).append(Money(row["total"], row["value_currency"]))
    cards: dict[str, list[Registration]] = {}
    for deal in _cards(rows, stages, shown):
        cards.setdefault(deal.stage, []).append(deal)
    return [
        Column(
            stage,
            counts.get(stage, 0),
            tuple(sorted(sums.get(stage, ()), key=lambda money: -money.amount)),
            tuple(cards.get(stage, ())),
        )
        for stage in stages
    ]


def _cards(rows: QuerySet[Registration], stages: Sequence[Stage], shown: Mapping[str, int]) -> Iterable[Registration]:
    place = Window(RowNumber(), partition_by=F("stage"), order_by=(F("saved_at").desc(), F("pk").desc()))
    wanted = Q(pk__in=[])
    for stage in stages:
        wanted |= Q(stage=stage, place__lte=min(shown.get(stage, FIRST), MOST))
    due = CheckIn.objects.filter(registration=OuterRef("pk"), is_open=True).values("due_on")[:1]
    found = rows.order_by().prefetch_related(None).annotate(place=place, check_in_due_on=Subquery(due)).filter(wanted)
    return with_lines(found).order_by("stage", "place")


def next_step(deal: Registration, today: date) -> Step:
    """Return what comes next for a card of the board: the first of what somebody has to do."""
    if deal.review == Review.DRAFT:
        return Step("submit", None)
    if deal.review == Review.INFO_REQUESTED:
        return Step("answer", deal.answer_by.date() if deal.answer_by else None, is_urgent=True)
    if deal.is_waiting:
        return Step("decision", deal.decide_by.date() if deal.decide_by else None)
    due_on: date | None = getattr(deal, "check_in_due_on", None)
    has_time = deal.is_beside or bool(due_on and deal.protected_until and due_on <= deal.protected_until)
    if deal.is_in_force and has_time and due_on and due_on <= today + SOON:
        return Step("check_in", due_on, is_urgent=due_on < today)
    if deal.close_on and deal.close_on < today:
        return Step("overdue", deal.close_on, is_urgent=True)
    return Step("close", deal.close_on)


# -- the month ---------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Entry:
    """That a deal closes, loses its protection or has to be confirmed on a day."""

    code: str
    deal: Registration


@dataclass
class Day:
    on: date
    is_in_month: bool
    entries: list[Entry] = field(default_factory=list)


def month(rows: QuerySet[Registration], first: date) -> list[Day]:
    """Return the days of a month in whole weeks from Monday on, each with what happens to these deals."""
    last = first.replace(day=monthrange(first.year, first.month)[1])
    start = first - timedelta(days=first.weekday())
    end = last + timedelta(days=6 - last.weekday())
    days = {
        day: Day(day, first <= day <= last)
        for day in (start + timedelta(days=n) for n in range((end - start).days + 1))
    }
    rows = rows.order_by().prefetch_related(None).select_related("partner")
    waiting = CheckIn.objects.filter(is_open=True, due_on__range=(start, end), registration=OuterRef("pk"))
    open_ones = rows.exclude(stage__in=(Stage.WON, Stage.LOST))
    kinds = (
        ("check_in", "due", rows.in_force().annotate(due=Subquery(waiting.values("due_on")[:1]))),
        ("ends", "protected_until", rows.filter(protection__in=PROTECTED)),
        ("close", "close_on", open_ones.exclude(review__in=(Review.REJECTED, Review.WITHDRAWN))),
    )
    for code, column, found in kinds:
        for deal in found.filter(**{f"{column}__range": (start, end)}).order_by(column, "pk")[:MOST_DAYS]:
            days[getattr(deal, column)].entries.append(Entry(code, deal))
    return list(days.values())
