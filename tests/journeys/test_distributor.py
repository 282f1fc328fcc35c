"""A distributor registers a deal for its reseller and follows it, told in each way of using the portal."""

import pytest
from django.utils import timezone

from deals.rules.terms import Terms
from prm.accounts.roles import Role
from prm.tenancy.context import as_system
from tests import build
from tests.deals.rulebook import publish
from tests.journeys.people import WAYS
from tests.journeys.steps import CUSTOMER, Seller
from tests.journeys.steps_distributors import Deciding, Distributor
from tests.journeys.worlds import can_sign_in


@pytest.mark.parametrize("way", WAYS)
def test_a_distributor_registers_for_its_reseller_and_sees_what_is_decided(world, somebody, way):
    with as_system(world.vendor.pk):
        publish(terms=Terms(distributors_register=True))
        firm = build.partner("Nordic Distribution", type="distributor")
        below = build.partner("Fjord IT", distributor=firm)
        people = (("Dora Quist", firm), ("Ole Lund", below))
        dora, ole = (can_sign_in(build.member(Role.PARTNER_SALES, of=of, name=name)) for name, of in people)
        build.submitted(by=ole, at=timezone.now(), customer_name="Kattegat Foods")
    distributor = somebody(Distributor, dora, world.home, **WAYS[way])
    reseller = somebody(Seller, ole, world.home, **WAYS[way])
    manager = somebody(Deciding, world.manager, world.home, **WAYS[way])

    distributor.sign_in()
    distributor.sees_the_deals_of("Fjord IT", "Kattegat Foods")
    distributor.begins_for("Fjord IT")
    reseller.sign_in()
    reseller.open("deals/?view=drafts")
    assert CUSTOMER not in reseller.page.content()
    deal = distributor.sends_it()
    world.deliver()

    reseller.is_told(f"{CUSTOMER} is registered on your behalf")
    reseller.sees("Dora Quist (Nordic Distribution) submitted the registration on behalf of the partner.")
    reseller.press("More")
    reseller.sees("Withdraw")

    manager.sign_in()
    manager.opens(deal)
    manager.asks_about("Fjord IT", "Who decides at the customer?")
    world.deliver()
    distributor.is_told(f"{CUSTOMER}: Tomás Ferreira asks for information")
    distributor.answers("Their CFO, on 3 December.")
    manager.opens(deal)
    manager.approves_for("Fjord IT")
    world.deliver()

    for person in (distributor, reseller):
        person.is_told(f"{CUSTOMER} is approved")
        person.sees("90 days left", "Nordic Distribution")
    if way == "wide":
        pages = ("deals/new/on-behalf/", f"deals/new/?partner={below.pk}", deal)
        assert distributor.has_no_barrier(*pages, name=world.vendor.name) == []
    assert distributor.complaints == reseller.complaints == manager.complaints == []
