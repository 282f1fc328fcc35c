import json
from datetime import date
from decimal import Decimal
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from prm.policies import rulesets
from prm.policies.conditions import Comparison, Operator
from prm.policies.evaluation import Missing, Outcome
from prm.policies.fields import Merge
from prm.policies.merging import Merging
from prm.policies.periods import Duration, Unit
from prm.policies.rulesets import Given, Mode, Rule, RuleSet, decide, settle
from tests.prm.policies import sample
from tests.prm.policies.sample import (
    APPROVERS,
    BONUS,
    CATALOGUE,
    DECISION,
    DISCOUNT,
    PROTECTION,
    TENDER,
    TIER,
    VALUE,
    eur,
    facts,
    is_,
    least,
    usd,
)

TENDERS = Rule("tender", "Tenders", is_(TENDER, True), {"decision": "person", "approvers": frozenset({"legal"})})
LARGE = Rule(
    "large", "Large deals", least(VALUE, eur(25000)), {"decision": "approve", "approvers": frozenset({"manager"})}
)
GOLD = Rule("gold", "Gold", is_(TIER, "gold"), {"discount": Decimal(20)})
DEFAULT = {"decision": "person", "discount": Decimal(5)}


def rules(*listed, mode=Mode.FIRST, merging=None, default=DEFAULT):
    return RuleSet(CATALOGUE, listed, mode, default, merging or {})


def test_the_first_rule_that_matches_decides():
    decision = decide(rules(TENDERS, LARGE), facts(tender=True, value=eur(30000)))

    assert decision.matched == (TENDERS,)
    assert decision.value("decision") == "person"
    assert [judged.rule for judged in decision.judged] == [TENDERS]


def test_what_no_rule_gives_is_as_the_default_says():
    decision = decide(rules(TENDERS, LARGE), facts(tender=False, value=eur(1)))

    assert decision.matched == ()
    assert decision.value("decision") == "person"
    assert decision.settled["decision"].given == ()
    assert decision.value("bonus") is None


def test_all_rules_that_match_are_merged():
    merging = {"decision": Merging(Merge.HIGHEST)}
    decision = decide(
        rules(TENDERS, LARGE, GOLD, mode=Mode.ALL, merging=merging), facts(tender=True, value=eur(30000), tier="open")
    )

    assert decision.matched == (TENDERS, LARGE)
    assert decision.value("decision") == "person"
    assert decision.value("approvers") == {"legal", "manager"}
    assert decision.value("discount") == 5
    assert [given.rule for given in decision.settled["approvers"].given] == [TENDERS, LARGE]


def test_a_rule_can_stop_the_others():
    stopping = Rule("stop", "Stop", is_(TENDER, True), {"decision": "refuse"}, stops=True)

    decision = decide(rules(stopping, LARGE, mode=Mode.ALL), facts(tender=True, value=eur(30000)))

    assert decision.matched == (stopping,)


def test_a_rule_that_lacks_a_fact_is_named_and_gives_nothing():
    decision = decide(rules(TENDERS, LARGE), facts(value=eur(30000)))

    assert decision.value("decision") == "approve"
    assert not decision.is_certain
    assert [(judged.rule, judged.trace.missing) for judged in decision.undecided] == [(TENDERS, (Missing(TENDER),))]


def test_what_comes_after_the_match_does_not_make_it_uncertain():
    assert decide(rules(LARGE, TENDERS), facts(value=eur(30000))).is_certain


def test_a_rule_without_a_condition_always_matches():
    always = Rule("always", "Always", None, {"decision": "refuse"})

    assert decide(rules(LARGE, always), facts(value=eur(1))).value("decision") == "refuse"


def merged(effect, merge, *values, cap=None):
    given = [Given(Rule(str(number), "x"), value) for number, value in enumerate(values)]
    return settle(effect, given, Merging(merge, cap))


@pytest.mark.parametrize(
    ("effect", "merge", "values", "expected"),
    [
        (DISCOUNT, Merge.HIGHEST, [Decimal(5), Decimal(20)], Decimal(20)),
        (DISCOUNT, Merge.LOWEST, [Decimal(5), Decimal(20)], Decimal(5)),
        (DISCOUNT, Merge.FIRST, [Decimal(5), Decimal(20)], Decimal(5)),
        (DISCOUNT, Merge.SUM, [Decimal(5), Decimal(20)], Decimal(25)),
        (DECISION, Merge.HIGHEST, ["approve", "refuse", "person"], "refuse"),
        (PROTECTION, Merge.HIGHEST, [Duration(30), Duration(90)], Duration(90)),
        (APPROVERS, Merge.UNION, [frozenset({"legal"}), frozenset({"manager"})], frozenset({"legal", "manager"})),
        (BONUS, Merge.EXCLUSIVE, [eur(5), eur("5.00")], eur(5)),
        (BONUS, Merge.SUM, [eur(5), eur(7)], eur(12)),
    ],
)
def test_values_are_merged_as_stated(effect, merge, values, expected):
    settled = merged(effect, merge, *values)

    assert (settled.value, settled.is_conflict) == (expected, False)


