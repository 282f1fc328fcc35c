"""Past records under other terms: who would agree, what it would come to, and the difference in money."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
import time_machine
from django.urls import reverse

from mdf.rules import terms as funds
from partners.rules import joining
from prm.accounts.roles import Role
from prm.money import Money
from prm.policies import versions
from prm.policies.areas import AREAS
from prm.policies.models import PolicyVersion
from prm.policies.replays import queries, services
from prm.policies.replays.models import ReplayChange
from quotes.models import QuoteLine, QuoteRevision
from quotes.rules import terms as quotes
from quotes.rules.terms import Volume
from quotes.services import issuing, revisions
from tests import build
from tests.build import MONDAY
from tests.deals import rulebook
from tests.mdf import build as mdf
from tests.mdf import claim_build
from tests.partners import applicants
from tests.quotes import build as quoting

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
TODAY = MONDAY.date()


@pytest.fixture
def admin(vendor):
    return build.member(Role.ADMIN)


def tried(area, body, admin, at=MONDAY):
    versions.save_draft(area, body, revision=None, by=admin, at=at)
    days = {"first_on": TODAY - timedelta(days=365), "last_on": at.date(), "today": at.date()}
    replay = services.start(AREAS[area], **days, by=admin, at=at)
    while services.go_on(replay.pk):
        pass
    replay.refresh_from_db()
    return replay


def test_other_limits_of_funds_change_who_has_to_agree_to_requests_and_claims(admin):
    request = mdf.submitted()
    claim = claim_build.submitted()
    body = replace(funds.Terms(), one_approver_to=Decimal(100), payment_days=10).body()

    replay = tried(funds.AREA, body, admin, at=claim.submitted_at + timedelta(days=1))

    assert (replay.status, replay.done) == ("done", 3)
    found = {row.record_id: row for row in ReplayChange.objects.all()}
    assert (found[request.pk].before, found[request.pk].after) == ("one", "two")
    assert found[claim.pk].more == [["payment_days", "30", "10"]]
    assert {found[request.pk].page, found[claim.pk].page} == {"mdf:request", "mdf:claim"}


def test_a_page_of_records_goes_on_where_it_ended_although_they_are_of_two_kinds(admin, monkeypatch):
    monkeypatch.setattr(services, "STEP", 2)
    claim = claim_build.submitted()
    for _number in range(3):
        mdf.submitted(at=MONDAY + timedelta(hours=1))

    replay = tried(funds.AREA, replace(funds.Terms(), one_approver_to=Decimal(1)).body(), admin, at=claim.submitted_at)

    assert (replay.done, replay.total, replay.changed) == (5, 5, 5)


def test_other_terms_of_quotes_are_shown_in_money(admin):
    revision = quoting.requested(quoting.some(quoting.priced(100), 10, special=12))
    terms = replace(quotes.Terms(), volumes=(Volume(10, Decimal(5)),), ladder=quotes.LADDER)
    kept = [QuoteLine.objects.get().net_total, QuoteRevision.objects.get().net_total]

    replay = tried(quotes.AREA, terms.body(), admin)

    change = ReplayChange.objects.get()
    assert change.effect == "net"
    assert (change.record_id, change.given_before, change.given_after) == (revision.pk, 120, 164)
    given = queries.given(replay)[0]
    assert (given.difference, given.count) == (Money(Decimal(44), "EUR"), 1)
    assert [QuoteLine.objects.get().net_total, QuoteRevision.objects.get().net_total] == kept


def test_a_quote_that_was_revised_counts_once(admin):
    seller = build.seller()
    first = quoting.issued(quoting.some(quoting.priced(100), 10), by=seller)
    second = revisions.revise(first, by=seller, at=MONDAY + timedelta(hours=1))
    issuing.issue(second, by=seller, at=MONDAY + timedelta(hours=2))
    terms = replace(quotes.Terms(), volumes=(Volume(10, Decimal(5)),))

    replay = tried(quotes.AREA, terms.body(), admin)

    assert (replay.total, [row.record_id for row in ReplayChange.objects.all()]) == (1, [second.pk])


def test_what_a_draft_refuses_gives_nothing_any_more(admin):
    build.submitted(value_amount=Decimal(30000))
    rulebook.publish(rulebook.rule("All", decision="approve", discount="10"))
    refusal = rulebook.body(rulebook.rule("All", decision="refuse", reason="duplicate"))

    replay = tried("deals.registration", refusal, admin)

    assert queries.given(replay)[0].difference.amount == -3000


def test_a_lower_ladder_asks_somebody_else_and_a_lower_limit_allows_less(admin):
    product = quoting.priced(100)
    quoting.requested(quoting.some(product, 10, special=12))
    quoting.requested(quoting.some(product, 10, special=30))
    ladder = [replace(rung, up_to=rung.up_to / 3) for rung in quotes.LADDER[:-1]] + [quotes.LADDER[-1]]
    terms = replace(quotes.Terms(), ladder=tuple(ladder), largest_special=Decimal(20))

    tried(quotes.AREA, terms.body(), admin)

    told = sorted((row.before, row.after) for row in ReplayChange.objects.all())
    assert told == [("admin", "too_much"), ("channel_manager", "admin")]


def test_other_questions_and_competitors_change_what_an_application_comes_to(admin):
    application = applicants.applied()
    terms = replace(joining.Terms(), tier_percents=(0, 0), competitor_domains=(application.domain_key,))

    tried(joining.AREA, terms.body(), admin)

    change = ReplayChange.objects.get()
    assert (change.effect, change.after) == ("tier", "3")
    assert ["rival", False, True] in change.more


def test_nobody_could_apply_where_a_draft_closes_the_door(admin):
    applicants.applied()

    tried(joining.AREA, replace(joining.Terms(), is_open=False).body(), admin)

    assert ReplayChange.objects.get().after == "closed"


def test_a_discount_that_rules_give_a_deal_is_shown_in_money(admin):
    build.submitted(value_amount=Decimal(30000))
    rulebook.publish(rulebook.rule("All", decision="person", discount="10"))

    replay = tried("deals.registration", rulebook.body(rulebook.rule("All", decision="person", discount="15")), admin)

    given = queries.given(replay)[0]
    assert (given.before.amount, given.after.amount, given.difference.amount) == (3000, 4500, 1500)


def test_no_difference_in_money_is_said_where_a_person_decides(admin):
    mdf.submitted()
    body = {"rules": {"mode": "first", "rules": [rulebook.rule("All", decision="approve")], "default": {}}, "steps": []}
    body["rules"]["default"] = {"decision": "person"}

    replay = tried("mdf.request", body, admin)

    assert replay.changed == 1
    assert queries.given(replay) == []


def test_a_vendor_without_a_version_in_force_is_told_so(admin):
    PolicyVersion.objects.filter(area=quotes.AREA).delete()

    with pytest.raises(services.NothingInForce):
        tried(quotes.AREA, quotes.Terms().body(), admin)


@pytest.mark.parametrize("area", [funds.AREA, quotes.AREA, joining.AREA])
def test_the_pages_of_a_replay_of_terms_open_and_say_what_is_not_tried(client, vendor, admin, area):
    client.force_login(admin.user, backend=BACKEND)
    quoting.requested(quoting.some(quoting.priced(100), 10, special=12))
    mdf.submitted()
    applicants.applied()
    changed = {funds.AREA: {"one_approver_to": "1"}, quotes.AREA: {"volumes": [{"from_quantity": 2, "percent": "5"}]}}
    body = versions.history(area)[0].body | changed.get(area, {"is_open": False})
    replay = tried(area, body, admin)

    def page(name, *args):
        with time_machine.travel(MONDAY, tick=False):
            return client.get(f"/{vendor.slug}{reverse(name, 'prm.urls_vendor', args=[area, *args])}")

    assert str(AREAS[area].past.without)[:20] in page("replays").content.decode()
    shown = page("replay", replay.pk)
    assert shown.context["rows"]
    assert ("In money" in shown.content.decode()) == (area == quotes.AREA)
    assert page("replay-export", replay.pk).status_code == 200
