"""The lists of reasons are the vendor's own; what is new in the product is offered to be taken over."""

import pytest

from prm.accounts.roles import Role
from prm.audit import words
from prm.events.models import Event
from prm.inbox.forms import reasons
from prm.policies.models import ReasonCode
from prm.programme import exchange
from prm.reasons import lists, queries, services
from prm.reasons.services import LastReason, ReasonChangedMeanwhile, ReasonCodeTaken
from prm.tenancy.context import acting_as, as_system
from tests import build, races
from tests.build import MONDAY
from tests.deals.views.test_registering import signed_in

LOSS = lists.LISTS["deals.loss"]
OWN = {"label": "The mood", "position": None, "is_active": True}


@pytest.fixture
def admin(vendor):
    return build.member(Role.ADMIN)


@pytest.fixture
def browser(admin):
    return signed_in(admin)


def kept(code):
    return ReasonCode.objects.get(area=LOSS.area, code=code)


def changed(code, admin, **values):
    row = kept(code)
    facts = {name: getattr(row, name) for name in services.VALUES} | values
    return services.change(LOSS, code, facts, seen=services.fingerprint(row), by=admin, at=MONDAY)


def test_a_new_vendor_has_every_reason_of_the_product(vendor):
    assert all(not queries.new_in(each, queries.of_list(each.area)) for each in lists.all_lists())


def test_a_vendor_of_before_takes_over_what_is_new_and_keeps_its_own_order(admin):
    ReasonCode.objects.filter(area=LOSS.area, code__in=["function", "postponed"]).delete()
    services.add(LOSS, "mood", OWN | {"position": 0}, by=admin, at=MONDAY)
    before = [row.code for row in queries.of_list(LOSS.area)]

    taken = services.take_over(LOSS, by=admin, at=MONDAY)

    assert [row.code for row in taken] == ["function", "postponed"]
    assert [row.code for row in queries.of_list(LOSS.area)] == [*before, "function", "postponed"]
    assert ("function", "The product does not fit") in reasons(LOSS.area)
    assert services.take_over(LOSS, by=admin, at=MONDAY) == []
    event = Event.objects.get(name="prm.reasons.taken")
    assert "The product does not fit, Postponed or stopped" in words.sentence(event)


def test_reasons_are_taken_over_once_however_many_do_it(committed):
    vendor = build.vendor()
    with as_system(vendor.pk):
        ReasonCode.objects.filter(area=LOSS.area, code="price").delete()
        people = [build.member(Role.ADMIN) for _ in range(4)]

    def take(by):
        with acting_as(by.actor):
            return len(services.take_over(LOSS, by=by, at=MONDAY))

    assert sorted(races.at_once([lambda p=p: take(p) for p in people])) == [0, 0, 0, 1]


def test_a_reason_is_renamed_moved_and_switched_off_and_stays_readable(admin):
    changed("price", admin, label="Too dear", position=99)
    changed("competitor", admin, is_active=False)

    offered = reasons(LOSS.area)
    assert offered[-1] == ("price", "Too dear")
    assert "competitor" not in dict(offered)
    assert str(kept("competitor")) == "A competitor won"


def test_what_the_product_calls_it_stays_in_the_readers_language(browser):
    page = f"{browser.portal}/reasons/deals.loss/price/"
    seen = services.fingerprint(kept("price"))
    sent = {"label": "Price", "position": "3", "is_active": "on", "seen": seen}

    assert browser.post(page, sent).status_code == 302
    assert (kept("price").label, kept("price").position) == ("", 3)


def test_a_code_is_taken_once_and_the_last_reason_stays(admin):
    for code in ("price", "new", "product"):
        with pytest.raises(ReasonCodeTaken):
            services.add(LOSS, code, OWN, by=admin, at=MONDAY)
    ReasonCode.objects.filter(area=LOSS.area).exclude(code="price").update(is_active=False)
    with pytest.raises(LastReason):
        changed("price", admin, is_active=False)


def test_whoever_saved_first_is_not_overwritten(admin):
    seen = services.fingerprint(kept("price"))
    changed("price", admin, label="Too dear")

    with pytest.raises(ReasonChangedMeanwhile):
        services.change(LOSS, "price", OWN, seen=seen, by=admin, at=MONDAY)


def test_the_pages_say_what_is_new_and_take_it_over(browser):
    ReasonCode.objects.filter(area=LOSS.area, code="function").delete()
    listed = f"{browser.portal}/reasons/deals.loss/"
    assert "1 new" in browser.get(f"{browser.portal}/reasons/").content.decode()
    assert "“The product does not fit”" in browser.get(listed).content.decode()

    assert browser.post(f"{listed}product/").status_code == 302
    after = browser.get(listed).content.decode()
    assert "New in the product" not in after
    assert "The product does not fit" in after


def test_a_reason_of_ones_own_is_added_and_mistakes_are_said_where_they_were_typed(browser):
    listed = f"{browser.portal}/reasons/deals.loss/"
    assert browser.post(f"{listed}new/", {"label": "", "code": "a b"}).status_code == 422
    refused = browser.post(f"{listed}new/", {"label": "Mood", "code": "price", "is_active": "on"})
    assert "is taken" in refused.content.decode()

    browser.post(f"{listed}new/", {"label": "Mood", "code": "mood", "is_active": "on"})

    assert ("mood", "Mood") in reasons(LOSS.area)
    stale = browser.post(f"{listed}mood/", {"label": "Whim", "is_active": "on", "seen": "older"})
    assert stale.status_code == 422
    assert "Somebody saved this reason" in stale.content.decode()
    assert browser.get(f"{browser.portal}/reasons/nothing/").status_code == 404


def test_a_file_names_lists_that_a_vendor_of_before_does_not_have_yet(admin):
    ReasonCode.objects.filter(area="deals.transfer").delete()
    wanted = {"format": 1, "reasons": {"deals.transfer": [{"code": "firm_bought"}]}}

    trial = exchange.try_out(wanted, by=admin, at=MONDAY, effective_on=MONDAY.date())

    assert trial.problems == ()
    assert [change.what for change in trial.changes] == ["added"]
