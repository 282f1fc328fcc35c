"""What the vendor promises about deals, and how it was kept."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from deals import permissions
from deals.models import CaseParty, Registration
from deals.models.registrations import WAITING
from deals.queries import amendments, check_ins, people, rules
from deals.queries import terms as registration_terms
from prm.clocks.clock import Promise
from prm.disputes import queries as disputes
from prm.policies import courses, following
from prm.promises import cases, kinds, waiting
from prm.promises.kinds import Promised
from prm.promises.measures import Case


def promised() -> Promised:
    version, _terms = registration_terms.current(registration_terms.today_of_vendor(timezone.now()))
    found = following.rules_in(version)
    offered = rules.offered(version)
    return Promised(offered.promise, is_usual=bool(found and found.rules), deemed=bool(found and courses.deems(found)))


def registrations(since: datetime, until: datetime) -> Iterator[Case]:
    """Yield the decisions; after an appeal the first one counts, not that about the appeal."""
    rows = disputes.with_first_decision(Registration.objects.all())
    return cases.of_rows(rows, since, until, waiting=Q(review__in=WAITING), dates=cases.FIRST_DECISION)


kinds.vendors("deals.registration", _("Decision on a registration"), promised=promised, cases=registrations, order=10)


def amendment_promised() -> Promised:
    """Return what holds for changes of approved deals: silence about them decides nothing."""
    return replace(promised(), deemed=False)


kinds.vendors(
    "deals.amendment",
    _("Decision on a change of facts"),
    promised=amendment_promised,
    cases=amendments.promised,
    order=12,
)


def check_in_promised() -> Promised | None:
    """Return how often partners confirm a protected deal, if the terms in force ask for it."""
    version, _terms = registration_terms.current(registration_terms.today_of_vendor(timezone.now()))
    days = rules.offered(version).check_in_days
    return Promised(Promise(days), is_usual=True, in_calendar_days=True) if days else None


kinds.partners(
    "deals.check_in", _("Check-in of a protected deal"), promised=check_in_promised, cases=check_ins.cases, order=20
)


def _running() -> QuerySet[Registration]:
    """Return what waits for a decision whose clock does not stand still for evidence in a conflict case."""
    standing = CaseParty.objects.filter(is_open=True, stands_since__isnull=False)
    return Registration.objects.waiting().exclude(pk__in=standing.values("registration"))


waiting.declare(
    "deals.registration",
    page="deals:inbox-item",
    rows=_running,
    promise=lambda registration: rules.stipulated(registration).promise,
    deciders=lambda registration: people.who_decide(registration, permissions.can_decide.roles),
)
waiting.declare(
    "deals.amendment",
    page="deals:amendment",
    rows=amendments.pending,
    promise=lambda amendment: rules.stipulated(amendment.registration).promise,
    deciders=lambda amendment: people.who_decide(amendment.registration, permissions.can_decide.roles),
    record=lambda amendment: amendment.registration,
    start="asked_at",
)
