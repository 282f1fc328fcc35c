from datetime import date
from decimal import Decimal

import pytest
from django.utils import translation
from hypothesis import given, settings

from prm.policies import explanations, wording
from prm.policies.checking import check
from prm.policies.conditions import Comparison, Each, Group, How, Junction, Operator, Other, Total
from prm.policies.evaluation import evaluate
from prm.policies.periods import Duration, Span, Unit, Window, WindowKind
from prm.policies.rulesets import Rule, RuleSet
from prm.policies.wording import Piece
from tests.prm.policies import sample
from tests.prm.policies.sample import (
    CATALOGUE,
    CLOSE_ON,
    CUSTOMER,
    HISTORY,
    LEAD_TIME,
    LIMIT,
    LINES,
    LISTS,
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
    facts,
    is_,
    least,
    most,
    no,
    some,
    usd,
)

WON = is_(HISTORY.fields[1], "won")
FISCAL = Window(WindowKind.QUARTER, back=1, year_starts_in=2)
WORDS = [
    (least(VALUE, eur(25000)), "value is at least €25,000", "value ist mindestens 25.000 €"),
    (Comparison(USERS, Operator.OVER, Decimal(5000)), "users is over 5,000", "users ist über 5.000"),
    (most(SHARE, Decimal("12.5")), "share is at most 12.5%", "share ist höchstens 12,5 %"),
    (is_(SCORE, Decimal(70)), "score is 70 points", "score ist 70 points"),
    (is_(TENDER, True), "it is a tender", "it is a tender"),
    (is_(TENDER, False), "it is no tender", "it is no tender"),
    (
        Comparison(TIER, Operator.ONE_OF, frozenset({"gold", "select"})),
        "tier is Select or Gold",
        "tier ist Select oder Gold",
    ),
    (
        Comparison(CUSTOMER, Operator.CONTAINS, "Ltd"),
        "customer contains “Ltd”",
        "customer enthält „Ltd“",
    ),
    (
        Comparison(SKILLS, Operator.HAS_ALL, frozenset({"cloud", "sales"})),
        "certifications: Sales and Cloud",
        "certifications: Sales und Cloud",
    ),
    (
        Comparison(LISTS, Operator.HAS_ANY, frozenset({"named"})),
        "customer is on the list Named",
        "customer steht auf der Liste Named",
    ),
    (
        most(CLOSE_ON, Duration(90)),
        "expected close is no later than 90 days from today",
        "expected close ist spätestens 90 Tage ab heute",
    ),
    (
        Comparison(CLOSE_ON, Operator.BETWEEN, (date(2026, 12, 1), date(2026, 12, 24))),
        "expected close is from 1 December 2026 to 24 December 2026",
        "expected close ist von 1. Dezember 2026 bis 24. Dezember 2026",
    ),
    (
        least(LEAD_TIME, Duration(10, Unit.BUSINESS_DAYS)),
        "time ahead is at least 10 business days",
        "time ahead ist mindestens 10 Werktage",
    ),
    (most(VALUE, Other(LIMIT)), "value is at most limit of the partner", "value ist höchstens limit of the partner"),
    (Comparison(VALUE, Operator.NOT_GIVEN), "value is not given", "value ist nicht angegeben"),
    (
        every(least(USERS, Decimal(5)), some(is_(TIER, "gold"), is_(TENDER, True))),
        "users is at least 5 and (tier is Gold or it is a tender)",
        "users ist mindestens 5 und (tier ist Gold oder it is a tender)",
    ),
    (
        every(least(USERS, Decimal(5)), every(some(is_(TIER, "gold"), is_(TENDER, True))), no(is_(TIER, "open"))),
        "users is at least 5 and (tier is Gold or it is a tender) and (not the case: tier is Open)",
        None,
    ),
    (no(is_(TIER, "gold"), is_(TENDER, True)), "not the case: tier is Gold or it is a tender", None),
    (
        Group(Junction.AT_LEAST, (is_(TIER, "gold"), is_(TENDER, True), WON), 2),
        "at least 2 of these: tier is Gold; it is a tender; status is Won",
        None,
    ),
    (
        Each(LINES, Junction.ANY, every(least(LINES.fields[0], Decimal(100)), is_(LINES.fields[2], "edge"))),
        "for any of the lines: (units is at least 100 and family is Edge)",
        None,
    ),
    (
        least(Total(HISTORY, window=FISCAL, where=WON), Decimal(2)),
        "number of registrations (status is Won) last quarter (year from February) is at least 2",
        None,
    ),
    (
        least(Total(LINES, How.SUM, LINES.fields[1]), eur(5)),
        "sum of amount (lines) is at least €5",
        "Summe aus amount (lines) ist mindestens 5 €",
    ),
]


