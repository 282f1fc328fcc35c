"""Appealing a fall to a lower tier."""

from datetime import timedelta

import pytest
import time_machine

from partners.enums import TierReason
from partners.models import TierMembership
from partners.queries import standings, tier_appeals
from partners.services import evaluation, tiers
from partners.services.tiers import TierNotGivenBack
from prm.accounts.roles import Role
from prm.disputes import services, subjects
from prm.disputes.models import Dispute
from prm.disputes.services import NothingToAppeal, NotNeutral, TooLateToAppeal
from prm.tenancy.context import acting_as
from tests import build
from tests.build import MONDAY
from tests.deals.views.test_registering import signed_in
from tests.partners.programs import levels, program

SAID = {"reason_code": "facts_overlooked", "text": "Two deals are missing."}
OUTCOME = {"reason_code": "evidence_convinces", "note": "Right."}
FELL = MONDAY + timedelta(days=30)
LATER = FELL + timedelta(days=1)


@pytest.fixture(autouse=True)
def offered(vendor):
    program("Entry", "Silver", "Gold")
    return levels()


@pytest.fixture
def firm(vendor):
    return build.partner("Northlight")


@pytest.fixture
def head(firm):
    return build.member(Role.PARTNER_ADMIN, of=firm)


@pytest.fixture
def neutral(vendor):
    return build.member(Role.ADMIN, name="Neutral")


def place(firm, tier, at, reason=TierReason.EARNED, by=None):
    return tiers.place(firm, tier, starts_on=at.date(), reason=reason, by=by, at=at)


@pytest.fixture
def fallen(firm, offered):
    place(firm, offered[2], MONDAY)
    return place(firm, offered[1], FELL, TierReason.DEMOTION)


def appeal(row, by, at=LATER):
    with acting_as(by.actor):
        return services.appeal(row, **SAID, by=by, at=at)


def test_an_overturned_fall_gives_the_tier_back_until_the_next_review(fallen, firm, head, neutral):
    services.overturn(appeal(fallen, head), **OUTCOME, by=neutral, at=LATER)

    stands = standings.latest_of(firm)
    assert (stands.tier.name, stands.reason, stands.starts_on) == ("Gold", TierReason.EXCEPTION, LATER.date())
    assert stands.held_until > LATER.date()
    assert not evaluation.evaluate(firm, at=LATER + timedelta(days=1)).moved
    with pytest.raises(NothingToAppeal):
        appeal(stands, head)


def test_an_upheld_fall_stands(fallen, firm, head, neutral):
    services.uphold(appeal(fallen, head), **OUTCOME, by=neutral, at=LATER)

    assert standings.latest_of(firm).tier.name == "Silver"


def test_whoever_placed_a_partner_lower_is_not_neutral(firm, head, offered, neutral):
    manager = build.manager()
    place(firm, offered[2], MONDAY)
    dispute = appeal(place(firm, offered[0], FELL, TierReason.EXCEPTION, by=manager), head)

    with pytest.raises(NotNeutral):
        services.overturn(dispute, **OUTCOME, by=manager, at=LATER)
    assert dispute.decision_by_id == manager.user_id


def test_a_rise_a_first_tier_and_a_move_with_the_program_are_not_appealed(firm, offered, head):
    for days, (tier, reason) in enumerate(
        [
            (offered[2], TierReason.EARNED),
            (offered[1], TierReason.MIGRATION),
            (offered[2], TierReason.EXCEPTION),
        ]
    ):
        row = place(firm, tier, MONDAY + timedelta(days=days), reason)
        with pytest.raises(NothingToAppeal):
            appeal(row, head, at=MONDAY + timedelta(days=days))


def test_after_the_last_day_it_is_too_late(fallen, head):
    with pytest.raises(TooLateToAppeal):
        appeal(fallen, head, at=FELL + timedelta(days=15))


def test_what_was_placed_since_is_not_overturned(fallen, firm, head, neutral, offered):
    dispute = appeal(fallen, head)
    place(firm, offered[0], LATER, TierReason.DEMOTION)

    with pytest.raises(NothingToAppeal):
        services.overturn(dispute, **OUTCOME, by=neutral, at=LATER)
    fallen.refresh_from_db()
    with pytest.raises(TierNotGivenBack):
        tiers.give_back(fallen, by=neutral, at=LATER, note="")
    assert TierMembership.objects.filter(partner=firm).count() == 3


def test_a_tier_that_is_offered_no_more_is_not_given_back(fallen, head, neutral, offered):
    dispute = appeal(fallen, head)
    offered[2].is_offered = False
    offered[2].save()

    with pytest.raises(TierNotGivenBack):
        services.overturn(dispute, **OUTCOME, by=neutral, at=LATER)
    assert Dispute.objects.get().is_waiting


def test_administrators_of_that_partner_appeal_and_nobody_else(fallen, head, firm):
    others = [build.seller(of=firm), build.member(Role.PARTNER_ADMIN, of=build.partner()), build.manager()]

    assert subjects.may_appeal(fallen, head)
    assert not any(subjects.may_appeal(fallen, one) for one in others)
    with acting_as(others[1].actor):
        assert subjects.find("partners.tiermembership", fallen.pk, others[1]) is None


def test_both_sides_find_it_on_the_pages_of_the_tier(fallen, firm, head, neutral):
    with time_machine.travel(LATER, tick=False):
        partner, vendor = signed_in(head), signed_in(neutral)
        own, theirs = f"{partner.portal}/tier/", f"{vendor.portal}/partners/{firm.pk}/requirements/"
        assert "The partner can appeal this decision" in vendor.get(theirs).content.decode()
        link = f"/disputes/of/partners.tiermembership/{fallen.pk}/"
        assert link in partner.get(own).content.decode()

        sent = partner.post(f"{partner.portal}{link}", SAID)
        assert sent.url == f"{own}#dispute"
        dispute = Dispute.objects.get()
        page = f"{partner.portal}/disputes/{dispute.pk}/"
        assert f"{own}#dispute" in partner.get(page).content.decode()
        assert f"{theirs}#dispute" in vendor.get(page).content.decode()
        decided = vendor.post(f"{page}decision/", OUTCOME | {"outcome": "overturned"})

        assert decided.status_code == 302
        assert "overturned" in partner.get(own).content.decode()
    assert dispute.title == "Gold → Silver"
    assert tier_appeals.latest_of(firm)[0].tier.name == "Gold"
