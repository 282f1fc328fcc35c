import pytest

from partners.enums import PartnerStatus
from partners.services import partners
from prm.accounts.models import Membership
from prm.accounts.roles import Role
from tests import build


def statuses(*members):
    return [Membership.objects.get(pk=member.pk).status for member in members]


def test_the_people_of_a_suspended_partner_cannot_enter_until_it_is_restored(vendor):
    firm = build.partner()
    seller, other, admin = build.seller(of=firm), build.seller(), build.member(Role.ADMIN)

    partners.suspend(firm, by=admin, at=build.MONDAY, reason="Unpaid")
    assert statuses(seller, other) == ["suspended", "active"]

    restored = partners.restore(firm, by=admin, at=build.MONDAY)
    assert restored.status == PartnerStatus.ACTIVE
    assert statuses(seller, other) == ["active", "active"]


def test_whoever_was_shut_out_before_stays_so(vendor):
    firm, admin = build.partner(), build.member(Role.ADMIN)
    gone, seller = build.seller(of=firm), build.seller(of=firm)
    Membership.objects.filter(pk=gone.pk).update(status="suspended")

    partners.suspend(firm, by=admin, at=build.MONDAY)
    partners.restore(firm, by=admin, at=build.MONDAY)

    assert statuses(gone, seller) == ["suspended", "active"]


def test_a_partner_is_suspended_and_restored_once(vendor):
    firm, admin = build.partner(), build.member(Role.ADMIN)

    with pytest.raises(partners.NotPossible):
        partners.restore(firm, by=admin)
    partners.suspend(firm, by=admin)
    with pytest.raises(partners.NotPossible):
        partners.suspend(firm, by=admin)
