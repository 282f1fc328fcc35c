"""How deals end, and how those go on that were ended too early."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from deals.enums import ProtectionState, Stage
from deals.models import CheckIn, Protection, Sale
from deals.queries import home, known
from deals.rules.terms import AREA, Terms
from deals.services import achievements, decisions, outcomes, protection
from deals.services.decisions import Contested
from deals.services.moves import NotPossible
from deals.services.outcomes import ProofMissing, TooLateToReopen
from partners.enums import Metric
from partners.models import Achievement
from partners.services import achievements as counting
from prm.events.models import Event
from prm.files.models import File
from prm.money import Money
from prm.policies import versions
from tests import build
from tests.build import MONDAY

EUROS = Money(Decimal(1000), "EUR")


@pytest.fixture
def seller(vendor):
    return build.seller()


@pytest.fixture
def deal(seller):
    return build.approved(by=seller, customer_website="globex.example", customer_name="Globex")


def days(count):
    return MONDAY + timedelta(days=count)


def terms(**facts):
    versions.publish(AREA, Terms(**facts).body(), effective_on=date(2021, 1, 1), at=MONDAY)


def won(deal, seller, at=MONDAY, **facts):
    return outcomes.win(deal, EUROS, by=seller, at=at, **facts)


def lost(deal, seller, at=MONDAY, **facts):
    return outcomes.lose(deal, reason_code="price", note="", by=seller, at=at, **facts)


def counted() -> dict[str, Decimal]:
    """Return what all achievements come to, as if the events had been delivered."""
    found: dict[str, Decimal] = {}
    for row in Achievement.objects.all():
        found[row.metric] = found.get(row.metric, Decimal(0)) + row.amount
    return {metric: amount for metric, amount in found.items() if amount}


def count(deal):
    """Count the standing sale of a deal, as the handlers do."""
    achievements.credit_win(deal, at=MONDAY)
    achievements.credit_sale(Sale.objects.standing().get(registration=deal), at=MONDAY)


# -- won and lost ------------------------------------------------------------------------------------
def test_a_won_deal_keeps_its_day_and_its_order(deal, seller):
    won(deal, seller, closed_on=date(2026, 11, 20), order_reference="PO-4711")

    deal.refresh_from_db()
    assert (deal.stage, deal.closed_on, deal.order_reference) == (Stage.WON, date(2026, 11, 20), "PO-4711")
    assert Sale.objects.get().sold_on == date(2026, 11, 20)


def test_a_vendor_that_asks_for_proof_takes_no_win_without_a_file(vendor):
    terms(win_needs_proof=True)
    seller = build.seller()
    deal = build.approved(by=seller)

    with pytest.raises(ProofMissing):
        won(deal, seller)
    deal.refresh_from_db()
    assert deal.stage == Stage.PROSPECT
    assert not Sale.objects.exists()

    build.file(on=deal, by=seller)  # of before, which proves no order
    upload = SimpleUploadedFile("order.csv", b"number,amount\n4711,1000\n")
    won(deal, seller, proof=upload)
    assert File.objects.filter(subject_id=deal.pk).count() == 2


def test_a_lost_deal_says_to_whom(deal, seller):
    lost(deal, seller, competitor="Initech")

    deal.refresh_from_db()
    assert deal.competitor == "Initech"
    assert Event.objects.get(name="deals.registration.lost").payload["competitor"] == "Initech"


# -- reopened ----------------------------------------------------------------------------------------
def test_a_lost_deal_goes_on_where_it_was_and_is_protected_again(deal, seller):
    until = deal.protected_until
    outcomes.advance(deal, Stage.QUALIFIED, by=seller, at=MONDAY)
    lost(deal, seller)

    outcomes.reopen(deal, by=seller, at=days(10), note="They called back.")

    deal.refresh_from_db()
    assert (deal.stage, deal.protection) == (Stage.QUALIFIED, ProtectionState.ACTIVE)
    assert (deal.protected_until, deal.closed_on, deal.reason_code) == (until, None, "")
    assert Protection.objects.get(is_in_force=True).ends_on == until
    assert CheckIn.objects.get(is_open=True).due_on == date(2027, 1, 2)


def test_a_reopened_deal_is_not_protected_again_while_somebody_else_is(deal, seller):
    lost(deal, seller)
    other = build.approved(customer_website="globex.example", customer_name="Globex", at=days(1))

    outcomes.reopen(deal, by=seller, at=days(2))

    deal.refresh_from_db()
    other.refresh_from_db()
    assert (deal.stage, deal.protection) == (Stage.PROSPECT, ProtectionState.RELEASED)
    assert other.is_protected
    assert Event.objects.get(name="deals.registration.resumed").payload["until"] == ""


def test_what_was_given_up_before_it_was_lost_stays_given_up(deal, seller):
    protection.release(deal, by=seller, at=MONDAY)
    lost(deal, seller)

    outcomes.reopen(deal, by=seller, at=days(1))

    deal.refresh_from_db()
    assert deal.protection == ProtectionState.RELEASED


def test_a_protection_whose_time_is_over_does_not_come_back(vendor):
    terms(protection_days=10)
    seller = build.seller()
    deal = build.approved(by=seller)
    lost(deal, seller, at=days(5))

    outcomes.reopen(deal, by=seller, at=days(20))

    deal.refresh_from_db()
    assert deal.protection == ProtectionState.RELEASED


def test_the_days_to_reopen_count_from_when_it_was_said(deal, seller):
    won(deal, seller, at=days(40), closed_on=date(2026, 11, 23))

    outcomes.reopen(deal, by=seller, at=days(70))
    won(deal, seller, at=days(70))
    with pytest.raises(TooLateToReopen):
        outcomes.reopen(deal, by=seller, at=days(101))
    deal.refresh_from_db()
    assert deal.stage == Stage.WON


def test_a_vendor_may_let_nobody_reopen(vendor):
    terms(reopen_days=0)
    seller = build.seller()
    deal = lost(build.approved(by=seller), seller)

    with pytest.raises(TooLateToReopen):
        outcomes.reopen(deal, by=seller, at=MONDAY)


def test_a_deal_that_goes_on_cannot_be_reopened(deal, seller):
    with pytest.raises(NotPossible):
        outcomes.reopen(deal, by=seller, at=MONDAY)


def test_the_sale_of_a_reopened_deal_counts_nowhere_and_the_next_one_does(deal, seller):
    today = MONDAY.date()
    won(deal, seller)
    count(deal)
    first = Sale.objects.get()
    before = counted()
    assert before["won_deals"] == 1

    outcomes.reopen(deal, by=seller, at=days(1))
    for _twice in range(2):
        achievements.uncredit_sale(Sale.objects.get(pk=first.pk), at=days(1))

    assert "won_deals" not in counted()
    assert "revenue" not in counted()
    assert known.is_new(deal.customer_id, days(2).date())
    assert known.sales(deal.partner_id, days(2).date()) == []
    assert home.closed(build.manager(), "EUR", today).this_year.main.amount == 0

    won(deal, seller, at=days(2))
    count(deal)
    assert counted() == before
    assert sorted(Sale.objects.values_list("reference", flat=True)) == [deal.number, f"{deal.number}/2"]


def test_a_sale_that_was_taken_back_before_it_was_counted_never_counts(deal, seller):
    won(deal, seller)
    sale = Sale.objects.get()
    outcomes.reopen(deal, by=seller, at=MONDAY)

    achievements.uncredit_sale(Sale.objects.get(pk=sale.pk), at=MONDAY)
    achievements.credit_sale(Sale.objects.get(pk=sale.pk), at=MONDAY)
    achievements.credit_win(deal, at=MONDAY)

    assert "revenue" not in counted()
    assert "won_deals" not in counted()


def test_a_win_that_was_counted_by_its_registration_is_taken_back_too(deal, seller):
    won(deal, seller)
    sale = Sale.objects.get()
    counting.credit(deal.partner, Metric.WON_DEALS, 1, on=sale.sold_on, source=deal, at=MONDAY)
    achievements.credit_approval(deal, at=MONDAY)
    outcomes.reopen(deal, by=seller, at=days(1))

    achievements.uncredit_sale(Sale.objects.get(pk=sale.pk), at=days(1))

    assert counted() == {"registrations": 1}


def test_a_sale_read_before_it_was_taken_back_counts_no_more(deal, seller):
    won(deal, seller)
    read_before = Sale.objects.get()
    outcomes.reopen(deal, by=seller, at=MONDAY)

    achievements.credit_sale(read_before, at=MONDAY)

    assert "revenue" not in counted()


def test_while_a_reopened_deal_is_protected_nobody_else_is_approved(deal, seller):
    lost(deal, seller)
    late = build.submitted(customer_website="globex.example", customer_name="Globex")
    outcomes.reopen(deal, by=seller, at=MONDAY)

    with pytest.raises(Contested):
        decisions.approve(late, by=build.manager(), at=MONDAY)
