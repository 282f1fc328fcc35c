"""The facts of a registration as amendments keep them, and the amendments that were made of it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import F, Q, QuerySet

from deals.enums import AmendmentStatus
from deals.models import Amendment, PreSalesActivity, Registration, RegistrationLine
from deals.rules import amendments as rules
from deals.rules import engagement
from deals.rules.amendments import Change
from deals.rules.terms import AREA
from prm.custom_fields import queries as custom_fields
from prm.custom_fields.definitions import Definition
from prm.money import Money
from prm.policies import following
from prm.promises import cases
from prm.promises.measures import Case
from prm.tenancy.context import seeing_all_partners

WORDS = ("type", "source", "contact_name", "contact_email", "reason_to_buy")
DAYS = ("close_on", "starts_on", "tender_published_on", "letter_on")
DATES = cases.Dates("asked_at", "decide_by", "decided_at")


def facts_of(registration: Registration) -> dict[str, Any]:
    """Return what can be amended as it is now; what only the vendor sees is no part of it."""
    found: dict[str, Any] = {name: getattr(registration, name) for name in WORDS}
    for name in DAYS:
        day = getattr(registration, name)
        found[name] = day.isoformat() if day else None
    found["distributor"] = str(registration.distributor_id) if registration.distributor_id else None
    found["value"] = stored_money(registration.value)
    lines = RegistrationLine.objects.filter(registration=registration)
    found["products"] = stored_lines(lines.values_list("family_id", "product_id", "quantity"))
    activities = PreSalesActivity.objects.filter(registration=registration)
    found["activities"] = stored_activities(activities.values_list("kind", "held_on", "note"))
    return found | {each.name: registration.custom.get(each.key) for each in definitions()}


def definitions() -> list[Definition]:
    """Return the custom fields that partners fill in."""
    return [each for each in custom_fields.definitions_of(AREA) if not (each.is_internal or each.is_retired)]


def stored_money(value: Money | None) -> list[str] | None:
    return [format(value.amount.normalize(), "f"), value.currency] if value else None


def stored_lines(rows: Iterable[tuple[Any, Any, int | None]]) -> list[list[Any]]:
    """Return products in one order, so that the same ones are equal."""
    found = [[str(family), str(product) if product else None, quantity] for family, product, quantity in rows]
    return sorted(found, key=lambda row: (row[0], row[1] or "", row[2] or 0))


def stored_activities(rows: Iterable[tuple[Any, Any, str]]) -> list[list[Any]]:
    """Return activities in one order, so that the same ones are equal."""
    return sorted([str(kind), held_on.isoformat(), note] for kind, held_on, note in rows)


def of_registration(registration: Registration) -> QuerySet[Amendment]:
    """Return the amendments of a registration, the latest first."""
    rows = Amendment.objects.filter(registration=registration).select_related("asked_by", "decided_by")
    return rows.order_by("-asked_at", "-id")


def pending() -> QuerySet[Amendment]:
    """Return the amendments that wait for a decision, the first promised first."""
    rows = Amendment.objects.filter(status=AmendmentStatus.PENDING).select_related("registration__partner", "asked_by")
    return rows.order_by("decide_by", "id")


def waiting_of(registration: Registration) -> Amendment | None:
    """Return the amendment that waits for the vendor's decision."""
    return pending().filter(registration=registration).first()


def agreed_value(registration: Registration) -> Money | None:
    """Return the value that the vendor agreed to last: before what its partner changed by itself since."""
    with seeing_all_partners():  # also of whoever had the deal before
        return _agreed_value(registration)


def _agreed_value(registration: Registration) -> Money | None:
    rows = Amendment.objects.filter(registration=registration, after__has_key="value")
    accepted = rows.filter(status=AmendmentStatus.APPROVED).order_by("-decided_at", "-id").first()
    since = accepted.decided_at if accepted else registration.decided_at
    own = rows.filter(status=AmendmentStatus.APPLIED, asked_at__gt=since) if since else rows.none()
    first = own.order_by("asked_at", "id").first()
    return rules.value_in(first.before) if first else registration.value


def looked_at(registration: Registration) -> frozenset[str]:
    """Return the facts that the pinned rules look at, but for those that have terms of their own."""
    found = following.rules_in(registration.policy) if registration.policy else None
    return rules.looked_at(engagement.asked(found)) if found else frozenset()


def changed_since(amendment: Amendment, registration: Registration) -> tuple[Change, ...]:
    """Return what else became of the facts after an amendment was proposed: nobody who proposed it saw that."""
    return rules.changes(amendment.before, facts_of(registration))


def promised(since: datetime, until: datetime) -> Iterable[Case]:
    """Yield the decisions about amendments, for the page of promises; one that ended undecided and late is late."""
    decided = (AmendmentStatus.PENDING, AmendmentStatus.APPROVED, AmendmentStatus.REFUSED)
    is_over = Q(status__in=(AmendmentStatus.RECALLED, AmendmentStatus.LAPSED))
    rows = Amendment.objects.filter(Q(status__in=decided) | is_over & Q(decided_at__gt=F("decide_by")))
    waiting = Q(status=AmendmentStatus.PENDING)
    yield from cases.of_rows(rows, since, until, waiting=waiting, dates=DATES, pauses=False)
