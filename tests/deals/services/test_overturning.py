"""After an appeal a revoked protection holds again, and a refused extension is given."""

from datetime import timedelta

import pytest

from deals.enums import ProtectionState
from deals.models import Protection
from deals.services import outcomes, protection
from deals.services.decisions import Contested
from deals.services.moves import NotPossible
from prm.accounts.roles import Role
from prm.disputes import services
from prm.disputes.services import NothingToAppeal
from tests import build
from tests.build import MONDAY

SAID = {"reason_code": "facts_overlooked", "text": "We meet them each week."}
OUTCOME = {"reason_code": "mistake", "note": "They do."}
WHY = {"reason_code": "no_progress", "note": "Nothing since spring."}
LATER = MONDAY + timedelta(days=5)


@pytest.fixture
def seller(vendor):
    return build.seller()


@pytest.fixture
def neutral(vendor):
    return build.member(Role.ADMIN, name="Neutral")


@pytest.fixture
def deal(seller):
    return build.approved(by=seller, customer_website="globex.example")


def revoked(deal):
    return protection.revoke(deal, **WHY, by=build.manager(), at=MONDAY)


def not_extended(deal, seller):
    protection.ask_extension(deal, progress="Met twice.", by=seller, at=MONDAY)
    return protection.refuse_extension(deal, **WHY, by=build.manager(), at=MONDAY)


def appealed(deal, seller, at=MONDAY):
    return services.appeal(deal, **SAID, by=seller, at=at)


def test_a_revoked_protection_holds_again_as_long_as_it_was_away(deal, seller, neutral):
    until = deal.protected_until
    dispute = appealed(revoked(deal), seller)
    assert (dispute.decision_kind, dispute.decision_code) == ("revoked", "no_progress")

    services.overturn(dispute, **OUTCOME, by=neutral, at=LATER)

    deal.refresh_from_db()
    assert (deal.protection, deal.protected_until) == (ProtectionState.ACTIVE, until + timedelta(days=5))
    [row] = Protection.objects.filter(registration=deal)
    assert (row.is_in_force, row.ends_on) == (True, deal.protected_until)
    with pytest.raises(NothingToAppeal):
        appealed(deal, seller, LATER)


def test_a_customer_who_was_given_to_somebody_else_meanwhile_stays_there(deal, seller, neutral):
    dispute = appealed(revoked(deal), seller)
    build.approved(customer_website="globex.example")

    with pytest.raises(Contested):
        services.overturn(dispute, **OUTCOME, by=neutral, at=LATER)

    deal.refresh_from_db()
    assert deal.protection == ProtectionState.REVOKED


def test_a_refused_extension_is_given_and_asks_for_no_second_decision(deal, seller, neutral):
    until = deal.protected_until
    dispute = appealed(not_extended(deal, seller), seller)

    services.overturn(dispute, **OUTCOME, by=neutral, at=LATER)

    deal.refresh_from_db()
    assert (deal.protected_until, deal.extensions) == (until + timedelta(days=60), 1)
    assert deal.extension_requests.get().decided_by_id == neutral.user_id


def test_it_is_given_also_if_the_protection_ended_meanwhile(deal, seller, neutral):
    until = deal.protected_until
    late = MONDAY + timedelta(days=91)
    protection.ask_extension(deal, progress="Met twice.", by=seller, at=late - timedelta(days=2))
    protection.refuse_extension(deal, **WHY, by=build.manager(), at=late - timedelta(days=1))
    dispute = appealed(deal, seller, late)
    protection.expire(deal, today=late.date(), at=late)

    services.overturn(dispute, **OUTCOME, by=neutral, at=late)

    deal.refresh_from_db()
    assert (deal.protection, deal.protected_until) == (ProtectionState.ACTIVE, until + timedelta(days=60))
    assert Protection.objects.get(registration=deal).is_in_force


def test_after_a_new_question_for_more_time_the_old_refusal_is_no_matter(deal, seller):
    not_extended(deal, seller)
    protection.ask_extension(deal, progress="Met again.", by=seller, at=LATER)

    with pytest.raises(NothingToAppeal):
        appealed(deal, seller, LATER)


def test_a_lost_deal_is_not_protected_again(deal, seller, neutral):
    dispute = appealed(revoked(deal), seller)
    outcomes.lose(deal, reason_code="price", note="", by=seller, at=MONDAY)

    with pytest.raises(NotPossible):
        services.overturn(dispute, **OUTCOME, by=neutral, at=LATER)
