"""Partners confirm that protected deals are alive; what nobody confirms is released."""

from datetime import date, datetime, timedelta

import pytest
import time_machine

from deals import tasks
from deals.enums import Award, ProtectionState, Stage
from deals.models import CheckIn, Protection
from deals.queries import check_ins as queries
from deals.rules.terms import AREA, Terms
from deals.services import check_ins, decisions, outcomes, protection
from deals.services.check_ins import CloseDecided
from deals.services.moves import NotPossible
from partners.services import partners
from prm.accounts.roles import Role
from prm.events.models import Event
from prm.events.outbox import deliver_due
from prm.policies import versions
from prm.tenancy.context import as_system
from tests import build
from tests.build import MONDAY
from tests.deals.rulebook import publish, rule
from tests.races import at_once

SAID = {"stage": Stage.QUALIFIED, "close_on": date(2027, 2, 15), "note": "Met their CFO; the offer follows."}


@pytest.fixture
def seller(vendor):
    return build.seller()


@pytest.fixture
def deal(seller):
    return build.approved(by=seller)


def terms(**facts):
    versions.publish(AREA, Terms(**facts).body(), effective_on=date(2021, 1, 1), at=MONDAY)


def days(count: int, hour: int = 8) -> datetime:
    return (MONDAY + timedelta(days=count)).replace(hour=hour)


def clock(at: datetime) -> None:
    with time_machine.travel(at, tick=False):
        tasks.ask_for_check_ins()
        tasks.release_unconfirmed()


def told() -> list[str]:
    names = Event.objects.filter(by=None).order_by("recorded_at").values_list("name", flat=True)
    return [name.removeprefix("deals.") for name in names if "checkin" in name or "forfeited" in name]


def waiting(deal) -> CheckIn:
    return CheckIn.objects.get(registration=deal, is_open=True)


def test_an_approval_asks_for_the_first_check_in_after_the_days_of_the_terms(deal):
    assert waiting(deal).due_on == date(2026, 12, 23)


@pytest.mark.parametrize("facts", [{"amendment_all_decided": True}, {}])
def test_a_check_in_is_no_way_around_the_vendor_who_decides_about_a_close_date(seller, facts):
    terms(**facts)
    deal = build.approved(by=seller)
    wanted = date(2027, 2, 15) if facts else deal.protected_until + timedelta(days=1)

    with pytest.raises(CloseDecided) as refused:
        check_ins.confirm(deal, **SAID | {"close_on": wanted}, by=seller, at=days(20))

    assert "Change the facts" in refused.value.sentence
    check_ins.confirm(deal, **SAID | {"close_on": deal.close_on}, by=seller, at=days(20))
    assert not CheckIn.objects.filter(is_open=False).exclude(close_on=deal.close_on).exists()


def test_a_vendor_without_check_ins_asks_for_none(vendor):
    terms(check_in_days=0)

    build.approved()

    assert not CheckIn.objects.exists()


def test_a_check_in_says_stage_and_close_date_and_asks_for_the_next(deal, seller):
    check_ins.confirm(deal, **SAID, by=seller, at=days(20))

    deal.refresh_from_db()
    assert (deal.stage, deal.close_on) == (Stage.QUALIFIED, date(2027, 2, 15))
    assert waiting(deal).due_on == date(2027, 1, 12)
    done = CheckIn.objects.get(is_open=False)
    assert (done.stage, done.note, done.done_by_id) == (Stage.QUALIFIED, SAID["note"], seller.user_id)
    names = list(Event.objects.filter(subject_id=deal.pk).order_by("recorded_at").values_list("name", flat=True))
    assert names[-2:] == ["deals.checkin.done", "deals.stage.changed"]


def test_nothing_can_be_confirmed_that_is_not_protected(deal, seller):
    protection.release(deal, by=seller, at=days(1))

    with pytest.raises(NotPossible):
        check_ins.confirm(deal, **SAID, by=seller, at=days(2))
    assert not CheckIn.objects.exists()


def test_the_partner_is_reminded_warned_and_then_loses_the_protection(deal):
    for count in range(26, 50):
        clock(days(count))
        clock(days(count, 16))

    deal.refresh_from_db()
    assert told() == ["checkin.reminded", "checkin.missed", "protection.forfeited"]
    assert deal.protection == ProtectionState.RELEASED
    assert not Protection.objects.filter(is_in_force=True).exists()
    assert Event.objects.get(name="deals.checkin.missed").payload["until"] == "2027-01-07"  # the day after, and 14 days


def test_the_last_day_of_grace_still_counts(deal):
    clock(days(31))
    clock(days(45, 22))
    deal.refresh_from_db()
    assert deal.is_protected

    clock(days(46, 1))
    deal.refresh_from_db()
    assert not deal.is_protected


def test_whoever_checks_in_late_keeps_the_protection(deal, seller):
    clock(days(31))
    check_ins.confirm(deal, **SAID, by=seller, at=days(40))
    clock(days(60))

    deal.refresh_from_db()
    assert deal.is_protected
    assert waiting(deal).due_on == date(2027, 2, 1)


def test_a_vendor_that_only_warns_releases_nothing(vendor):
    terms(releases_unconfirmed=False)
    deal = build.approved()

    for count in (31, 46, 80):
        clock(days(count))

    deal.refresh_from_db()
    assert deal.is_protected
    assert told() == ["checkin.missed"]
    assert Event.objects.get(name="deals.checkin.missed").payload["until"] == ""


