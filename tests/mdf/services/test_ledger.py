"""The ledger on a real database: in whatever order things happen, no money appears, vanishes or moves twice."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.db.utils import IntegrityError, ProgrammingError
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from mdf.enums import AccountKind, EntryKind
from mdf.models import LedgerAccount, LedgerEntry
from mdf.queries import ledger as queries
from mdf.rules import ledger as movements
from mdf.services import allocations, ledger
from mdf.services.ledger import NotCovered
from prm.accounts.roles import Role
from prm.tenancy.context import acting_as, as_system
from tests import build
from tests.build import MONDAY
from tests.deals.services.test_races import at_once
from tests.mdf import build as mdf

THREADS = 64
AMOUNTS = st.decimals("0.0001", "6000", places=4)
INSIDE = {
    "reserve": (movements.reserve, AccountKind.AVAILABLE, AccountKind.RESERVED),
    "release": (movements.release, AccountKind.RESERVED, AccountKind.AVAILABLE),
    "consume": (movements.consume, AccountKind.RESERVED, AccountKind.PAYABLE),
    "pay": (movements.pay, AccountKind.PAYABLE, AccountKind.PAID),
    "claw_back": (movements.claw_back, AccountKind.PAID, AccountKind.AVAILABLE),
    "forfeit": (movements.forfeit, AccountKind.AVAILABLE, AccountKind.FORFEITED),
    "reinstate": (movements.reinstate, AccountKind.FORFEITED, AccountKind.AVAILABLE),
}


class Fund(RuleBasedStateMachine):
    """Two partners of one fund and everything that can happen to their money, beside what a notebook says of it."""

    @initialize()
    def open(self):
        self.vendor = build.vendor()
        self.inside = as_system(self.vendor.pk)
        self.inside.__enter__()
        self.fund = mdf.fund(budget=20_000)
        self.admin = build.member(Role.ADMIN)
        self.shares = [mdf.allocation(amount, of=self.fund) for amount in (5_000, 3_000)]
        empty = dict.fromkeys(AccountKind, Decimal(0))
        self.book = [{**empty, AccountKind.AVAILABLE: Decimal(amount)} for amount in (5_000, 3_000)]
        self.unallocated = Decimal(12_000)
        self.posted: list[tuple] = []

    def teardown(self):
        if hasattr(self, "inside"):
            self.inside.__exit__(None, None, None)

    def post(self, who, movement, source):
        with transaction.atomic():
            ledger.post([movement], fund=self.fund, source=source, on=self.shares[who], by=None, at=MONDAY)

    @rule(who=st.sampled_from([0, 1]), what=st.sampled_from(sorted(INSIDE)), amount=AMOUNTS)
    def happen(self, who, what, amount):
        make, out_of, into = INSIDE[what]
        movement, source = make(self.shares[who].pk, amount), str(uuid4())
        if self.book[who][out_of] < amount:
            with pytest.raises(NotCovered) as refused:
                self.post(who, movement, source)
            assert refused.value.facts["held"].amount == self.book[who][out_of]
            return
        self.post(who, movement, source)
        self.posted.append((who, movement, source))
        self.book[who][out_of] -= amount
        self.book[who][into] += amount

    @rule(who=st.sampled_from([0, 1]), amount=AMOUNTS, is_gain=st.booleans())
    def adjust(self, who, amount, is_gain):
        change = amount if is_gain else -amount
        enough = amount <= (self.unallocated if is_gain else self.book[who][AccountKind.AVAILABLE])
        facts = {"note": "", "source": uuid4(), "by": self.admin, "at": MONDAY}
        if not enough:
            with pytest.raises(NotCovered), transaction.atomic():
                allocations.adjust(self.shares[who], change, **facts)
            return
        allocations.adjust(self.shares[who], change, **facts)
        self.unallocated -= change
        self.book[who][AccountKind.AVAILABLE] += change

    @rule(who=st.sampled_from([0, 1]), amount=AMOUNTS)
    def hand_over(self, who, amount):
        facts = {"note": "", "source": uuid4(), "by": self.admin, "at": MONDAY}
        other = self.shares[1 - who].partner
        if self.book[who][AccountKind.AVAILABLE] < amount:
            with pytest.raises(NotCovered), transaction.atomic():
                allocations.transfer(self.shares[who], other, amount, **facts)
            return
        allocations.transfer(self.shares[who], other, amount, **facts)
        self.book[who][AccountKind.AVAILABLE] -= amount
        self.book[1 - who][AccountKind.AVAILABLE] += amount

    @rule(which=st.integers(0, 100))
    def repeat(self, which):
        """A machine calls twice: nothing moves."""
        if self.posted:
            self.post(*self.posted[which % len(self.posted)])

    @invariant()
    def balances_say_what_the_notebook_says(self):
        for share, book in zip(getattr(self, "shares", ()), getattr(self, "book", ()), strict=True):
            held = mdf.held(share)
            assert vars(held) == {kind.value: book[kind] for kind in AccountKind if kind.value in vars(held)}
            assert held.available == held.credits - held.reserved - held.consumed - held.forfeited >= 0

    @invariant()
    def balances_are_the_sums_of_the_entries(self):
        if hasattr(self, "shares"):
            assert list(queries.differences()) == []
            assert sum(account.balance for account in LedgerAccount.objects.all()) == 0


def test_any_order_of_events_keeps_every_balance_right(db):
    run_state_machine_as_test(
        Fund,
        settings=settings(
            max_examples=12,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
        ),
    )


def test_sixty_four_people_reserving_at_once_spend_exactly_the_fund(committed):
    vendor = build.vendor()
    with as_system(vendor.pk):
        share = mdf.allocation(1_000)
        manager = build.manager()

    def reserve(number):
        with acting_as(manager.actor):
            movement = movements.reserve(share.pk, Decimal(25))
            ledger.post([movement], fund=share.fund, source=f"test:{number}", on=share, by=manager, at=MONDAY)

    answers = at_once([lambda n=n: reserve(n) for n in range(THREADS)])

    assert Counter(type(answer).__name__ for answer in answers) == {"NoneType": 40, "NotCovered": THREADS - 40}
    with as_system(vendor.pk):
        assert (mdf.held(share).available, mdf.held(share).reserved) == (0, 1_000)
        assert LedgerEntry.objects.filter(kind=EntryKind.RESERVATION).count() == 40
        assert list(queries.differences()) == []


def test_the_same_cause_posted_by_many_at_once_moves_money_once(committed):
    vendor = build.vendor()
    with as_system(vendor.pk):
        share = mdf.allocation(1_000)

    def reserve():
        with as_system(vendor.pk):
            movement = movements.reserve(share.pk, Decimal(25))
            ledger.post([movement], fund=share.fund, source="test:once", on=share, by=None, at=MONDAY)

    answers = at_once([reserve] * 16)

    assert {type(answer) for answer in answers} == {type(None)}
    with as_system(vendor.pk):
        assert mdf.held(share).reserved == 25
        assert LedgerEntry.objects.filter(source="test:once").count() == 1


def test_money_going_both_ways_at_once_ends_where_it_should(committed):
    """Postings lock accounts in one order, so none waits for another that waits for it."""
    vendor = build.vendor()
    with as_system(vendor.pk):
        share = mdf.allocation(1_000)
        first = movements.reserve(share.pk, Decimal(500))
        ledger.post([first], fund=share.fund, source="test:first", on=share, by=None, at=MONDAY)

    def move(number):
        make = movements.reserve if number % 2 else movements.release
        with as_system(vendor.pk):
            movement = make(share.pk, Decimal(10))
            ledger.post([movement], fund=share.fund, source=f"test:{number}", on=share, by=None, at=MONDAY)

    answers = at_once([lambda n=n: move(n) for n in range(32)])

    assert {type(answer) for answer in answers} == {type(None)}
    with as_system(vendor.pk):
        assert (mdf.held(share).available, mdf.held(share).reserved) == (500, 500)


@pytest.mark.parametrize("statement", ["UPDATE mdf_ledgerentry SET amount = 1", "DELETE FROM mdf_ledgerentry"])
def test_the_application_cannot_change_what_was_posted(vendor, statement):
    mdf.allocation()

    with (
        pytest.raises(ProgrammingError, match="permission denied"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


def test_the_database_itself_refuses_a_balance_below_zero(vendor):
    share = mdf.allocation()

    with pytest.raises(IntegrityError, match="balance_never_below_zero"), transaction.atomic():
        LedgerAccount.objects.filter(allocation=share, kind=AccountKind.AVAILABLE).update(balance=Decimal("-0.0001"))


def test_a_balance_that_does_not_agree_with_its_entries_is_found(vendor):
    share = mdf.allocation(5_000)
    LedgerAccount.objects.filter(allocation=share, kind=AccountKind.PAID).update(balance=7)

    (difference,) = queries.differences()

    assert (difference.account.kind, difference.account.balance, difference.counted) == (AccountKind.PAID, 7, 0)


def test_a_partner_sees_its_own_entries_and_nothing_of_the_fund_or_of_others(vendor):
    fund = mdf.fund()
    share, _other = mdf.allocation(3_000, of=fund), mdf.allocation(2_000, of=fund)

    with acting_as(mdf.marketer(share.partner).actor):
        seen = [entry.amount for entry in LedgerEntry.objects.all()]
        places = {account.kind for account in LedgerAccount.objects.all()}

    assert seen == [3_000]
    assert places == {"available", "reserved", "payable", "paid", "forfeited"}
