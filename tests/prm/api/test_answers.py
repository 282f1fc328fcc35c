"""A request that changes something is answered once, also when it is sent twice at the same moment."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from deals.models import DirectOpportunity
from prm.accounts.roles import Role
from prm.api.answers import KEPT_FOR, forget_answers
from prm.api.models import ApiAnswer
from prm.tenancy.context import as_system
from tests import build
from tests.deals.test_api import DIRECTS, OPPORTUNITY
from tests.prm.api.calling import program
from tests.races import at_once


def test_of_many_at_once_under_one_name_one_acts(committed):
    vendor = build.vendor()
    with as_system(vendor.pk):
        crm = program(build.member(Role.ADMIN))
    said = {**OPPORTUNITY, "external_id": ""}

    told = at_once([lambda: crm.post(DIRECTS, said, key="race") for _ in range(6)])

    assert {answer.status_code for answer in told} <= {201, 409}
    assert {answer.json()["code"] for answer in told if answer.status_code == 409} <= {"still_running"}
    with as_system(vendor.pk):
        assert DirectOpportunity.objects.count() == 1


def test_an_answer_is_forgotten_after_a_week(committed):
    vendor = build.vendor()
    with as_system(vendor.pk):
        crm = program(build.member(Role.ADMIN))
    crm.post(DIRECTS, OPPORTUNITY, key="old")
    with as_system(vendor.pk):
        ApiAnswer.objects.update(at=timezone.now() - KEPT_FOR - timedelta(minutes=1))
    crm.post(DIRECTS, OPPORTUNITY, key="new")

    forget_answers()

    with as_system(vendor.pk):
        assert [answer.name for answer in ApiAnswer.objects.all()] == ["new"]
