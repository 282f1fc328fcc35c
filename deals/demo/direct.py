"""What the vendor of the demo works at itself, and the conflict of two partners that waits to be decided."""

from __future__ import annotations

from datetime import timedelta

from deals.enums import DirectStage, Review, TouchKind
from deals.models import Registration
from deals.models.registrations import WAITING
from deals.queries.conflicts import conflicts_of
from deals.queries.terms import pinned
from deals.services import cases, directs
from deals.services.directs import Named, Opportunity
from prm.accounts.models import Membership
from prm.accounts.roles import Role
from prm.demo.clock import Story
from prm.demo.scenes import Scene

OWNERS = ("Anna Lehtinen", "Paul Brandt", "Inês Duarte")
DAYS = (3, 12, 40)  # between what the CRM claims and the day when it was logged


def own_business(scene: Scene) -> Story:
    """Its people work at customers of partners, too: some of it is logged after the partner had sent its deal."""
    at = scene.now - timedelta(minutes=50)
    yield at
    by = Membership.objects.filter(role=Role.CHANNEL_MANAGER).order_by("pk")[0]
    refused = Registration.objects.filter(review=Review.REJECTED, submitted_at__isnull=False).order_by("-submitted_at")
    for number, row in enumerate(refused[:3]):
        facts = Opportunity(OWNERS[number], at.date() - timedelta(days=DAYS[number]), stage=list(DirectStage)[number])
        directs.log_opportunity(_named(row), facts, external_id=f"CRM-{4700 + number}", by=by, at=at)
    for number, row in enumerate(Registration.objects.filter(review__in=WAITING).order_by("submitted_at")[:3]):
        day = at.date() - timedelta(days=DAYS[number])
        directs.log_touch(_named(row), list(TouchKind)[number], day, external_id=f"T-{number}", by=by, at=at)


def conflict(scene: Scene) -> Story:
    """Two partners wait for one customer; a channel manager opened a case and asks both for evidence."""
    at = scene.now - timedelta(minutes=40)
    yield at
    by = Membership.objects.filter(role=Role.CHANNEL_MANAGER).order_by("pk")[0]
    for row in Registration.objects.filter(review__in=WAITING).order_by("submitted_at"):
        families = row.lines.values_list("family_id", flat=True)
        found = conflicts_of(row, families=families, today=at.date(), terms=pinned(row.policy))
        ids = [each.rival.registration_id for each in found if each.families and not each.is_own]
        rivals = Registration.objects.filter(pk__in=ids, review__in=WAITING)
        if rivals:
            case = cases.open_case(row, rivals, by=by, at=at)
            question = "Whom did you meet at this customer, and when?"
            cases.ask_for_evidence(case, question, version=case.version, by=by, at=at)
            return


def _named(row: Registration) -> Named:
    return Named(row.customer_name, row.customer_country, row.customer_website, row.customer_tax_id)
