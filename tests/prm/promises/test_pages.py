"""What is promised and was kept, as each side reads it."""

from datetime import timedelta

import pytest
import time_machine

from deals.queries import home
from deals.services import decisions, registrations
from prm.accounts.roles import Role
from prm.disputes import services as disputes
from prm.programme import exchange
from prm.promises import clocks, queries, settings
from prm.tenancy.context import acting_as
from tests import build
from tests.build import MONDAY

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(MONDAY + 20 * DAY, tick=False):
        yield


@pytest.fixture
def manager(vendor):
    return build.manager()


@pytest.fixture
def visit(vendor, client):
    def open_page(member, path="promises/"):
        client.force_login(member.user, backend=BACKEND)
        return client.get(f"/{vendor.slug}/{path}")

    return open_page


def kept(member, code="deals.registration", **facts):
    today = (MONDAY + 20 * DAY).date()
    with acting_as(member.actor):
        report = queries.report(member, today - 30 * DAY, today, **facts, now=MONDAY + 20 * DAY)
    return next(row.kept for row in (*report.vendors, *report.partners) if row.kind.code == code)


def decided(after, by=None, manager=None):
    deal = build.submitted(by=by or build.seller())
    return decisions.approve(deal, by=manager or build.manager(), at=MONDAY + after)


def test_each_side_reads_its_own(manager):
    ours, theirs = build.seller(), build.seller()
    decided(DAY, ours)
    decided(3 * DAY, ours)
    decided(DAY, theirs)
    build.submitted(by=theirs)

    vendor, partner, other = kept(manager), kept(ours), kept(theirs)

    assert (vendor.done, vendor.in_time, vendor.open_late) == (3, 2, 1)
    assert (partner.done, partner.in_time, partner.open_late) == (2, 1, 0)
    assert (other.done, other.in_time, other.open_late) == (1, 1, 1)
    assert kept(manager, partner_path=ours.partner_path) == partner


def test_time_in_which_the_partner_had_to_answer_does_not_count(manager):
    seller = build.seller()
    deal = build.submitted(by=seller)
    decisions.ask(deal, question="Who?", by=manager, at=MONDAY + timedelta(hours=4))
    registrations.answer(deal, None, text="She.", by=seller, at=MONDAY + 2 * DAY)
    decisions.approve(deal, by=manager, at=MONDAY + 2 * DAY + timedelta(hours=2))

    found = kept(manager)
    assert (found.in_time, found.median) == (1, timedelta(hours=6))
    answers = kept(seller, "prm.question")
    assert (answers.done, answers.in_time) == (1, 1)


def test_a_question_that_nobody_answered_in_time_counts_for_the_partner(manager):
    seller = build.seller()
    decisions.ask(build.submitted(by=seller), question="Who?", by=manager, at=MONDAY)

    assert kept(seller, "prm.question").open_late == 1
    assert kept(manager).open_late == 0


def test_an_overturned_decision_counts_when_it_was_made_first(manager):
    seller = build.seller()
    facts = {"reason_code": "other", "note": "", "by": manager, "at": MONDAY + DAY}
    deal = decisions.reject(build.submitted(by=seller), **facts)
    dispute = disputes.appeal(deal, reason_code="other", text="No.", by=seller, at=MONDAY + 2 * DAY)
    neutral = build.member(Role.ADMIN)
    disputes.overturn(dispute, reason_code="mistake", note="Yes.", by=neutral, at=MONDAY + 10 * DAY)

    assert (kept(seller).done, kept(seller).in_time) == (1, 1)
    assert (kept(manager, "prm.dispute").done, kept(manager, "prm.dispute").in_time) == (1, 0)


def test_the_page_says_what_is_promised_with_nothing_kept_yet(vendor, manager, visit):
    seller = build.seller()

    for member in (manager, seller):
        page = " ".join(visit(member).content.decode().split())
        assert "Decision on a registration" in page
        assert "Within 2 business days" in page
        assert "nothing to keep" in page
    assert "Decision on an application" in visit(manager).content.decode()
    assert "Decision on an application" not in visit(seller).content.decode()


