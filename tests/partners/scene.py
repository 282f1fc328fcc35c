"""What a browser finds to look at: one record for each kind of page."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from partners.enums import Checker, TaskKind
from partners.models import Application, ChecklistTask
from partners.rules.checklists import PlannedTask
from partners.services import application_decisions as decisions
from partners.services import onboarding
from tests import build
from tests.partners import applicants
from tests.partners import build as made


def records(scene: Any, now: datetime) -> list[Any]:
    """Make records that the partner `scene.partner` and the vendor's people see, and return those with pages."""
    wish = applicants.wish(company_name=scene.partner.name, country=scene.partner.country, at=now)
    return [*applications_in_every_state(scene, now), wish, *papers_in_every_state(scene, now)]


def applications_in_every_state(scene: Any, now: datetime) -> list[Application]:
    """One that waits and looks like a partner, one asked, one rejected, one approved."""
    earlier, by = now - timedelta(hours=2), {"by": scene.manager, "at": now}
    known = applicants.applied(at=earlier, company_name=scene.partner.name, country=scene.partner.country)
    asked, rejected, approved = (applicants.applied(at=earlier) for _ in range(3))
    return [
        known,
        decisions.ask(asked, question="Who sells for you?", fields=("city", "q_staff"), **by),
        decisions.reject(rejected, reason_code="too_small", note="Come back with two people.", **by),
        decisions.approve(approved, applicants.placement(approved), **by),
    ]


def papers_in_every_state(scene: Any, now: datetime) -> list[Any]:
    """Agreements, tasks, certificates and bank details of `scene.partner`, some answered and some not."""
    offered, signed = made.offered(scene.partner, at=now), made.signed(scene.partner, at=now)
    insurance = PlannedTask(TaskKind.INSURANCE, checked_by=Checker.CHANNEL_MANAGER)
    first = made.task(scene.partner, insurance, made.PLAN, PlannedTask(TaskKind.COLLEAGUE))
    other = ChecklistTask.objects.get(checklist=first.checklist_id, kind=TaskKind.OTHER)
    build.file(first, scene.owner)
    handed_in = onboarding.submit(other, answer="Forty sites.", by=scene.owner, at=now)
    certificates = [made.certificate(scene.owner, status=status) for status in ("submitted", "active", "returned")]
    account = made.bank_account(scene.owner)
    return [offered, signed, offered.text, first, handed_in, *certificates, certificates[0].certification, account]
