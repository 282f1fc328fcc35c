from collections import UserList
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from prm.policies import conditions, evaluation
from prm.policies.conditions import Comparison, Each, Group, How, Junction, Operator, Other, Total
from prm.policies.evaluation import FAILS, HOLDS, MISSING, Facts, Missing, Outcome, evaluate, join
from prm.policies.periods import Duration, Span, Unit, Window, WindowKind
from prm.policies.values import WrongFact
from tests.prm.policies import reference, sample
from tests.prm.policies.sample import (
    CLOSE_ON,
    CUSTOMER,
    HISTORY,
    LEAD_TIME,
    LIMIT,
    LINES,
    SKILLS,
    TENDER,
    TIER,
    TODAY,
    USERS,
    VALUE,
    eur,
    every,
    facts,
    is_,
    least,
    most,
    no,
    some,
    usd,
)

OUTCOMES = {True: HOLDS, False: FAILS, None: MISSING}


# -- properties ------------------------------------------------------------------------------------------
@settings(max_examples=100, deadline=None)
@given(sample.conditions(), sample.whole_facts())
def test_the_answer_is_what_conditions_mean(condition, known):
    meant = reference.answer(conditions.body_of(condition), known.values, known.today, known.rates)

    assert evaluate(condition, known).outcome is OUTCOMES[meant]


@settings(max_examples=100, deadline=None)
@given(sample.conditions(), sample.whole_facts())
def test_a_trace_justifies_its_answer_all_the_way_down(condition, known):
    justify(evaluate(condition, known), known)


def justify(trace, known):
    """Follow from what a trace says was found, without looking at the facts, to its answer."""
    condition = trace.condition
    assert (trace.outcome is MISSING) == bool(trace.missing)
    if not isinstance(condition, Comparison):
        of = condition.parts if isinstance(condition, Group) else [condition.condition] * len(trace.parts)
        assert [part.condition for part in trace.parts] == list(of)
        if trace.parts or isinstance(condition, Group):
            answers = [{HOLDS: True, FAILS: False, MISSING: None}[part.outcome] for part in trace.parts]
            meant = reference.both_ways(str(condition.junction), condition.least, answers)
            assert trace.outcome is OUTCOMES[meant]
            assert set(trace.missing) <= {gap for part in trace.parts for gap in part.missing}
        for part in trace.parts:
            justify(part, known)
    elif trace.outcome is not MISSING:
        rates = {(rate.source, rate.target): rate for rate in trace.rates}
        found = {"it": trace.actual, "other": trace.other}
        body = conditions.body_of(condition)
        body = {"field": "it", "is": body["is"]} | {name: body[name] for name in ("value",) if "value" in body}
        body |= {"other": "other"} if trace.other is not None else {}
        assert trace.outcome is OUTCOMES[reference.answer(body, found, known.today, rates)]


@settings(max_examples=100, deadline=None)
@given(sample.conditions(), sample.whole_facts())
def test_a_trace_survives_being_stored(condition, known):
    trace = evaluate(condition, known)

    assert evaluation.read(evaluation.body_of(trace), condition) == trace


@settings(max_examples=100, deadline=None)
@given(sample.conditions(), sample.whole_facts(), st.data())
def test_learning_more_never_turns_an_answer_around(condition, known, data):
    """What was missing may become known; what was said with less stays said."""
    has_presence = any(word in str(conditions.body_of(condition)) for word in ("given", "not_given"))
    dropped = data.draw(st.sets(st.sampled_from(sorted(known.values)))) if known.values else set()
    less = replace(known, values={name: value for name, value in known.values.items() if name not in dropped})

    before, after = evaluate(condition, less).outcome, evaluate(condition, known).outcome

    assert has_presence or before is MISSING or before is after


@settings(max_examples=100, deadline=None)
@given(sample.conditions(), sample.whole_facts())
def test_what_decided_has_the_answer_of_the_whole_or_its_opposite(condition, known):
    trace = evaluate(condition, known)

    assert all((part.outcome is MISSING) == (trace.outcome is MISSING) for part in trace.deciding())


