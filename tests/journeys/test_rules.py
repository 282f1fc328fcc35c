"""Rules of registrations, from a draft that is tried on the past to the decisions that they make."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from deals.rules.terms import AREA
from prm.accounts.roles import Role
from prm.policies import versions
from prm.tenancy.context import as_system
from tests import build
from tests.deals.rulebook import body, eur, every, rule, when
from tests.journeys.people import WAYS, Person
from tests.journeys.steps import SOON, Seller
from tests.journeys.worlds import can_sign_in

LARGE = every(when("type", "is", "resale"), when("value", "over", eur(25000)))
RULES = (
    rule("Tenders", when("is_tender", "is", True), guidance="Ask legal and the manager.", promise_days="10"),
    rule("Large resale", LARGE, decision="approve"),
    rule("All others", promise_days="2", deemed="approved"),
)


class Administrator(Person):
    """Somebody who makes the rules."""

    def tries_the_draft(self) -> None:
        self.open(f"rules/{AREA}/replays/")
        self.sees("What would the draft have done?")
        self.day("From", "2999-01-01")
        self.press("Try the draft")
        self.sees("The period ends before it begins.")
        self.day("From", (timezone.localdate() - timedelta(days=365)).isoformat())
        self.press("Try the draft")

    def reads_who_would_be_treated_otherwise(self) -> None:
        self.sees("records would be treated otherwise", "Decision: Approve at once", "Rule of the draft: Large resale")
        self.press("Decision: Approve at once")
        self.sees("Globex")


class Registrar(Seller):
    """A seller whose deal the rules decide."""

    def registers(self, customer: str, value: str) -> None:
        self.open("deals/new/")
        self.write("Company name", customer)
        self.write("Website", f"{customer.lower()}.example")
        self.choose("Country", "Denmark")
        self.write("Contact name", "Ida Holm")
        self.write("Contact e-mail", f"ida@{customer.lower()}.example")
        self.tick("Edge")
        self.write("Expected first-year value", value)
        self.day("Expected close", SOON)
        self.write("Why now?", "Their contract ends in March.")
        self.press("Submit registration")


class Manager(Person):
    """Somebody who decides what the rules leave."""


@pytest.mark.parametrize("way", WAYS)
def test_a_draft_is_tried_on_the_past_and_then_decides(world, somebody, way):
    now = timezone.now()
    with as_system(world.vendor.pk):
        admin = can_sign_in(build.member(Role.ADMIN, name="Ada Brandt"))
        build.submitted(at=now - timedelta(days=30), customer_name="Globex", value_amount=Decimal(80000))
        build.submitted(at=now - timedelta(days=20), customer_name="Initech", value_amount=Decimal(3000))
        versions.save_draft(AREA, body(*RULES), revision=None, by=admin, at=now)
    admin = somebody(Administrator, admin, world.home, **WAYS[way])
    admin.sign_in()
    admin.tries_the_draft()
    admin.reads_who_would_be_treated_otherwise()

    with as_system(world.vendor.pk):
        versions.publish(AREA, body(*RULES), effective_on=now.date() - timedelta(days=1), at=now)
    seller = somebody(Registrar, world.seller, world.home, **WAYS[way])
    seller.sign_in()
    seller.registers("Acme", "46,200")
    seller.sees("Approved at once by the rules", "Large resale", "€46,200 is over €25,000")
    seller.registers("Umbrella", "1,000")
    seller.sees("Waiting for a decision", "Without a decision until then it counts as approved.")

    manager = somebody(Manager, world.manager, world.home, **WAYS[way])
    manager.sign_in()
    manager.open("deals/to-decide/?view=team")
    manager.press("Umbrella…")
    manager.sees("A person decides", "All others", "Does not apply, because this does not hold:")
