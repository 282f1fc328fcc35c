from datetime import datetime, timedelta

import pytest

from mdf import promises
from prm.promises.measures import measure
from tests.mdf import claim_build
from tests.mdf.claim_build import AFTER

pytestmark = pytest.mark.usefixtures("vendor")


def kept(now: datetime):
    since, until = AFTER - timedelta(days=1), AFTER + timedelta(days=90)
    return measure(promises.payments(since, until), since=since, until=until, now=now)


def test_a_claim_paid_on_its_last_day_is_paid_as_promised():
    claim = claim_build.decided()
    claim_build.paid(claim, at=AFTER + timedelta(days=(claim.pay_by - AFTER.date()).days))

    assert (kept(AFTER + timedelta(days=60)).done, kept(AFTER + timedelta(days=60)).in_time) == (1, 1)


def test_a_day_later_it_is_late():
    claim = claim_build.decided()
    claim_build.paid(claim, at=AFTER + timedelta(days=(claim.pay_by - AFTER.date()).days + 1))

    assert (kept(AFTER + timedelta(days=60)).done, kept(AFTER + timedelta(days=60)).in_time) == (1, 0)


def test_what_is_not_paid_counts_once_its_day_is_over():
    claim_build.decided()

    assert kept(AFTER + timedelta(days=29)).counted == 0
    assert kept(AFTER + timedelta(days=40)).open_late == 1


def test_the_days_are_those_of_the_terms():
    assert promises.payment().promise.amount == 30
    assert promises.payment().in_calendar_days
