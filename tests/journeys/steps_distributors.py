"""What a distributor, its reseller and a manager do about a deal that is registered on the reseller's behalf."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.journeys import screens
from tests.journeys.steps import CUSTOMER, SOON, Manager, Seller


class Distributor(Seller):
    """Somebody at a distributor, who looks after resellers."""

    def sees_the_deals_of(self, reseller: str, customer: str) -> None:
        self.open("deals/")
        self.sees(customer, reseller)
        self.press(customer)
        self.sees("Waiting for a decision")
        expect(self.page.get_by_role("link", name="Withdraw")).to_have_count(0)

    def begins_for(self, reseller: str) -> None:
        self.open("deals/")
        self.press("Register for a partner")
        self.choose("Partner", reseller)
        self.press("Continue")
        self.sees("On behalf of", reseller)
        expect(self.field("Distributor").locator("option:checked")).to_have_text("Nordic Distribution")
        self.write("Company name", CUSTOMER)
        self.press("Finish later")
        self.sees("Draft kept")
        self.press("Drafts")
        self.press(CUSTOMER)
        self.press("Continue the draft")
        expect(self.field("Company name")).to_have_value(CUSTOMER)

    def sends_it(self) -> str:
        """Return where the registration is."""
        self.write("Website", "fjord.example")
        self.choose("Country", "Denmark")
        self.write("Contact name", "Ida Holm")
        self.write("Contact e-mail", "ida.holm@fjord.example")
        self.tick("Edge")
        self.write("Expected first-year value", "46,200")
        self.day("Expected close", SOON)
        self.write("Why now?", "Their contract ends in March.")
        self.press("Submit registration")
        self.sees("Registration submitted", "Waiting for a decision")
        return self.page.url.removeprefix(f"{self.home}/")

    def has_no_barrier(self, *pages: str, name: str) -> list[str]:
        """Return what is wrong with pages, looked at in a window that is big enough for all of them."""
        found = []
        for path in pages:
            self.open(path)
            found += screens.faults(self.page, name=name, without=screens.SHELL)
        return found


class Deciding(Manager):
    """A manager who is asked to decide about what a distributor entered."""

    def opens(self, deal: str) -> None:
        self.open(deal.replace("deals/", "deals/to-decide/"))
        expect(self.page.locator("#item-title")).to_have_text(CUSTOMER)

    def asks_about(self, reseller: str, question: str) -> None:
        self.decide("Ask", key="i")
        self.write("Question", question)
        self.press("Send question")
        self.sees(f"Asked {reseller} about {CUSTOMER}")

    def approves_for(self, reseller: str) -> None:
        self.decide("Approve until…", key="a")
        self.sees(f"Approved {CUSTOMER} for {reseller}")
