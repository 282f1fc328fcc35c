"""Whoever is away says who stands in; administrators say it for others too."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
import time_machine
from django.db import connections

from prm.accounts.roles import Role
from prm.approvals import people, standing_in
from prm.approvals.models import StandIn
from prm.approvals.standing_in import AlreadyAway, NotTheirRight, StandInForEachOther
from prm.events.models import Event
from prm.tenancy.context import as_system
from tests import build
from tests.build import MONDAY

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
TODAY = MONDAY.date()


def away(member, stand_in, first=0, last=0, by=None):
    days = {"starts_on": TODAY + timedelta(days=first), "ends_on": TODAY + timedelta(days=last)}
    return standing_in.set_absence(member, stand_in, **days, by=by or member, at=MONDAY)


def test_a_colleague_stands_in_until_it_is_taken_back(vendor):
    manager, colleague = build.manager(), build.manager()

    row = away(manager, colleague)
    assert [approver.on_behalf for approver in people.approvers(colleague, MONDAY)] == ["", str(manager.user_id)]
    standing_in.end_absence(row, by=manager, at=MONDAY)

    assert [approver.on_behalf for approver in people.approvers(colleague, MONDAY)] == [""]
    names = Event.objects.filter(name__startswith="prm.absence").order_by("id").values_list("name", flat=True)
    assert list(names) == ["prm.absence.set", "prm.absence.ended"]


def test_nobody_stands_in_without_the_right(vendor):
    manager = build.manager()

    for stand_in in (build.member(Role.FINANCE), build.seller()):
        with pytest.raises(NotTheirRight):
            away(manager, stand_in)

    assert away(manager, build.member(Role.ADMIN))


def test_nobody_is_away_twice_on_a_day(vendor):
    manager = build.manager()
    away(manager, build.manager(), 0, 3)

    with pytest.raises(AlreadyAway):
        away(manager, build.manager(), 3, 5)

    assert away(manager, build.manager(), 4, 5)


def test_those_who_are_away_together_do_not_wait_for_each_other(vendor):
    ada, ben = build.manager(), build.manager()
    away(ada, ben, 0, 3)

    with pytest.raises(StandInForEachOther):
        away(ben, ada, 3, 5)

    assert away(ben, ada, 4, 5)


def test_two_who_name_each_other_at_once_make_no_circle(committed):
    vendor = build.vendor()
    with as_system(vendor.pk):
        ada, ben = build.manager(), build.manager()
    barrier = Barrier(2)

    def name(pair):
        try:
            barrier.wait(timeout=30)
            with as_system(vendor.pk):
                return away(*pair)
        except StandInForEachOther as refusal:
            return refusal
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        found = list(pool.map(name, [(ada, ben), (ben, ada)]))

    assert sorted(type(each).__name__ for each in found) == ["StandIn", "StandInForEachOther"]


@pytest.fixture
def page(client, vendor):
    def signed_in(member):
        client.force_login(member.user, backend=BACKEND)
        return client, f"/{vendor.slug}/absences/"

    with time_machine.travel(MONDAY, tick=False):
        yield signed_in


def typed(stand_in, **more):
    return {"stand_in": str(stand_in.pk), "starts_on": "2026-11-23", "ends_on": "2026-11-27", **more}


def test_one_says_it_of_oneself_and_sees_only_what_concerns_oneself(page):
    manager, colleague = build.manager(), build.member(Role.CHANNEL_MANAGER, name="Ines Duarte")
    away(build.member(Role.FINANCE, name="Tomas Reiter"), build.member(Role.FINANCE), 0, 9)
    client, url = page(manager)

    answer = client.post(url, typed(colleague, member=str(colleague.pk)))

    row = StandIn.objects.get(user=manager.user_id)
    assert (answer.status_code, row.stand_in_id) == (302, colleague.user_id)
    text = client.get(url).text
    assert "Ines Duarte" in text
    assert "Away now" in text
    assert "Tomas Reiter</b>" not in text


@pytest.mark.parametrize(
    "wrong",
    [{"ends_on": "2026-11-22"}, {"starts_on": "2026-11-28"}, {"ends_on": "2028-01-01"}, {"stand_in": ""}],
)
def test_days_that_cannot_be_are_refused_where_they_are_typed(page, wrong):
    client, url = page(build.manager())

    answer = client.post(url, typed(build.manager()) | wrong)

    assert (answer.status_code, StandIn.objects.count()) == (422, 0)


def test_a_refusal_is_said_in_the_form(page):
    client, url = page(build.manager())

    answer = client.post(url, typed(build.member(Role.FINANCE, name="Tomas Reiter")))

    assert answer.status_code == 422
    assert "Tomas Reiter has another role." in answer.text


def test_administrators_say_it_for_others_and_end_it(page):
    manager, colleague = build.manager(), build.manager()
    client, url = page(build.member(Role.ADMIN))

    client.post(url, typed(colleague, member=str(manager.pk)))
    row = StandIn.objects.get()
    assert row.user_id == manager.user_id
    client.post(f"{url}{row.pk}/removal/")

    assert not StandIn.objects.exists()


def test_nobody_ends_the_absence_of_another(page):
    manager = build.manager()
    row = away(manager, build.manager())
    client, url = page(build.manager())

    assert client.post(f"{url}{row.pk}/removal/").status_code == 404
    assert StandIn.objects.exists()
