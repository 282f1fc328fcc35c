"""Worked cases of published marketing-fund programmes: their rules are set, and the outcome comes from them."""

from datetime import UTC, date, datetime

import pytest

from mdf.enums import ClaimStatus, ProofKind
from mdf.enums import RequestStatus as Status
from mdf.rules.preflight import Check
from mdf.rules.terms import AREA as FUND_TERMS
from mdf.rules.terms import Terms
from mdf.services import activity_types, decisions, requests
from mdf.services.claims import DeadlinePassed, NotReady
from prm.accounts.roles import Role
from prm.approvals.services import NotYourTurn
from prm.policies import following, versions
from tests import build
from tests.build import MONDAY
from tests.deals.rulebook import rule, usd, when
from tests.mdf import build as mdf
from tests.mdf import claim_build
from tests.mdf.rulebook import publish

pytestmark = pytest.mark.usefixtures("vendor")
IN_NINE, IN_TEN = date(2026, 12, 4), date(2026, 12, 7)  # business days from that Monday


def asks(costs=(4_000,), kind="event", **facts):
    """A request for half of its costs, of a fund in dollars that has no terms of its own about them."""
    fund = mdf.fund(50_000, currency="USD", lead_days=0)
    facts = {"activity_type": mdf.activity_type(kind), **facts}
    return mdf.submitted(mdf.allocation(20_000, of=fund), costs=costs, **facts)


def outcome(request):
    return request.status, following.matched(following.latest(request))


# -- GitLab -------------------------------------------------------------------------------------------------
def gitlab(legal):
    small = rule("Below the minimum", when("asked", "under", usd(1_000)), decision="refuse", reason="not_eligible")
    late = {"count": 10, "unit": "business_days"}
    soon = rule("Too soon", when("notice", "under", late), decision="refuse", reason="incomplete")
    contract = when("activity_type", "one_of", [str(mdf.activity_type("training").pk)])
    law = rule("Contracts", contract, decision="person", steps=["legal", "owner"], promise_days="5")
    steps = (
        {"key": "legal", "name": "The contract is sound", "asked": [{"person": str(legal.user_id)}]},
        {"key": "owner", "name": "The program pays for it", "asked": [{"role": "channel_manager"}], "stage": 2},
    )
    publish(small, soon, law, steps=steps)


@pytest.fixture
def legal():
    return build.member(Role.ADMIN, name="Legal")


def test_a_request_below_the_minimum_is_refused(legal):
    gitlab(legal)

    assert outcome(asks(costs=(1_800,))) == (Status.REJECTED, ("Below the minimum",))
    assert outcome(asks(costs=(2_000,))) == (Status.SUBMITTED, ())


def test_an_activity_in_nine_business_days_comes_too_soon(legal):
    gitlab(legal)

    assert outcome(asks(starts_on=IN_NINE, ends_on=IN_NINE)) == (Status.REJECTED, ("Too soon",))
    assert outcome(asks(starts_on=IN_TEN, ends_on=IN_TEN)) == (Status.SUBMITTED, ())


def test_a_contract_is_read_by_legal_before_the_owner_of_the_program_agrees(legal):
    gitlab(legal)
    request, owner = asks(kind="training"), build.manager()
    with pytest.raises(NotYourTurn):
        decisions.approve_as_asked(request, by=owner, at=MONDAY)

    request = decisions.approve_as_asked(request, by=legal, at=MONDAY)
    assert request.status == Status.IN_REVIEW
    request = decisions.approve_as_asked(request, by=owner, at=MONDAY)

    assert request.status == Status.APPROVED


def test_a_first_claim_has_five_more_days_and_a_later_one_loses_the_money():
    versions.publish(FUND_TERMS, Terms(first_claim_days=5).body(), effective_on=MONDAY.date(), at=MONDAY)
    share = mdf.allocation(20_000, of=mdf.fund(50_000, claim_days=30))
    ended = date(2027, 3, 1)
    day_33 = datetime(2027, 4, 3, 9, tzinfo=UTC)
    first = mdf.approved(share, starts_on=ended, ends_on=ended)

    assert claim_build.submitted(first, at=day_33).status == ClaimStatus.SUBMITTED

    second = mdf.approved(share, starts_on=ended, ends_on=ended)
    before = mdf.held(share)
    with pytest.raises(DeadlinePassed):
        claim_build.draft(second, at=day_33)
    assert requests.lapse_unclaimed(second, at=day_33)
    assert mdf.held(share).reserved == before.reserved - second.approved_amount


def test_a_webinar_without_its_list_of_attendees_is_incomplete():
    facts = {"name": "Webinar with a list", "code": "listed_webinar", "help": "", "is_active": True}
    wanted = {"proofs_all": [ProofKind.INVOICE, ProofKind.ATTENDEE_LIST], "proofs_any": [ProofKind.REPORT]}
    webinar = activity_types.add({**facts, **wanted}, by=build.member(Role.ADMIN), at=MONDAY)
    given = [ProofKind.INVOICE, ProofKind.REPORT]

    with pytest.raises(NotReady) as refusal:
        claim_build.submitted(mdf.approved(activity_type=webinar), proofs=given)

    assert [finding.check for finding in refusal.value.facts["findings"]] == [Check.PROOF]
    whole = claim_build.submitted(mdf.approved(activity_type=webinar), proofs=[*given, ProofKind.ATTENDEE_LIST])
    assert whole.status == ClaimStatus.SUBMITTED


# -- Microsoft ----------------------------------------------------------------------------------------------
def test_only_what_is_broadcast_needs_approval():
    broadcast = when("activity_type", "one_of", [str(mdf.activity_type("content").pk)])
    steps = ({"key": "before", "name": "The plan may be made", "asked": [{"role": "channel_manager"}]},)
    publish(
        rule("Radio and television", broadcast, decision="person", steps=["before"]),
        rule("All others", None, decision="approve"),
        steps=steps,
    )

    assert outcome(asks(kind="digital")) == (Status.APPROVED, ("All others",))
    assert outcome(asks(kind="content")) == (Status.SUBMITTED, ("Radio and television",))
