"""Those who are asked are told, once each, and nobody of what was taken back."""

from datetime import timedelta

import pytest
from django.utils import timezone

from prm.accounts.roles import Role
from prm.approvals import escalation, services, subjects
from prm.approvals.models import Approval
from prm.approvals.plans import Facts, plan
from prm.events import outbox
from prm.notifications.models import Notification
from tests import build
from tests.prm.approvals.sample import role, step, within

pytestmark = pytest.mark.usefixtures("vendor")
SALES, LEGAL = step("sales"), step("legal", role("finance"), stage=2)


@pytest.fixture(autouse=True)
def declared(monkeypatch):
    monkeypatch.setitem(
        subjects.SUBJECTS,
        "deals.registration",
        subjects.Declared("deals:registration", lambda deal: deal.customer_name),
    )


def told(vendor):
    later = timezone.now() + timedelta(minutes=1)
    outbox.deliver_due(vendor.pk, now=lambda: later)
    rows = Notification.objects.filter(kind__startswith="prm.approval").order_by("at", "id")
    return [(row.user, row.kind) for row in rows]


def started(*steps, at=None):
    return services.start(build.draft(), plan(steps, Facts()), requested_by=None, at=at or timezone.now())


def test_those_asked_next_are_told_when_it_is_their_turn(vendor):
    manager, finance = build.manager(), build.member(Role.FINANCE)
    approval = started(SALES, LEGAL)
    assert told(vendor) == [(manager.user, "prm.approval_asked")]

    services.approve(approval, by=manager, at=timezone.now())

    assert told(vendor)[1:] == [(finance.user, "prm.approval_asked")]


def test_nobody_is_told_of_what_was_taken_back(vendor):
    manager = build.manager()
    build.member(Role.FINANCE)
    approval = started(SALES, LEGAL)
    services.approve(approval, by=manager, at=timezone.now())
    services.undo(approval, by=manager, at=timezone.now())

    assert told(vendor) == [(manager.user, "prm.approval_asked")]


def test_the_clock_tells_once_that_time_is_over(vendor):
    manager, boss = build.manager(), build.member(Role.EXECUTIVE)
    approval = started(step("sales", **within(1, role("executive"))), at=timezone.now() - timedelta(days=9))
    told(vendor)

    escalation.escalate_late()
    escalation.escalate_late()

    late = [user for user, kind in told(vendor) if kind == "prm.approval_late"]
    assert set(late) == {manager.user, boss.user}
    assert len(late) == 2
    assert Approval.objects.get(pk=approval.pk).late == ["sales"]
