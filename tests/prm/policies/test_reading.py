import json
from collections import OrderedDict
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from prm.policies import conditions, reading, rules_reading, rulesets
from prm.policies.conditions import Comparison, Group, Junction, Operator
from prm.policies.explanations import place, problem
from prm.policies.fields import Merge
from prm.policies.values import Invalid
from tests.prm.policies import sample
from tests.prm.policies.sample import CATALOGUE, TENDER, TIER, VALUE, eur

AT_LEAST_25000 = {"field": "value", "is": "at_least", "value": {"amount": "25000", "currency": "EUR"}}
TENDERS = {"field": "tender", "is": "is", "value": True}


def problems(body, read=reading.read):
    with pytest.raises(Invalid) as found:
        read(body, CATALOGUE)
    said = [problem(one) for one in found.value.problems]
    assert all(said)
    assert all("%(" not in sentence for sentence in said)
    return [(one.path, one.code) for one in found.value.problems]


# -- what fits -------------------------------------------------------------------------------------------
@settings(max_examples=80, deadline=None)
@given(sample.conditions())
def test_a_condition_survives_being_stored_as_json(condition):
    stored = json.loads(json.dumps(conditions.body_of(condition)))

    assert reading.read(stored, CATALOGUE) == condition


@settings(max_examples=50, deadline=None)
@given(sample.rule_sets())
def test_a_set_of_rules_survives_being_stored_as_json(rules):
    stored = json.loads(json.dumps(rulesets.body_of(rules)))

    assert rules_reading.read(stored, CATALOGUE) == rules


def test_the_stored_form_can_be_written_by_hand():
    body = {"all": [AT_LEAST_25000, {"none": [TENDERS]}]}

    assert reading.read(body, CATALOGUE) == Group(
        Junction.ALL,
        (
            Comparison(VALUE, Operator.AT_LEAST, eur(25000)),
            Group(Junction.NONE, (Comparison(TENDER, Operator.IS, True),)),
        ),
    )


def test_ten_thousand_parts_are_read_and_one_more_is_not():
    assert len(reading.read({"any": [TENDERS] * 9_999}, CATALOGUE).parts) == 9_999
    assert problems({"any": [TENDERS] * 10_000}) == [((), "many")]


