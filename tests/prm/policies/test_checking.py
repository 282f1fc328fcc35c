from decimal import Decimal
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from prm.policies import checking, conditions
from prm.policies.checking import Doubt, check
from prm.policies.conditions import Comparison, Each, Group, How, Junction, Operator, Other, Total
from prm.policies.evaluation import Facts, evaluate
from prm.policies.fields import Merge
from prm.policies.merging import Merging
from prm.policies.periods import Duration, Unit
from prm.policies.rulesets import Mode, Rule, RuleSet, decide
from tests.prm.policies import sample
from tests.prm.policies.sample import (
    CATALOGUE,
    CLOSE_ON,
    CUSTOMER,
    HISTORY,
    LEAD_TIME,
    LIMIT,
    LINES,
    SCORE,
    SHARE,
    SKILLS,
    TENDER,
    TIER,
    TODAY,
    USERS,
    VALUE,
    eur,
    every,
    is_,
    least,
    most,
    no,
    some,
    usd,
)

SMALL = (USERS, SCORE, TIER, TENDER, SKILLS)
VALUES = {
    "users": [None, *map(Decimal, range(-1, 5))],
    "score": [
        None,
        *(Decimal(number) / 10 for number in (-20, -10, -5, 0, 2, 5, 7, 10, 15, 20, 22, 25, 27, 30, 35, 40)),
    ],
    "tier": [None, "open", "select", "gold", "of old"],
    "tender": [None, True, False],
    "skills": [None, *map(frozenset, ((), ("sales",), ("cloud",), ("sales", "cloud", "edge")))],
}


def everything(*names):
    """Return all facts that can be made of small domains."""
    for values in product(*(VALUES[name] for name in names)):
        yield Facts(dict(zip(names, values, strict=True)), TODAY)


def named(condition):
    """Return what a condition of the small fields is about."""
    body = str(conditions.body_of(condition))
    return [name for name in VALUES if f"'{name}'" in body]


def at(condition, path):
    """Return the part of a condition to which a path leads."""
    for step in path:
        if isinstance(step, int):
            condition = condition.parts[step]
        elif isinstance(condition, Each):
            condition = condition.condition
    return condition


# -- properties: what it claims is true ------------------------------------------------------------------
@settings(max_examples=150, deadline=None)
@given(sample.conditions(SMALL, with_collections=False))
def test_what_is_called_impossible_never_holds(condition):
    for path in checking.impossible(condition):
        part = at(condition, path)
        assert not any(evaluate(part, known).holds for known in everything(*named(part)))


@settings(max_examples=150, deadline=None)
@given(sample.conditions(size=4), sample.whole_facts())
def test_nothing_that_holds_is_called_impossible(condition, known):
    found = checking.impossible(condition)

    assert () not in found or not evaluate(condition, known).holds


@settings(max_examples=60, deadline=None)
@given(sample.rule_sets(when=st.none() | sample.conditions((USERS, TIER, TENDER), with_collections=False, size=3)))
def test_what_is_found_in_rules_is_true(rules):
    found = check(rules, TODAY)

    matched = {rule.key for known in everything("users", "tier", "tender") for rule in decide(rules, known).matched}
    for finding in found:
        tried = decide(rules, Facts(finding.example, TODAY))
        match finding.doubt:
            case Doubt.UNREACHABLE:
                assert finding.rules[0].key not in matched
            case Doubt.NO_DEFAULT:
                assert finding.effect.name not in tried.settled
            case Doubt.CONFLICT:
                assert all(rule in tried.matched for rule in finding.rules)
                assert tried.settled[finding.effect.name].is_conflict
            case Doubt.OVERLAP:
                assert tried.matched == finding.rules[:1]
                assert evaluate(finding.rules[1].when, Facts(finding.example, TODAY)).holds


@settings(max_examples=100, deadline=None)
@given(sample.rule_sets(when=st.none() | sample.conditions(size=2)), sample.whole_facts())
def test_no_rule_that_matches_is_called_unreachable(rules, known):
    unreachable = [finding.rules[0] for finding in check(rules, TODAY) if finding.doubt == Doubt.UNREACHABLE]

    assert not any(rule in unreachable for rule in decide(rules, known).matched)


@settings(max_examples=100, deadline=None)
@given(st.lists(sample.comparisons((USERS, SCORE)), min_size=2, max_size=3))
def test_contradictions_of_numbers_are_all_found(parts):
    """Of plain comparisons of numbers nothing escapes."""
    plain = [part for part in parts if not isinstance(part.value, Other)]
    condition = Group(Junction.ALL, tuple(plain))

    can_hold = any(evaluate(condition, known).holds for known in everything("users", "score"))

    assert can_hold == (checking.impossible(condition) == [])


