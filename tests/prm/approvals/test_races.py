"""What only real, concurrent transactions can show."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connections

from prm.approvals import services
from prm.approvals.models import Approval, ApprovalDecision
from prm.approvals.plans import Facts, plan
from prm.approvals.services import NotYourTurn
from prm.tenancy.context import as_system
from tests import build
from tests.build import MONDAY
from tests.prm.approvals.sample import role, step

PEOPLE = 32


def at_once(vendor, calls):
    """Run the calls in as many threads, starting together, and return their results or errors."""
    barrier = Barrier(len(calls))

    def run(call):
        try:
            barrier.wait(timeout=30)
            with as_system(vendor.pk):
                return call()
        except NotYourTurn as error:
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


@pytest.mark.parametrize("need", [1, 3])
def test_of_many_who_decide_at_once_as_many_count_as_are_needed(committed, need):
    vendor = build.vendor()
    with as_system(vendor.pk):
        people = [build.manager() for _ in range(PEOPLE)]
        approval = services.start(
            build.draft(), plan([step("sales", need=need)], Facts()), requested_by=None, at=MONDAY
        )

    found = at_once(vendor, [lambda p=p: services.approve(approval, by=p, at=MONDAY) for p in people])

    assert Counter(type(one) for one in found) == {Approval: need, NotYourTurn: PEOPLE - need}
    with as_system(vendor.pk):
        assert ApprovalDecision.objects.count() == need
        assert Approval.objects.get().status == "approved"


def test_agreeing_refusing_and_recalling_at_once_has_one_outcome(committed):
    vendor = build.vendor()
    with as_system(vendor.pk):
        people = [build.manager() for _ in range(PEOPLE - 1)]
        subject = build.draft()
        approval = services.start(subject, plan([step("sales")], Facts()), requested_by=None, at=MONDAY)

    def decide(number, by):
        if number % 2:
            return services.approve(approval, by=by, at=MONDAY)
        return services.reject(approval, reason_code="price", note="", by=by, at=MONDAY)

    calls = [lambda n=n, p=p: decide(n, p) for n, p in enumerate(people)]
    found = at_once(vendor, [*calls, lambda: services.recall(subject, by=None, at=MONDAY)])

    decided = [one for one in found if isinstance(one, Approval)]
    with as_system(vendor.pk):
        approval.refresh_from_db()
        assert ApprovalDecision.objects.count() == len(decided) <= 1
        assert not approval.places.exists()
        if approval.status == "recalled":
            return  # also after it was agreed to: the record itself says whether it still can be
        assert approval.status == decided[0].status


def test_one_person_in_many_tabs_decides_one_step(committed):
    vendor = build.vendor()
    with as_system(vendor.pk):
        admin = build.manager()
        steps = [step("one", need=2), step("two", role("channel_manager"))]
        approval = services.start(build.draft(), plan(steps, Facts()), requested_by=None, at=MONDAY)

    found = at_once(vendor, [lambda: services.approve(approval, by=admin, at=MONDAY)] * 8)

    assert Counter(type(one) for one in found) == {Approval: 1, NotYourTurn: 7}