# -- what does not ---------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (None, [((), "mapping")]),
        ([], [((), "mapping")]),
        ("all", [((), "mapping")]),
        ({}, [((), "no_condition")]),
        ({"all": TENDERS}, [(("all",), "list")]),
        ({"all": [], "any": []}, [((), "unknown_key")]),
        ({"all": [TENDERS, 3]}, [(("all", 1), "mapping")]),
        ({"at_least": 0, "of": [TENDERS]}, [(("at_least",), "whole")]),
        ({"at_least": True, "of": [TENDERS]}, [(("at_least",), "whole")]),
        ({"field": "valeu", "is": "given"}, [(("field",), "unknown_field")]),
        ({"field": ["value"], "is": "given"}, [(("field",), "unknown_field")]),
        ({"field": "value", "is": "bigger"}, [(("is",), "unknown_word")]),
        ({"field": "value"}, [(("is",), "unknown_word")]),
        ({"field": "tender", "is": "over", "value": True}, [(("is",), "operator")]),
        ({"field": "value", "is": "given", "value": 3}, [((), "unknown_key")]),
        ({**TENDERS, "note": "x"}, [((), "unknown_key")]),
        ({"field": "value", "is": "over", "value": "25000"}, [(("value",), "keys")]),
        ({"field": "value", "is": "over", "value": {"amount": "1", "currency": "XXX"}}, [(("value",), "currency")]),
        ({"field": "value", "is": "over", "value": {"amount": "1", "currency": []}}, [(("value",), "currency")]),
        ({"field": "value", "is": "over", "value": {"amount": "NaN", "currency": "EUR"}}, [(("value",), "number")]),
        ({"field": "value", "is": "over", "other": "users"}, [(("other",), "other")]),
        ({"field": "value", "is": "over", "other": "limit", "value": "3"}, [((), "unknown_key")]),
        ({"field": "tier", "is": "is", "value": "platinum"}, [(("value",), "choice")]),
        ({"field": "tier", "is": "one_of", "value": []}, [(("value",), "size")]),
        ({"field": "tier", "is": "one_of", "value": "gold"}, [(("value",), "list")]),
        ({"field": "users", "is": "over", "value": "2.5"}, [(("value",), "not_whole")]),
        ({"field": "score", "is": "between", "value": ["1"]}, [(("value",), "two")]),
        ({"field": "close_on", "is": "over", "value": "2026-02-30"}, [(("value",), "day")]),
        ({"field": "close_on", "is": "over", "value": "20260228"}, [(("value",), "day")]),
        ({"field": "lead_time", "is": "over", "value": {"count": 3, "unit": "weeks"}}, [(("value",), "unit")]),
        ({"in": "customers", "any": TENDERS}, [(("in",), "unknown_collection")]),
        ({"in": "lines", "any": TENDERS}, [(("any", "field"), "unknown_field")]),
        ({"total": "lines", "is": "over", "value": 3}, [(("how",), "unknown_word")]),
        ({"total": "lines", "how": "sum", "of": "sku", "is": "over", "value": 3}, [(("of",), "not_added")]),
        ({"total": "lines", "how": "count", "of": "sku", "is": "over", "value": 3}, [(("of",), "unknown_key")]),
        (
            {"total": "lines", "how": "count", "window": {"kind": "year"}, "is": "over", "value": 3},
            [(("window",), "no_window")],
        ),
        (
            {"total": "registrations", "how": "count", "window": {"kind": "rolling_days"}, "is": "over", "value": 3},
            [(("window", "length"), "whole")],
        ),
        ({"total": "lines", "how": "count", "is": "over", "value": "3.5"}, [(("value",), "not_whole")]),
    ],
)
def test_what_is_wrong_is_said_with_its_place(body, expected):
    assert problems(body) == expected


def test_amounts_of_one_comparison_have_one_currency():
    ends = [{"amount": "1", "currency": "EUR"}, {"amount": "2", "currency": "USD"}]

    assert problems({"field": "value", "is": "between", "value": ends}) == [(("value",), "currencies")]


@pytest.mark.parametrize(
    "number", [1.5, float("nan"), float("inf"), "1e9", "1_000", "٣", "--1", " 1", "1 ", "", None, True]
)
def test_only_exact_numbers_are_numbers(number):
    assert problems({"field": "score", "is": "over", "value": number}) == [(("value",), "number")]


def test_endless_numbers_are_no_numbers():
    for number in ("9" * 5_000_000, 10**5_000):
        assert problems({"field": "score", "is": "over", "value": number}) == [(("value",), "number")]


@pytest.mark.parametrize(
    ("text", "code"), [("", "text"), ("   ", "text"), (None, "text"), (3, "quotes"), (True, "quotes")]
)
def test_texts_are_not_empty_and_no_numbers(text, code):
    assert problems({"field": "customer", "is": "is", "value": text}) == [(("value",), code)]


def test_texts_are_not_endless():
    for length in (501, 10_000_000):
        assert problems({"field": "customer", "is": "is", "value": "x" * length}) == [(("value",), "long")]


def test_a_group_that_holds_itself_is_refused():
    endless = {"all": []}
    endless["all"] += [endless, TENDERS]

    assert {code for _path, code in problems(endless)} == {"deep"}


def test_many_groups_that_hold_each_other_are_refused():
    first, second = {"any": []}, {"none": []}
    first["any"] += [second] * 5
    second["none"] += [first] * 5

    assert problems(first) == [((), "many")]


def test_a_value_that_holds_itself_is_refused():
    endless = []
    endless.append(endless)

    assert problems({"field": "tier", "is": "one_of", "value": endless}) == [(("value",), "text")]
    assert problems({"field": endless, "is": "is", "value": endless}) == [(("field",), "unknown_field")]