# -- impossible ------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "condition",
    [
        every(Comparison(SCORE, Operator.OVER, Decimal(5)), Comparison(SCORE, Operator.UNDER, Decimal(3))),
        every(Comparison(SCORE, Operator.OVER, Decimal(5)), most(SCORE, Decimal(5))),
        every(Comparison(USERS, Operator.OVER, Decimal(5)), Comparison(USERS, Operator.UNDER, Decimal(6))),
        every(is_(TIER, "gold"), is_(TIER, "open")),
        every(is_(TIER, "gold"), Comparison(TIER, Operator.NONE_OF, frozenset({"gold", "open"}))),
        every(is_(TENDER, True), no(is_(TENDER, True))),
        every(is_(TENDER, True), is_(TENDER, False)),
        every(is_(CUSTOMER, "Globex"), is_(CUSTOMER, "Initech")),
        every(least(VALUE, eur(5)), most(VALUE, eur(4))),
        every(least(VALUE, eur(5)), Comparison(VALUE, Operator.NOT_GIVEN)),
        Comparison(SCORE, Operator.BETWEEN, (Decimal(5), Decimal(3))),
        every(
            Comparison(SKILLS, Operator.HAS_ALL, frozenset({"sales", "cloud"})),
            Comparison(SKILLS, Operator.HAS_NONE, frozenset({"cloud"})),
        ),
        every(least(CLOSE_ON, Duration(30)), most(CLOSE_ON, Duration(10))),
        every(least(CLOSE_ON, Duration(2, Unit.MONTHS)), most(CLOSE_ON, Duration(1, Unit.MONTHS))),
        every(
            least(LEAD_TIME, Duration(10, Unit.BUSINESS_DAYS)),
            Comparison(LEAD_TIME, Operator.UNDER, Duration(10, Unit.BUSINESS_DAYS)),
        ),
        every(least(Total(LINES), Decimal(3)), Comparison(Total(LINES), Operator.UNDER, Decimal(3))),
        Group(Junction.AT_LEAST, (is_(TIER, "gold"), is_(TIER, "open"), is_(TENDER, True)), 3),
        Group(Junction.AT_LEAST, (is_(TENDER, True),), 2),
        Each(
            LINES,
            Junction.ANY,
            every(least(LINES.fields[0], Decimal(3)), Comparison(LINES.fields[0], Operator.UNDER, Decimal(3))),
        ),
        every(Comparison(VALUE, Operator.UNDER, Other(LIMIT)), no(Comparison(VALUE, Operator.UNDER, Other(LIMIT)))),
    ],
)
def test_what_can_never_hold_is_found(condition):
    assert checking.impossible(condition) != []


@pytest.mark.parametrize(
    "condition",
    [
        every(Comparison(SCORE, Operator.OVER, Decimal(5)), Comparison(SCORE, Operator.UNDER, Decimal(6))),
        every(least(SCORE, Decimal(5)), most(SCORE, Decimal(5))),
        every(least(VALUE, eur(5)), most(VALUE, usd(4))),  # by some rate
        every(
            least(Total(HISTORY, How.COUNT), Decimal(3)),
            most(Total(HISTORY, How.COUNT, where=is_(HISTORY.fields[1], "won")), Decimal(1)),
        ),
        every(least(CLOSE_ON, Duration(30)), most(CLOSE_ON, TODAY)),
        no(every(is_(TIER, "gold"), is_(TIER, "open"))),
    ],
)
def test_what_may_hold_is_not_called_impossible(condition):
    assert checking.impossible(condition) == []


def test_the_smallest_part_that_can_never_hold_is_named():
    wrong = every(is_(TIER, "gold"), is_(TIER, "open"))

    assert checking.impossible(some(is_(TENDER, True), every(least(USERS, Decimal(3)), wrong))) == [
        ("any", 1, "all", 1)
    ]


# -- rules -----------------------------------------------------------------------------------------------
def rule(key, when, decision="person", stops=False, **then):
    return Rule(key, key, when, {"decision": decision, **then}, stops)


def doubts(*rules, mode=Mode.FIRST, default=None, merging=None):
    default = {"decision": "person"} if default is None else default
    return check(RuleSet(CATALOGUE, rules, mode, default, merging or {}), TODAY)


def said(*rules, **facts):
    return [(finding.doubt, *(rule.key for rule in finding.rules)) for finding in doubts(*rules, **facts)]


def test_rules_without_fault_find_nothing():
    rules = [rule("small", Comparison(USERS, Operator.UNDER, Decimal(10))), rule("large", least(USERS, Decimal(10)))]

    assert said(*rules) == []


def test_a_rule_behind_a_wider_one_is_never_reached():
    wide = rule("wide", least(USERS, Decimal(10)))
    narrow = rule("narrow", every(least(USERS, Decimal(20)), is_(TENDER, True)), "refuse")

    assert said(wide, narrow) == [(Doubt.UNREACHABLE, "narrow")]
    assert said(narrow, wide)[0][0] == Doubt.OVERLAP


