"""What became of registrations at the vendor itself: deals that it took direct, and decisions that came late."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from deals.enums import DirectStage, Review, Stage
from deals.models import DirectOpportunity, Registration
from deals.queries import engagements
from deals.queries.conflicts import families_by_registration
from deals.rules import taken
from deals.rules.conflicts import Standing
from deals.rules.direct import Logged
from prm.money import Money

DECIDED = (Review.APPROVED, Review.REJECTED)
MOST = 20_000  # registrations that are read for one report
COLUMNS = (
    *("number", "customer", "customer_name", "partner", "review", "stage", "value_amount", "value_currency"),
    *("submitted_at", "decide_by", "decided_at"),
)


@dataclass
class Share:
    """How many registrations of a partner or a month were decided, taken direct, and decided late."""

    label: str
    key: str = ""
    decided: int = 0
    taken: int = 0
    late: int = 0
    values: dict[str, Money] = field(default_factory=dict)

    @property
    def percent(self) -> int:
        return round(100 * self.taken / self.decided) if self.decided else 0

    @property
    def worth(self) -> list[Money]:
        """Return what was taken direct is worth as the partner registered it, by currency."""
        return sorted(self.values.values(), key=lambda money: -money.amount)

    def count(self, row: Registration, *, is_taken: bool) -> None:
        self.decided += 1
        self.late += is_late(row)
        self.taken += is_taken
        if is_taken and row.value:
            before = self.values.get(row.value.currency)
            self.values[row.value.currency] = before + row.value if before else row.value


@dataclass(frozen=True)
class Report:
    """The figures of a period: of all, by partner with most taken first, by month, and which deals it were."""

    total: Share
    partners: list[Share]
    months: list[Share]
    taken: list[Registration]


def report(since: date, until: date, *, zone: ZoneInfo, partner_path: str = "") -> Report:
    """Return what became of the registrations that were sent in a period and decided."""
    rows = list(_rows(since, until, zone, partner_path)[:MOST])
    logged, stages = _opportunities({row.customer_id for row in rows if row.customer_id})
    families = families_by_registration([row.pk for row in rows if row.customer_id in logged])
    total, partners, months = Share(""), dict[UUID, Share](), _months(since, until)
    found = []
    for row in rows:
        assert row.submitted_at is not None
        asked = {"sent_at": row.submitted_at, "families": families.get(row.pk, frozenset()), "stages": stages}
        theirs: Iterable[Logged] = logged.get(row.customer_id, ())  # type: ignore[arg-type]
        is_taken = row.stage != Stage.WON and taken.is_taken(theirs, **asked)  # type: ignore[arg-type]
        sent_on = row.submitted_at.astimezone(zone).date()
        partner = partners.setdefault(row.partner_id, Share(row.partner.name, str(row.partner_id)))
        for share in (total, partner, months[sent_on.year, sent_on.month]):
            share.count(row, is_taken=is_taken)
        found += [row] if is_taken else []
    ranked = sorted(partners.values(), key=lambda share: (-share.taken, -share.percent, share.label))
    return Report(total, ranked, list(months.values()), found)


def is_late(row: Registration) -> bool:
    """Say whether a decision came after it was promised."""
    return bool(row.decide_by and row.decided_at and row.decided_at > row.decide_by)


def _rows(since: date, until: date, zone: ZoneInfo, partner_path: str) -> QuerySet[Registration]:
    first, last = (datetime.combine(day, time.min, zone) for day in (since, until + timedelta(days=1)))
    rows = Registration.objects.filter(review__in=DECIDED, submitted_at__gte=first, submitted_at__lt=last)
    if partner_path:
        rows = rows.filter(partner_path=partner_path)
    return rows.select_related("partner").only(*COLUMNS, "partner__name").order_by("submitted_at", "id")


def _opportunities(customers: set[UUID]) -> tuple[dict[UUID, list[Logged]], dict[UUID, DirectStage]]:
    found: dict[UUID, list[Logged]] = defaultdict(list)
    for customer, rows in engagements.logged_by_customer(customers).items():
        for row in rows:
            if row.standing == Standing.DIRECT_OPPORTUNITY:
                found[customer].append(row)
    stages = DirectOpportunity.objects.filter(customer__in=customers).values_list("pk", "stage")
    return dict(found), {pk: DirectStage(stage) for pk, stage in stages}


def _months(since: date, until: date) -> dict[tuple[int, int], Share]:
    found, day = {}, since.replace(day=1)
    while day <= until:
        found[day.year, day.month] = Share(day.isoformat())
        day = (day + timedelta(days=32)).replace(day=1)
    return found
