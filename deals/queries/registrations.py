"""A registration shaped like its page: what it is about, and what surrounds the decision."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from statistics import median

from django.db.models import Prefetch, QuerySet

from deals.enums import ExtensionStatus
from deals.models import (
    Extension,
    PreSalesActivity,
    Registration,
    RegistrationLine,
)
from deals.queries import rules
from deals.queries import terms as registration_terms
from deals.queries.conflicts import conflicts_of
from deals.rules.conflicts import Conflict
from deals.rules.engagement import Stipulated
from deals.rules.terms import Grant
from partners.models import Partner, TierMembership


@dataclass(frozen=True)
class Rival:
    """A conflict with the row of the registration it is with."""

    conflict: Conflict
    registration: Registration
    families: tuple[str, ...]


def with_lines(rows: QuerySet[Registration]) -> QuerySet[Registration]:
    """Load the partner and the products of each row, whatever their number, in two more queries."""
    lines = RegistrationLine.objects.select_related("family", "product").order_by("family__position", "id")
    return rows.select_related("partner", "distributor").prefetch_related(Prefetch("lines", queryset=lines))


def lines_of(registration: Registration) -> list[RegistrationLine]:
    """Return the products of a registration in the order of the catalogue."""
    rows = RegistrationLine.objects.filter(registration=registration).select_related("family", "product")
    return list(rows.order_by("family__position", "product__name", "id"))


def activities_of(registration: Registration) -> QuerySet[PreSalesActivity]:
    """Return the pre-sales activities, the latest first."""
    return PreSalesActivity.objects.filter(registration=registration).order_by("-held_on", "id")


def waiting_extension(registration: Registration) -> Extension | None:
    """Return the extension that waits for the vendor's decision."""
    return (
        Extension.objects.filter(registration=registration, status=ExtensionStatus.PENDING)
        .select_related("asked_by")
        .first()
    )


def rivals_of(registration: Registration, lines: Iterable[RegistrationLine], today: date, *, zone: str) -> list[Rival]:
    """Return whom an approver should look at beside a registration. For the vendor's people only."""
    families = {line.family_id: line.family.name for line in lines}
    terms = registration_terms.pinned(registration.policy)
    found = conflicts_of(registration, families=families, today=today, terms=terms, zone=zone)
    rows = with_lines(Registration.objects.filter(pk__in=[conflict.rival.registration_id for conflict in found]))
    by_id = {row.pk: row for row in rows}
    return [
        Rival(conflict, by_id[conflict.rival.registration_id], tuple(sorted(families[pk] for pk in conflict.families)))
        for conflict in found
        if conflict.rival.registration_id in by_id
    ]


def stipulated_of(registration: Registration, today: date) -> Stipulated:
    """Return what a registration stands under, or would unless a rule says otherwise if it were submitted today."""
    if registration.policy_id:
        return rules.stipulated(registration)
    return rules.offered(registration_terms.current(today)[0])


@dataclass(frozen=True)
class Promise:
    """What the side rail of the form promises: terms, last protected day, who decides and how fast that usually is."""

    stipulated: Stipulated
    has_rules: bool
    grant: Grant
    until: date
    decider: str
    tier: str
    usual_hours: int | None


def promise_for(partner: Partner, today: date) -> Promise:
    """Return what a registration submitted today would get."""
    version, _terms = registration_terms.current(today)
    stipulated = rules.offered(version)
    tier = TierMembership.objects.on(today).filter(partner=partner).select_related("tier").first()
    grant = registration_terms.granted(partner, stipulated, today)
    manager = partner.channel_manager
    return Promise(
        stipulated=stipulated,
        has_rules=bool(version.body.get("rules", {}).get("rules")),
        grant=grant,
        until=grant.until(today),
        decider=manager.name if manager else "",
        tier=tier.tier.name if tier else "",
        usual_hours=usual_hours(partner),
    )


def usual_hours(partner: Partner) -> int | None:
    """Return the median hours from submission to decision of the partner's last twenty decisions; None under three."""
    decided = Registration.objects.filter(partner=partner, decided_at__isnull=False, submitted_at__isnull=False)
    times = decided.order_by("-decided_at").values_list("submitted_at", "decided_at")[:20]
    hours = [max(1, round((end - start).total_seconds() / 3600)) for start, end in times]
    return round(median(hours)) if len(hours) >= 3 else None
