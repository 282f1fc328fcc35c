"""Past records under a draft: what would change, and that nothing does."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
import time_machine

from deals.enums import Review
from deals.models import Ruling
from deals.rules.terms import AREA, Terms
from deals.services import protection
from prm.accounts.roles import Role
from prm.events import outbox
from prm.events.models import Delivery, Event
from prm.policies.models import PolicyVersion
from prm.policies.replays import queries, services
from prm.policies.replays.models import Replay, ReplayChange
from prm.policies.replays.services import NothingToReplay, NotReadable
from prm.tenancy.context import as_system
from tests import build
from tests.build import MONDAY
from tests.deals.rulebook import eur, every, rule, when
from tests.prm.policies import trial

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
LARGE = rule(
    "Large resale", every(when("type", "is", "resale"), when("value", "at_least", eur(25000))), decision="approve"
)


@pytest.fixture
def admin(vendor):
    return build.member(Role.ADMIN)


def finished(replay):
    while services.go_on(replay.pk):
        pass
    replay.refresh_from_db()
    return replay


def test_it_shows_who_would_change_and_by_which_rule(admin):
    large = build.submitted(value_amount=Decimal(30000), customer_name="Globex")
    build.submitted(value_amount=Decimal(20000))
    trial.draft(admin, LARGE)

    replay = finished(trial.start(admin))

    change = ReplayChange.objects.get()
    assert (replay.status, replay.done, replay.changed) == ("done", 2, 1)
    assert (change.record_id, change.effect, change.before, change.after) == (large.pk, "decision", "person", "approve")
    assert change.rules_after == ["Large resale"]
    assert change.value.amount == 30000
    assert replay.tally["after"]["approve"] == {"count": 1, "sums": {"EUR": "30000.0000"}}
    assert replay.tally["before"] == {"person": {"count": 2, "sums": {"EUR": "50000.0000"}}}


def test_nothing_is_changed_by_it(admin):
    registration = build.submitted(value_amount=Decimal(30000))
    trial.draft(admin, LARGE)
    counts = [model.objects.count() for model in (Event, Ruling, PolicyVersion)]

    finished(trial.start(admin))

    before = registration.version
    registration.refresh_from_db()
    assert (registration.review, registration.version) == (Review.SUBMITTED, before)
    assert [model.objects.count() for model in (Event, Ruling, PolicyVersion)] == counts


def test_plain_terms_are_compared_too(admin):
    build.submitted()
    trial.draft(admin, terms=Terms(protection_days=60, decision_business_days=3))

    finished(trial.start(admin))

    change = ReplayChange.objects.get()
    assert (change.effect, change.before, change.after) == ("promise_days", "2", "3")
    assert change.more == [["protection", {"count": 90, "unit": "days"}, {"count": 60, "unit": "days"}]]


def test_a_registration_is_judged_as_it_was_on_its_day(admin):
    """The rival was protected when it came, and is not any more."""
    rival = build.approved(customer_website="globex.example", at=MONDAY - timedelta(days=20))
    late = build.submitted(customer_website="globex.example")
    protection.expire(rival, today=date(2027, 6, 1), at=MONDAY + timedelta(days=190))
    trial.draft(admin, rule("All", decision="approve"))

    finished(trial.start(admin))

    assert ReplayChange.objects.get().record_id == rival.pk
    assert late.pk not in ReplayChange.objects.values_list("record_id", flat=True)


def test_only_the_days_that_were_chosen_count(admin):
    build.submitted(at=MONDAY - timedelta(days=30))
    inside = build.submitted(at=MONDAY - timedelta(days=3))
    trial.draft(admin, LARGE)

    replay = finished(trial.start(admin, first=MONDAY.date() - timedelta(days=3)))

    assert replay.total == 1
    assert ReplayChange.objects.get().record_id == inside.pk


def test_changes_are_grouped_with_their_number_and_value(admin):
    for value in (30000, 40000, 1000):
        build.submitted(value_amount=Decimal(value))
    small = rule("Small", when("value", "under", eur(5000)), decision="refuse", reason="not_eligible")
    trial.draft(admin, LARGE, small)

    replay = finished(trial.start(admin))

    told = [
        (group.before, group.after, group.count, group.sums[0].amount) for group in queries.groups(replay, ["decision"])
    ]
    assert told == [("person", "approve", 2, 70000), ("person", "refuse", 1, 1000)]


def test_without_a_draft_or_with_a_broken_one_nothing_starts(admin):
    with pytest.raises(NothingToReplay):
        trial.start(admin)

    trial.draft(admin, rule("Odd", when("unknown", "is", True), decision="approve"))
    with pytest.raises(NotReadable):
        trial.start(admin)


def test_a_stopped_replay_keeps_what_it_found(admin, monkeypatch):
    monkeypatch.setattr(services, "STEP", 1)
    for _ in range(3):
        build.submitted(value_amount=Decimal(30000))
    trial.draft(admin, LARGE)
    replay = trial.start(admin)
    services.go_on(replay.pk)

    services.cancel(replay)

    assert services.go_on(replay.pk) is False
    replay.refresh_from_db()
    assert (replay.status, replay.done, ReplayChange.objects.count()) == ("cancelled", 1, 1)


def test_a_worker_that_dies_loses_no_step_and_repeats_none(committed, monkeypatch):
    monkeypatch.setattr(services, "STEP", 2)
    made = build.vendor()
    with as_system(made.pk):
        admin = build.member(Role.ADMIN)
        for _ in range(7):
            build.submitted(value_amount=Decimal(30000))
        trial.draft(admin, LARGE)
        replay = trial.start(admin)
        outbox.enqueue(services.work, replay.pk)
    judge, calls = services._past, []

    def dies(key):
        calls.append(key)
        if len(calls) == 3:
            raise KeyboardInterrupt  # as a signal would end it, in the middle of a step
        return judge(key)

    monkeypatch.setattr(services, "_past", dies)
    with pytest.raises(KeyboardInterrupt):
        outbox.deliver_due(made.pk)
    with as_system(made.pk):
        assert Replay.objects.get().done == 4
        Delivery.objects.filter(subject_id=replay.pk).update(leased_until=None)

    outbox.deliver_due(made.pk)

    with as_system(made.pk):
        replay = Replay.objects.get()
        assert (replay.status, replay.done, replay.changed) == ("done", 7, 7)
        assert ReplayChange.objects.values("record_id").distinct().count() == ReplayChange.objects.count() == 7


def test_a_replay_that_cannot_go_on_says_so(committed, monkeypatch):
    made = build.vendor()
    with as_system(made.pk):
        trial.draft(build.member(Role.ADMIN), LARGE)
        replay = trial.start(build.member(Role.ADMIN))
        outbox.enqueue(services.work, replay.pk)
    monkeypatch.setattr(services, "_past", lambda key: 1 / 0)

    outbox.deliver_due(made.pk)

    with as_system(made.pk):
        assert Replay.objects.get().status == Replay.Status.FAILED


def test_old_replays_are_forgotten(admin):
    build.submitted(value_amount=Decimal(30000))
    trial.draft(admin, LARGE)
    finished(trial.start(admin))

    services.forget(MONDAY)
    assert Replay.objects.count() == 1

    services.forget(MONDAY + timedelta(seconds=1))
    assert not Replay.objects.exists()
    assert not ReplayChange.objects.exists()


# -- the page ------------------------------------------------------------------------------------------------
@pytest.fixture
def page(client, admin):
    client.force_login(admin.user, backend=BACKEND)
    with time_machine.travel(MONDAY + timedelta(hours=1), tick=False):
        yield client


def tried(page, vendor, **days):
    days = {"first_on": "2026-01-01", "last_on": "2026-11-23", **days}
    return page.post(f"/{vendor.slug}/rules/{AREA}/replays/", days)


def test_the_page_tries_names_and_exports(page, vendor, admin):
    build.submitted(value_amount=Decimal(30000), customer_name="Globex")
    build.submitted(value_amount=Decimal(500), customer_name="=cmd()")
    trial.draft(admin, LARGE, rule("Small", when("value", "under", eur(5000)), decision="refuse", reason="other"))

    address = tried(page, vendor)["Location"]
    shown = page.get(address).content.decode()
    group = page.get(f"{address}?group=0").content.decode()
    csv = page.get(f"{address}export/?group=1").content.decode()

    assert "2 records would be treated otherwise" in shown
    assert "Approve at once" in shown
    assert "Large resale" in shown
    assert "Globex" in group
    assert "=cmd()" not in group
    assert "Refuse" in csv
    assert "Globex" not in csv


def test_days_that_make_no_sense_are_said_beside_them(page, vendor, admin):
    trial.draft(admin, LARGE)

    for days, words in (
        ({"first_on": "2026-12-01", "last_on": "2026-11-01"}, "ends before it begins"),
        ({"last_on": "2027-01-01"}, "today at the latest"),
        ({"first_on": "1900-01-01"}, "at most ten years"),
        ({"first_on": "soon"}, "valid date"),
    ):
        answer = tried(page, vendor, **days)

        assert answer.status_code == 422
        assert words in answer.content.decode()
    assert not Replay.objects.exists()


def test_a_page_without_a_draft_offers_none(page, vendor):
    assert "There is no draft to try" in page.get(f"/{vendor.slug}/rules/{AREA}/replays/").content.decode()
    assert page.get(f"/{vendor.slug}/rules/none.such/replays/").status_code == 404


def test_a_page_of_an_older_draft_says_so(page, vendor, admin):
    trial.draft(admin, LARGE)
    address = tried(page, vendor)["Location"]
    trial.draft(admin, rule("All", decision="approve"))

    assert "The draft was changed since" in page.get(address).content.decode()


@pytest.mark.parametrize("group", ["99", "-1", "x", "9" * 30, "²"])
def test_a_group_that_is_not_there_shows_all(page, vendor, admin, group):
    build.submitted(value_amount=Decimal(30000))
    trial.draft(admin, LARGE)
    address = tried(page, vendor)["Location"]

    assert page.get(address, {"group": group}).status_code == 200


def test_the_page_asks_as_often_for_many_changes_as_for_few(page, vendor, admin, django_assert_max_num_queries):
    for _ in range(30):
        build.submitted(value_amount=Decimal(30000))
    trial.draft(admin, LARGE)
    address = tried(page, vendor)["Location"]

    with django_assert_max_num_queries(23):
        page.get(address)
