from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from partners.enums import Metric, Outcome, Promotion
from partners.rules import tiers
from partners.rules.programs import ProgramTerms
from partners.rules.records import Entry, Record
from partners.rules.tiers import Decision, Move, Standing, Why
from tests.partners.programs import need, terms, tier

TODAY = date(2026, 11, 25)
SILVER, GOLD, INNER = (
    tier("Silver", 2, need(Metric.REVENUE, 100)),
    tier("Gold", 3, need(Metric.REVENUE, 300), need(Metric.WON_DEALS, 2)),
    tier("Inner circle", 4, need(Metric.REVENUE, 500), is_by_invitation=True),
)
ENTRY = tier("Registered", 1)
PROGRAM = terms(ENTRY, SILVER, GOLD, INNER)


def record(revenue=0, won=0, days=10):
    on = TODAY - timedelta(days=days)
    made = [Entry(Metric.REVENUE, on, Decimal(revenue), "EUR"), Entry(Metric.WON_DEALS, on, Decimal(won))]
    return Record(date(2024, 1, 1), entries=tuple(entry for entry in made if entry.amount))


def decide(standing=None, program=PROGRAM, on=TODAY, **achieved):
    standing = Standing(tier_id=ENTRY.id) if standing is None else standing
    return tiers.decide(program, standing, tiers.evaluate(program, record(**achieved), on=on), on=on)


def test_whoever_stands_in_no_tier_enters_the_one_it_has_earned():
    assert decide(Standing()) == Decision(Move.PLACE, Outcome.SAFE, ENTRY.id, (Why.MEETS,))
    assert decide(Standing(), revenue=120).tier_id == SILVER.id


def test_the_highest_tier_whose_requirements_are_met_is_reached_at_once():
    decision = decide(revenue=300, won=2)

    assert (decision.move, decision.tier_id) == (Move.PROMOTE, GOLD.id)
    assert decide(revenue=300, won=1).tier_id == SILVER.id


def test_where_a_manager_confirms_it_is_proposed_and_not_again_before_the_next_review():
    program = replace(PROGRAM, promotion=Promotion.PROPOSED)

    proposed = decide(program=program, revenue=120)
    declined = decide(Standing(ENTRY.id, declined_until=TODAY + timedelta(days=1)), program, revenue=120)
    again = decide(Standing(ENTRY.id, declined_until=TODAY), program, revenue=120)

    assert (proposed.move, proposed.tier_id, proposed.proposed_id) == (Move.PROPOSE, ENTRY.id, SILVER.id)
    assert (declined.move, declined.reasons) == (Move.KEEP, (Why.DECLINED, Why.MEETS))
    assert again.move == Move.PROPOSE


def test_numbers_alone_never_lead_into_a_tier_by_invitation():
    assert decide(revenue=900, won=9).tier_id == GOLD.id


def test_whoever_was_invited_stays_as_long_as_it_meets_the_requirements():
    assert decide(Standing(INNER.id), revenue=500).move == Move.KEEP
    assert decide(Standing(INNER.id), revenue=400, won=2).move == Move.WARN


def test_who_falls_short_is_warned_and_loses_the_tier_at_the_review_after_the_grace_period():
    warned = decide(Standing(SILVER.id))
    assert (warned.move, warned.tier_id, warned.warned_on) == (Move.WARN, SILVER.id, TODAY)
    assert warned.demotes_on == date(2027, 4, 1)  # sixty days end on 24 January, the next review is in April

    standing = Standing(SILVER.id, warned_on=TODAY)
    before = decide(standing, on=date(2027, 3, 31))
    assert (before.move, before.reasons) == (Move.KEEP, (Why.FALLS_SHORT, Why.IN_GRACE))
    after = decide(standing, on=date(2027, 4, 1))
    assert (after.move, after.tier_id, after.reasons) == (
        Move.DEMOTE,
        ENTRY.id,
        (Why.FALLS_SHORT, Why.GRACE_OVER),
    )


def test_a_missed_review_is_made_up_for():
    assert decide(Standing(SILVER.id, warned_on=TODAY), on=date(2027, 4, 9)).move == Move.DEMOTE


def test_a_demotion_leads_to_the_tier_that_is_still_earned():
    standing = Standing(GOLD.id, warned_on=TODAY - timedelta(days=200))

    assert decide(standing, revenue=120).tier_id == SILVER.id


