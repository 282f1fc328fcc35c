"""The product in one story: from a registration to a deal that is won, told in each way of using the portal."""

import pytest

from prm.tenancy.context import as_system
from tests import build
from tests.journeys.people import WAYS, Person
from tests.journeys.steps import Manager, Seller
from tests.journeys.worlds import can_sign_in

EVERY_WAY = WAYS | {"wide without scripts": {"width": 1440, "java_script_enabled": False}}


@pytest.mark.parametrize("way", EVERY_WAY)
def test_a_deal_goes_from_its_registration_to_its_win(world, somebody, evidence, way):
    seller = somebody(Seller, world.seller, world.home, **EVERY_WAY[way])
    manager = somebody(Manager, world.manager, world.home, **EVERY_WAY[way])
    seller.sign_in()
    seller.starts_a_registration()
    seller.fills_in_the_rest(evidence)
    seller.corrects_the_date_and_submits()
    deal = world.page_of_the_deal()
    world.deliver()

    manager.sign_in()
    manager.is_told("Northlight Consulting registers Nordhavn Logistik")
    manager.finds_it_with_its_rival()
    manager.asks("Who decides at the customer?")
    world.deliver()
    seller.is_told("Nordhavn Logistik: Tomás Ferreira asks for information")
    seller.answers("Their CFO, on 3 December.")

    manager.finds_it_with_its_rival()
    manager.approves()
    manager.takes_it_back()
    manager.approves()
    world.deliver()
    seller.is_told("Nordhavn Logistik is approved")
    seller.sees("90 days left")

    seller.asks_for_an_extension()
    world.deliver()
    manager.is_told("Northlight Consulting asks for 60 more days")
    manager.extends()
    seller.open(deal)
    seller.sees("150 days left")
    seller.wins()
    manager.notes("Watch the renewal.", deal)
    world.deliver()

    both_read_the_same_but_for(("Watch the renewal.", "They did the work there."), seller, manager, deal)
    assert [mail.partition(" until ")[0] for mail in world.mail_to(world.seller)] == [
        "Nordhavn Logistik: Tomás Ferreira asks for information",
        "Nordhavn Logistik is approved: protected",
        "Nordhavn Logistik is extended: protected",
    ]
    assert seller.complaints == manager.complaints == []


def both_read_the_same_but_for(internal, seller, manager, deal):
    told, known = seller.reads_the_timeline(deal), manager.reads_the_timeline(deal)
    assert len(told) > 8
    kept = [line for line in known if any(note in line for note in internal)]
    assert [line for line in known if line not in kept] == told
    assert all(any(note in line for line in kept) for note in internal)


def test_the_operator_finds_the_mail_that_was_sent(world, somebody):
    with as_system(world.vendor.pk):
        member = can_sign_in(build.member(user=build.user("Noor Haddad", is_operator=True)))
    operator = somebody(Person, member, world.home)
    operator.sign_in()

    operator.page.goto(f"{world.site}/operator/mailbox/")
    operator.press("Kestrel IT registers Nordhavn Logistik…")

    operator.sees("Kestrel IT registers Nordhavn Logistik A/S", world.manager.user.email)