def test_depth_is_limited():
    body = TENDERS
    for _level in range(100_000):
        body = {"all": [body]}

    assert problems(body) == [(("all", 0) * 12, "deep")]


def test_a_hundred_thousand_unknown_keys_are_named_by_a_few():
    found = problems({"all": []} | {f"key {number}": 1 for number in range(100_000)})

    assert len(found) == 20


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.binary(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3) | st.integers(), inner, max_size=3),
)
WORDS = "field total in all any none at_least of is value other how window where rules when then key name mode"
TERMS = "value tier lines registrations over sum count first decision discount one_of"
TERM = st.sampled_from(TERMS.split())
NEARLY = st.recursive(
    ANYTHING | TERM | st.just(AT_LEAST_25000),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(WORDS.split()), inner | TERM, max_size=5)
    ),
)


@settings(max_examples=150, deadline=None)
@given(ANYTHING | NEARLY)
def test_whatever_it_is_it_is_read_or_refused(body):
    for read in (reading.read, rules_reading.read):
        with suppress(Invalid):
            read(body, CATALOGUE)


def test_it_need_not_be_a_plain_dictionary():
    assert reading.read(OrderedDict(TENDERS), CATALOGUE) == Comparison(TENDER, Operator.IS, True)


# -- sets of rules ---------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (3, [((), "mapping")]),
        ({"rules": "x"}, [(("rules",), "list")]),
        ({"rules": [{}] * 501}, [(("rules",), "many")]),
        ({"rules": [3]}, [(("rules", 0), "mapping")]),
        ({"rules": [{"key": "a"}]}, [(("rules", 0, "name"), "text")]),
        ({"rules": [{"key": "a", "name": "A"}] * 2}, [(("rules", 1, "key"), "twice")]),
        ({"rules": [{"key": "a", "name": "A", "when": None}]}, [(("rules", 0, "when"), "mapping")]),
        ({"rules": [{"key": "a", "name": "A", "then": {"decide": "x"}}]}, [(("rules", 0, "then"), "unknown_key")]),
        ({"rules": [{"key": "a", "name": "A", "stops": "no"}]}, [(("rules", 0, "stops"), "boolean")]),
        ({"mode": "some"}, [(("mode",), "unknown_word")]),
        ({"default": {"decision": "maybe"}}, [(("default", "decision"), "choice")]),
        ({"default": {"discount": "1.5%"}}, [(("default", "discount"), "number")]),
        ({"merging": {"decision": {"merge": "sum"}}}, [(("merging", "decision", "merge"), "merge")]),
        ({"merging": {"discount": {"merge": "highest", "cap": "3"}}}, [(("merging", "discount"), "unknown_key")]),
        ({"merging": {"discount": {"merge": "sum", "cap": None}}}, [(("merging", "discount", "cap"), "number")]),
    ],
)
def test_what_is_wrong_with_rules_is_said_with_its_place(body, expected):
    assert problems(body, rules_reading.read) == expected


def test_the_parts_of_all_rules_are_counted_together():
    rules = [{"key": str(number), "name": "x", "when": {"any": [TENDERS] * 99}} for number in range(101)]

    assert problems({"rules": rules}, rules_reading.read) == [((), "many")]


def test_a_place_is_said_as_people_count():
    with pytest.raises(Invalid) as found:
        rules_reading.read({"rules": [{"key": "a", "name": "A", "when": {"all": [{}]}}]}, CATALOGUE)

    assert place(found.value.problems[0]) == "rules 1, when all 1"


def test_a_comparison_that_makes_no_sense_cannot_be_made():
    with pytest.raises(ValueError):
        Comparison(TIER, Operator.OVER, "gold")


def test_each_effect_says_how_it_can_be_merged():
    merges = {effect.name: effect.merges for effect in CATALOGUE.effects}

    assert Merge.SUM in merges["discount"]
    assert merges["approvers"] == (Merge.UNION, Merge.FIRST, Merge.EXCLUSIVE)
