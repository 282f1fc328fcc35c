"""Telling people of promised decisions while there is time, and others when there is none."""

from datetime import timedelta

import pytest

from deals.services import decisions, registrations
from partners.models import Partner
from prm.accounts.models import Membership
from prm.accounts.roles import Role
from prm.approvals import services as agreement
from prm.approvals.plans import Facts, plan
from prm.clocks.clock import Promise, Unit, reached
from prm.clocks.hours import weekdays
from prm.disputes import services as disputes
from prm.events import outbox
from prm.events.models import Event
from prm.notifications.models import Notification
from prm.promises import clocks, settings
from prm.promises.models import PromiseClock
from tests import build
from tests.build import MONDAY
from tests.mdf import build as fund
from tests.mdf import claim_build as claim
from tests.partners import applicants
from tests.prm.approvals.sample import role, step, within
from tests.quotes import build as quote

HOUR = timedelta(hours=1)
DAY = 24 * HOUR


@pytest.fixture
def storage(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def manager(vendor):
    return build.manager()


@pytest.fixture
def deal(manager):
    """Promised within two business days: warned of on Tuesday at ten in the evening, late on Wednesday at ten."""
    return build.submitted(by=build.seller())


def sweep(at):
    for row in list(clocks.unread(at)):
        clocks.read(row, at=at)
    return [clocks.tell(clock, at=at) for clock in list(clocks.nearly_over(at))]


def said(deal):
    rows = Event.objects.filter(subject_id=deal.pk, name__startswith="prm.promise.").order_by("at", "id")
    return [event.name.rpartition(".")[2] for event in rows]


def told(kind):
    return {row.user for row in Notification.objects.filter(kind=f"prm.{kind}").select_related("user")}


def test_who_decides_is_warned_once_when_three_quarters_of_the_time_are_over(deal, manager):
    assert sweep(MONDAY) == []
    assert sweep(MONDAY + 36 * HOUR - timedelta(minutes=5)) == []
    assert sweep(MONDAY + 36 * HOUR) == [True]
    assert sweep(MONDAY + 40 * HOUR) == []
    assert said(deal) == ["warned"]


def test_what_is_late_is_told_once_to_administrators_and_who_decides(deal, manager):
    Partner.objects.filter(pk=deal.partner_id).update(channel_manager=manager.user)
    boss = build.member(Role.ADMIN)
    other = build.member(Role.FINANCE)
    sweep(MONDAY + 36 * HOUR)
    sweep(MONDAY + 48 * HOUR)
    assert sweep(MONDAY + 60 * HOUR) == []
    assert said(deal) == ["warned", "escalated"]
    assert clocks.escalated([deal.pk]) == {deal.pk}

    outbox.deliver_due(deal.tenant_id)

    assert told("promise_warned") == {manager.user}
    assert told("promise_escalated") == {manager.user, boss.user}
    assert other.user not in told("promise_escalated")


def test_what_is_late_when_it_is_first_looked_at_is_told_once(deal):
    sweep(MONDAY + 48 * HOUR)
    sweep(MONDAY + 49 * HOUR)

    assert said(deal) == ["escalated"]


def test_nobody_is_told_of_what_is_decided(deal, manager):
    sweep(MONDAY)
    decisions.approve(deal, by=manager, at=MONDAY + HOUR)

    assert sweep(MONDAY + 10 * DAY) == []


def test_whoever_decided_before_the_news_arrives_is_told_nothing(deal, manager):
    sweep(MONDAY + 36 * HOUR)
    decisions.approve(deal, by=manager, at=MONDAY + 37 * HOUR)
    outbox.deliver_due(deal.tenant_id)

    assert not told("promise_warned")


def test_while_the_partner_is_asked_nobody_is_told_and_then_as_much_time_is_left(deal, manager):
    sweep(MONDAY)
    decisions.ask(deal, question="Who signs?", by=manager, at=MONDAY + 24 * HOUR)
    assert sweep(MONDAY + 46 * HOUR) == []
    answered = MONDAY + 48 * HOUR  # half of the time is left
    registrations.answer(deal, None, text="Ida.", by=deal_owner(deal), at=answered)

    assert sweep(answered) == []
    assert sweep(answered + 11 * HOUR) == []
    assert sweep(answered + 12 * HOUR) == [True]
    assert sweep(answered + 23 * HOUR) == []
    assert sweep(answered + 24 * HOUR) == [True]
    assert said(deal) == ["warned", "escalated"]


def test_who_was_warned_before_a_question_is_not_warned_again_after_it(deal, manager):
    sweep(MONDAY + 36 * HOUR)
    decisions.ask(deal, question="Who signs?", by=manager, at=MONDAY + 37 * HOUR)
    answered = MONDAY + 50 * HOUR
    registrations.answer(deal, None, text="Ida.", by=deal_owner(deal), at=answered)

    assert sweep(answered + HOUR) == []
    assert sweep(answered + 11 * HOUR) == [True]
    assert said(deal) == ["warned", "escalated"]


def test_the_partner_sees_nothing_of_it(deal):
    sweep(MONDAY + 48 * HOUR)

    assert not Event.objects.filter(name__startswith="prm.promise.").exclude(partner_path="").exists()
    assert PromiseClock.wall == "vendor"


@pytest.mark.parametrize(("hours", "percent", "after"), [(8, 75, 6), (8, 100, 8), (8, 1, 0.08), (0, 75, 0)])
def test_a_share_of_hours_is_reached_when_so_many_are_over(hours, percent, after):
    promise = Promise(hours, Unit.HOURS)
    due = MONDAY + hours * HOUR

    assert reached(promise, weekdays("UTC"), due, percent, now=MONDAY) == MONDAY + after * HOUR


def test_a_share_that_is_over_already_is_reached_now():
    promise = Promise(8, Unit.HOURS)

    assert reached(promise, weekdays("UTC"), MONDAY + HOUR, 75, now=MONDAY) == MONDAY
    assert reached(promise, weekdays("UTC"), MONDAY, 75, now=MONDAY + DAY) == MONDAY


def deal_owner(deal):
    return Membership.objects.get(user=deal.owner_id)


# -- with approval steps ----------------------------------------------------------------------------------
def with_step(deal, hours):
    """Ask finance, which has so many hours before an executive may decide, too."""
    facts = within(hours, role("executive")) if hours else {}
    wanted = plan([step("legal", role("finance"), **facts)], Facts())
    return agreement.start(deal, wanted, requested_by=None, at=MONDAY)


def test_who_is_asked_by_a_step_is_warned_in_place_of_who_decides_otherwise(deal):
    asked = build.member(Role.FINANCE)
    with_step(deal, 0)
    sweep(MONDAY + 36 * HOUR)
    outbox.deliver_due(deal.tenant_id)

    assert told("promise_warned") == {asked.user}


@pytest.mark.parametrize("hours", [30, 40])
def test_a_step_with_a_time_of_its_own_tells_whom_it_asks_and_nobody_is_warned_twice(deal, hours):
    build.member(Role.FINANCE)
    approval = with_step(deal, hours)
    if hours <= 36:
        agreement.escalate(approval, at=MONDAY + hours * HOUR)

    assert sweep(MONDAY + 36 * HOUR) == [False]
    assert sweep(MONDAY + 37 * HOUR) == []
    assert said(deal) == []


def test_a_step_that_ends_after_the_promise_does_not_keep_anybody_from_being_warned(deal):
    with_step(deal, 60)

    assert sweep(MONDAY + 36 * HOUR) == [True]


def test_who_was_told_by_a_step_hears_of_a_late_promise_only_as_a_superior(deal):
    finance, boss = build.member(Role.FINANCE), build.member(Role.ADMIN)
    approval = with_step(deal, 48)
    agreement.escalate(approval, at=MONDAY + 48 * HOUR)
    sweep(MONDAY + 48 * HOUR)
    outbox.deliver_due(deal.tenant_id)

    assert told("promise_escalated") == {boss.user}
    assert finance.user in told("approval_late")


# -- every kind of decision -------------------------------------------------------------------------------
KINDS = [
    build.submitted,
    fund.submitted,
    claim.submitted,
    applicants.applied,
    quote.requested,
]


@pytest.mark.parametrize("make", KINDS)
def test_every_kind_of_decision_is_told_of_once_each(make, manager, storage):
    row = make()
    start = getattr(row, "submitted_at", None) or row.sent_at
    for hours in range(0, 24 * 20, 6):
        sweep(start + hours * HOUR)

    history = Event.objects.filter(name__startswith="prm.promise.").order_by("at", "id")
    assert [event.name for event in history] == ["prm.promise.warned", "prm.promise.escalated"]
    assert [event.at <= row.decide_by for event in history] == [True, history[1].at == row.decide_by]
    outbox.deliver_due(row.tenant_id)
    assert manager.user in told("promise_warned")
    assert manager.user in told("promise_escalated")
    path = Notification.objects.filter(kind="prm.promise_warned").values_list("path", flat=True).first()
    assert str(row.pk) in path


def test_of_an_appeal_those_are_warned_who_had_no_part_in_the_decision(deal, manager):
    decisions.reject(deal, reason_code="other", note="", by=manager, at=MONDAY)
    neutral = build.manager()
    appeal = disputes.appeal(deal, reason_code="other", text="Look again.", by=deal_owner(deal), at=MONDAY)
    for hours in range(0, 24 * 20, 6):
        sweep(MONDAY + hours * HOUR)
    outbox.deliver_due(deal.tenant_id)

    assert said(deal) == ["warned", "escalated"]
    assert told("promise_warned") == {neutral.user}
    assert clocks.escalated([appeal.pk, deal.pk]) == {appeal.pk}


# -- what a vendor sets -----------------------------------------------------------------------------------
def shares(warn, escalate, to=Role.ADMIN):
    return settings.Shares(warn, escalate, to)


def test_a_vendor_says_at_which_shares_who_is_told_also_of_what_waits_already(deal):
    boss = build.member(Role.EXECUTIVE)
    sweep(MONDAY)
    settings.change(shares(50, 75, Role.EXECUTIVE), revision=1, by=build.member(Role.ADMIN), at=MONDAY)

    assert sweep(MONDAY + 23 * HOUR) == []
    assert sweep(MONDAY + 24 * HOUR) == [True]
    assert sweep(MONDAY + 36 * HOUR) == [True]
    outbox.deliver_due(deal.tenant_id)
    assert said(deal) == ["warned", "escalated"]
    assert boss.user in told("promise_escalated")


def test_who_was_told_is_not_told_again_when_the_shares_change(deal):
    sweep(MONDAY + 36 * HOUR)
    settings.change(shares(90, 100), revision=1, by=build.member(Role.ADMIN), at=MONDAY)

    assert sweep(MONDAY + 46 * HOUR) == []


def test_of_two_who_change_them_the_second_is_told(vendor):
    admin = build.member(Role.ADMIN)
    settings.change(shares(50, 100), revision=1, by=admin, at=MONDAY)

    with pytest.raises(settings.TellingChangedMeanwhile):
        settings.change(shares(60, 100), revision=1, by=admin, at=MONDAY)

    assert clocks.telling().warn_percent == 50


def test_changing_nothing_is_no_news(vendor):
    settings.change(shares(75, 100), revision=1, by=build.member(Role.ADMIN), at=MONDAY)

    assert clocks.telling().revision == 1
