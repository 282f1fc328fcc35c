"""What the vendor works at itself counts against a partner only if it was logged before."""

from datetime import date, timedelta

import pytest
import time_machine

from deals.enums import Course, DirectStage, Review
from deals.models import Ruling
from deals.queries import checks, past
from deals.rules.conflicts import Verdict
from deals.rules.terms import Terms
from deals.services import directs
from prm.tenancy.context import acting_as
from tests import build
from tests.build import MONDAY
from tests.deals.rulebook import body, publish, rule, when

BEFORE, AFTER = MONDAY - timedelta(days=2), MONDAY + timedelta(hours=1)
GLOBEX = {"customer_name": "Globex GmbH", "customer_website": "globex.example"}
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture
def approving(vendor):
    publish(rule("All", decision="approve"))


def check(seller, **terms):
    with acting_as(seller.actor):
        facts = {"name": "Globex", "website": "globex.example", "tax_id": "", "country": "DE"}
        return checks.precheck(**facts, own_id=build.uuid7(), by=seller, today=MONDAY.date())


@pytest.mark.parametrize("make", [build.direct, build.touch])
def test_a_person_decides_where_the_vendor_worked_at_the_customer_before(approving, make):
    make("Globex", website="globex.example", at=BEFORE)

    late = build.submitted(**GLOBEX)

    assert late.review == Review.SUBMITTED


def test_what_is_logged_afterwards_changes_nothing_for_a_registration(approving):
    build.direct("Globex", website="globex.example", at=AFTER, opened_on=date(2026, 1, 1))

    assert build.submitted(**GLOBEX).review == Review.APPROVED


def test_rules_ask_what_the_vendor_had_logged_before(vendor):
    build.touch("Globex", website="globex.example", at=BEFORE)
    build.touch("Globex", website="globex.example", at=BEFORE)
    publish(rule("Engaged", when("direct_touches", "at_least", 2), decision="refuse", reason="other"))

    assert build.submitted(**GLOBEX).review == Review.REJECTED


def test_rules_tried_on_the_past_see_what_was_logged_then(vendor):
    publish()
    opportunity = build.direct("Globex", website="globex.example", at=BEFORE)
    build.submitted(**GLOBEX)
    build.touch("Initech", website="initech.example", at=AFTER)
    build.submitted(customer_name="Initech", customer_website="initech.example")
    said = directs.Opportunity(owner="Ada", opened_on=BEFORE.date(), stage=DirectStage.LOST)
    directs.change_opportunity(opportunity, said, version=1, by=build.manager(), at=AFTER)
    after = body(rule("Engaged", when("vendor_engaged", "is", True), decision="refuse", reason="other"))

    compared = past.compare(
        MONDAY.date(), MONDAY.date(), after=None, limit=10, before_body=Terms().body(), after_body=after
    )

    outcomes = {row.title.split(" ", 1)[1]: row.after.effects["decision"] for row in compared}
    assert outcomes == {"Globex GmbH": Course.REFUSE.value, "Initech": Course.PERSON.value}


def test_the_check_says_that_the_vendor_works_at_a_customer_but_not_at_what(vendor):
    build.direct("Globex", website="globex.example", at=BEFORE, title="Backbone", owner="Finn Osei")

    found = check(build.seller())

    assert (found.verdict, found.is_only_direct) == (Verdict.MAY_CONFLICT, True)


def test_a_vendor_that_keeps_it_to_itself_is_answered_for_as_for_an_unknown_customer(vendor):
    publish(terms=Terms(discloses_direct=False))
    unknown = check(build.seller())
    build.direct("Globex", website="globex.example", at=BEFORE)

    with time_machine.travel(MONDAY, tick=False):
        assert check(build.seller()) == unknown


def test_whoever_decides_reads_what_counts_and_what_does_not(client, vendor):
    build.direct("Globex", website="globex.example", at=BEFORE, title="Backbone")
    registration = build.submitted(**GLOBEX)
    build.touch("Globex", website="globex.example", at=AFTER, on=BEFORE.date())
    client.force_login(build.manager().user, backend=BACKEND)

    shown = client.get(f"/{vendor.slug}/deals/to-decide/{registration.pk}/?view=team").content.decode()

    assert "Backbone" in shown
    assert "That is before the registration was sent." in shown
    assert "That is after the registration was sent: it does not count." in shown


def test_a_partner_reads_nothing_of_it_beside_its_registration(client, vendor):
    build.direct("Globex", website="globex.example", at=BEFORE, title="Backbone")
    seller = build.seller()
    registration = build.submitted(by=seller, **GLOBEX)
    client.force_login(seller.user, backend=BACKEND)

    shown = client.get(f"/{vendor.slug}/deals/{registration.pk}/").content.decode()

    assert "Backbone" not in shown
    assert Ruling.objects.exists()
