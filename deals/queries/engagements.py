"""What the vendor itself has to do with a customer. For the vendor's people; partners learn at most that it has."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from types import MappingProxyType
from uuid import UUID

from django.db.models import Q, QuerySet

from deals.enums import KeyKind, ListKind, Stage
from deals.models import CustomerKey, DirectOpportunity, DirectTouch, ListEntry, Registration, Sale
from deals.rules import direct
from deals.rules.conflicts import Standing
from deals.rules.direct import Engagement, Logged
from deals.rules.matching.classes import Likeness
from deals.rules.terms import Terms
from prm import together
from prm.tenancy.context import seeing_all_partners

MOST = 50  # of each kind that are looked at for one customer, the latest
COLUMNS = {KeyKind.TAX_ID: "tax_key", KeyKind.DOMAIN: "domain_key", KeyKind.NAME: "name_key"}
Alike = Mapping[UUID, Likeness]


@dataclass(frozen=True)
class Around:
    """Everything of the vendor's own that somebody who decides about a registration should know."""

    engagements: list[Engagement] = field(default_factory=list)
    last_sale: Sale | None = None
    lists: tuple[str, ...] = ()  # on which the customer stands

    @property
    def standings(self) -> frozenset[Standing]:
        """What there is that counts."""
        found = {each.logged.standing for each in self.engagements if each.counts}
        found |= {Standing.EXISTING_CUSTOMER} if self.last_sale else set()
        return frozenset(found | ({Standing.NAMED_ACCOUNT} if self.lists else set()))

    def __bool__(self) -> bool:
        return bool(self.engagements or self.last_sale or self.lists)


def around(registration: Registration, *, families: frozenset[UUID], today: date, terms: Terms, alike: Alike) -> Around:
    """Return what the vendor has to do with a registration's customer, in one statement."""
    customers = {registration.customer_id, *alike}
    since = today - timedelta(days=terms.existing_customer_days)
    sales = (
        Sale.objects.standing().filter(customer=registration.customer_id, sold_on__gte=since).select_related("partner")
    )
    sales = sales.exclude(registration=registration)
    opportunities, touches, sold, listed = together.fetch(
        _opportunities(customers), _touches(customers), sales.order_by("-sold_on", "-id")[:1], _listed(registration)
    )
    assert registration.submitted_at is not None
    found = direct.weigh(
        [*map(_of_opportunity, opportunities), *map(_of_touch, touches)],
        sent_at=registration.submitted_at,
        today=today,
        families=families,
        terms=terms,
        alike=alike,
    )
    names = sorted({entry.list.name for entry in listed})
    return Around(found, next(iter(sold), None), tuple(names))


def is_engaged(
    registration: Registration,
    *,
    families: frozenset[UUID],
    today: date,
    terms: Terms,
    at: datetime,
    alike: Alike = MappingProxyType({}),
) -> bool:
    """Say whether the vendor worked at a customer itself before it was registered, or now if it is not registered."""
    with seeing_all_partners():
        customers = {registration.customer_id} if registration.customer_id else _customers_of(registration.keys)
        logged = _logged({*customers, *alike})
    sent_at = registration.submitted_at or at
    found = direct.weigh(logged, sent_at=sent_at, today=today, families=families, terms=terms)
    return any(engagement.counts for engagement in found)


def logged_by_customer(customers: Collection[UUID]) -> dict[UUID, list[Logged]]:
    """Return what was logged of each customer, in two queries however many."""
    found: dict[UUID, list[Logged]] = defaultdict(list)
    for row in _logged(customers) if customers else ():
        found[row.customer_id].append(row)
    return found


def _logged(customers: Collection[UUID]) -> Iterable[Logged]:
    opportunities = DirectOpportunity.objects.filter(customer__in=customers).select_related("customer")
    touches = DirectTouch.objects.filter(customer__in=customers).select_related("logged_by")
    return [*map(_of_opportunity, opportunities), *map(_of_touch, touches)]


def _opportunities(customers: Collection[UUID | None]) -> QuerySet[DirectOpportunity]:
    rows = DirectOpportunity.objects.filter(customer__in=[pk for pk in customers if pk]).select_related("customer")
    return rows.order_by("-opened_on", "-id")[:MOST]


def _touches(customers: Collection[UUID | None]) -> QuerySet[DirectTouch]:
    rows = DirectTouch.objects.filter(customer__in=[pk for pk in customers if pk]).select_related("logged_by")
    return rows.order_by("-happened_on", "-id")[:MOST]


def _listed(registration: Registration) -> QuerySet[ListEntry]:
    same = Q(pk__in=[])
    for kind, key in registration.keys.items():
        same |= Q(**{COLUMNS[kind]: key})
    rows = ListEntry.objects.filter(same, list__kind=ListKind.CUSTOMERS, list__is_active=True)
    return rows.select_related("list").order_by("list__name", "id")[:MOST]


def _customers_of(keys: Mapping[KeyKind, str]) -> set[UUID]:
    """Return the customers that what was typed identifies."""
    known = {(row.kind, row.value): row.customer_id for row in CustomerKey.objects.filter(value__in=keys.values())}
    return {known[kind, value] for kind, value in keys.items() if (kind, value) in known}


def _of_opportunity(row: DirectOpportunity) -> Logged:
    return Logged(
        standing=Standing.DIRECT_OPPORTUNITY,
        record_id=row.pk,
        customer_id=row.customer_id,
        on=row.opened_on,
        logged_at=row.logged_at,
        families=frozenset(row.families),
        closed_at=row.closed_at,
        title=row.title,
        who=row.owner,
        phase=Stage(row.phase) if row.phase else None,
        phase_at=row.phase_at,
    )


def _of_touch(row: DirectTouch) -> Logged:
    return Logged(
        standing=Standing.DIRECT_TOUCH,
        record_id=row.pk,
        customer_id=row.customer_id,
        on=row.happened_on,
        logged_at=row.logged_at,
        title=row.get_kind_display(),
        who=row.logged_by.name,
    )
