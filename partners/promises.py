"""What the vendor promises to those who want to become its partners, and how it was kept."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from partners import permissions
from partners.models import Application
from partners.queries import application_people as people
from partners.queries import days, joining
from partners.rules.application_lifecycle import WAITING
from partners.rules.catalogue import APPLICATION
from prm.clocks.clock import Promise
from prm.disputes import queries as disputes
from prm.policies import courses, following
from prm.promises import cases, kinds, waiting
from prm.promises.kinds import Promised
from prm.promises.measures import Case


def promised() -> Promised:
    today = days.today_of_vendor(timezone.now())
    _version, terms = joining.current(today)
    version = following.in_force(APPLICATION, today)
    found = following.rules_in(version) if version else None
    deems = bool(found and courses.deems(found))
    return Promised(Promise(terms.decision_business_days), is_usual=bool(found and found.rules), deemed=deems)


def applications(since: datetime, until: datetime) -> Iterator[Case]:
    rows = disputes.with_first_decision(Application.objects.sent())
    return cases.of_rows(rows, since, until, waiting=Q(status__in=WAITING), dates=cases.FIRST_DECISION)


kinds.vendors(
    "partners.application",
    _("Decision on an application"),
    promised=promised,
    cases=applications,
    for_partners=False,
    order=20,
)
waiting.declare(
    "partners.application",
    page="partners:application",
    rows=lambda: Application.objects.sent().filter(status__in=WAITING),
    promise=lambda row: following.promise_of(row, joining.pinned(row).decision_business_days),
    deciders=lambda row: people.who_decide(row, permissions.can_decide_applications.roles),
)
