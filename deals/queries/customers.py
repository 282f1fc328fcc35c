"""End customers as the vendor's people see them: in a list, and as one page over everything known of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum

from deals.enums import ListKind, Review
from deals.models import (
    CustomerKey,
    CustomerLikeness,
    CustomerMerge,
    EndCustomer,
    ListEntry,
    NamedList,
    Registration,
    Sale,
)
from deals.queries import matching
from deals.queries.conflicts import likely
from deals.queries.known import COLUMNS
from deals.queries.matching import Relative
from deals.rules.matching.classes import Class, Likeness
from prm import together
from prm.money import Money

SHOWN = 50
ORDER = {Class.SAME: 0, Class.MAY_BE_SAME: 1, Class.RELATED: 2}


# -- conditions of the list ----------------------------------------------------------------------------
def registered() -> Exists:
    """The condition that a partner registered a customer."""
    return Exists(_submitted().filter(customer=OuterRef("pk")))


def buying() -> Exists:
    """The condition that somebody has sold to a customer."""
    return Exists(Sale.objects.standing().filter(customer=OuterRef("pk")))


def alike() -> Exists:
    """The condition that a customer may be the same company as another, and nobody said that it is not."""
    return Exists(_pairs().filter(Q(one=OuterRef("pk")) | Q(other=OuterRef("pk"))))


def listed(list_id: UUID | None = None) -> Q:
    """The condition that a customer stands on a list that the vendor keeps, or on this one."""
    entries = ListEntry.objects.filter(list__kind=ListKind.CUSTOMERS)
    entries = entries.filter(list=list_id) if list_id else entries.filter(list__is_active=True)
    same = Q(pk__in=[])
    for kind, column in COLUMNS.items():
        values = entries.exclude(**{column: ""}).values(column)
        same |= Q(kind=kind, value__in=values)
    return Q(pk__in=CustomerKey.objects.filter(same).values("customer_id"))


def _pairs() -> QuerySet[CustomerLikeness]:
    return likely().filter(one__merged_into=None, other__merged_into=None)


def _submitted() -> QuerySet[Registration]:
    return Registration.objects.exclude(review=Review.DRAFT)


# -- the list ------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Row:
    """A customer in the list, with how much there is of it."""

    customer: EndCustomer
    registrations: int
    is_buyer: bool
    lookalikes: int


def rows(customers: Sequence[EndCustomer]) -> list[Row]:
    """Return the customers of a page with their numbers, in one query whatever there are."""
    ids = [customer.pk for customer in customers]
    registrations, sales, pairs = together.fetch(
        _submitted().filter(customer__in=ids).order_by().values_list("customer_id").annotate(number=Count("pk")),
        Sale.objects.standing().filter(customer__in=ids).order_by().values_list("customer_id").distinct(),
        _pairs().filter(Q(one__in=ids) | Q(other__in=ids)).values_list("one_id", "other_id"),
    )
    registered_, buyers = dict(registrations), {pk for (pk,) in sales}
    both = [pk for pair in pairs for pk in pair]
    return [
        Row(customer, registered_.get(customer.pk, 0), customer.pk in buyers, both.count(customer.pk))
        for customer in customers
    ]


def relatives_of(customer: EndCustomer) -> list[tuple[Row, Relative]]:
    """Return the customers that seem to belong to one, with their numbers, the nearest first."""
    facts = customer.facts
    found = matching.relatives_of(facts, matching.ranked(facts, but=customer.pk), of=customer)
    return list(zip(rows([one.customer for one in found]), found, strict=True))


# -- one customer --------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Lookalike:
    """Another customer, and how it stands to the one that is looked at."""

    customer: EndCustomer
    likeness: Likeness
    is_told_apart: bool


@dataclass(frozen=True)
class Dossier:
    """Everything known of a customer, shaped like its page."""

    customer: EndCustomer
    registrations: list[Registration]
    sales: list[Sale]
    sold: list[Money]
    lists: list[NamedList]
    subsidiaries: list[EndCustomer]
    lookalikes: list[Lookalike]
    merged: list[CustomerMerge]  # into it
    dissolved: CustomerMerge | None  # of it, into another

    @property
    def pending(self) -> list[Lookalike]:
        """Those that may be the same, for a person to say."""
        return [one for one in self.lookalikes if one.likeness.may_be_same and not one.is_told_apart]

    @property
    def related(self) -> list[Lookalike]:
        return [one for one in self.lookalikes if not one.likeness.may_be_same and not one.is_told_apart]

    @property
    def told_apart(self) -> list[Lookalike]:
        return [one for one in self.lookalikes if one.is_told_apart]


def dossier_of(customer: EndCustomer) -> Dossier:
    """Return what a customer's page shows."""
    keys = CustomerKey.objects.filter(customer=customer)
    mine = Q(pk__in=[])
    for kind, column in COLUMNS.items():
        mine |= Q(**{f"entries__{column}__in": keys.filter(kind=kind).values("value")})
    merges = (
        CustomerMerge.objects.filter(undone_at=None).select_related("kept", "dissolved", "by").order_by("-at", "-id")
    )
    registrations, sales, sums, lists, subsidiaries, pairs, merged, dissolved = together.fetch(
        _submitted().filter(customer=customer).select_related("partner").order_by("-submitted_at", "-id")[:SHOWN],
        Sale.objects.standing().filter(customer=customer).select_related("partner").order_by("-sold_on", "-id")[:SHOWN],
        Sale.objects.standing()
        .filter(customer=customer)
        .order_by()
        .values_list("currency")
        .annotate(total=Sum("amount")),
        NamedList.objects.filter(mine, kind=ListKind.CUSTOMERS).distinct().order_by("name", "pk"),
        EndCustomer.objects.standing().filter(parent=customer).order_by("name", "pk")[:SHOWN],
        _pairs_of(customer),
        merges.filter(kept=customer),
        merges.filter(dissolved=customer),
    )
    return Dossier(
        customer=customer,
        registrations=list(registrations),
        sales=list(sales),
        sold=sorted((Money(total, currency) for currency, total in sums), key=lambda money: -money.amount),
        lists=list(lists),
        subsidiaries=list(subsidiaries),
        lookalikes=_lookalikes(customer, list(pairs)),
        merged=list(merged),
        dissolved=next(iter(dissolved), None),
    )


def _pairs_of(customer: EndCustomer) -> QuerySet[CustomerLikeness]:
    either = Q(one=customer) | Q(other=customer)
    rows = CustomerLikeness.objects.filter(either, one__merged_into=None, other__merged_into=None)
    return rows.select_related("one", "other").order_by("-probability", "id")


def _lookalikes(customer: EndCustomer, pairs: list[CustomerLikeness]) -> list[Lookalike]:
    found = [
        Lookalike(
            row.other if row.one_id == customer.pk else row.one,
            row.of(customer.pk),
            row.told_apart_at is not None,
        )
        for row in pairs
    ]
    return sorted(found, key=lambda one: ORDER.get(one.likeness.kind, len(ORDER)))


def named(text: str, chosen: str = "") -> EndCustomer | None:
    """Return the customer that was chosen from a search, or the only one with exactly this name."""
    facts: dict[str, Any] = {"pk": chosen} if chosen else {"name": text.strip()}
    found = list(EndCustomer.objects.standing().filter(**facts)[:2])
    return found[0] if len(found) == 1 else None
