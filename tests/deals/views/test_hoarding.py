"""Partners that hold many deals without movement are warned when they register another."""

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from deals.enums import Stage
from deals.queries import idle
from deals.queries.idle import Hoard
from deals.rules.terms import Terms
from deals.services import outcomes, transfers
from partners.models import Partner
from prm.accounts.roles import Role
from prm.tenancy.context import acting_as
from prm.tenancy.fields import uuid7
from tests import build
from tests.build import MONDAY
from tests.deals.rulebook import publish

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
LATER = MONDAY + timedelta(days=40)


@pytest.fixture
def seller(vendor):
    publish(terms=Terms(idle_limit=2, idle_days=30))
    return build.seller()


@pytest.fixture
def browser(client, seller):
    with time_machine.travel(LATER, tick=False):
        client.force_login(seller.user, backend=BACKEND)
        client.portal = f"/{seller.tenant.slug}"
        yield client


def form(browser):
    return browser.get(f"{browser.portal}/deals/new/", follow=True).content.decode()


def test_whoever_holds_as_many_as_the_terms_allow_is_warned_and_led_to_them(browser, seller):
    idle_ones = [build.approved(by=seller) for _ in range(2)]
    moving = build.approved(by=seller)
    outcomes.advance(moving, Stage.COMMITTED, by=seller, at=LATER - timedelta(days=3))

    assert "You have 2 protected deals that have not moved for 30 days. The vendor’s limit is 2." in form(browser)

    shown = browser.get(f"{browser.portal}/deals/?view=all&idle=yes").content.decode()
    assert all(row.customer_name in shown for row in idle_ones)
    assert moving.customer_name not in shown


def test_a_draft_shows_the_warning_too(browser, seller):
    for _ in range(2):
        build.approved(by=seller)
    draft = build.drafts.save(uuid7(), build.content(), by=seller, at=LATER)

    assert "The vendor’s limit is 2." in browser.get(f"{browser.portal}/deals/{draft.pk}/form/").content.decode()


def test_fewer_deals_others_and_those_of_a_few_days_draw_no_warning(browser, seller):
    build.approved(by=seller)
    build.approved(by=seller, at=LATER - timedelta(days=3))
    build.approved()

    assert "Deals without movement" not in form(browser)


def test_without_a_limit_nothing_is_counted(seller):
    publish(terms=Terms(), on=MONDAY.date())

    with CaptureQueriesContext(connection) as asked:
        assert idle.hoard_of(Partner.objects.get(pk=seller.partner_id), LATER) is None

    assert not [query for query in asked if "deals_registration" in query["sql"]]


def test_a_deal_that_a_partner_received_has_moved_for_it_and_for_the_vendor_alike(seller):
    firm = build.partner("Vos B.V.")
    receiver = build.member(Role.PARTNER_ADMIN, of=firm)
    for _ in range(2):
        transfers.transfer(build.approved(by=seller), firm, reason_code="firm_bought", by=build.manager(), at=LATER)

    soon, later = LATER + timedelta(days=1), LATER + timedelta(days=31)
    with acting_as(receiver.actor):
        seen = (idle.hoard_of(firm, soon), idle.hoard_of(firm, later))
    assert seen == (idle.hoard_of(firm, soon), idle.hoard_of(firm, later)) == (None, Hoard(2, 2, 30))
