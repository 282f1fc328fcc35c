"""The past of an area whose rules decide about records: each judged again as it was on the day when it was sent.

PAST = looking_back.past(AREA, page="mdf:request", rows=rows, dated_by="submitted_at", known=known, told=told,
                         outcome=outcome)
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from prm.accounts.models import VendorProfile
from prm.policies import courses, following
from prm.policies.evaluation import Facts
from prm.policies.past import Compared, Outcome, Past
from prm.policies.rulesets import RuleSet
from prm.tenancy.models import TenantModel


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

    def number(first: date, last: date) -> int:
        """Return how many were sent in a period of the vendor's days."""
        return _sent(rows(), dated_by, first, last).count()

    def compare(
        first: date,
        last: date,
        *,
        after: UUID | None,
        limit: int,
        before_body: Mapping[str, Any],
        after_body: Mapping[str, Any],
    ) -> Sequence[Compared]:
        """Return the next records of a period with what both versions make of them."""
        found = _sent(rows(), dated_by, first, last)
        if after is not None:
            found = found.filter(pk__gt=after)
        sides = [following.read(area, body) for body in (before_body, after_body)]
        asked: frozenset[str] = frozenset().union(*(courses.asked(side) for side in sides if side))
        return [_compared(row, sides, asked) for row in found.order_by("pk")[:limit]]

    def _compared(row: TenantModel, sides: Sequence[RuleSet | None], asked: frozenset[str]) -> Compared:
        facts = known(row, getattr(row, dated_by), asked)
        before, then = (outcome(row, side, facts) for side in sides)
        return Compared(pk=row.pk, on=facts.today, before=before, after=then, **told(row))

    return Past(page, number, compare)


def _sent(rows: QuerySet, dated_by: str, first: date, last: date) -> QuerySet:
    zone = ZoneInfo(VendorProfile.objects.values_list("time_zone", flat=True).get())
    start, end = (datetime.combine(day, time(), zone) for day in (first, last + timedelta(days=1)))
    return rows.filter(**{f"{dated_by}__gte": start, f"{dated_by}__lt": end})
