"""Two partners are after one customer: a case is opened, both bring evidence, one gets it, the other one appeals."""

import pytest
from django.utils import timezone

from prm.accounts.roles import Role
from prm.tenancy.context import as_system
from tests import build
from tests.journeys.people import WAYS
from tests.journeys.steps import CUSTOMER
from tests.journeys.steps_appeals import Neutral
from tests.journeys.steps_cases import Judging, Party
from tests.journeys.worlds import can_sign_in


@pytest.mark.parametrize("way", WAYS)
def test_a_conflict_is_decided_for_one_and_turned_around_after_an_appeal(world, somebody, way):
    with as_system(world.vendor.pk):
        kestrel = can_sign_in(build.member(Role.PARTNER_SALES, of=world.rival.partner, name="Jonas Weber"))
        judge = can_sign_in(build.member(Role.ADMIN, name="Ada Brandt"))
        firsts = {"customer_website": "hav.example", "customer_name": CUSTOMER}
        first = build.submitted(by=kestrel, at=timezone.now(), **firsts)
        build.submitted(by=world.seller, at=timezone.now(), **firsts)
    manager = somebody(Judging, world.manager, world.home, **WAYS[way])
    here = somebody(Party, world.seller, world.home, **WAYS[way])
    there = somebody(Party, kestrel, world.home, **WAYS[way])
    for person in (manager, here, there):
        person.sign_in()

    case = manager.opens_a_case(f"deals/to-decide/{first.pk}/?view=team")
    manager.asks_all("Whom did you meet, and when?")
    world.deliver()
    here.brings("We demonstrated it in June.")
    assert "Kestrel" not in here.page.content()
    there.brings("Their CFO, on 3 May.")
    assert "Northlight" not in there.page.content()
    world.deliver()
    manager.awards_to("Kestrel IT", case)
    world.deliver()

    here.appeals(world.page_of_the_deal(), "We met them before May.")
    world.deliver()
    neutral = somebody(Neutral, judge, world.home, **WAYS[way])
    neutral.sign_in()
    neutral.is_told("Northlight Consulting appeals: ", leads_to="/disputes/")
    neutral.overturns("They were first.")
    world.deliver()

    here.open(world.page_of_the_deal())
    here.sees("After the appeal the decision was overturned", "90 days left")
    there.open(f"deals/{first.pk}/")
    there.sees("After an appeal the conflict case was turned around, and the protection was revoked.")
    assert manager.complaints == here.complaints == there.complaints == neutral.complaints == []