THREE = st.sampled_from(list(Outcome))
MANY = st.lists(THREE, max_size=6)


@given(MANY, MANY)
def test_groups_follow_kleene(some_parts, others):
    def all_of(*outcomes):
        return join(Junction.ALL, outcomes, 1)

    def any_of(*outcomes):
        return join(Junction.ANY, outcomes, 1)

    def not_(outcome):
        return join(Junction.NONE, [outcome], 1)

    parts = [*some_parts, *others]
    assert not_(not_(all_of(*parts))) is all_of(*parts)
    assert not_(all_of(*parts)) is any_of(*map(not_, parts))
    assert not_(any_of(*parts)) is all_of(*map(not_, parts)) is join(Junction.NONE, parts, 1)
    assert all_of(*parts) is all_of(*reversed(parts)) is all_of(all_of(*some_parts), all_of(*others))
    assert any_of(*parts) is any_of(any_of(*some_parts), any_of(*others))
    if parts:
        assert join(Junction.AT_LEAST, parts, 1) is any_of(*parts)
        assert join(Junction.AT_LEAST, parts, len(parts)) is all_of(*parts)
    assert join(Junction.AT_LEAST, parts, len(parts) + 1) is FAILS


@given(THREE)
def test_holding_or_not_is_not_certain_of_what_is_missing(outcome):
    both = [outcome, join(Junction.NONE, [outcome], 1)]

    assert join(Junction.ANY, both, 1) is (MISSING if outcome is MISSING else HOLDS)


# -- by example ------------------------------------------------------------------------------------------
def outcome(condition, **values):
    return evaluate(condition, facts(**values)).outcome


def test_amounts_of_two_currencies_are_compared_by_a_rate_that_is_kept():
    trace = evaluate(least(VALUE, eur(900)), facts(value=usd(1000)))

    assert trace.outcome is HOLDS
    assert [str(rate.rate) for rate in trace.rates] == ["0.9"]
    assert outcome(least(VALUE, eur(901)), value=usd(1000)) is FAILS


def test_without_a_rate_nobody_knows_which_amount_is_higher():
    trace = evaluate(least(VALUE, usd(1)), facts(value=eur(1_000_000)))

    assert trace.outcome is MISSING
    assert trace.missing == (Missing(VALUE, ("EUR", "USD")),)
    assert trace.actual == eur(1_000_000)


def test_a_missing_fact_matters_only_if_it_could_change_the_answer():
    condition = every(least(USERS, Decimal(10)), is_(TENDER, False))

    assert outcome(condition, users=Decimal(5)) is FAILS
    assert evaluate(condition, facts(users=Decimal(10))).missing == (Missing(TENDER),)
    assert outcome(some(least(USERS, Decimal(10)), is_(TENDER, False)), users=Decimal(10)) is HOLDS


def test_a_fact_can_be_compared_with_another():
    condition = most(VALUE, Other(LIMIT))

    assert outcome(condition, value=usd(1000), limit=eur(900)) is HOLDS
    assert evaluate(condition, facts(value=usd(1000))).missing == (Missing(LIMIT),)


def test_ten_business_days_ahead_are_counted_on_the_calendar():
    class Closed:
        def opens_on(self, day):
            return day.weekday() < 5 and day != date(2026, 12, 1)

    condition = least(LEAD_TIME, Duration(10, Unit.BUSINESS_DAYS))
    known = facts(lead_time=Span(TODAY, date(2026, 12, 10)))

    assert evaluate(condition, known).outcome is HOLDS
    assert evaluate(condition, replace(known, calendar=Closed())).outcome is FAILS


def test_a_day_can_be_compared_with_one_so_far_from_today():
    within_90 = most(CLOSE_ON, Duration(90))

    assert outcome(within_90, close_on=date(2027, 2, 24)) is HOLDS
    assert outcome(within_90, close_on=date(2027, 2, 25)) is FAILS


