"""How a conflict case moves and what its decision means, without a database."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deals.enums import CaseAction, CaseDecision, CaseResult, CaseStatus
from deals.rules import cases
from deals.rules.cases import Unfit, Verdict

A, B, C = (UUID(int=n) for n in range(1, 4))
EDGE, MESH, CORE = (UUID(int=n) for n in range(11, 14))
PARTIES = {A: frozenset({EDGE, MESH}), B: frozenset({EDGE, MESH, CORE}), C: frozenset({EDGE})}
UNDECIDED = {CaseStatus.OPEN, CaseStatus.EVIDENCE_REQUESTED}


@given(st.lists(st.sampled_from(list(CaseAction))))
def test_whatever_is_done_a_case_is_decided_once_and_never_opens_again(actions):
    status, decided = CaseStatus.OPEN, 0
    for action in actions:
        was = status
        if not cases.allows(status, action):
            with pytest.raises(cases.NotAllowed):
                cases.after(status, action)
            continue
        status = cases.after(status, action)
        decided += action == CaseAction.DECIDE
        assert was in UNDECIDED or status not in UNDECIDED
    assert decided <= 1


def test_every_status_but_the_last_leads_to_the_last():
    reached = {CaseStatus.FINAL}
    while more := {before for (before, _), now in cases.TABLE.items() if now in reached} - reached:
        reached |= more

    assert reached == set(CaseStatus)
    assert not any(status == CaseStatus.FINAL for status, _ in cases.TABLE)


def test_nobody_decides_while_evidence_is_waited_for():
    assert not cases.allows(CaseStatus.EVIDENCE_REQUESTED, CaseAction.DECIDE)


@given(st.dictionaries(st.sampled_from([EDGE, MESH, CORE]), st.sampled_from([A, B, C])))
def test_no_product_is_ever_given_twice_nor_to_who_did_not_register_it(split):
    try:
        shares = cases.shares_of(Verdict(CaseDecision.SPLIT, split=split), PARTIES)
    except Unfit:
        return
    given_families = [family for share in shares.values() for family in share.families]
    assert len(given_families) == len(set(given_families))
    assert all(share.families <= PARTIES[party] for party, share in shares.items())
    assert sum(share.is_won for share in shares.values()) >= 2


def test_one_gets_everything_it_registered_and_the_others_nothing():
    shares = cases.shares_of(Verdict(CaseDecision.AWARD, winner=B), PARTIES)

    assert shares[B].families == PARTIES[B]
    assert {shares[A].result, shares[C].result} == {CaseResult.REFUSED}


def test_a_split_says_who_gets_a_part_only():
    shares = cases.shares_of(Verdict(CaseDecision.SPLIT, split={EDGE: C, MESH: A}), PARTIES)

    assert [shares[party].result for party in (A, B, C)] == [CaseResult.PART, CaseResult.REFUSED, CaseResult.AWARDED]


def test_different_companies_all_go_on_but_those_who_left():
    shares = cases.shares_of(Verdict(CaseDecision.APART), PARTIES, gone=frozenset({C}))

    assert [shares[party].result for party in (A, B, C)] == [CaseResult.APART, CaseResult.APART, CaseResult.LEFT]
    assert all(cases.allows(status, cases.action_of(CaseDecision.APART)) for status in UNDECIDED)


@pytest.mark.parametrize(
    ("verdict", "code"),
    [
        (Verdict(CaseDecision.AWARD), "nobody_chosen"),
        (Verdict(CaseDecision.MERGE, winner=UUID(int=99)), "nobody_chosen"),
        (Verdict(CaseDecision.SPLIT, split={EDGE: A}), "not_split"),
        (Verdict(CaseDecision.SPLIT, split={EDGE: A, CORE: C}), "not_registered"),
    ],
)
def test_a_decision_that_cannot_be_is_refused(verdict, code):
    with pytest.raises(Unfit) as refused:
        cases.shares_of(verdict, PARTIES)

    assert refused.value.code == code
