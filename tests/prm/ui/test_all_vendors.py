"""One queue over all vendors: everything of each, nothing of anybody else."""

import pytest
from django.test import Client

from deals.services import decisions
from prm.accounts import members
from prm.accounts.models import Membership, VendorProfile
from prm.accounts.roles import Role
from prm.tenancy.context import as_system
from prm.tenancy.models import Vendor
from prm.ui import navigation
from tests import build
from tests.prm.ui.test_shell import sign_in

QUEUE = "/portals/queue/"


class Desk:
    """A vendor where the person sells for a partner, with a question waiting about a customer."""

    def __init__(self, slug, user=None):
        self.vendor = build.vendor(slug)
        with as_system(self.vendor.pk):
            self.member = build.member(Role.PARTNER_SALES, user=user)
            self.customer = f"Customer of {self.vendor.slug}"
            deal = build.submitted(by=self.member, customer_name=self.customer)
            decisions.ask(deal, question="Which one?", by=build.manager(), at=build.MONDAY)
            self.others_customer = f"Foreign to {self.vendor.slug}"
            other = build.submitted(by=build.seller(), customer_name=self.others_customer)
            decisions.ask(other, question="Which one?", by=build.manager(), at=build.MONDAY)


@pytest.fixture
def desks(db):
    first = Desk("northlight")
    return first, Desk("southwind", first.member.user)


def page_of(desk):
    return sign_in(desk.member).get(QUEUE)


def test_what_waits_at_both_vendors_stands_in_one_queue_each_row_with_its_vendor(desks):
    first, second = desks

    page = page_of(first).content.decode()

    for desk in desks:
        row = next(row for row in page.split("<li>") if desk.customer in row)
        other = second if desk is first else first
        assert desk.vendor.name in row
        assert f'href="/{desk.vendor.slug}/deals/' in row
        assert other.vendor.slug not in row


def test_nobody_elses_rows_are_in_it(desks):
    page = page_of(desks[0]).content.decode()

    assert [desk.others_customer in page for desk in desks] == [False, False]


def test_a_vendor_that_suspended_somebody_is_not_asked(desks):
    first, second = desks
    with as_system(second.vendor.pk):
        members.suspend(second.member, by=build.member(Role.ADMIN), at=build.MONDAY)

    page = page_of(first).content.decode()

    assert first.customer in page
    assert second.customer not in page
    assert second.vendor.name not in page


def test_a_closed_vendor_is_not_asked(desks):
    first, second = desks
    Vendor.objects.filter(pk=second.vendor.pk).update(status=Vendor.Status.CLOSED)

    page = page_of(first).content.decode()

    assert first.customer in page
    assert second.customer not in page


def test_a_vendor_that_demands_a_second_factor_shows_nothing_before_it(desks):
    first, second = desks
    with as_system(second.vendor.pk):
        VendorProfile.objects.update(demands_second_factor=True)

    page = page_of(first).content.decode()

    assert first.customer in page
    assert second.customer not in page
    assert "Asks for a second factor" in page


def test_a_vendor_that_fails_does_not_keep_the_others_from_answering(desks, monkeypatch):
    first, second = desks

    def breaks(visit):
        if visit.member.tenant_id == second.vendor.pk:
            list(Membership.objects.raw("SELECT broken"))
        return []

    monkeypatch.setattr(navigation, "ATTENTION", [*navigation.ATTENTION, breaks])

    answer = page_of(first)

    page = answer.content.decode()
    assert answer.status_code == 200
    assert first.customer in page
    assert second.customer not in page
    assert "Could not be asked just now" in page


def test_the_most_urgent_comes_first_whichever_vendor_it_is_of(desks, monkeypatch):
    first, second = desks

    def rows(visit):
        is_second = visit.member.tenant_id == second.vendor.pk
        return [{"tone": "bad" if is_second else "info", "icon": "warn", "title": f"At {visit.member.tenant_id}"}]

    monkeypatch.setattr(navigation, "ATTENTION", [rows])

    page = page_of(first).content.decode()

    assert page.index(f"At {second.vendor.pk}") < page.index(f"At {first.vendor.pk}")


def test_after_asking_everybody_the_page_itself_is_of_no_vendor(desks):
    page = page_of(desks[0]).content.decode()

    assert 'action="/accounts/logout/"' in page
    assert Client().get(QUEUE).status_code == 302


def test_the_switcher_leads_to_it_for_somebody_with_several_vendors_only(desks):
    first, _second = desks
    with as_system(first.vendor.pk):
        colleague = build.seller()

    assert QUEUE in sign_in(first.member).get(f"/{first.vendor.slug}/").content.decode()
    assert QUEUE not in sign_in(colleague).get(f"/{first.vendor.slug}/").content.decode()