def test_the_file_says_the_same(manager, visit):
    decided(DAY)

    lines = visit(manager, "promises/export/").content.decode().splitlines()

    assert any(
        line.startswith("Vendor,Decision on a registration,") and ",1,1,0,100,24.0,24.0" in line for line in lines
    )


@pytest.mark.parametrize(
    "query",
    ["since=x&until=y", "since=2026-12-31&until=2026-01-01", "since=0001-01-01", "until=9999-12-31", "partner=/no/"],
)
def test_a_strange_period_is_answered(manager, visit, query):
    decided(DAY)

    assert visit(manager, f"promises/?{query}").status_code == 200
    assert visit(manager, f"promises/export/?{query}").status_code == 200


# -- when they warn ---------------------------------------------------------------------------------------
TYPED = {"revision": 1, "warn_percent": 50, "escalate_percent": 90, "escalate_to": "executive"}


def test_an_administrator_sets_the_shares_and_others_do_not(visit, client, vendor, manager):
    admin = build.member(Role.ADMIN)
    assert "promises/warnings/" in visit(admin).content.decode()
    assert visit(admin, "promises/warnings/").status_code == 200
    answer = client.post(f"/{vendor.slug}/promises/warnings/", TYPED)

    assert answer.status_code == 302
    assert settings.shares_of(clocks.telling()) == settings.Shares(50, 90, "executive")
    assert "promises/warnings/" not in visit(manager).content.decode()
    assert visit(manager, "promises/warnings/").status_code == 403


def test_superiors_are_not_told_before_those_who_decide(visit, client, vendor):
    visit(build.member(Role.ADMIN), "promises/warnings/")
    answer = client.post(f"/{vendor.slug}/promises/warnings/", TYPED | {"escalate_percent": 40})

    assert answer.status_code == 422
    assert "not below their share" in answer.content.decode()


def test_the_shares_are_part_of_the_programme_file(vendor):
    admin = build.member(Role.ADMIN)
    wanted = {"format": 1, "promises": {"warn_percent": 60}}
    trial = exchange.try_out(wanted, by=admin, at=MONDAY, effective_on=MONDAY.date())
    exchange.take_over(wanted, mark=trial.mark, by=admin, at=MONDAY, effective_on=MONDAY.date())

    assert clocks.telling().warn_percent == 60
    bad = {"format": 1, "promises": {"warn_percent": 0, "mood": 1}}
    assert len(exchange.try_out(bad, by=admin, at=MONDAY, effective_on=MONDAY.date()).problems) == 1


def test_a_period_with_too_many_cases_says_that_only_the_latest_count(visit, manager, monkeypatch):
    monkeypatch.setattr("prm.promises.cases.MOST", 2)
    monkeypatch.setattr("prm.promises.queries.MOST", 2)
    monkeypatch.setattr("prm.promises.views.MOST", 2)
    decided(DAY)
    assert "Only the latest" not in visit(manager).content.decode()
    decided(DAY)

    page = visit(manager).content.decode()
    assert "Only the latest 2 count." in page
    assert "A shorter period counts all of them." in page


def test_the_share_on_the_home_page_is_that_of_first_decisions_not_of_answers_to_appeals(manager):
    seller = build.seller()
    deal = build.submitted(by=seller)
    decisions.reject(deal, reason_code="other", note="", by=manager, at=MONDAY + DAY)
    appeal = disputes.appeal(deal, reason_code="other", text="Look again.", by=seller, at=MONDAY + 2 * DAY)
    neutral = build.manager()
    disputes.overturn(appeal, reason_code="mistake", note="", by=neutral, at=MONDAY + 5 * DAY)
    at = MONDAY + 6 * DAY

    counted = home.decisions(manager, at, at + DAY)

    assert (counted.decided, counted.kept) == (1, 1)
