"""Past requests under two versions of the rules, each as it was on the day when it was submitted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from mdf.models import FundRequest
from mdf.queries import facts
from mdf.queries import terms as fund_terms
from mdf.rules.catalogue import AREA
from prm.accounts.models import VendorProfile
from prm.policies import courses, following
from prm.policies.courses import Course
from prm.policies.evaluation import Facts
from prm.policies.past import Compared, Outcome
from prm.policies.rulesets import RuleSet

Body = Mapping[str, Any]


def number(first: date, last: date) -> int:
    """Return how many requests were submitted in a period of the vendor's days."""
    return _submitted(first, last).count()


def compare(
    first: date, last: date, *, after: UUID | None, limit: int, before_body: Body, after_body: Body
) -> Sequence[Compared]:
    """Return the next requests of a period with what both versions make of them."""
    rows = _submitted(first, last).select_related("partner", "policy", "allocation")
    if after is not None:
        rows = rows.filter(pk__gt=after)
    sides = [following.read(AREA, body) for body in (before_body, after_body)]
    asked: frozenset[str] = frozenset().union(*(courses.asked(side) for side in sides if side))
    return [_compared(row, sides, asked) for row in rows.order_by("pk")[:limit]]


def _submitted(first: date, last: date) -> QuerySet[FundRequest]:
    zone = ZoneInfo(VendorProfile.objects.values_list("time_zone", flat=True).get())
    start, end = (datetime.combine(day, time(), zone) for day in (first, last + timedelta(days=1)))
    return FundRequest.objects.filter(submitted_at__gte=start, submitted_at__lt=end)


def _compared(row: FundRequest, sides: Sequence[RuleSet | None], asked: frozenset[str]) -> Compared:
    assert row.submitted_at
    known = facts.facts_of(row, at=row.submitted_at, asked=asked)
    before, after = (_outcome(row, side, known) for side in sides)
    return Compared(row.pk, f"{row.number} {row.title}", row.partner.name, known.today, row.asked, before, after)


def _outcome(row: FundRequest, rules: RuleSet | None, known: Facts) -> Outcome:
    ruled = courses.judge(rules, known) if rules else courses.unreadable()
    found: dict[str, Any] = {"decision": ruled.course.value}
    if ruled.course == Course.REFUSE:
        found["reason"] = str(ruled.effects.get("reason", "other"))
    if ruled.course == Course.PERSON:
        promise = courses.promise_in(ruled.effects, fund_terms.pinned(row.policy).decision_business_days)
        found[f"promise_{promise.unit}"] = str(promise.amount)
        found |= {"steps": sorted(ruled.effects["steps"])} if ruled.effects.get("steps") else {}
    return Outcome(found, ruled.rules)
