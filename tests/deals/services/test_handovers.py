"""A colleague takes a deal over; nobody else can."""

import pytest

from deals.services import handovers, protection, registrations
from deals.services.handovers import NoColleague
from deals.services.moves import NotPossible
from prm.accounts.models import Membership
from prm.accounts.roles import Role
from prm.events.models import Event
from tests import build
from tests.build import MONDAY
from tests.deals.views.test_registering import signed_in


@pytest.fixture
def seller(vendor):
    return build.seller()


@pytest.fixture
def deal(seller):
    return build.approved(by=seller)


def colleague_of(deal, role=Role.PARTNER_SALES, **facts):
    return build.member(role, of=deal.partner, name="Emil Björklund", **facts)


def test_a_colleague_owns_what_was_handed_over_and_nothing_else_changes(deal, seller):
    emil, version = colleague_of(deal), deal.version

    handovers.hand_over(deal, to=emil, by=seller, at=MONDAY, note="I am away.")

    deal.refresh_from_db()
    assert (deal.owner_id, deal.version, deal.is_protected) == (emil.user_id, version, True)
    said = Event.objects.get(name="deals.owner.changed").payload
    assert (said["owner"], said["was"], said["note"]) == ("Emil Björklund", "Maja Lindqvist", "I am away.")


def test_handing_it_to_whoever_has_it_says_nothing(deal, seller):
    handovers.hand_over(deal, to=seller, by=seller, at=MONDAY)

    assert not Event.objects.filter(name="deals.owner.changed").exists()


def test_only_colleagues_who_sell_can_take_it(deal, seller):
    gone = colleague_of(deal)
    Membership.objects.filter(pk=gone.pk).update(status=Membership.Status.SUSPENDED)

    for other in (build.seller(), build.manager(), colleague_of(deal, Role.PARTNER_MARKETING), gone):
        with pytest.raises(NoColleague):
            handovers.hand_over(deal, to=other, by=seller, at=MONDAY)
    deal.refresh_from_db()
    assert deal.owner_id == seller.user_id


def test_drafts_and_what_was_withdrawn_stay_where_they_are(seller):
    withdrawn = registrations.withdraw(build.submitted(by=seller), by=seller, at=MONDAY)

    for registration in (withdrawn, build.draft(by=seller)):
        with pytest.raises(NotPossible):
            handovers.hand_over(registration, to=colleague_of(registration), by=seller, at=MONDAY)


def test_whoever_sees_only_own_deals_is_back_at_the_list(deal, seller):
    emil = colleague_of(deal)
    Membership.objects.filter(pk=seller.pk).update(sees=Membership.Sees.OWN)
    browser = signed_in(seller)
    page = browser.get(f"{browser.portal}/deals/{deal.pk}/handover/").content.decode()
    assert "Emil Björklund" in page

    facts = {"to": str(emil.pk), "note": ""}
    answer = browser.post(f"{browser.portal}/deals/{deal.pk}/handover/", facts, follow=True)

    assert answer.request["PATH_INFO"].endswith("/deals/")
    assert "Deal handed over" in answer.content.decode()
    protection.release(deal, by=seller, at=MONDAY)
