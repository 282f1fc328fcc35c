"""Before a request or a claim is sent, a partner sees which roles will decide and how long they usually take."""

from datetime import timedelta

import pytest
import time_machine

from mdf.services import decisions
from prm.policies import versions
from tests import build
from tests.build import MONDAY
from tests.deals.rulebook import EARLIER, eur, rule, when
from tests.deals.views.test_registering import signed_in
from tests.mdf import build as mdf
from tests.mdf import claim_build as claiming
from tests.mdf import rulebook

LEGAL = {"key": "legal", "name": "Terms are sound", "asked": [{"role": "finance"}]}


@pytest.fixture(autouse=True)
def clock(vendor):
    with time_machine.travel(MONDAY + timedelta(hours=3), tick=False):
        yield


def shown(page, path, pk):
    alone = " ".join(page.get(f"{page.portal}/{path}/{pk}/deciders/").content.decode().split())
    whole = " ".join(page.get(f"{page.portal}/{path}/{pk}/form/").content.decode().split())
    assert alone in whole
    return alone


def asked_for(costs=(3_000,)):
    share = mdf.allocation(50_000, of=mdf.fund(90_000))
    owner = mdf.marketer(share.partner)
    request = mdf.draft(share, by=owner, costs=costs)
    return signed_in(owner), request


def test_a_large_request_says_who_agrees_one_after_the_other_and_how_long_they_take():
    for _number in range(3):
        request = mdf.submitted(costs=(30_000,), share=mdf.allocation(50_000, of=mdf.fund(90_000)))
        decisions.approve(request, mdf.amounts_of(request, 15_000), by=build.manager(), at=MONDAY + timedelta(hours=2))
    page, request = asked_for((30_000,))

    text = shown(page, "funds/requests", request.pk)

    assert "Second approval, by somebody else" in text
    assert "Usually decided within 2 business hours." in text


def test_where_one_person_decides_alone_no_steps_are_shown():
    page, request = asked_for()

    assert "Who will decide" not in shown(page, "funds/requests", request.pk)


def test_steps_that_rules_name_are_shown():
    rulebook.publish(rule("Some", when("asked", "at_least", eur(1)), steps=["legal"]), steps=(LEGAL,))
    page, request = asked_for()

    assert "Terms are sound" in shown(page, "funds/requests", request.pk)


def test_a_claim_says_who_will_agree_to_it():
    body = rulebook.body(rule("All", steps=["legal"]), steps=(LEGAL,))
    versions.publish("mdf.claim", body, effective_on=EARLIER, at=MONDAY)
    claim = claiming.draft(at=MONDAY)
    page = signed_in(claiming.owner_of(claim))

    assert "Terms are sound" in shown(page, "claims", claim.pk)


def test_the_draft_of_another_firm_says_nothing():
    _page, request = asked_for((30_000,))
    other = signed_in(mdf.marketer())

    assert other.get(f"{other.portal}/funds/requests/{request.pk}/deciders/").status_code == 404
