"""A new tier, from the administrator's idea to the partner that reaches it, told in each way of using the portal."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from partners.enums import Metric
from partners.services import achievements
from prm.accounts.roles import Role
from prm.tenancy.context import as_system
from tests import build
from tests.journeys.people import WAYS, Person
from tests.journeys.steps import Seller
from tests.journeys.worlds import can_sign_in


class Administrator(Person):
    """Somebody who makes the programme."""

    def adds_a_tier(self) -> None:
        self.open("program/")
        self.press("Change the program")
        self.press("Add a tier")
        self.write("Name", "Platinum")
        self.write("Discount in percent", "35")
        self.write("Days of protection", "150")

    def asks_for_a_won_deal(self) -> None:
        self.press("Add a requirement")
        self.sees("EUR")
        self.choose("What counts", "Won deals")
        self.sees_the_row_follow()
        self.write("At least", "none")
        self.press("Save tier")
        self.sees_beside("At least", "Write a number above zero.")
        self.write("At least", "1")
        self.press("Save tier")
        self.sees("Platinum saved in the draft", "At least 1 won deal in the last 12 months")

    def sees_the_row_follow(self) -> None:
        """The controls of the requirement follow its metric: at once, or without scripts by the button of its line."""
        if not self.has_scripts:
            self.hand.press(self.page.locator("fieldset.asks__need").get_by_role("button", name="Apply"))
        expect(self.page.locator("fieldset.asks__need")).not_to_contain_text("EUR")

    def previews_and_publishes(self) -> None:
        self.sees("Platinum can be reached without everything that Gold asks.")
        self.press("Preview who would move")
        self.sees("One partner would move", "rises from Registered to Platinum")
        self.press("Publish")
        self.sees("New tier: Platinum", "Asks in addition: At least 1 won deal in the last 12 months")
        self.press("Publish version 2")
        self.sees("Version 2 is published")


@pytest.mark.parametrize("way", WAYS)
def test_a_tier_is_made_and_reached_by_winning_a_deal(world, somebody, way):
    now = timezone.now()
    with as_system(world.vendor.pk):
        admin = can_sign_in(build.member(Role.ADMIN, name="Ada Brandt"))
        achievements.bring(world.rival.partner, Metric.WON_DEALS, 1, on=now.date(), by=world.manager, at=now)
        build.approved(by=world.seller, at=now - timedelta(hours=2), customer_name="Nordhavn Marina")
    world.deliver()
    admin = somebody(Administrator, admin, world.home, **WAYS[way])
    seller = somebody(Seller, world.seller, world.home, **WAYS[way])
    seller.sign_in()
    seller.open("tier/")
    seller.sees("You are Registered; Silver is next")

    admin.sign_in()
    admin.adds_a_tier()
    admin.asks_for_a_won_deal()
    admin.previews_and_publishes()

    seller.open(world.page_of_the_deal())
    seller.wins()
    world.deliver()
    seller.open("notifications/")
    seller.sees("You are Platinum now")
    seller.open("tier/")
    seller.sees("You are Platinum, the highest tier", "35%", "150 days")
    assert "Kestrel" not in seller.page.content()
    assert seller.complaints == admin.complaints == []