@pytest.mark.parametrize(("condition", "english", "german"), WORDS)
def test_a_condition_reads_as_a_sentence(condition, english, german):
    assert plain(wording.sentence(condition)) == english
    if german:
        with translation.override("de"):
            assert plain(wording.sentence(condition)) == german


def plain(segments):
    return wording.text(segments).replace("\xa0", " ")


def test_a_template_can_tell_the_pieces_apart():
    pieces = [(segment.piece, segment.text) for segment in wording.sentence(least(VALUE, eur(25000)))]

    assert pieces == [(Piece.FIELD, "value"), (Piece.WORDS, " is at least "), (Piece.VALUE, "€25,000")]


def told(condition, **known):
    return str(wording.told(evaluate(condition, facts(**known)))).replace("\xa0", " ")


def test_a_trace_says_what_was_found():
    assert told(least(VALUE, eur(25000)), value=eur(31200)) == "value €31,200 is at least €25,000: holds"
    assert told(is_(TIER, "gold"), tier="open") == "tier (Open) is Gold: does not hold"
    assert told(is_(TENDER, True), tender=False) == "it is a tender: does not hold"
    assert told(least(USERS, Decimal(5))) == "users is at least 5: users is not known"
    assert told(least(VALUE, usd(5)), value=eur(5)) == (
        "value €5 is at least $5: there is no exchange rate from EUR to USD"
    )
    assert told(least(LEAD_TIME, Duration(9)), lead_time=Span(TODAY, date(2026, 12, 5))) == (
        "time ahead 9 days is at least 9 days: holds"
    )


def test_a_trace_names_the_rate_and_its_day():
    trace = wording.told(evaluate(least(VALUE, eur(5)), facts(value=usd(10))))

    assert trace.rates == ("1 USD is 0.9 EUR (12 November 2026)",)


def test_a_trace_of_a_group_tells_its_parts():
    trace = wording.told(evaluate(every(least(USERS, Decimal(5)), is_(TENDER, True)), facts(users=Decimal(7))))

    assert str(trace) == "all of these: it is a tender is not known"
    assert [str(part) for part in trace.parts] == [
        "users 7 is at least 5: holds",
        "it is a tender: it is a tender is not known",
    ]


def test_a_trace_is_told_in_german():
    with translation.override("de"):
        assert told(least(VALUE, eur(25000)), value=eur(31200)) == "value 31.200 € ist mindestens 25.000 €: trifft zu"
        assert told(least(USERS, Decimal(5))) == "users ist mindestens 5: users ist nicht bekannt"


@pytest.mark.parametrize("language", ["en", "de"])
@settings(max_examples=80, deadline=None)
@given(condition=sample.conditions(), known=sample.whole_facts())
def test_whatever_can_be_asked_can_be_said(language, condition, known):
    with translation.override(language):
        trace = wording.told(evaluate(condition, known))
        assert plain(wording.sentence(condition)).strip()
        assert "%(" not in plain(wording.sentence(condition)) + str(trace)


def test_a_rule_reads_as_a_sentence():
    large = Rule("large", "Large", least(VALUE, eur(25000)), {"decision": "approve", "protection": Duration(90)})

    assert explanations.rule(large, CATALOGUE) == ("If value is at least €25,000: decision Approve, protection 90 days")
    assert explanations.rule(Rule("all", "All"), CATALOGUE) == "Always: nothing"


def test_a_finding_reads_as_a_sentence_with_an_example():
    rules = RuleSet(
        CATALOGUE,
        (
            Rule("large", "Large", least(VALUE, eur(25000)), {"decision": "approve"}),
            Rule("tender", "Tenders", is_(TENDER, True), {"decision": "person"}),
        ),
        default={"decision": "person"},
    )

    assert [explanations.finding(found, CATALOGUE) for found in check(rules, TODAY)] == [
        "“Large” and “Tenders” can match together; the first of them counts. "
        "For example: value €25,000, it is a tender."
    ]