def test_nobody_loses_a_protection_without_having_been_warned_for_the_days_of_grace(deal):
    clock(days(60))  # the clock had stood
    clock(days(61))

    deal.refresh_from_db()
    assert deal.is_protected


def test_who_cannot_enter_is_not_asked(deal):
    partners.suspend(deal.partner, by=build.member(Role.ADMIN), at=days(1))

    for count in (28, 31, 60):
        clock(days(count))

    assert told() == []


def test_a_restored_partner_is_warned_anew_and_has_the_whole_grace_again(vendor, deal):
    admin = build.member(Role.ADMIN)
    clock(days(31))
    partners.suspend(deal.partner, by=admin, at=days(32))
    clock(days(50))
    partners.restore(deal.partner, by=admin, at=days(60))
    clock(days(60, 9))  # before anybody heard that it was restored
    deliver_due(vendor.pk)

    with as_system(vendor.pk):
        for count in (60, 61, 73):
            clock(days(count, 22))
        deal.refresh_from_db()
        assert deal.is_protected
        assert told() == ["checkin.missed", "checkin.missed"]
        clock(days(76))
        deal.refresh_from_db()
        assert not deal.is_protected


def test_nobody_loses_a_protection_who_was_suspended_a_moment_before(deal):
    clock(days(31))
    partners.suspend(deal.partner, by=build.member(Role.ADMIN), at=days(46))

    assert not protection.forfeit(waiting(deal), today=days(46).date(), at=days(46))


def test_a_check_in_due_after_the_protection_ends_is_never_asked_for(vendor):
    terms(protection_days=31, check_in_days=33)
    deal = build.approved()

    clock(days(31))

    assert told() == []
    assert queries.standing_of(deal, days(31).date()) is None


def test_a_deal_that_is_won_needs_no_check_in(deal, seller):
    outcomes.win(deal, deal.value, by=seller, at=days(3))

    assert not CheckIn.objects.exists()


def test_undoing_an_approval_takes_its_check_in_back(vendor):
    manager, deal = build.manager(), build.submitted()
    decisions.approve(deal, by=manager, at=MONDAY)

    decisions.undo(deal, by=manager, at=MONDAY + timedelta(seconds=3))

    assert not CheckIn.objects.exists()


def test_a_check_in_and_the_release_for_it_at_once_leave_one_of_them(committed):
    vendor = build.vendor()
    with as_system(vendor.pk):
        seller = build.seller()
        deal = build.approved(by=seller)
    clock(days(31))

    def check_in():
        with as_system(vendor.pk):
            check_ins.confirm(deal, **SAID, by=seller, at=days(46))

    def release():
        with as_system(vendor.pk):
            protection.forfeit(CheckIn.objects.order_by("opened_at").first(), today=days(46).date(), at=days(46))

    answers = at_once([check_in, release])

    with as_system(vendor.pk):
        deal.refresh_from_db()
        assert deal.is_protected == (answers[0] is None)
        assert CheckIn.objects.filter(is_open=True).exists() == deal.is_protected


def test_promises_count_check_ins_made_and_missed(deal, seller):
    check_ins.confirm(deal, **SAID, by=seller, at=days(20))
    clock(days(60))

    found = list(queries.cases(MONDAY, days(90)))

    assert sorted(case.is_kept for case in found) == [False, True]


# -- beside others -------------------------------------------------------------------------------------
@pytest.fixture
def second(seller):
    publish(rule("All", decision="approve", contested="second", discount="20", second_share="50"))
    same = {"customer_website": "globex.example", "customer_name": "Globex"}
    build.submitted(**same)
    return build.submitted(by=seller, at=MONDAY + timedelta(hours=1), **same)


def test_who_is_approved_beside_others_is_asked_to_confirm_the_deal_too(second, seller):
    assert (second.award, waiting(second).due_on) == (Award.SECOND, date(2026, 12, 23))
    assert queries.standing_of(second, date(2026, 12, 20)).is_soon
    assert second.pk in {row.registration_id for row in queries.to_confirm(date(2026, 12, 20))}

    check_ins.confirm(second, **SAID, by=seller, at=days(20))

    assert waiting(second).due_on == date(2027, 1, 12)


def test_a_deal_beside_others_that_nobody_confirms_loses_its_place_and_frees_nobody(second, seller):
    for count in range(26, 50):
        clock(days(count))

    second.refresh_from_db()
    assert (second.award, second.award_percent, second.is_in_force) == ("", None, False)
    names = Event.objects.filter(subject_id=second.pk, by=None).order_by("recorded_at").values_list("name", flat=True)
    assert list(names)[-3:] == ["deals.checkin.reminded", "deals.checkin.missed", "deals.place.forfeited"]
    assert not CheckIn.objects.filter(registration=second, is_open=True).exists()
    assert outcomes.win(second, second.value, by=seller, at=days(50)).stage == Stage.WON


def test_a_deal_beside_others_that_is_lost_is_asked_again_once_it_is_reopened(second, seller):
    outcomes.lose(second, reason_code="other", note="x", by=seller, at=days(1))
    assert not CheckIn.objects.filter(registration=second, is_open=True).exists()

    outcomes.reopen(second, by=seller, at=days(2))

    assert waiting(second).due_on == date(2026, 12, 25)