def test_whoever_meets_the_requirements_again_is_no_longer_warned():
    decision = decide(Standing(SILVER.id, warned_on=TODAY - timedelta(days=30)), revenue=100)

    assert (decision.move, decision.outcome, decision.warned_on) == (Move.KEEP, Outcome.SAFE, None)


def test_what_will_lapse_is_at_risk():
    assert decide(Standing(SILVER.id), revenue=100, days=320).outcome == Outcome.AT_RISK


def test_an_exception_is_left_alone_until_its_last_day_and_then_ends_at_once():
    until = TODAY + timedelta(days=7)
    standing = Standing(GOLD.id, is_exception=True, held_until=until)

    assert decide(standing).outcome == Outcome.HELD
    assert decide(standing, on=until).outcome == Outcome.HELD
    over = decide(standing, on=until + timedelta(days=1))
    assert (over.move, over.tier_id, over.reasons[0]) == (Move.DEMOTE, ENTRY.id, Why.EXCEPTION_OVER)


def test_a_tier_that_is_gone_is_replaced_by_the_one_that_is_earned():
    decision = decide(Standing("gone"), revenue=150)

    assert (decision.move, decision.tier_id, decision.reasons) == (Move.PLACE, SILVER.id, (Why.TIER_GONE, Why.MEETS))


def test_nobody_falls_out_of_the_lowest_tier():
    program = terms(tier("Registered", 1, need(Metric.REVENUE, 10)), SILVER)
    lowest = program.tiers[0]

    assert decide(Standing(lowest.id), program).reasons == (Why.FALLS_SHORT, Why.NOTHING_BELOW)
    assert decide(Standing(), program).move == Move.KEEP


@pytest.mark.parametrize(
    ("months", "first", "day", "review"),
    [
        (1, 1, "2026-11-25", "2026-12-01"),
        (3, 1, "2026-10-01", "2026-10-01"),
        (3, 2, "2026-11-25", "2027-02-01"),
        (6, 7, "2026-07-02", "2027-01-01"),
        (12, 2, "2028-02-29", "2029-02-01"),
    ],
)
def test_reviews_are_on_the_first_of_the_months_of_their_rhythm(months, first, day, review):
    program = replace(PROGRAM, review_months=months, review_from=first)

    assert program.review_from_on(date.fromisoformat(day)) == date.fromisoformat(review)


# -- whatever the programme asks -------------------------------------------------------------------------
amounts = st.integers(0, 600)
programs = st.lists(st.tuples(amounts, st.integers(0, 4), st.booleans()), min_size=1, max_size=4).map(
    lambda rows: terms(
        *(
            tier(f"T{rank}", rank, need(Metric.REVENUE, revenue), need(Metric.WON_DEALS, won), is_by_invitation=invited)
            for rank, (revenue, won, invited) in enumerate(rows, 1)
        )
    )
)


def rank_of(program: ProgramTerms, tier_id):
    found = program.tier(tier_id)
    return found.rank if found else 0


@settings(max_examples=200, deadline=None)
@given(
    program=programs, less=amounts, more=amounts, won=st.integers(0, 4), place=st.integers(0, 3), warned=st.booleans()
)
def test_more_achievement_never_lowers_a_tier(program, less, more, won, place, warned):
    stands = program.ranked[place % len(program.tiers)]
    standing = Standing(stands.id, warned_on=TODAY - timedelta(days=400) if warned else None)

    few = decide(standing, program, revenue=less, won=won)
    many = decide(standing, program, revenue=less + more, won=won + 1)

    assert rank_of(program, many.tier_id) >= rank_of(program, few.tier_id)


@settings(max_examples=200, deadline=None)
@given(program=programs, revenue=amounts, won=st.integers(0, 4), place=st.integers(0, 3))
def test_nobody_is_demoted_without_a_warning_or_promoted_without_meeting_the_tier(program, revenue, won, place):
    standing = Standing(program.ranked[place % len(program.tiers)].id)
    results = tiers.evaluate(program, record(revenue, won), on=TODAY)

    decision = tiers.decide(program, standing, results, on=TODAY)

    assert decision.move != Move.DEMOTE
    if decision.move == Move.PROMOTE:
        assert results[decision.tier_id].holds
        assert not program.tier(decision.tier_id).is_by_invitation
