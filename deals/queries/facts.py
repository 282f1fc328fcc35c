"""What is known of registrations, as their rules want it: a few queries for however many, and only what is asked.

Each is seen on its own day. What came later is left out as far as its time was kept, so that past registrations can be
judged again under other rules.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from operator import attrgetter
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Count, Min, Q

from deals.enums import KeyKind, ListKind, ProtectionState, Review, Stage
from deals.models import CaseParty, ListEntry, PreSalesActivity, Registration, RegistrationLine, Sale, SaleLine
from deals.queries import engagements, idle
from deals.queries.conflicts import kept_alike
from deals.rules import direct
from deals.rules.catalogue import NO_OPPORTUNITY, NO_TIER, RIVALS
from deals.rules.conflicts import Standing
from deals.rules.direct import Engagement, Logged
from deals.rules.matching.classes import Likeness
from deals.rules.terms import AREA, Terms
from partners.enums import AgreementStatus, CertificateStatus
from partners.models import Agreement, Certificate, CompanyProfile, Partner, TierMembership
from partners.queries import rates
from prm.accounts.models import Membership, VendorProfile
from prm.clocks import calendars
from prm.custom_fields import queries as custom_fields
from prm.events.models import Event
from prm.files.models import File
from prm.policies.evaluation import Facts
from prm.policies.periods import Calendar, Span
from prm.tenancy.context import seeing_all_partners

Values = dict[str, Any]
MANY = 2000  # things of one partner that are looked back at


@dataclass(frozen=True)
class Seen:
    """A registration, and when it is looked at."""

    registration: Registration
    at: datetime

    @property
    def pk(self) -> UUID:
        return self.registration.pk


def facts_of(registration: Registration, *, at: datetime, asked: frozenset[str], terms: Terms) -> Facts:
    """Return what is known of one registration now, as far as `asked` names it."""
    rows = [Seen(registration, at)]
    return all_facts(rows, asked=asked, terms=terms)[registration.pk]


def all_facts(rows: Sequence[Seen], *, asked: frozenset[str], terms: Terms) -> dict[UUID, Facts]:
    """Return what was known of each registration when it was looked at; rivals count for the days of the terms."""
    if not asked:
        zone = ZoneInfo(VendorProfile.objects.values_list("time_zone", flat=True).get())
        return {row.pk: Facts({}, row.at.astimezone(zone).date()) for row in rows}
    if not rows:
        return {}
    records, at = [row.registration for row in rows], max(row.at for row in rows)
    with seeing_all_partners():  # rivals and the vendor's lists decide, too; who is told what is another question
        gather = lambda names: _Gathering(rows, names, terms).facts()  # noqa: E731
        return custom_fields.gathered(AREA, records, asked, at, gather)


class _Gathering:
    def __init__(self, rows: Sequence[Seen], asked: frozenset[str], terms: Terms) -> None:
        self.rows, self.asked, self.terms = rows, asked, terms
        self.ids = [row.pk for row in rows]
        self.partner_ids = {row.registration.partner_id for row in rows}
        self.zone = ZoneInfo(VendorProfile.objects.values_list("time_zone", flat=True).get())
        self.calendar: Calendar = calendars.default()

    def facts(self) -> dict[UUID, Facts]:
        return {row.pk: self._facts(row) for row in self.rows}

    def _facts(self, row: Seen) -> Facts:
        today = self.day(row.at)
        known = {name: find(self, row, today) for name, find in FINDERS.items() if name in self.asked}
        if self.asked & RIVALS:
            known |= self._rivals(row, today)
        return Facts(known, today, self.calendar, self.rates_on(today))

    def day(self, at: datetime) -> date:
        return at.astimezone(self.zone).date()

    def rates_on(self, day: date) -> Mapping[tuple[str, str], Any]:
        if not self.asked & MONEY:
            return {}
        if day not in self._rates:
            self._rates[day] = rates.on(day)
        return self._rates[day]

    @cached_property
    def _rates(self) -> dict[date, Any]:
        return {}

    # -- the partner -------------------------------------------------------------------------------------
    @cached_property
    def partners(self) -> dict[UUID, Partner]:
        return {row.pk: row for row in Partner.objects.filter(pk__in=self.partner_ids)}

    def partner(self, row: Seen) -> Partner:
        return self.partners[row.registration.partner_id]

    @cached_property
    def _tiers(self) -> dict[UUID, list[TierMembership]]:
        return _grouped(TierMembership.objects.filter(partner__in=self.partner_ids).order_by("-starts_on"))

    def tier(self, row: Seen, today: date) -> str:
        for held in self._tiers.get(row.registration.partner_id, ()):
            if held.starts_on <= today and (held.ends_on is None or held.ends_on >= today):
                return str(held.tier_id)
        return NO_TIER

    @cached_property
    def _profiles(self) -> dict[UUID, CompanyProfile]:
        return {row.partner_id: row for row in CompanyProfile.objects.filter(partner__in=self.partner_ids)}

    def regions(self, row: Seen) -> frozenset[str]:
        profile = self._profiles.get(row.registration.partner_id)
        return frozenset({self.partner(row).country, *(profile.regions if profile else ())})

    def serves(self, row: Seen) -> bool:
        return row.registration.customer_country in self.regions(row)

    @cached_property
    def _agreements(self) -> dict[UUID, list[Agreement]]:
        signed = (AgreementStatus.ACCEPTED, AgreementStatus.SUPERSEDED)
        return _grouped(Agreement.objects.filter(partner__in=self.partner_ids, status__in=signed))

    def agreements(self, row: Seen) -> Decimal:
        """Count each agreement once, whichever of its versions was signed by then."""
        rows = self._agreements.get(row.registration.partner_id, ())
        return Decimal(len({kept.text_id for kept in rows if kept.decided_at and kept.decided_at <= row.at}))

    @cached_property
    def _certificates(self) -> dict[UUID, list[Certificate]]:
        confirmed = (CertificateStatus.ACTIVE, CertificateStatus.EXPIRED)
        rows = Certificate.objects.filter(partner__in=self.partner_ids, status__in=confirmed)
        people = Membership.objects.filter(partner_id__in=self.partner_ids, status=Membership.Status.ACTIVE)
        working = set(people.values_list("partner_id", "user_id"))
        found = _grouped(rows.select_related("certification", "holder"))
        return {pk: [row for row in held if (pk, row.holder_id) in working] for pk, held in found.items()}

    def certificates(self, row: Seen, today: date) -> list[Certificate]:
        return [
            held
            for held in self._certificates.get(row.registration.partner_id, ())
            if held.issued_on <= today and (held.expires_on is None or held.expires_on >= today)
        ]

    def certified(self, row: Seen, today: date) -> Decimal:
        return Decimal(len({held.holder_id for held in self.certificates(row, today)}))

    # -- the registration --------------------------------------------------------------------------------
    @cached_property
    def lines(self) -> dict[UUID, list[RegistrationLine]]:
        rows = RegistrationLine.objects.filter(registration__in=self.ids).select_related("family", "product")
        return _grouped(rows.order_by("id"), "registration_id")

    @cached_property
    def _activities(self) -> dict[UUID, list[PreSalesActivity]]:
        return _grouped(PreSalesActivity.objects.filter(registration__in=self.ids).order_by("id"), "registration_id")

    def activities(self, row: Seen) -> list[PreSalesActivity]:
        return self._activities.get(row.pk, [])

    @cached_property
    def _files(self) -> dict[UUID, int]:
        rows = File.objects.filter(subject_id__in=self.ids, removed_at__isnull=True).exclude(partner_path="")
        return dict(rows.order_by().values_list("subject_id").annotate(number=Count("pk")))

    def files(self, row: Seen) -> Decimal:
        return Decimal(self._files.get(row.pk, 0))

    def has_letter(self, row: Seen) -> bool:
        """Say whether a customer's letter is named, and there is a checked file that can be it."""
        return row.registration.letter_on is not None and row.pk in self._letters

    @cached_property
    def _letters(self) -> set[UUID]:
        """Return the registrations with a file that was checked, brought with them or in a conflict case."""
        parties = dict(CaseParty.objects.filter(registration__in=self.ids).values_list("pk", "registration_id"))
        of = parties | {pk: pk for pk in self.ids}
        rows = File.objects.filter(subject_id__in=list(of), removed_at__isnull=True, status=File.Status.CLEAN)
        return {of[pk] for pk in rows.exclude(partner_path="").values_list("subject_id", flat=True)}

    # -- the vendor's lists ------------------------------------------------------------------------------
    @cached_property
    def _listed_customers(self) -> dict[tuple[KeyKind, str], set[str]]:
        keys = [row.registration.keys for row in self.rows]
        columns = {KeyKind.TAX_ID: "tax_key", KeyKind.DOMAIN: "domain_key", KeyKind.NAME: "name_key"}
        same = Q(pk__in=[])
        for kind, column in columns.items():
            same |= Q(**{f"{column}__in": {found[kind] for found in keys if kind in found}})
        rows = ListEntry.objects.filter(same, list__kind=ListKind.CUSTOMERS, list__is_active=True)
        found: dict[tuple[KeyKind, str], set[str]] = defaultdict(set)
        for list_id, *values in rows.values_list("list_id", *columns.values()):
            for kind, value in zip(columns, values, strict=True):
                if value:
                    found[kind, value].add(str(list_id))
        return found

    def customer_lists(self, row: Seen) -> frozenset[str]:
        found = self._listed_customers
        return frozenset().union(*(found.get((kind, key), ()) for kind, key in row.registration.keys.items()))

    @cached_property
    def _listed_products(self) -> dict[UUID, set[str]]:
        found: dict[UUID, set[str]] = defaultdict(set)
        rows = ListEntry.objects.filter(list__kind=ListKind.PRODUCTS, list__is_active=True, product__isnull=False)
        for list_id, product_id in rows.values_list("list_id", "product_id"):
            found[product_id].add(str(list_id))
        return found

    def line(self, line: RegistrationLine) -> Values:
        return {
            "family": str(line.family_id),
            "product": str(line.product_id) if line.product_id else None,
            "quantity": Decimal(line.quantity) if line.quantity else None,
            "product_lists": frozenset(self._listed_products.get(line.product_id, ()) if line.product_id else ()),
            "title": line.product.name if line.product else line.family.name,
        }

    # -- what was before ---------------------------------------------------------------------------------
    @cached_property
    def _registrations(self) -> dict[UUID, list[Registration]]:
        rows = Registration.objects.filter(partner__in=self.partner_ids, submitted_at__isnull=False)
        return _grouped(rows.order_by("submitted_at", "pk").only(*HISTORY))

    def registrations(self, row: Seen) -> list[Values]:
        rows = self._registrations.get(row.registration.partner_id, [])
        arrived = row.registration.submitted_at or row.at  # judged again later, it is no earlier one of its own
        before = bisect_left(rows, (arrived, row.pk), key=_arrival)
        return [self._earlier(other, row.at) for other in rows[max(0, before - MANY) : before]]

    def _earlier(self, other: Registration, at: datetime) -> Values:
        """Return it as it was then; most had been over for long, which is the same for all that look back."""
        is_over = other.decided_at and other.decided_at <= at and (not other.closed_on or other.closed_on < at.date())
        if not is_over or other.protected_from:  # how it was protected and how long it idles change with the day
            return self._as_it_was(other, at)
        if other.pk not in self._settled:
            self._settled[other.pk] = self._as_it_was(other, at)
        return self._settled[other.pk]

    @cached_property
    def _settled(self) -> dict[UUID, Values]:
        return {}

    def _as_it_was(self, other: Registration, at: datetime) -> Values:
        assert other.submitted_at is not None
        is_decided = other.decided_at is not None and other.decided_at <= at
        is_closed = other.closed_on is not None and other.closed_on <= self.day(at)
        return {
            "on": self.day(other.submitted_at),
            "type": other.type,
            "review": other.review if is_decided or other.review == Review.WITHDRAWN else Review.SUBMITTED.value,
            "stage": other.stage if is_closed or other.stage not in (Stage.WON, Stage.LOST) else Stage.COMMITTED.value,
            "is_protected": not is_closed and self._was_protected(other, self.day(at)),
            "idle": self.idle(other, at),
            "value": other.value,
            "country": other.customer_country,
        }

    @cached_property
    def _sales(self) -> dict[UUID, list[Sale]]:
        rows = (
            Sale.objects.standing().filter(partner__in=self.partner_ids).select_related("customer").order_by("-sold_on")
        )
        return _grouped(rows)

    def sales(self, row: Seen, today: date) -> list[Values]:
        rows = [sale for sale in self._sales.get(row.registration.partner_id, ()) if sale.sold_on <= today]
        return [{"on": sale.sold_on, "value": sale.total, "country": sale.customer.country} for sale in rows[:MANY]]

    @cached_property
    def _first_bought(self) -> dict[UUID, date]:
        customers = {row.registration.customer_id for row in self.rows}
        rows = Sale.objects.standing().filter(customer__in=customers).order_by().values_list("customer_id")
        return dict(rows.annotate(first=Min("sold_on")))

    def is_new(self, row: Seen, today: date) -> bool:
        """Say whether nobody had sold anything to the customer before."""
        first = self._first_bought.get(row.registration.customer_id)  # type: ignore[arg-type]
        return first is None or first >= today

    @cached_property
    def _last_sold(self) -> dict[UUID, list[SaleLine]]:
        customers = {row.registration.customer_id for row in self.rows}
        rows = SaleLine.objects.filter(sale__customer__in=customers, sale__reversed_on=None).select_related("sale")
        return _grouped_by(rows.order_by("-sale__sold_on", "-sale_id"), lambda line: line.sale.customer_id)

    def is_incumbent(self, row: Seen, today: date) -> bool:
        """Say whether the partner was the last to sell the customer one of the families of the deal."""
        families = self._families_of(row)
        sold = self._last_sold.get(row.registration.customer_id, ())  # type: ignore[arg-type]
        latest = next((line for line in sold if line.family_id in families and line.sale.sold_on <= today), None)
        return latest is not None and latest.sale.partner_id == row.registration.partner_id

    def _families_of(self, row: Seen) -> set[UUID]:
        return {line.family_id for line in self.lines.get(row.pk, ())}

    @cached_property
    def _progress(self) -> dict[UUID, list[datetime]]:
        """Return when there was progress with each deal of these partners: a check-in, or another stage."""
        found: dict[UUID, list[datetime]] = defaultdict(list)
        deals = Registration.objects.filter(partner__in=self.partner_ids).values("pk")
        said = Event.objects.filter(name__in=idle.MOVES, subject_id__in=deals)
        for registration_id, at in said.order_by().values_list("subject_id", "at"):
            found[registration_id].append(at)
        return found

    def idle(self, other: Registration, at: datetime) -> Span | None:
        """Return the time since the last progress by then; its approval is the first."""
        first = [other.decided_at] if other.decided_at and other.decided_at <= at else []
        latest = max([*first, *(moment for moment in self._progress.get(other.pk, ()) if moment <= at)], default=None)
        return Span(self.day(latest), self.day(at)) if latest else None

    # -- who else ----------------------------------------------------------------------------------------
    @cached_property
    def _alike(self) -> dict[UUID, dict[UUID, Likeness]]:
        """Return of each customer those that may be the same, as far as that is known by now."""
        return kept_alike(row.registration.customer_id for row in self.rows if row.registration.customer_id)

    @cached_property
    def _others(self) -> dict[UUID, list[Registration]]:
        """Return all registrations of the same customers and of those alike; a customer stands for its keys."""
        customers = {row.registration.customer_id for row in self.rows}
        alike = {pk for those in self._alike.values() for pk in those}
        rows = Registration.objects.filter(customer__in=customers | alike, submitted_at__isnull=False)
        return _grouped(rows.only(*HISTORY), "customer_id")

    @cached_property
    def _families(self) -> dict[UUID, set[UUID]]:
        ids = [*self.ids, *(other.pk for rows in self._others.values() for other in rows)]
        found: dict[UUID, set[UUID]] = defaultdict(set)
        for registration_id, family_id in RegistrationLine.objects.filter(registration__in=ids).values_list(
            "registration_id", "family_id"
        ):
            found[registration_id].add(family_id)
        return found

    def _rivals(self, row: Seen, today: date) -> Values:
        found = self.standings(row, today)
        return {
            "rivals": Decimal(len(found)),
            "rivals_protected": Decimal(found.count(PROTECTED)),
            "rivals_pending": Decimal(found.count(PENDING)),
            "rivals_won": Decimal(found.count(Stage.WON)),
        }

    def standings(self, row: Seen, today: date) -> list[str]:
        """Return how every other registration of the customer stood: protected, pending, won or elsewhere.

        Elsewhere are those of other products, and of a customer that only looks like this one.
        """
        mine = row.registration.customer_id
        if mine is None:
            return []
        before = [
            other
            for customer in (mine, *self._alike.get(mine, ()))
            for other in self._others.get(customer, ())
            if other.pk != row.pk and (other.submitted_at, other.pk) < (row.at, row.pk)
        ]
        standings = ((other, self._standing(row, other, today)) for other in before)
        return [standing if other.customer_id == mine else ELSEWHERE for other, standing in standings if standing]

    def _standing(self, row: Seen, other: Registration, today: date) -> str:
        assert other.submitted_at is not None
        is_closed = other.closed_on is not None and other.closed_on <= today
        if not is_closed and self._was_protected(other, today):
            return PROTECTED if self._families[row.pk] & self._families[other.pk] else ELSEWHERE
        since = other.closed_on if is_closed and other.closed_on else self.day(other.submitted_at)
        if (today - since).days > self.terms.look_back_days:
            return ""
        if is_closed:
            return Stage.WON.value if other.stage == Stage.WON else ""
        is_decided = other.decided_at is not None and other.decided_at <= row.at
        return "" if is_decided or other.review == Review.WITHDRAWN else PENDING

    def _was_protected(self, other: Registration, today: date) -> bool:
        """Say whether it was protected on a day; of one that was given up or taken away, the day is not kept."""
        if other.protection in (ProtectionState.NONE, ProtectionState.RELEASED, ProtectionState.REVOKED):
            return False
        assert other.protected_from
        assert other.protected_until
        return other.protected_from <= today <= other.protected_until

    # -- the vendor itself -------------------------------------------------------------------------------
    @cached_property
    def _logged(self) -> dict[UUID, list[Logged]]:
        customers = {row.registration.customer_id for row in self.rows if row.registration.customer_id}
        return engagements.logged_by_customer(customers)

    def direct(self, row: Seen, today: date) -> list[Engagement]:
        """Return what of the vendor's own work counted then."""
        logged = self._logged.get(row.registration.customer_id, ())  # type: ignore[arg-type]
        families = frozenset(line.family_id for line in self.lines.get(row.pk, ()))
        found = direct.weigh(logged, sent_at=_sent_at(row), today=today, families=families, terms=self.terms)
        return [engagement for engagement in found if engagement.counts]

    def touches(self, row: Seen, today: date) -> Decimal:
        return Decimal(sum(found.logged.standing == Standing.DIRECT_TOUCH for found in self.direct(row, today)))

    def direct_stage(self, row: Seen, today: date) -> str | None:
        found = self.direct(row, today)
        if not any(engagement.logged.standing == Standing.DIRECT_OPPORTUNITY for engagement in found):
            return NO_OPPORTUNITY
        return direct.phase_of(found, sent_at=_sent_at(row))


