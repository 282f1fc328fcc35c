"""A promise counts by the calendar that the vendor's rules choose for it, or by the default one."""

from datetime import timedelta

import pytest
import time_machine

from deals.rules.terms import Terms
from deals.services import decisions, registrations
from mdf.models import FundRequest
from mdf.rules.catalogue import AREA as FUNDS
from prm.accounts.models import Membership
from prm.accounts.roles import Role
from prm.approvals import queries as approvals
from prm.clocks import calendars, services
from prm.clocks.clock import Promise
from prm.clocks.models import Calendar
from prm.disputes import services as disputes
from prm.policies import versions
from prm.policies.rulesets import Mode
from prm.programme import exchange, yaml
from prm.promises import clocks
from prm.tenancy.context import acting_as, as_system
from tests import build
from tests.build import MONDAY
from tests.deals.rulebook import body, publish, rule, when
from tests.mdf import build as fund
from tests.prm.clocks import calendar_of

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
HOUR = timedelta(hours=1)
TUESDAY = MONDAY + 24 * HOUR  # ten in the morning; in Berlin two hours after opening
ALWAYS = (((calendar_of.Span(0, 24 * 60)),),) * 7


@pytest.fixture
def admin(vendor):
    return build.member(Role.ADMIN)


@pytest.fixture
def berlin(admin):
    """Nine to five, beside a default calendar of all hours."""
    calendar_of.office(admin, name="Always", week=ALWAYS, time_zone="UTC")
    return calendar_of.office(admin, name="Berlin")


@pytest.fixture
def deal(berlin):
    """Eight hours from Monday at eleven in Berlin: until Tuesday at eleven."""
    in_germany = when("customer_country", "is", "DE")
    publish(rule("Germany", in_germany, calendar=str(berlin.pk)), default={"promise_hours": "8"}, mode=Mode.ALL)
    return build.submitted(by=build.seller())


def test_a_rule_chooses_the_calendar_and_all_others_count_by_the_default_one(deal):
    assert deal.decide_by == TUESDAY
    assert build.submitted(customer_country="FR").decide_by == MONDAY + 8 * HOUR


def test_it_counts_by_the_same_calendar_after_a_question(deal):
    manager, owner = build.manager(), Membership.objects.get(user=deal.owner_id)
    decisions.ask(deal, question="Who signs?", by=manager, at=MONDAY + 2 * HOUR)
    found = registrations.answer(deal, None, text="Ida.", by=owner, at=TUESDAY + 20 * HOUR)

    assert found.decide_by == TUESDAY + 28 * HOUR  # six hours from nine in the morning of Wednesday


def test_warnings_count_by_it_too(deal):
    clock = clocks.read(deal, at=MONDAY)

    assert clock.warn_at == MONDAY + 6 * HOUR


def test_a_calendar_that_rules_name_or_named_stays(deal, berlin, admin):
    publish(rule("Later", decision="approve"))

    with pytest.raises(services.CalendarInUse) as refusal:
        services.remove(berlin, by=admin, at=MONDAY)

    assert "Germany" in refusal.value.sentence


def test_a_calendar_that_a_draft_names_stays(berlin, admin):
    made = body(default={"calendar": str(berlin.pk)})
    versions.save_draft("deals.registration", made, revision=None, by=admin, at=MONDAY)

    with pytest.raises(services.CalendarInUse):
        services.remove(berlin, by=admin, at=MONDAY)


def test_approval_steps_count_by_the_calendar_of_the_promise(berlin, admin):
    sales = {"key": "sales", "name": "Sales", "asked": [{"role": "channel_manager"}], "then": [{"role": "admin"}]}
    sales["within"] = {"count": 8, "unit": "hours"}
    publish(rule("All", steps=["sales"], calendar=str(berlin.pk)), steps=[sales])

    approval = approvals.current_of(build.submitted(by=build.seller()))

    assert approval.next_late_at == TUESDAY


def test_appeals_count_by_the_calendar_of_the_promise(deal):
    owner = Membership.objects.get(user=deal.owner_id)
    rejected = decisions.reject(deal, reason_code="duplicate", note="No.", by=build.manager(), at=MONDAY)
    with acting_as(owner.actor):
        dispute = disputes.appeal(rejected, reason_code="facts_overlooked", text="Yes.", by=owner, at=MONDAY)

    days = Promise(Terms().appeal_business_days, calendar=deal_calendar())
    assert dispute.decide_by == calendars.promised(days, at=MONDAY) != calendars.promised(Promise(5), at=MONDAY)


def deal_calendar():
    return str(Calendar.objects.get(name="Berlin").pk)


def test_a_calendar_that_is_gone_is_the_default_one(berlin, admin):
    services.remove(berlin, by=admin, at=MONDAY)

    assert calendars.promised(Promise(1, calendar=str(berlin.pk)), at=MONDAY) == MONDAY + 24 * HOUR
    assert calendars.name_of(Promise(1, calendar=str(berlin.pk))) == ""


def test_requests_for_money_count_by_it_and_their_page_says_so(berlin, vendor, client):
    rules = {"rules": [], "default": {"decision": "person", "promise_hours": "8", "calendar": str(berlin.pk)}}
    versions.publish(FUNDS, {"rules": rules}, effective_on=build.OPENED.date(), at=MONDAY)

    request = FundRequest.objects.get(pk=fund.submitted().pk)
    assert request.decide_by == TUESDAY

    client.force_login(Membership.objects.get(user=request.owner_id).user, backend=BACKEND)
    page = client.get(f"/{vendor.slug}/funds/requests/{request.pk}/")
    assert "It counts by the calendar Berlin." in page.content.decode()


def test_both_sides_read_by_which_calendar_it_counts(deal, vendor, client):
    client.force_login(Membership.objects.get(user=deal.owner_id).user, backend=BACKEND)
    with time_machine.travel(MONDAY + HOUR, tick=False):
        page = client.get(f"/{vendor.slug}/deals/{deal.pk}/")

    assert "It counts by the calendar Berlin." in page.content.decode()


def test_rules_name_it_in_the_programme_file(admin, berlin):
    made = body(default={"calendar": str(berlin.pk)})
    versions.publish("deals.registration", made, effective_on=MONDAY.date(), at=MONDAY)
    written = exchange.written(MONDAY.date())
    assert written["rules"]["deals.registration"]["rules"]["default"]["calendar"] == "calendars:Berlin"
    wanted, _lines = yaml.read(exchange.text_of(written))

    other = build.vendor()
    with as_system(other.pk):
        here = build.member(Role.ADMIN)
        file = {"format": 1, "calendars": wanted["calendars"], "rules": wanted["rules"]}
        facts = {"by": here, "at": MONDAY, "effective_on": MONDAY.date()}
        exchange.take_over(file, mark=exchange.try_out(file, **facts).mark, **facts)
        there = versions.in_force("deals.registration", MONDAY.date()).body
        assert calendars.name_of(Promise(1, calendar=there["rules"]["default"]["calendar"])) == "Berlin"
