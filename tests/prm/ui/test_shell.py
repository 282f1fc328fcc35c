from types import SimpleNamespace

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import set_script_prefix, set_urlconf

from prm.accounts import memberships
from prm.accounts.memberships import at_the_door
from prm.accounts.roles import Role
from prm.tenancy.context import acting_as, as_system
from prm.ui import navigation, shell
from tests import build


@pytest.fixture
def inside(vendor):
    """Reverse as the vendor's portal does."""
    set_urlconf("prm.urls_vendor")
    set_script_prefix(f"/{vendor.slug}/")
    yield vendor
    set_script_prefix("/")
    set_urlconf(None)


def request_of(member, vendor, path=""):
    portals = memberships.at_the_door(vendor, member.user).portals
    facts = {"user": member.user, "member": member, "vendor": vendor, "portals": portals}
    return SimpleNamespace(**facts, path=f"/{vendor.slug}/{path}")


def shell_of(member, vendor, path=""):
    with acting_as(member.actor):
        return shell.of(request_of(member, vendor, path))


def labels(made):
    return [str(item["label"]) for group in made["navigation"] for item in group["items"]]


def current(made):
    return [str(item["label"]) for group in made["navigation"] for item in group["items"] if item["current"]]


def sign_in(member):
    client = Client()
    client.force_login(member.user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def test_every_declared_page_has_an_address(inside):
    assert [page.url_name for page in navigation.PAGES if not page.url] == []


def test_a_person_is_offered_only_what_their_role_may_open(inside):
    assert "Registrations" in labels(shell_of(build.manager(), inside))
    assert "Registrations" not in labels(shell_of(build.member(Role.FINANCE), inside))
    assert "Registrations" not in labels(shell_of(build.seller(), inside))


def test_only_those_who_register_deals_get_the_button(inside):
    assert str(shell_of(build.seller(), inside)["main_action"]["label"]) == "Register a deal"
    assert shell_of(build.member(Role.PARTNER_MARKETING), inside)["main_action"] is None
    assert shell_of(build.manager(), inside)["main_action"] is None


def test_the_page_of_an_address_is_the_one_that_begins_like_it_longest(inside):
    manager = build.manager()

    assert current(shell_of(manager, inside)) == ["Home"]
    assert current(shell_of(manager, inside, "deals/0192/")) == ["Deals"]
    assert current(shell_of(manager, inside, "deals/to-decide/0192/")) == ["Registrations"]
    assert current(shell_of(manager, inside, "preferences/")) == []


def test_counts_are_of_work_that_waits(inside):
    manager = build.manager()
    build.submitted()
    build.approved()
    build.draft()

    made = shell_of(manager, inside)

    counts = {str(item["label"]): item["count"] for group in made["navigation"] for item in group["items"]}
    assert counts["Registrations"] == 1
    assert counts["Deals"] == 0


def test_somebody_with_one_portal_has_nothing_to_switch_to(inside):
    assert shell_of(build.seller(), inside)["portals"] == []


def test_somebody_with_two_portals_switches_by_address(inside):
    seller = build.seller()
    other = build.vendor()
    with as_system(other.pk):
        build.member(Role.PARTNER_SALES, user=seller.user)

    found = shell_of(seller, inside)["portals"]

    assert {(entry["url"], entry["current"]) for entry in found} == {
        (f"/{inside.slug}/", True),
        (f"/{other.slug}/", False),
    }


def test_the_bar_of_a_phone_has_room_for_five(inside):
    for member in (build.seller(), build.manager(), build.member(Role.ADMIN)):
        made = shell_of(member, inside)

        assert len(made["tabs"]) + bool(made["main_action"]) <= 4


def test_the_shell_of_a_page_costs_few_queries(inside):
    manager = at_the_door(inside, build.manager().user).member
    request = request_of(manager, inside)
    with acting_as(manager.actor), CaptureQueriesContext(connection) as queries:
        shell.of(request)

    assert len(queries) == 1


def test_the_page_after_an_error_still_says_where_to_go(inside):
    manager = build.manager()
    request = request_of(manager, inside)

    with transaction.atomic():
        transaction.set_rollback(True)
        made = shell.of(request)

    assert "Deals" in labels(made)


def test_a_visitor_sees_no_navigation(inside):
    response = Client().get(f"/{inside.slug}/accounts/login/")

    assert response.status_code == 200
    assert "nav__label" not in response.content.decode()


def test_a_refused_page_keeps_the_navigation(inside):
    response = sign_in(build.seller()).get(f"/{inside.slug}/roles/")

    assert response.status_code == 403
    assert f'href="/{inside.slug}/"' in response.content.decode()
