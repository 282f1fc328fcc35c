"""Terms that have an editor of their own follow the same versions as rules: compared, gone back to, taken back."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from mdf.rules import terms as funds
from partners.rules import joining, programs
from prm.accounts.roles import Role
from prm.policies import versions
from prm.policies.areas import AREAS
from prm.policies.models import PolicyVersion
from prm.policies.screens import reading
from quotes.rules import terms as quotes
from tests import build
from tests.build import MONDAY

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
TODAY = MONDAY.date()
EDITED = (funds.AREA, quotes.AREA, joining.AREA)


@pytest.fixture
def page(client, vendor):
    client.force_login(build.member(Role.ADMIN).user, backend=BACKEND)
    with time_machine.travel(MONDAY, tick=False):
        yield client


def url(vendor, name, *args):
    return f"/{vendor.slug}{reverse(name, 'prm.urls_vendor', args=args)}"


def changed(area, **facts):
    """Publish the newest version with some facts changed."""
    newest = versions.history(area)[0]
    return versions.publish(area, {**newest.body, **facts}, effective_on=TODAY, at=MONDAY)


@pytest.mark.parametrize("area", EDITED)
def test_two_versions_of_terms_are_compared_in_words(page, vendor, area):
    made = changed(area, answer_days=21)

    shown = page.get(url(vendor, "rule-comparison", area), {"from": made.number - 1, "to": made.number})

    assert [said for said in shown.context["changes"] if "now 21" in said]
    assert len(shown.context["changes"]) == 1


@pytest.mark.parametrize("area", EDITED)
def test_a_version_of_terms_says_all_that_it_holds_and_what_it_changed(page, vendor, area):
    made = changed(area, decision_business_days=9)

    shown = page.get(url(vendor, "rule-version", area, made.number))

    assert len(shown.context["changes"]) == 1
    assert "9" in dict(shown.context["told"].terms).values()
    assert url(vendor, "rule-version-draft", area, made.number) in shown.content.decode()


@pytest.mark.parametrize("number", [1, 2])
def test_no_page_offers_to_compare_a_version_with_itself(page, vendor, number):
    changed(EDITED[0], answer_days=21)

    shown = page.get(url(vendor, "rule-version", EDITED[0], number)).content.decode()

    assert "<option selected>1</option>" in shown


@pytest.mark.parametrize("area", EDITED)
def test_the_editor_says_in_the_same_words_what_its_draft_changes(page, vendor, area):
    changed(area, answer_days=21)
    page.post(url(vendor, "rule-version-draft", area, 1))

    shown = page.get(url(vendor, AREAS[area].editor))

    assert shown.context["changes"] == reading.changes(AREAS[area], versions.history(area)[0].body, first(area).body)
    assert url(vendor, "rule-version", area, 1) in shown.content.decode()


@pytest.mark.parametrize("area", [*EDITED, programs.AREA])
def test_an_older_version_of_terms_becomes_a_draft(page, vendor, area):
    before = first(area).body
    changed(area, answer_days=21)

    answer = page.post(url(vendor, "rule-version-draft", area, 1))

    assert answer.status_code == 302
    assert versions.draft_of(area).body == before
    assert page.get(answer.url).status_code == 200


@pytest.mark.parametrize("area", [*EDITED, programs.AREA])
def test_terms_are_taken_back_before_their_day(page, vendor, area):
    made = versions.publish(area, first(area).body, effective_on=TODAY + timedelta(days=3), at=MONDAY)

    page.post(url(vendor, "rule-version-recall", area, made.number))

    assert versions.in_force(area, TODAY + timedelta(days=3)).number == 1


def test_two_versions_of_the_program_are_compared_tier_by_tier(page, vendor):
    body = first(programs.AREA).body
    tiers = [{**tier, "name": f"{tier['name']} plus"} for tier in body["tiers"]]
    made = changed(programs.AREA, tiers=tiers, grace_days=90)

    shown = page.get(url(vendor, "rule-comparison", programs.AREA), {"from": 1, "to": made.number})

    assert len(shown.context["changes"]) == 4
    assert "Gold plus: Name: Gold plus (before: Gold)" in shown.context["changes"]


def test_questions_that_are_new_gone_or_worded_otherwise_are_told_apart(vendor):
    asks = {"code": "a", "kind": "text", "text": "Who are you?", "points": 3}
    more = {"code": "b", "kind": "yes_no", "text": "Is it so?", "is_required": False}
    area = AREAS[joining.AREA]

    def told(before, after):
        return reading.changes(area, {"questions": {"msp": before}}, {"questions": {"msp": after}})

    assert "new is “Is it so?”" in told([asks], [asks, more])[0]
    assert "gone is “Is it so?”" in told([asks, more], [asks])[-1]
    assert "3 points, before" in told([{**asks, "points": 2}], [asks])[0]
    assert told([asks, more], [more, asks]) == [
        "Order of the questions for Managed service provider: now Is it so?; Who are you?, "
        "before Who are you?; Is it so?."
    ]


def test_nobody_but_those_who_keep_terms_sees_their_versions(client, vendor):
    client.force_login(build.member(Role.FINANCE).user, backend=BACKEND)

    assert client.get(url(vendor, "rule-version", funds.AREA, 1)).status_code == 403


def first(area):
    return PolicyVersion.objects.get(area=area, number=1)
