from dataclasses import replace
from decimal import Decimal
from itertools import permutations

import pytest
from hypothesis import given, settings

from prm.policies.differences import Change, What, between
from prm.policies.explanations import change
from prm.policies.fields import Merge
from prm.policies.merging import Merging
from prm.policies.rulesets import Mode, Rule, RuleSet
from tests.prm.policies import sample
from tests.prm.policies.sample import CATALOGUE, TENDER, VALUE, eur, is_, least

A = Rule("a", "Tenders", is_(TENDER, True), {"decision": "person"})
B = Rule("b", "Large deals", least(VALUE, eur(25000)), {"decision": "approve"})
C = Rule("c", "Rest", None, {"decision": "refuse"})
D = Rule("d", "Others")


def rules(*listed, **others):
    return RuleSet(CATALOGUE, listed, **others)


def changes(before, after):
    return [(found.what, found.rule.key if found.rule else None) for found in between(before, after)]


@settings(max_examples=60, deadline=None)
@given(sample.rule_sets(), sample.rule_sets())
def test_there_is_a_difference_exactly_where_the_versions_differ(before, after):
    def merged(rules):
        return replace(rules, merging={effect.name: rules.merging_of(effect) for effect in CATALOGUE.effects})

    assert between(before, before) == []
    assert (between(before, after) == []) == (merged(before) == merged(after))


@settings(max_examples=60, deadline=None)
@given(sample.rule_sets(), sample.rule_sets())
def test_every_difference_can_be_said(before, after):
    for found in between(before, after):
        assert "%(" not in change(found, after)


@settings(max_examples=60, deadline=None)
@given(sample.rule_sets(), sample.rule_sets())
def test_the_way_back_undoes_every_change(before, after):
    opposite = {What.ADDED: What.REMOVED, What.REMOVED: What.ADDED}

    there = [(opposite.get(found.what, found.what), found.rule and found.rule.key) for found in between(before, after)]
    back = [(found.what, found.rule and found.rule.key) for found in between(after, before)]

    def but_moves(found):
        return sorted(str(one) for one in found if one[0] != What.MOVED)

    assert but_moves(there) == but_moves(back)


@pytest.mark.parametrize("order", list(permutations([A, B, C, D])))
def test_only_rules_that_moved_are_said_to_have_moved(order):
    moved = [key for what, key in changes(rules(A, B, C, D), rules(*order)) if what == What.MOVED]

    stayed = [rule.key for rule in order if rule.key not in moved]
    assert stayed == sorted(stayed)
    longest = max(len(row) for row in rising([rule.key for rule in order]))
    assert len(moved) == 4 - longest


def rising(keys):
    if not keys:
        return [[]]
    rest = rising(keys[1:])
    return rest + [[keys[0], *row] for row in rest if not row or keys[0] < row[0]]


def test_a_rule_is_added_removed_and_moved():
    assert changes(rules(A, B, C), rules(C, A, D)) == [
        (What.MOVED, "c"),
        (What.ADDED, "d"),
        (What.REMOVED, "b"),
    ]


def test_what_changed_about_a_rule_is_said_part_by_part():
    changed = Rule("b", "Very large deals", least(VALUE, eur(50000)), {"discount": Decimal(5)}, stops=True)

    assert between(rules(B), rules(changed)) == [
        Change(What.RENAMED, "Large deals", "Very large deals", changed),
        Change(What.CONDITION, B.when, changed.when, changed),
        Change(What.EFFECT, "approve", None, changed, "decision"),
        Change(What.EFFECT, None, Decimal(5), changed, "discount"),
        Change(What.STOPS, False, True, changed),
    ]


def test_stating_what_holds_anyway_is_no_change():
    assert between(rules(), rules(merging={"discount": Merging(Merge.SUM)})) == []


def test_differences_in_words():
    before = rules(B, A, default={"decision": "person"}, merging={"discount": Merging(Merge.HIGHEST)})
    after = rules(
        A,
        replace(B, when=least(VALUE, eur(50000)), then={"decision": "person"}, stops=True),
        D,
        mode=Mode.ALL,
        merging={"discount": Merging(Merge.SUM, Decimal(30))},
    )

    assert [change(found, after) for found in between(before, after)] == [
        "It follows all rules that match; before: the first rule that matches.",
        "“Tenders” moved from place 2 to 1.",
        "“Large deals” now asks: value is at least €50,000; before: value is at least €25,000.",
        "“Large deals”: decision is now Person; before: Approve.",
        "After “Large deals” no other rule is followed.",
        "“Others” is new, in place 3.",
        "Unless a rule says otherwise, decision is now nothing; before: Person.",
        "If several rules give discount: they are added up, up to 30%; before: the highest counts.",
    ]
