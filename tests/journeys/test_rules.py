"""Rules of registrations, from a draft that is tried on the past to the decisions that they make."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Locator, expect

from deals.models import Registration
from deals.rules.terms import AREA
from prm.accounts.roles import Role
from prm.policies.models import PolicyVersion
from prm.tenancy.context import as_system
from tests import build
from tests.journeys.people import WAYS, Person
from tests.journeys.steps import SOON, Seller
from tests.journeys.worlds import World, can_sign_in
from tests.partners.build import certificate

Asked = tuple[str, ...]  # a field, how it is compared, and with what


class Administrator(Person):
    """Somebody who makes the rules."""

    def begins_a_draft(self) -> None:
        self.open("rules/")
        self.press("Deal registration")
        self.press("Change the rules")
        self.sees("Nothing is changed yet.")

    def adds_a_step(self, name: str, *, asked: str, stage: str) -> None:
        self.open(f"rules/{AREA}/draft/")
        self.press("Open the steps")
        self.press("Add a step")
        self.write("What is agreed to", name)
        self.write("Stage", stage)
        self.choose("Asked", asked)
        self.press("Save step")
        self.sees(f"{name} saved in the draft")

    def adds_a_rule(self, name: str, *conditions: Asked, steps: Sequence[str] = (), **given: str) -> None:
        self.press("Add a rule")
        self.page.wait_for_url(re.compile(r"/draft/rules/\w+/"))
        for number, condition in enumerate(conditions):
            self.adds_a_condition(f"#when_{number}", *condition)
        self.write("Name of the rule", name)
        for label, value in given.items():
            control = self.page.get_by_label(label.replace("_", " "), exact=True)
            is_list = control.evaluate("element => element.matches('select')")
            (self.hand.choose if is_list else self.hand.write)(control, value)
        for step in steps:
            self.tick(step)
        self.press("Save rule")
        self.sees(f"{name} saved in the draft")

    def adds_a_condition(self, place: str, field: str, *compared: str) -> None:
        self.hand.press(self.page.locator("button[value='field:when']"))
        part = self.page.locator(place)
        expect(part).to_be_visible()
        self.redraws(part, "What is compared", field)
        if len(compared) > 1:
            self.redraws(part, "How it is compared", compared[0])
        control = part.get_by_label("Value", exact=True)
        is_list = control.evaluate("element => element.matches('select')")
        (self.hand.choose if is_list else self.hand.write)(control, compared[-1])

    def redraws(self, part: Locator, label: str, option: str) -> None:
        """Choose what other controls depend on, and wait for these."""
        control = part.get_by_label(label, exact=True)
        if control.evaluate("element => element.selectedOptions[0].label") == option:
            return
        if not self.has_scripts:
            self.hand.choose(control, option)
            self.hand.press(part.get_by_role("button", name="Apply"))
            return
        with self.page.expect_response(lambda answer: answer.request.method == "POST"):
            self.hand.choose(control, option)
        expect(self.page.locator(".htmx-request")).to_have_count(0)
        expect(control.locator("option:checked")).to_have_text(option)

    def tries_the_draft(self) -> None:
        self.press("Try it on past records")
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

    def publishes_it(self, on: date) -> None:
        self.open(f"rules/{AREA}/draft/")
        self.press("Publish")
        self.sees("“Large resale” is new, in place 2.")
        self.day("In force from", on.isoformat())
        self.press("Publish version …")
        self.sees(" is published", "Scheduled")


class Registrar(Seller):
    """A seller whose deal the rules decide."""

    def registers(self, customer: str, value: str, *, is_tender: bool = False) -> None:
        self.open("deals/new/")
        self.write("Company name", customer)
        self.write("Website", f"{customer.lower()}.example")
        self.choose("Country", "Germany")
        self.write("Contact name", "Ida Holm")
        self.write("Contact e-mail", f"ida@{customer.lower()}.example")
        self.tick("Edge")
        self.write("Expected first-year value", value)
        self.day("Expected close", SOON)
        if is_tender:
            self.day("Tender published on", timezone.localdate().isoformat())
        self.write("Why now?", "Their contract ends in March.")
        self.press("Submit registration")


class Decider(Person):
    """Somebody who decides what the rules leave, or is asked by them."""

    def finds(self, customer: str) -> None:
        self.open("deals/to-decide/?view=team")
        self.press(f"{customer}…")
        expect(self.page.locator(".htmx-request")).to_have_count(0)


@pytest.mark.parametrize("way", WAYS)
def test_rules_are_made_by_clicking_tried_on_the_past_and_then_decide(world, somebody, way):
    today = timezone.localdate()
    with as_system(world.vendor.pk):
        admin = can_sign_in(build.member(Role.ADMIN, name="Ada Brandt"))
        legal = can_sign_in(build.member(Role.FINANCE, name="Lea Roth"))
        certificate(world.seller, issued_on=today - timedelta(days=200))
        earlier = {"by": world.seller, "customer_country": "DE"}
        old = registered(30, customer_name="Globex", value_amount=Decimal(80000), **earlier)
        for days in range(20, 360, 34):
            registered(days, customer_name=f"Initech {days}", value_amount=Decimal(3000), **earlier)
    admin = somebody(Administrator, admin, world.home, **WAYS[way])
    admin.sign_in()
    admin.begins_a_draft()
    admin.adds_a_step("Terms are sound", asked="Lea Roth", stage="1")
    admin.adds_a_step("Price is right", asked="Channel manager", stage="2")
    admin.open(f"rules/{AREA}/draft/")
    admin.adds_a_rule("Tenders", ("it is a tender", "yes"), steps=["Terms are sound", "Price is right"])
    admin.adds_a_rule(
        "Large resale",
        ("type of deal", "is", "Resale"),
        ("value", "is over", "25,000"),
        ("certified people in the customer’s territory", "is at least", "1"),
        Decision="Approve at once",
    )
    admin.adds_a_rule("All others", Decision_within="2", Without_a_decision_in_time="Approved")
    admin.tries_the_draft()
    admin.reads_who_would_be_treated_otherwise()
    admin.publishes_it(today + timedelta(days=7 - today.weekday()))

    seller = somebody(Registrar, world.seller, world.home, **WAYS[way])
    seller.sign_in()
    seller.registers("Hooli", "80,000")
    seller.sees("Waiting for a decision")

    monday_comes(world)
    seller.registers("Acme", "46,200")
    seller.sees("Approved at once by the rules", "Large resale", "€46,200 is over €25,000")
    seller.registers("Umbrella", "1,000")
    seller.sees("Waiting for a decision", "Without a decision until then it counts as approved.")
    seller.open(f"deals/{old.pk}/")
    seller.sees("Waiting for a decision")
    with as_system(world.vendor.pk):
        acme = Registration.objects.get(customer_name="Acme")
        assert acme.policy.number == old.policy.number + 1
        assert Registration.objects.get(pk=old.pk).policy == old.policy, "older ones keep their terms"

    manager = somebody(Decider, world.manager, world.home, **WAYS[way])
    manager.sign_in()
    manager.finds("Umbrella")
    manager.sees("A person decides", "All others", "Does not apply, because this does not hold:")

    seller.registers("Stark", "90,000", is_tender=True)
    seller.sees("Waiting for a decision")
    manager.finds("Stark")
    manager.sees("Terms are sound", "Open registration")
    lawyer = somebody(Decider, legal, world.home, **WAYS[way])
    lawyer.sign_in()
    lawyer.finds("Stark")
    lawyer.decide("Agree", key="a")
    lawyer.sees("Agreed to Stark of Northlight Consulting; others are still asked")
    manager.finds("Stark")
    manager.decide("Approve until…", key="a")
    manager.sees("Approved Stark for Northlight Consulting")


def registered(days: int, **facts: Any) -> Registration:
    """A deal that was registered so many days ago."""
    return build.submitted(at=timezone.now() - timedelta(days=days), **facts)


def monday_comes(world: World) -> None:
    """Let the day come on which the newest version takes effect."""
    with as_system(world.vendor.pk):
        newest = PolicyVersion.objects.filter(area=AREA).order_by("-number")[0]
        PolicyVersion.objects.filter(pk=newest.pk).update(effective_on=timezone.localdate() - timedelta(days=1))
