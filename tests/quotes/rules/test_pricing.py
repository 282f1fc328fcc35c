"""Prices are exact: whatever the currency, every step leads to the next, and the whole can be computed again."""

from dataclasses import replace
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from prm.money import Money, exponent
from quotes.enums import StepKind
from quotes.rules import pricing
from quotes.rules.pricing import Basis, Break, ListPrice
from quotes.rules.terms import DISCOUNTS, Terms, Volume

CURRENCIES = ("JPY", "EUR", "KWD")  # of 0, 2 and 3 decimals
D = Decimal


def basis(**facts):
    terms = facts.pop("terms", Terms())
    return Basis(**{"currency": "EUR", "terms": terms, **facts})


def amounts(currency):
    return st.integers(0, 10**9).map(lambda n: D(n).scaleb(-exponent(currency)))


percents = st.integers(0, 10_000).map(lambda n: D(n).scaleb(-2))


@st.composite
def lines(draw, currency=None):
    """Any price under any terms, as its arguments."""
    currency = currency or draw(st.sampled_from(CURRENCIES))
    amount = draw(amounts(currency))
    quantities = draw(st.lists(st.integers(2, 500), unique=True, max_size=3))
    terms = Terms(
        order=tuple(draw(st.permutations(DISCOUNTS))),
        registration_percent=draw(percents),
        volumes=tuple(Volume(n, draw(percents)) for n in draw(st.lists(st.integers(2, 500), unique=True, max_size=3))),
    )
    under = Basis(
        currency=currency,
        terms=terms,
        tier_name="Gold",
        tier_percent=draw(percents),
        registration=draw(st.sampled_from(["", "DR-2026-000001"])),
        families=frozenset({"edge"}),
    )
    breaks = tuple(Break(n, draw(amounts(currency))) for n in quantities)
    return {
        "listed": ListPrice(amount, breaks),
        "quantity": draw(st.integers(1, 999_999)),
        "basis": under,
        "family": draw(st.sampled_from(["edge", "mesh"])),
        "special_percent": draw(percents),
    }


@given(lines())
def test_a_net_price_is_never_negative_and_has_the_currencys_decimals(line):
    priced = pricing.price(**line)

    assert priced.unit.amount >= 0
    assert priced.unit == priced.unit.rounded()
    assert priced.total == priced.total.rounded()
    assert priced.total == priced.unit * line["quantity"]


@given(lines())
def test_each_step_begins_where_the_one_before_ended(line):
    steps = pricing.price(**line).steps

    assert [steps[0].kind, steps[-1].kind] == [StepKind.LIST, StepKind.NET]
    assert all(earlier.after == later.before for earlier, later in pairwise(steps))
    assert [step.kind for step in steps[1:-1]] == [
        kind for kind in line["basis"].terms.order if kind in {step.kind for step in steps}
    ]


@given(lines())
def test_stored_steps_lead_to_the_same_price_again(line):
    priced = pricing.price(**line)
    forgotten = [replace(step, before=D(0), after=D(0)) for step in priced.steps]

    assert pricing.recompute(forgotten, priced.quantity, priced.currency) == priced


@given(lines())
def test_no_step_is_a_float_and_twenty_decimals_keep_all_of_it(line):
    for step in pricing.price(**line).steps:
        assert isinstance(step.before, D)
        assert isinstance(step.after, D)
        assert step.after == step.after.quantize(D(1).scaleb(-20), context=pricing.EXACT)


@given(st.sampled_from(CURRENCIES).flatmap(lambda code: st.lists(lines(code), max_size=8)), st.randoms(), percents)
@settings(max_examples=50)
def test_the_order_of_the_lines_changes_no_total(rows, random, tax):
    currency = rows[0]["basis"].currency if rows else "EUR"
    priced = [pricing.price(**row) for row in rows]
    shuffled = random.sample(priced, len(priced))

    assert pricing.totals(priced, currency, tax_percent=tax) == pricing.totals(shuffled, currency, tax_percent=tax)


@given(lines(), percents)
def test_totals_are_the_sums_of_their_lines_and_gross_is_net_and_tax(line, tax):
    priced = pricing.price(**line)
    total = pricing.totals([priced, priced], priced.currency, tax_percent=tax)

    assert total.net == priced.total + priced.total
    assert total.gross == total.net + total.tax
    assert total.tax == total.tax.rounded()


@pytest.mark.parametrize(
    ("currency", "amount", "net"),
    [("EUR", "0.35", "0.33"), ("JPY", "350", "333"), ("KWD", "0.350", "0.333"), ("EUR", "0.10", "0.10")],
)
def test_the_net_is_rounded_half_up_to_the_currencys_decimals(currency, amount, net):
    priced = pricing.price(ListPrice(D(amount)), 1, basis(currency=currency), special_percent=D(5))

    assert priced.unit == Money(D(net), currency)


def test_discounts_follow_one_another_in_the_order_of_the_terms():
    listed, facts = ListPrice(D(100), (Break(10, D(80)),)), {"tier_percent": D(10)}
    first = pricing.price(listed, 10, basis(**facts))
    last = pricing.price(listed, 10, basis(terms=Terms(order=(StepKind.TIER, StepKind.VOLUME)), **facts))

    assert first.unit.amount == D("72.00")  # 100, 80, less 10 %
    assert last.unit.amount == D("70.00")  # 100, less 10 %, less 20


def test_a_price_with_its_own_quantities_does_not_get_the_general_discount_too():
    under = basis(terms=Terms(volumes=(Volume(5, D(50)),)))

    assert pricing.price(ListPrice(D(100), (Break(20, D(90)),)), 10, under).unit.amount == D(100)
    assert pricing.price(ListPrice(D(100)), 10, under).unit.amount == D(50)


def test_the_highest_quantity_that_is_reached_counts():
    listed = ListPrice(D(100), (Break(50, D(70)), Break(10, D(90))))

    assert [pricing.price(listed, n, basis()).unit.amount for n in (9, 10, 49, 50)] == [100, 90, 90, 70]


def test_only_families_of_the_registration_get_its_discount():
    under = basis(registration="DR-2026-000001", families=frozenset({"edge"}))

    assert pricing.price(ListPrice(D(100)), 1, under, family="edge").unit.amount == D(95)
    assert pricing.price(ListPrice(D(100)), 1, under, family="mesh").unit.amount == D(100)


def test_a_discount_that_does_not_apply_leaves_no_step():
    kinds = [step.kind for step in pricing.price(ListPrice(D(100)), 1, basis()).steps]

    assert kinds == [StepKind.LIST, StepKind.NET]


def test_every_step_names_the_version_that_made_it():
    under = basis(
        terms_id="terms", terms_number=3, prices_id="prices", prices_number=7, price_list="Europe", tier_percent=D(2)
    )
    steps = pricing.price(ListPrice(D(100)), 1, under, special_percent=D(1)).steps

    assert steps[0].rule_id == "prices"
    assert steps[0].facts == {"price_list": "Europe", "version": 7}
    assert [step.rule_id for step in steps if step.kind == StepKind.SPECIAL] == ["terms"]


def test_a_line_that_comes_to_more_than_can_be_kept_says_so():
    assert pricing.price(ListPrice(D(10) ** 12), 100, basis()).is_too_large
    assert not pricing.price(ListPrice(D(10) ** 12), 99, basis()).is_too_large