def test_one_line_has_to_meet_all_of_it():
    hundred = Each(LINES, Junction.ANY, every(is_(LINES.fields[2], "edge"), least(LINES.fields[0], Decimal(100))))

    assert outcome(hundred, lines=[{"family": "edge", "units": 60}, {"family": "cloud", "units": 160}]) is FAILS
    assert outcome(hundred, lines=[{"family": "edge", "units": 60}, {"family": "edge", "units": 100}]) is HOLDS
    assert outcome(hundred) is MISSING


def test_no_lines_are_all_alike_and_none_is():
    part = is_(LINES.fields[2], "edge")

    assert outcome(Each(LINES, Junction.ALL, part), lines=[]) is HOLDS
    assert outcome(Each(LINES, Junction.ANY, part), lines=[]) is FAILS


def test_a_trace_names_the_line():
    trace = evaluate(Each(LINES, Junction.ANY, is_(LINES.fields[2], "edge")), facts(lines=[{"sku": "K-8"}]))

    assert [part.title for part in trace.parts] == ["K-8"]


def test_engagements_are_counted_over_the_fiscal_year():
    won = is_(HISTORY.fields[1], "won")
    total = Total(HISTORY, How.COUNT, window=Window(WindowKind.YEAR, year_starts_in=2), where=won)
    past = [
        {"on": date(2026, 1, 31), "status": "won"},
        {"on": date(2026, 2, 1), "status": "won"},
        {"on": date(2026, 8, 1), "status": "lost"},
    ]

    assert evaluate(least(total, Decimal(1)), facts(registrations=past)).actual == 1


def test_a_sum_of_amounts_is_in_the_currency_it_is_compared_in():
    total = Total(HISTORY, How.SUM, HISTORY.fields[2])
    past = [{"worth": eur(100)}, {"worth": usd(100)}]

    assert evaluate(least(total, eur(190)), facts(registrations=past)).actual == eur("190.0")
    assert evaluate(least(total, usd(1)), facts(registrations=past)).outcome is MISSING


def test_names_are_compared_without_regard_to_capitals_and_spaces():
    assert outcome(is_(CUSTOMER, "globex  corporation"), customer=" Globex Corporation") is HOLDS


def test_an_empty_text_is_not_known_and_an_empty_set_is():
    assert outcome(is_(CUSTOMER, "Globex"), customer="") is MISSING
    assert outcome(Comparison(SKILLS, Operator.HAS_NONE, frozenset({"sales"})), skills=frozenset()) is HOLDS


def test_groups_without_parts():
    assert [outcome(group) for group in (every(), some(), no(), Group(Junction.AT_LEAST))] == [
        HOLDS,
        FAILS,
        HOLDS,
        FAILS,
    ]


@pytest.mark.parametrize(
    "wrong",
    [
        {"users": 1.5},
        {"users": True},
        {"users": Decimal("1.5")},
        {"users": Decimal("NaN")},
        {"users": Decimal("Infinity")},
        {"value": Decimal(5)},
        {"tier": 3},
        {"close_on": datetime(2026, 11, 26)},
        {"tender": "yes"},
        {"skills": "sales"},
        {"lines": "many"},
        {"lines": [3]},
        {"lines": UserList([{}])} | {"users": object()},
    ],
)
def test_a_fact_of_the_wrong_type_is_a_mistake_and_no_answer(wrong):
    ten = Decimal(10)
    condition = every(
        least(USERS, ten),
        least(VALUE, eur(1)),
        is_(TIER, "gold"),
        most(CLOSE_ON, TODAY),
        is_(TENDER, True),
        Comparison(SKILLS, Operator.HAS_ANY, frozenset({"sales"})),
        Each(LINES, Junction.ANY, is_(LINES.fields[2], "edge")),
    )

    with pytest.raises(WrongFact):
        evaluate(condition, Facts(wrong, TODAY))
