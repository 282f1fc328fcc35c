"""Past registrations under two versions of the rules, each as it was on the day when it was submitted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from deals.enums import Course
from deals.models import Registration
from deals.queries import facts
from deals.queries.facts import Seen
from deals.rules import engagement
from deals.rules.catalogue import RIVALS
from deals.rules.engagement import Ruled, Stipulated
from deals.rules.terms import AREA, Terms
from prm.accounts.models import VendorProfile
from prm.clocks.clock import Unit
from prm.money import Money
from prm.policies import following, values
from prm.policies.evaluation import Facts
from prm.policies.past import Compared, Outcome
from prm.policies.rulesets import RuleSet

Body = Mapping[str, Any]


def number(first: date, last: date) -> int:
    """Return how many registrations were submitted in a period of the vendor's days."""
    return _submitted(first, last).count()


def compare(
    first: date, last: date, *, after: UUID | None, limit: int, before_body: Body, after_body: Body
) -> Sequence[Compared]:
    """Return the next registrations of a period with what both versions make of them."""
    rows = _submitted(first, last).select_related("partner").defer("typed", "reason_to_buy", "decision_note")
    if after is not None:
        rows = rows.filter(pk__gt=after)
    seen = [Seen(row, row.submitted_at) for row in rows.order_by("pk")[:limit]]
    sides = [_Side(before_body), _Side(after_body)]
    asked = frozenset().union(
        RIVALS, {"vendor_engaged"}, *(engagement.asked(side.rules) for side in sides if side.rules)
    )
    known = facts.all_facts(seen, asked=asked, terms=sides[1].terms)
    return [_compared(row, known[row.pk], sides) for row in seen]


def _submitted(first: date, last: date) -> QuerySet[Registration]:
    zone = ZoneInfo(VendorProfile.objects.values_list("time_zone", flat=True).get())
    start, end = (_midnight(day, zone) for day in (first, last + timedelta(days=1)))
    return Registration.objects.filter(submitted_at__gte=start, submitted_at__lt=end)


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone)


class _Side:
    """One of the two versions, read once for all rows."""

    def __init__(self, body: Body) -> None:
        self.terms = Terms.from_body(body)
        self.rules: RuleSet | None = following.followed(AREA, body)

    def outcome(self, known: Facts, value: Money | None) -> Outcome:
        is_contested = known.values["rivals"] > 0 or known.values["vendor_engaged"]
        ruled = engagement.judge(self.rules, known, is_contested=is_contested) if self.rules else None
        ruled = ruled or engagement.unreadable()
        stipulated = Stipulated(self.terms, ruled.effects)
        percent = stipulated.discount if ruled.course != Course.REFUSE else Decimal(0)
        given = (value * (percent / 100)).rounded() if value and percent is not None else None
        return Outcome(_effects(ruled, stipulated), ruled.rules, given)


def _compared(row: Seen, known: Facts, sides: Sequence[_Side]) -> Compared:
    registration = row.registration
    before, after = (side.outcome(known, registration.value) for side in sides)
    return Compared(
        row.pk,
        f"{registration.number} {registration.customer_name}",
        registration.partner.name,
        known.today,
        registration.value,
        before,
        after,
    )


def _effects(ruled: Ruled, stipulated: Stipulated) -> dict[str, Any]:
    """Return what holds in the end, as the catalogue names it: what rules leave open is as the terms have it."""
    if ruled.course == Course.REFUSE:
        return {"decision": ruled.course.value, "reason": stipulated.reason}
    found: dict[str, Any] = {
        "decision": ruled.course.value,
        "protection": values.body_of(stipulated.protection),
        "protection_from": stipulated.counts_from.value,
        "extension": values.body_of(stipulated.extension),
        "extension_limit": str(stipulated.extension_limit),
        "check_in_days": str(stipulated.check_in_days),
    }
    if stipulated.discount is not None:
        found["discount"] = str(stipulated.discount)
    if ruled.course == Course.PERSON:
        promise = stipulated.promise
        found["promise_hours" if promise.unit == Unit.HOURS else "promise_days"] = str(promise.amount)
        found |= {"calendar": promise.calendar} if promise.calendar else {}
        found |= {"deemed": stipulated.deemed.value}
        found |= {"steps": sorted(stipulated.steps)} if stipulated.steps else {}
    return found
