from datetime import UTC, datetime, timedelta
from itertools import combinations
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from deals.enums import Criterion
from deals.rules import precedence
from deals.rules.precedence import Claim

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
moments = st.integers(0, 3).map(lambda hours: NOON + timedelta(hours=hours))
facts = st.fixed_dictionaries(
    {
        Criterion.SUBMISSION: moments,
        Criterion.APPROVAL: moments | st.just(precedence.NEVER),
        Criterion.LETTER: st.booleans(),
        Criterion.INCUMBENCY: st.none() | st.booleans(),
        Criterion.VALUE: st.none() | st.integers(0, 3),
        Criterion.TIER: st.integers(-1, 2),
    }
)
claims = st.lists(facts, min_size=1, max_size=6).map(
    lambda found: [Claim(UUID(int=n), f"DR-{n}", known) for n, known in enumerate(found)]
)
orders = st.lists(st.sampled_from(list(Criterion)), min_size=1, unique=True)


def claim(n=0, **known):
    return Claim(UUID(int=n), f"DR-{n}", {Criterion.SUBMISSION: NOON, **{Criterion(k): v for k, v in known.items()}})


def ids(ranking):
    return [place.claim.registration_id for place in ranking.places]


@given(claims, orders, st.randoms())
def test_the_order_is_total_and_does_not_depend_on_who_is_named_first(found, order, random):
    ranking = precedence.rank(found, order)
    shuffled = list(found)
    random.shuffle(shuffled)

    assert sorted(ids(ranking)) == sorted(one.registration_id for one in found)
    assert precedence.rank(shuffled, order) == ranking


@given(claims, orders)
def test_of_two_exactly_one_comes_before_the_other(found, order):
    ranking = precedence.rank(found, order)

    for one, other in combinations(ids(ranking), 2):
        assert (ranking.why(one, other) is None) != (ranking.why(other, one) is None)


@given(claims, orders)
def test_a_reason_says_what_tells_the_two_apart_and_nothing_that_is_not_known_of_all_decides(found, order):
    ranking = precedence.rank(found, order)
    by_id = {one.registration_id: one for one in found}

    for one, other in combinations(ids(ranking), 2):
        reason = ranking.why(one, other)
        ahead, behind = by_id[one].known, by_id[other].known
        if reason.by == Criterion.SUBMISSION:
            assert ahead[reason.by] <= behind[reason.by]
        elif reason.by == Criterion.APPROVAL:
            assert ahead[reason.by] < behind[reason.by]
        else:
            assert ahead[reason.by] > behind[reason.by]
        for criterion in ranking.order[: ranking.order.index(reason.by)]:
            if criterion not in reason.passed_over:
                assert ahead[criterion] == behind[criterion]
        for criterion in reason.passed_over:
            assert any(one.known.get(criterion) is None for one in found)


@given(claims, orders)
def test_places_give_the_reason_why_each_comes_before_the_next(found, order):
    ranking = precedence.rank(found, order)

    for place, following in zip(ranking.places, ranking.places[1:], strict=False):
        assert place.reason == ranking.why(place.claim.registration_id, following.claim.registration_id)
    assert ranking.places[-1].reason is None


def test_a_value_that_is_not_known_of_one_decides_for_nobody():
    late, early = claim(1, value=9, submission=NOON + timedelta(hours=1)), claim(2, value=None)

    ranking = precedence.rank([late, early], [Criterion.VALUE])

    assert ids(ranking) == [early.registration_id, late.registration_id]
    assert ranking.places[0].reason.passed_over == (Criterion.VALUE,)


def test_criteria_decide_one_after_the_other():
    order = [Criterion.LETTER, Criterion.INCUMBENCY]
    letter = claim(1, letter=True, incumbency=False)
    incumbent = claim(2, letter=False, incumbency=True)
    neither = claim(3, letter=False, incumbency=False)

    ranking = precedence.rank([neither, incumbent, letter], order)

    assert ids(ranking) == [letter.registration_id, incumbent.registration_id, neither.registration_id]
    assert [place.reason.by for place in ranking.places[:2]] == order