@pytest.mark.parametrize(
    ("effect", "merge", "values"),
    [
        (BONUS, Merge.EXCLUSIVE, [eur(5), eur(6)]),
        (BONUS, Merge.HIGHEST, [eur(5), usd(6)]),
        (BONUS, Merge.SUM, [eur(5), usd(6)]),
        (PROTECTION, Merge.HIGHEST, [Duration(60), Duration(2, Unit.MONTHS)]),
    ],
)
def test_what_cannot_be_merged_is_a_conflict_that_names_the_rules(effect, merge, values):
    settled = merged(effect, merge, *values)

    assert settled.is_conflict
    assert settled.value is None
    assert [given.value for given in settled.given] == values


def test_a_conflict_is_not_covered_by_the_default():
    first = Rule("first", "First", None, {"bonus": eur(5)})
    second = Rule("second", "Second", None, {"bonus": eur(6)})

    decision = decide(rules(first, second, mode=Mode.ALL, default={"bonus": eur(1)}), facts())

    assert decision.value("bonus") is None
    assert decision.conflicts == (decision.settled["bonus"],)
    assert not decision.is_certain


def test_a_sum_is_capped():
    assert merged(DISCOUNT, Merge.SUM, Decimal(20), Decimal(15), cap=Decimal(30)).value == 30
    assert merged(DISCOUNT, Merge.SUM, Decimal(10), Decimal(15), cap=Decimal(30)).value == 25


@settings(max_examples=60, deadline=None)
@given(st.data(), st.sampled_from(CATALOGUE.effects))
def test_only_first_looks_at_the_order(data, effect):
    merge = data.draw(st.sampled_from([merge for merge in effect.merges if merge != Merge.FIRST]))
    values = data.draw(st.lists(sample.effect_values(effect), min_size=1, max_size=4))
    cap = data.draw(st.none() | sample.effect_values(effect)) if merge == Merge.SUM else None

    results = [merged(effect, merge, *order, cap=cap) for order in permutations(values)]

    assert len({(settled.is_conflict, settled.value) for settled in results}) == 1


@settings(max_examples=60, deadline=None)
@given(sample.rule_sets(), sample.whole_facts())
def test_a_decision_is_that_of_its_rules(made, known):
    decision = decide(made, known)

    outcomes = [rule.when is None or rulesets.evaluation.evaluate(rule.when, known).holds for rule in made.rules]
    matching = [rule for rule, holds in zip(made.rules, outcomes, strict=True) if holds]
    last = next((place for place, rule in enumerate(matching) if made.is_last(rule)), len(matching))
    assert list(decision.matched) == matching[: last + 1]
    for effect in CATALOGUE.effects:
        giving = [rule.then[effect.name] for rule in decision.matched if effect.name in rule.then]
        settled = decision.settled.get(effect.name)
        if not giving:
            assert (settled.value if settled else None) == made.default.get(effect.name)
        elif len(giving) == 1 and made.merging_of(effect).cap is None:
            assert settled.value == giving[0]


@settings(max_examples=60, deadline=None)
@given(sample.rule_sets(), sample.whole_facts())
def test_a_decision_survives_being_stored_beside_its_version(made, known):
    decision = decide(made, known)

    assert rulesets.decision_from(json.loads(json.dumps(rulesets.trace_of(decision))), made) == decision


def test_an_old_decision_is_read_under_its_own_rules():
    made = rules(LARGE)
    stored = rulesets.trace_of(decide(made, facts(value=usd(30000))))

    assert stored == [
        {
            "rule": "large",
            "outcome": "holds",
            "trace": {
                "outcome": "holds",
                "actual": {"amount": "30000", "currency": "USD"},
                "rates": [["USD", "EUR", "0.9", "2026-11-12"]],
            },
        }
    ]
    assert rulesets.decision_from(stored, made).judged[0].trace.rates[0].on == date(2026, 11, 12)


def test_presence_can_be_asked_for_without_being_missing():
    asked = Rule("asked", "No value", Comparison(VALUE, Operator.NOT_GIVEN), {"decision": "refuse"})

    decision = decide(rules(asked), facts())

    assert decision.judged[0].outcome is Outcome.HOLDS
    assert decision.is_certain