PROTECTED, PENDING, ELSEWHERE = "protected", "pending", "elsewhere"
MONEY = frozenset({"value", "registrations", "sales"})
HISTORY = (
    *("partner_id", "customer_id", "customer_country", "type", "review", "stage", "protection"),
    *("submitted_at", "decided_at", "closed_on", "protected_from", "protected_until", "value_amount", "value_currency"),
)
FINDERS: Mapping[str, Callable[[_Gathering, Seen, date], Any]] = {
    "type": lambda known, row, today: row.registration.type,
    "value": lambda known, row, today: row.registration.value,
    "close_on": lambda known, row, today: row.registration.close_on,
    "starts_on": lambda known, row, today: row.registration.starts_on,
    "stage": lambda known, row, today: _stage_of(row.registration),
    "source": lambda known, row, today: row.registration.source,
    "distributor": lambda known, row, today: str(row.registration.distributor_id or "") or None,
    "names_distributor": lambda known, row, today: row.registration.distributor_id is not None,
    "entered_as": lambda known, row, today: row.registration.entered_as,
    "is_tender": lambda known, row, today: row.registration.is_tender,
    "tender_published_on": lambda known, row, today: row.registration.tender_published_on,
    "submitted_on": lambda known, row, today: known.day(row.registration.submitted_at or row.at),
    "files": lambda known, row, today: known.files(row),
    "last_activity_on": lambda known, row, today: max((act.held_on for act in known.activities(row)), default=None),
    "partner_type": lambda known, row, today: known.partner(row).type,
    "partner_status": lambda known, row, today: known.partner(row).status,
    "partner_tier": lambda known, row, today: known.tier(row, today),
    "partner_country": lambda known, row, today: known.partner(row).country,
    "partner_regions": lambda known, row, today: known.regions(row),
    "serves_customer": lambda known, row, today: known.serves(row),
    "partner_since": lambda known, row, today: Span(known.partner(row).joined_on, today),
    "has_distributor": lambda known, row, today: known.partner(row).distributor_id is not None,
    "agreements": lambda known, row, today: known.agreements(row),
    "certified_people": lambda known, row, today: known.certified(row, today),
    "certified_in_territory": lambda known, row, today: known.certified(row, today) if known.serves(row) else Decimal(),
    "customer_name": lambda known, row, today: row.registration.customer_name,
    "customer_country": lambda known, row, today: row.registration.customer_country,
    "customer_is_new": lambda known, row, today: known.is_new(row, today),
    "partner_is_incumbent": lambda known, row, today: known.is_incumbent(row, today),
    "customer_letter": lambda known, row, today: known.has_letter(row),
    "customer_lists": lambda known, row, today: known.customer_lists(row),
    "vendor_engaged": lambda known, row, today: bool(known.direct(row, today)),
    "direct_stage": lambda known, row, today: known.direct_stage(row, today),
    "direct_touches": lambda known, row, today: known.touches(row, today),
    "lines": lambda known, row, today: [known.line(line) for line in known.lines.get(row.pk, ())],
    "activities": lambda known, row, today: [{"kind": done.kind, "on": done.held_on} for done in known.activities(row)],
    "certificates": lambda known, row, today: [
        {
            "certification": str(held.certification_id),
            "role": held.certification.role,
            "holder": held.holder.name or held.holder.email,
            "expires_on": held.expires_on,
        }
        for held in known.certificates(row, today)
    ],
    "registrations": lambda known, row, today: known.registrations(row),
    "sales": lambda known, row, today: known.sales(row, today),
}


def _arrival(registration: Registration) -> tuple[Any, UUID]:
    return registration.submitted_at, registration.pk


def _sent_at(row: Seen) -> datetime:
    return min(row.at, row.registration.submitted_at or row.at)


def _stage_of(registration: Registration) -> str:
    """Return how far the deal was before it ended, which a registration never starts with."""
    return Stage.COMMITTED.value if registration.stage in (Stage.WON, Stage.LOST) else registration.stage


def _grouped(rows: Iterable[Any], by: str = "partner_id") -> dict[UUID, list[Any]]:
    return _grouped_by(rows, attrgetter(by))


def _grouped_by(rows: Iterable[Any], key: Callable[[Any], UUID]) -> dict[UUID, list[Any]]:
    found: dict[UUID, list[Any]] = defaultdict(list)
    for row in rows:
        found[key(row)].append(row)
    return found
