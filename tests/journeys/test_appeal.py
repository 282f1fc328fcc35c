"""A partner that was refused appeals, and a second person decides for good: on phones, and for one without scripts."""

from django.utils import timezone

from deals.services import decisions
from prm.accounts.roles import Role
from prm.tenancy.context import as_system
from tests import build
from tests.journeys.steps import CUSTOMER
from tests.journeys.steps_appeals import Appealing, Neutral
from tests.journeys.worlds import can_sign_in

PHONE = {"width": 390}


def test_an_appeal_is_answered_and_overturned_by_somebody_neutral(world, somebody):
    with as_system(world.vendor.pk):
        judge = can_sign_in(build.member(Role.ADMIN, name="Ada Brandt"))
        deal = build.submitted(by=world.seller, at=timezone.now(), customer_name=CUSTOMER)
        said = {"reason_code": "duplicate", "note": "Somebody else.", "by": world.manager, "at": timezone.now()}
        decisions.reject(deal, **said)
    seller = somebody(Appealing, world.seller, world.home, **PHONE)
    neutral = somebody(Neutral, judge, world.home, **PHONE, java_script_enabled=False)
    seller.sign_in()
    seller.appeals(world.page_of_the_deal(), "We met them in May.")
    world.deliver()

    neutral.sign_in()
    neutral.is_told("Northlight Consulting appeals: ", leads_to="/disputes/")
    neutral.sees("The registration was rejected.", "“Somebody else.”", "We met them in May.")
    neutral.asks("Whom did you meet?")
    world.deliver()
    seller.is_told("", leads_to="/disputes/")
    seller.answers("Their CFO.")
    world.deliver()
    neutral.is_told("", leads_to="/disputes/")
    neutral.sees("Their CFO.")
    neutral.overturns("They were first.")
    world.deliver()

    seller.open(world.page_of_the_deal())
    seller.sees("After the appeal the decision was overturned", "They were first.", "90 days left")
    assert seller.complaints == neutral.complaints == []
