from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quotes.enums import Counted
from quotes.rules import approvals
from quotes.rules.approvals import Cause, Line, Reason
from quotes.rules.terms import Terms

TERMS = Terms()
EVERYTHING = replace(TERMS, counted=Counted.EVERYTHING)


def line(special, *, programme=30, key="a", quantity=1, at_list=1000, margin=None):
    """A line with a special discount on what the programme leaves."""
    at_list, special = Decimal(at_list), Decimal(special)
    net = at_list * (100 - Decimal(programme)) / 100 * (100 - special) / 100
    return Line(key, f"Product {key}", quantity, at_list, net, special, margin)


def off(percent, **facts):
    """A line with so many percent off the list price in all, some of it as a special discount."""
    made = line(0, programme=percent, **facts)
    return replace(made, special_percent=Decimal(5))


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


@pytest.mark.parametrize(("percent", "asked"), [("10", []), ("10.01", ["channel_manager"]), ("40.01", ["executive"])])
def test_a_vendor_may_have_everything_off_the_list_price_counted(percent, asked):
    assert [step.role for step in approvals.steps([off(percent)], EVERYTHING)] == asked


@pytest.mark.parametrize("terms", [TERMS, EVERYTHING])
def test_what_the_programme_gives_needs_no_approval(terms):
    assert approvals.steps([line(0, programme=35)], terms) == ()


def test_a_reason_says_what_was_counted():
    ((special,), (everything,)) = (approvals.steps([line(20)], terms)[0].reasons for terms in (TERMS, EVERYTHING))

    assert (special.counted, special.percent) == (Counted.SPECIAL, Decimal(20))
    assert (everything.counted, everything.percent) == (Counted.EVERYTHING, Decimal("44.00"))


def test_lines_on_two_rungs_ask_two_people_each_about_theirs():
    lower, upper = approvals.steps([line(20, key="a"), line(45, key="b")], TERMS)

    assert (lower.role, upper.role) == ("channel_manager", "executive")
    assert [(reason.cause, reason.key, reason.percent) for reason in lower.reasons] == [(Cause.LINE, "a", Decimal(20))]
    assert [(reason.key, reason.over) for reason in upper.reasons] == [("b", Decimal(40))]


def test_where_everything_counts_so_does_the_total_with_lines_at_programme_prices():
    (step,) = approvals.steps([off(8, key="a"), line(0, programme=30, key="b")], EVERYTHING)

    assert [(reason.cause, reason.percent) for reason in step.reasons] == [(Cause.TOTAL, Decimal("19.00"))]


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
    cheap, dear = line(20, key="a"), line(45, key="b")

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
    found = outlook([line(20)], [line(0)])

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


def test_what_was_kept_before_vendors_could_choose_counted_everything():
    (step,) = approvals.steps([off(20)], EVERYTHING)
    reason, terms = step.reasons[0].body(), EVERYTHING.body()
    del reason["counted"], terms["counted"]

    assert Reason.from_body(reason) == step.reasons[0]
    assert Terms.from_body(terms) == EVERYTHING


def test_terms_are_read_as_they_were_stored():
    assert [Terms.from_body(terms.body()) for terms in (TERMS, EVERYTHING)] == [TERMS, EVERYTHING]


PERCENTAGES = st.decimals(0, 60, places=2)
LINES = st.lists(
    st.builds(
        lambda special, programme, at_list, key: line(special, programme=programme, at_list=at_list, key=key),
        PERCENTAGES,
        st.decimals(0, 40, places=2),
        st.integers(1, 10**6),
        st.sampled_from("abcdef"),
    ),
    max_size=6,
    unique_by=lambda made: made.key,
)
BOTH = st.sampled_from([TERMS, EVERYTHING])


def highest(lines, terms):
    """Return the rung of whoever decides on the most, nothing for the free one."""
    ladder = [rung.role for rung in terms.ladder]
    return max((ladder.index(step.role) for step in approvals.steps(lines, terms)), default=0)


@given(LINES)
def test_every_special_discount_above_the_free_rung_is_decided_by_somebody(lines):
    asked = {reason.key for step in approvals.steps(lines, TERMS) for reason in step.reasons}

    assert {entry.key for entry in lines if entry.special_percent > 10} == asked


@given(st.decimals(0, 60, places=2), st.decimals(0, 40, places=2), st.decimals(0, 40, places=2))
def test_what_the_programme_gives_never_changes_who_decides_on_a_special_discount(special, lower, higher):
    assert approvals.steps([line(special, programme=lower)], TERMS) == approvals.steps(
        [line(special, programme=higher)], TERMS
    )


@given(LINES.filter(bool), PERCENTAGES, PERCENTAGES, BOTH)
def test_the_step_asked_for_never_falls_when_a_discount_rises(lines, one, other, terms):
    lower, higher = sorted([one, other])
    facts = {"key": "z", "programme": 20}

    assert highest([*lines, line(lower, **facts)], terms) <= highest([*lines, line(higher, **facts)], terms)


@given(LINES, st.randoms(), BOTH)
def test_the_order_of_the_lines_changes_nothing(lines, dice, terms):
    shuffled = dice.sample(lines, len(lines))

    def asked(rows):
        return [(step.role, frozenset(step.reasons)) for step in approvals.steps(rows, terms)]

    assert asked(shuffled) == asked(lines)


@given(LINES, LINES, BOTH, BOTH)
def test_what_is_approved_as_it_is_never_has_to_be_asked_again(before, after, old, new):
    wanted = approvals.steps(after, new)

    assert approvals.outlook(wanted, [*approvals.steps(before, old), *wanted]).is_clear