def test_a_rule_behind_several_that_leave_nothing_is_never_reached():
    low, high = rule("low", most(USERS, Decimal(10))), rule("high", Comparison(USERS, Operator.OVER, Decimal(10)))
    any_tender = rule("known", every(Comparison(USERS, Operator.GIVEN), is_(TENDER, True)), "refuse")

    assert (Doubt.UNREACHABLE, "known") in said(low, high, any_tender)


def test_a_missing_fact_keeps_the_rule_behind_in_reach():
    low, high = rule("low", most(USERS, Decimal(10))), rule("high", Comparison(USERS, Operator.OVER, Decimal(10)))

    assert said(low, high, rule("tender", is_(TENDER, True))) == []


def test_nothing_is_reached_behind_a_rule_without_a_condition():
    assert (Doubt.UNREACHABLE, "tender") in said(rule("always", None), rule("tender", is_(TENDER, True), "refuse"))


def test_where_all_rules_are_followed_only_one_that_stops_hides_others():
    tender = rule("tender", is_(TENDER, True))

    assert said(rule("always", None), tender, mode=Mode.ALL) == []
    assert said(rule("always", None, stops=True), tender, mode=Mode.ALL) == [(Doubt.UNREACHABLE, "tender")]


def test_the_published_bands_leave_one_number_out():
    """100 to 499, 500 to 1,499, 1,500 to 4,999, and over 5,000: nothing is said of 5,000 pieces."""
    bands = [(100, 499), (500, 1499), (1500, 4999)]
    rules = [
        rule("small", Comparison(USERS, Operator.UNDER, Decimal(100)), "refuse"),
        *(
            rule(f"to {high}", Comparison(USERS, Operator.BETWEEN, (Decimal(low), Decimal(high))))
            for low, high in bands
        ),
        rule("top", Comparison(USERS, Operator.OVER, Decimal(5000))),
    ]

    (finding,) = doubts(*rules, default={})

    assert finding.doubt == Doubt.NO_DEFAULT
    assert finding.example == {"users": 5000}


def test_a_required_effect_without_a_default_is_found_although_only_lines_are_asked():
    lines = Each(LINES, Junction.ANY, least(LINES.fields[0], Decimal(100)))

    assert said(rule("lines", lines), default={}) == [(Doubt.NO_DEFAULT,)]


def test_a_rule_for_everything_else_is_a_default():
    assert said(rule("tender", is_(TENDER, True)), rule("else", None), default={}) == []


def test_rules_that_match_together_and_contradict_each_other():
    merging = {"decision": Merging(Merge.EXCLUSIVE)}
    large, tender = rule("large", least(VALUE, eur(25000)), "approve"), rule("tender", is_(TENDER, True), "refuse")

    (finding,) = doubts(large, tender, mode=Mode.ALL, merging=merging)

    assert (finding.doubt, finding.effect.name) == (Doubt.CONFLICT, "decision")
    assert finding.example == {"value": eur(25000), "tender": True}
    assert said(large, tender, mode=Mode.ALL) == []


def test_rules_that_exclude_each_other_do_not_contradict():
    merging = {"decision": Merging(Merge.EXCLUSIVE)}
    low, high = rule("low", most(SHARE, Decimal(5)), "approve"), rule("high", least(SHARE, Decimal("5.1")), "refuse")

    assert said(low, high, mode=Mode.ALL, merging=merging) == []


def test_an_overlap_is_only_a_note():
    (finding,) = doubts(rule("large", least(USERS, Decimal(9)), "approve"), rule("tender", is_(TENDER, True)))

    assert finding.is_note
    assert decide_both(finding)


def decide_both(finding):
    return all(evaluate(rule.when, Facts(finding.example, TODAY)).holds for rule in finding.rules)


def test_a_group_without_parts_and_a_rule_without_effect():
    empty = Rule("empty", "empty", some(is_(TENDER, True), some()), {})

    assert said(empty, mode=Mode.ALL) == [(Doubt.EMPTY, "empty"), (Doubt.NO_EFFECT, "empty")]


def test_a_hard_question_is_given_up_and_nothing_is_claimed():
    halves = [Total(LINES, where=is_(LINES.fields[3], f"K{number}")) for number in range(40)]
    parts = tuple(some(least(half, Decimal(2)), most(half, Decimal(1))) for half in halves)
    hard = every(*parts, Group(Junction.AT_LEAST, tuple(least(half, Decimal(1)) for half in halves), 20))

    assert checking.impossible(hard) == []


def test_five_hundred_rules_are_checked_before_anybody_loses_patience():
    rules = [
        rule(str(number), every(least(USERS, Decimal(number)), is_(TIER, "gold"), is_(TENDER, number % 2 == 0)))
        for number in range(500)
    ]

    found = doubts(*rules)

    assert (Doubt.UNREACHABLE, "2") in [(finding.doubt, finding.rules[0].key) for finding in found]
