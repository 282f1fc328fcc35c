"""The clock of a registration says how its promised time was counted."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from deals.queries import clock, rules
from deals.services import cases, decisions, registrations
from prm.accounts.roles import Role
from prm.clocks import services
from prm.clocks.clock import State
from prm.clocks.services import Day
from tests import build
from tests.build import MONDAY
from tests.prm.clocks.calendar_of import office

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def seller(vendor):
    return build.seller()


def asked_and_answered(seller):
    """Asked after half a day and answered on Saturday morning."""
    registration = build.submitted(by=seller)
    decisions.ask(registration, question="Who signs?", by=build.manager(), at=MONDAY + 12 * HOUR)
    return registrations.answer(registration, None, text="The CFO.", by=seller, at=MONDAY + 5 * DAY)


def test_what_it_reads_is_what_was_promised(seller):
    registration = asked_and_answered(seller)

    reading = clock.of(registration, rules.stipulated(registration).promise, at=MONDAY + 5 * DAY)

    assert reading.due == registration.decide_by
    assert [(stretch.runs, stretch.used) for stretch in reading.stretches] == [
        (True, 12 * HOUR),
        (False, timedelta()),
        (True, timedelta()),
    ]
    assert (reading.state, reading.left) == (State.RUNNING, DAY + 12 * HOUR)


def test_while_the_partner_is_asked_it_stands(seller):
    registration = build.submitted(by=seller)
    registration = decisions.ask(registration, question="Who signs?", by=build.manager(), at=MONDAY + DAY)

    reading = clock.of(registration, rules.stipulated(registration).promise, at=MONDAY + 3 * DAY)

    assert (reading.state, reading.due, reading.left) == (State.PAUSED, None, DAY)


def test_evidence_that_is_asked_beside_a_question_lets_it_stand_no_longer_than_the_question(seller):
    registration, manager = build.submitted(by=seller), build.manager()
    case = cases.open_case(registration, [build.submitted()], by=manager, at=MONDAY)
    decisions.ask(registration, question="Who signs?", by=manager, at=MONDAY + 6 * HOUR)
    cases.ask_for_evidence(case, "Whom did you meet?", version=case.version, by=manager, at=MONDAY + 9 * HOUR)
    registration = registrations.answer(registration, None, text="The CFO.", by=seller, at=MONDAY + 12 * HOUR)

    reading = clock.of(registration, rules.stipulated(registration).promise, at=MONDAY + 18 * HOUR)

    assert [(stretch.runs, stretch.used) for stretch in reading.stretches] == [
        (True, 6 * HOUR),
        (False, timedelta()),
        (True, 6 * HOUR),
    ]
    assert reading.due == registration.decide_by


def test_what_it_reads_is_what_evidence_left_of_the_promise(seller):
    registration, manager = build.submitted(by=seller), build.manager()
    case = cases.open_case(registration, [build.submitted()], by=manager, at=MONDAY)
    cases.ask_for_evidence(case, "Whom did you meet?", version=case.version, by=manager, at=MONDAY + 6 * HOUR)
    party = case.parties.get(registration=registration)
    promise = rules.stipulated(registration).promise
    assert clock.of(registration, promise, at=MONDAY + 12 * HOUR).state == State.PAUSED

    cases.give_evidence(party, "Their CFO.", by=seller, at=MONDAY + DAY)
    registration.refresh_from_db()

    assert clock.of(registration, promise, at=MONDAY + DAY).due == registration.decide_by


def test_a_holiday_moves_what_is_promised_and_says_why(vendor, seller):
    admin = build.member(Role.ADMIN)
    services.set_days(office(admin), [Day(date(2026, 11, 24), "Founders’ Day")], by=admin, at=MONDAY)

    registration = build.submitted(by=seller)

    assert registration.decide_by == MONDAY + 3 * DAY
    assert clock.of(registration, rules.stipulated(registration).promise, at=MONDAY).closed == (
        (date(2026, 11, 24), "Founders’ Day"),
    )


def test_both_sides_see_how_it_was_counted_and_what_a_changed_calendar_would_make_of_it(client, vendor, seller):
    admin, now = build.member(Role.ADMIN), timezone.now()
    registration = build.submitted(by=seller, at=now)
    tomorrow = (now + DAY).date()
    calendar = office(admin, week=office(admin, name="Always").hours[:1] * 7, name="Every day", is_default=True)
    services.set_days(calendar, [Day(tomorrow + n * DAY, "Move of the office") for n in range(9)], by=admin, at=now)

    for member in (seller, admin):
        client.force_login(member.user)
        page = client.get(f"/{vendor.slug}/deals/{registration.pk}/").content.decode()

        assert "2 of 2 promised business days are left." in page
        assert "Move of the office" in page
        assert "what was promised stays" in page
