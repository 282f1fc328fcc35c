"""What strangers, the vendor's people and new partners do until the partner works, in their words."""

from __future__ import annotations

import re
from collections.abc import Iterable

from playwright.sync_api import expect

from tests.journeys.people import Keys, Person
from tests.journeys.steps import Member

COMPANY, SITE = "Fjordnett AS", "fjordnett.example"
PASSWORD = "a phrase to remember"


class Stranger(Person):
    """Somebody without a login, who becomes the first administrator of a partner."""

    def finds_the_public_page(self) -> None:
        self.open()
        self.press("Become a partner")
        self.sees("How would you work with us?")
        self.picks("Reseller", first="Sales agent")
        self.press("Begin the application")
        self.sees("We decide within 5 business days")

    def fills_in_the_form(self, email: str) -> None:
        self.write("Company name", COMPANY)
        self.write("Website", "fjordnett")
        self.choose("Country", "Norway")
        self.write("City", "Bergen")
        self.write("Street, number and postal code", "Strandgaten 51, 5004")
        self.write("Your name", "Ingrid Lie")
        self.write("Work e-mail", email)
        self.choose("What is most of your business?", "Selling what others make")
        self.write("How many people work for you?", "24")
        self.write("How many of them sell?", "6")
        self.write("Which regions and industries do you sell to?", "Harbours in the west.")
        self.picks("Less than 50,000", first="Less than 50,000")
        self.answers_yes("Do you give first-line support in your customers’ language?")
        self.answers_yes("Do you already have a first customer in mind?")
        if self.has_scripts:
            self.finds_it_again_after_a_reload()

    def finds_it_again_after_a_reload(self) -> None:
        expect(self.page.locator("[data-autosave-status]")).to_contain_text("14 of 14 answered")
        self.page.reload()
        expect(self.field("Company name")).to_have_value(COMPANY)

    def corrects_the_website_and_sends(self) -> None:
        self.press("Send application")
        self.sees_beside("Website", "Write an address such as example.com.")
        self.write("Website", SITE)
        self.press("Send application")
        self.sees("One step is left: look into your mail")

    def confirms(self, link: str) -> None:
        self.page.goto(link)
        self.press("Confirm and send")
        self.sees("We decide by", "AP-")

    def answers(self, link: str) -> None:
        self.page.goto(link)
        self.sees("How many of you sell abroad?")
        self.press("Answer the question")
        self.write("Your answer", "Two of our six.")
        self.write("How many of them sell?", "8")
        self.press("Send answer")
        self.sees("Answer sent", "We decide by")

    def joins(self, link: str) -> None:
        """Open the invitation, choose a password and be in."""
        self.page.goto(link)
        self.write("Password", PASSWORD)
        self.press("Join")
        self.page.wait_for_url(f"{self.home}/")

    def accepts_the_agreement(self) -> None:
        self.open("agreements/")
        self.hand.press(self.page.locator("a.cover").first)
        self.write("Your full name", "Ingrid Lie")
        self.write("Your position", "Managing director")
        self.tick("I have read this agreement and accept it for my company.")
        self.press("Accept agreement")
        self.sees("accepted this agreement for Fjordnett AS")

    def invites_a_colleague(self, email: str) -> None:
        self.open("people/invitations/new/")
        self.write("Name", "Olav Strand")
        self.write("Work e-mail", email)
        self.picks("Sales", first="Partner administrator")
        self.press("Send invitation")
        self.sees(email)

    def finds_on_the_checklist(self, *, to_do: Iterable[str] = (), done: Iterable[str] = ()) -> None:
        self.open("onboarding/")
        for title in to_do:
            expect(self.page.locator(".steps li:not([data-done])", has_text=title)).to_be_visible()
        for title in done:
            expect(self.page.locator(".steps li[data-done]", has_text=title)).to_be_visible()

    def picks(self, name: str, *, first: str) -> None:
        """Choose one of several cards; by keyboard the arrows lead from the first to it."""
        card = self.page.get_by_role("radio", name=re.compile(rf"^{re.escape(name)}"))
        if not isinstance(self.hand, Keys):
            card.check()
            return
        self.hand.tick(self.page.get_by_role("radio", name=re.compile(rf"^{re.escape(first)}")))
        for _ in range(12):
            if card.is_checked():
                return
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"The arrows do not lead to {name}")

    def answers_yes(self, question: str) -> None:
        self.hand.tick(self.page.get_by_role("group", name=question).get_by_role("radio", name="Yes"))


class Decider(Member):
    """Somebody of the vendor who decides about applications."""

    def opens_the_application(self) -> None:
        self.open("applications/to-decide/?view=team")
        self.press(f"{COMPANY}…")
        self.page.wait_for_url(re.compile(r"/to-decide/[0-9a-f-]{36}/"))  # it may be open already: wait for the new one
        expect(self.page.locator("#item-title")).to_have_text(COMPANY)
        self.sees("Not known here", "The type fits the answers")

    def asks(self, question: str) -> None:
        self.decide("Ask", key="i")
        self.write("Question", question)
        self.tick("How many of them sell?")
        self.press("Send question")
        self.sees(f"Asked {COMPANY}")

    def approves(self) -> None:
        self.decide("Approve", key="a")
        self.press("Approve and invite")
        self.sees(f"{COMPANY} is a partner now; its first administrator is invited")
