"""The report of deals taken direct counts what it says."""

from datetime import timedelta

import pytest
import time_machine

from deals.enums import DirectStage
from deals.services import decisions, directs
from prm.accounts.roles import Role
from tests import build
from tests.build import MONDAY

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
BEFORE, AFTER = MONDAY - timedelta(days=2), MONDAY + timedelta(hours=1)


@pytest.fixture
def seller(vendor):
    return build.seller(of=build.partner("Northlight"))


@pytest.fixture
def refused(seller):
    def refuse(name, *families):
        row = build.submitted(*families, by=seller, customer_name=name, customer_website=f"{name.lower()}.example")
        return decisions.reject(row, reason_code="existing_business", note="", by=build.manager(), at=AFTER)

    return refuse


@pytest.fixture
def report(client, vendor):
    client.force_login(build.member(Role.EXECUTIVE).user, backend=BACKEND)

    def show(path=""):
        with time_machine.travel(MONDAY + timedelta(days=1), tick=False):
            return client.get(f"/{vendor.slug}/direct/report/{path}").content.decode()

    return show


def lines(report):
    return [line.split(",") for line in report("export/").strip().splitlines()[1:]]


def test_what_the_vendor_logged_after_a_partner_had_sent_it_is_taken_direct(refused, report):
    refused("Globex"), refused("Initech")
    build.direct("Globex", website="globex.example", at=AFTER)
    build.direct("Initech", website="initech.example", at=BEFORE)

    assert lines(report) == [["Northlight", "2026-08-27", "2026-11-24", "2", "1", "50", "46200.0000 EUR", "0"]]
    assert "Globex" in report()


def test_what_was_known_before_is_taken_once_it_is_won(refused, report):
    refused("Globex")
    row = build.direct("Globex", website="globex.example", at=BEFORE)
    won = directs.Opportunity(owner="Ada", opened_on=row.opened_on, stage=DirectStage.WON)
    directs.change_opportunity(row, won, version=1, by=build.manager(), at=AFTER)

    assert lines(report)[0][4] == "1"


def test_what_is_about_other_products_is_not_taken(refused, report):
    refused("Globex", "edge")
    build.direct("Globex", "mesh", website="globex.example", at=AFTER)

    assert lines(report)[0][4] == "0"


def test_a_decision_after_its_promise_is_counted_late(seller, report):
    row = build.submitted(by=seller, at=BEFORE - timedelta(days=20))
    decisions.approve(row, by=build.manager(), at=MONDAY)

    assert lines(report)[0][-1] == "1"


def test_a_period_without_decisions_says_so(report):
    assert "Nothing was decided in this period" in report()
