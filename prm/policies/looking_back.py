"""The past of an area whose rules decide about records: each judged again as it was on the day when it was sent.

PAST = looking_back.past(AREA, page="mdf:request", rows=rows, dated_by="submitted_at", known=known, told=told,
                         outcome=outcome)
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from prm.accounts.models import VendorProfile
from prm.policies import courses, following
from prm.policies.evaluation import Facts
from prm.policies.fields import Effect, Label
from prm.policies.past import Compared, Outcome, Past
from prm.policies.rulesets import RuleSet
from prm.tenancy.models import TenantModel

Body = Mapping[str, Any]
Judge = Callable[[Any], tuple[Outcome, Outcome, date]]


def past(
    area: str,
    *,
    page: str,
    rows: Callable[[], QuerySet],
    dated_by: str,
    known: Callable[[Any, datetime, frozenset[str]], Facts],
    outcome: Callable[[Any, RuleSet | None, Facts], Outcome],
    told: Callable[[Any], Mapping[str, Any]],
) -> Past:
    """Return how past records of an area are compared.

    `rows` are all of them, `dated_by` names the instant at which they were sent, `known` returns what was known of one
    then as far as it is asked, `outcome` what rules make of that, and `told` its title, detail and value.
    """

    def sides(bodies: Sequence[Body]) -> Judge:
        read = [following.read(area, body) for body in bodies]
        asked: frozenset[str] = frozenset().union(*(courses.asked(side) for side in read if side))

        def judge(row: Any) -> tuple[Outcome, Outcome, date]:
            facts = known(row, getattr(row, dated_by), asked)
            before, then = (outcome(row, side, facts) for side in read)
            return before, then, facts.today

        return judge

    return _past(page, rows, dated_by, told, sides)


def of_terms(
    *,
    page: str,
    rows: Callable[[], QuerySet],
    dated_by: str,
    terms: Callable[[Body], Any],
    outcome: Callable[[Any, Any], Outcome],
    told: Callable[[Any], Mapping[str, Any]],
    effects: Callable[[], tuple[Effect, ...]],
    without: Label = "",
) -> Past:
    """Return how past records are compared under two versions of terms: `outcome` is what comes of one under them."""

    def sides(bodies: Sequence[Body]) -> Judge:
        read = [terms(body) for body in bodies]
        zone = _zone()

        def judge(row: Any) -> tuple[Outcome, Outcome, date]:
            before, then = (outcome(row, side) for side in read)
            return before, then, getattr(row, dated_by).astimezone(zone).date()

        return judge

    return _past(page, rows, dated_by, told, sides, effects=effects, without=without)


def together(first: Past, other: Past) -> Past:
    """Return the past of an area about two kinds of records; both say the same effects."""

    def number(start: date, end: date) -> int:
        return first.number(start, end) + other.number(start, end)

    def compare(start: date, end: date, *, limit: int, **facts: Any) -> Sequence[Compared]:
        found = [row for past in (first, other) for row in past.compare(start, end, limit=limit, **facts)]
        return sorted(found, key=lambda row: row.pk)[:limit]

    return replace(first, number=number, compare=compare)


def _past(
    page: str,
    rows: Callable[[], QuerySet],
    dated_by: str,
    told: Callable[[Any], Mapping[str, Any]],
    sides: Callable[[Sequence[Body]], Judge],
    **facts: Any,
) -> Past:
    def number(first: date, last: date) -> int:
        """Return how many were sent in a period of the vendor's days."""
        return _sent(rows(), dated_by, first, last).count()

    def compare(
        first: date, last: date, *, after: UUID | None, limit: int, before_body: Body, after_body: Body
    ) -> Sequence[Compared]:
        """Return the next records of a period with what both versions make of them."""
        found = _sent(rows(), dated_by, first, last)
        if after is not None:
            found = found.filter(pk__gt=after)
        judge = sides((before_body, after_body))
        return [_compared(row, judge) for row in found.order_by("pk")[:limit]]

    def _compared(row: TenantModel, judge: Judge) -> Compared:
        before, then, on = judge(row)
        return Compared(pk=row.pk, on=on, before=before, after=then, page=page, **told(row))

    return Past(page, number, compare, **facts)


def _zone() -> ZoneInfo:
    return ZoneInfo(VendorProfile.objects.values_list("time_zone", flat=True).get())


def _sent(rows: QuerySet, dated_by: str, first: date, last: date) -> QuerySet:
    zone = _zone()
    start, end = (datetime.combine(day, time(), zone) for day in (first, last + timedelta(days=1)))
    return rows.filter(**{f"{dated_by}__gte": start, f"{dated_by}__lt": end})
