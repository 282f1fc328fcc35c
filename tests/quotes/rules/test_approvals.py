from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quotes.rules import approvals
from quotes.rules.approvals import Cause, Line, Reason
from quotes.rules.terms import Terms

TERMS = Terms()


def line(percent, *, key="a", quantity=1, special=5, at_list=1000, margin=None):
    at_list = Decimal(at_list)
    net = at_list * (100 - Decimal(percent)) / 100
    return Line(key, f"Product {key}", quantity, at_list, net, Decimal(special), margin)


def roles(*lines, **facts):
    return [step.role for step in approvals.steps(lines, replace(TERMS, **facts))]


@pytest.mark.parametrize(
    ("percent", "asked"),
    [
        ("10", []),
        ("10.01", ["channel_manager"]),
        ("25", ["channel_manager"]),
        ("25.01", ["admin"]),
        ("40", ["admin"]),
        ("40.01", ["executive"]),
        ("100", ["executive"]),
    ],
)
def test_a_discount_is_for_the_first_rung_that_reaches_it(percent, asked):
    assert roles(line(percent)) == asked


def test_what_the_programme_gives_needs_no_approval():
    assert roles(line(35, special=0)) == []


def test_lines_on_two_rungs_ask_two_people_each_about_theirs():
    lower, upper = approvals.steps([line(20, key="a"), line(45, key="b", at_list=10)], TERMS)

    assert (lower.role, upper.role) == ("channel_manager", "executive")
    assert [(reason.cause, reason.key, reason.percent) for reason in lower.reasons] == [
        (Cause.LINE, "a", Decimal("20.00")),
        (Cause.TOTAL, "", Decimal("20.25")),
    ]
    assert [(reason.key, reason.over) for reason in upper.reasons] == [("b", Decimal(40))]


def test_the_total_counts_lines_at_programme_prices_too():
    (step,) = approvals.steps([line(8, key="a"), line(30, key="b", special=0)], TERMS)

    assert [reason.cause for reason in step.reasons] == [Cause.TOTAL]


def test_a_margin_below_the_floor_is_for_the_highest_rung():
    (step,) = approvals.steps([line(5, margin=Decimal(12))], replace(TERMS, margin_floor=Decimal(15)))

    assert (step.role, step.reasons[0].cause) == ("executive", Cause.MARGIN)


def test_a_reason_never_says_what_a_product_costs_the_vendor():
    first, second = (
        approvals.steps([line(5, margin=Decimal(margin))], replace(TERMS, margin_floor=Decimal(15)))
        for margin in (3, 14)
    )

    assert first == second


@pytest.mark.parametrize("margin", [None, Decimal(15)])
def test_a_margin_that_is_unknown_or_reaches_the_floor_asks_nobody(margin):
    assert roles(line(5, margin=margin), margin_floor=Decimal(15)) == []


def test_nothing_off_nothing_is_no_discount():
    assert approvals.taken_off(Decimal(0), Decimal(0)) == 0
    assert approvals.taken_off(Decimal(10), Decimal(12)) == 0


def outlook(before, after):
    return approvals.outlook(approvals.steps(after, TERMS), approvals.steps(before, TERMS))


def test_what_nobody_touched_stays_approved():
    before = [line(20, key="a"), line(45, key="b")]

    assert outlook(before, before).is_clear


def test_only_the_step_that_a_change_touches_is_asked_again():
    cheap, dear = line(20, key="a", at_list=10), line(45, key="b")

    found = outlook([cheap, dear], [replace(cheap, quantity=2), dear])

    assert found.stale == {"channel_manager"}
    assert [step.role for step in found.missing] == ["channel_manager"]


def test_a_smaller_discount_is_covered_by_the_approval_of_a_larger_one_also_on_a_higher_rung():
    assert outlook([line(20)], [line(18)]).is_clear
    assert outlook([line(30)], [line(18)]).is_clear


def test_a_larger_discount_on_the_same_rung_is_asked_again():
    assert outlook([line(20)], [line(22)]).stale == {"channel_manager"}


def test_a_larger_discount_on_a_higher_rung_makes_nothing_stale():
    found = outlook([line(20)], [line(30)])

    assert ([step.role for step in found.missing], found.stale) == (["admin"], frozenset())


def test_a_special_discount_that_is_gone_needs_nobody():
    found = outlook([line(20)], [line(20, special=0)])

    assert (found.steps, found.missing) == ((), ())


@pytest.mark.parametrize(
    ("role", "may"),
    [("channel_manager", ["channel_manager"]), ("admin", ["admin", "channel_manager"]), ("finance", [])],
)
def test_who_decides_on_more_also_decides_on_less(role, may):
    assert sorted(approvals.decidable_by(role, TERMS)) == may


def test_a_reason_is_read_as_it_was_stored():
    (step,) = approvals.steps([line(20)], TERMS)

    assert Reason.from_body(step.reasons[0].body()) == step.reasons[0]


LINES = st.lists(
    st.builds(
        lambda percent, special, key: line(percent, special=special, key=key),
        st.decimals(0, 100, places=2),
        st.decimals(0, 50, places=2),
        st.sampled_from("abcdef"),
    ),
    max_size=6,
    unique_by=lambda made: made.key,
)


@given(LINES)
def test_every_special_discount_above_the_free_rung_is_decided_by_somebody(lines):
    asked = {reason.key for step in approvals.steps(lines, TERMS) for reason in step.reasons}

    assert {entry.key for entry in lines if entry.special_percent > 0 and entry.percent > 10} == asked - {""}


@given(LINES, LINES)
def test_what_is_approved_as_it_is_never_has_to_be_asked_again(before, after):
    wanted = approvals.steps(after, TERMS)

    assert approvals.outlook(wanted, [*approvals.steps(before, TERMS), *wanted]).is_clear
