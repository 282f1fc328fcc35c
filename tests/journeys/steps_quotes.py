"""What sellers do on the way from a deal to a quote, in their words."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.journeys.steps import Manager, Member


class Quoter(Member):
    """Somebody at a partner who writes quotes."""

    def quotes_the_deal(self, deal: str) -> None:
        """Start from the deal's page; customer, products and quantities come along."""
        self.open(deal)
        if not self.has_scripts:
            self.press("Quotes of this deal")
        self.press("Quote this deal")
        self.sees("Customer, products and quantities come from DR-")
        self.press("Start the quote")
        self.page.wait_for_url(re.compile(r"/quotes/.*/form/"))
        expect(self.field("Company name")).to_have_value("Nordhavn Logistik")
        expect(self.field("Quantity")).to_have_value("12")

    def asks_for_a_discount(self, percent: str, reason: str) -> None:
        """The answer says who would have to approve it, and that it needs a reason."""
        self.write("Special discount in percent", percent)
        self.recalculates()
        self.sees("Discounts above 10% need a reason.", "Channel manager")
        self.write("Why this discount?", reason)

    def asks_an_own_price(self, amount: str) -> None:
        self.write("Your price per unit", amount)
        self.recalculates()

    def recalculates(self) -> None:
        """Without scripts the totals come when they are asked for."""
        if not self.has_scripts:
            self.press("Recalculate")

    def reads_why(self, *sentences: str) -> None:
        """Every step of the price is explained, on a page or over it."""
        self.press("Why this price…")
        self.sees(*sentences)
        if self.has_scripts:
            self.press("Close")
        else:
            self.page.go_back()

    def sends_the_quote(self) -> None:
        self.press("Send for approval")
        self.sees("Quote sent for approval", "Waits for approval")


class Offerer(Quoter):
    """A seller who issues a quote, gets it to its customer, and closes the deal."""

    def issues(self) -> None:
        self.press("Issue quote")
        self.sees("Nobody changes it any more")
        self.press("Issue quote")
        self.sees("Quote issued", "Papers")

    def sends_it(self, email: str) -> None:
        self.press("Send to the customer")
        self.write("Customer’s e-mail", email)
        self.press("Make the link")
        self.sees(f"The offer is on its way to {email}")

    def wins_with_the_orders_amount(self, customer: str) -> None:
        self.open("orders/")
        self.press(customer)
        self.press("Mark the deal won")
        self.press("Mark won")
        self.sees("Deal marked won")


class Approver(Manager):
    """A channel manager who approves discounts."""

    def finds_the_quote(self, customer: str) -> None:
        self.open("quotes/to-approve/")
        self.press(customer)
        self.page.wait_for_url(re.compile(r"/to-approve/[0-9a-f-]{36}/"))
        expect(self.page.locator("#item-title")).to_have_text(customer)
        self.sees("Prices, step by step")

    def approves_it(self) -> None:
        """The amount is in the button, and said again when it is done."""
        button = self.control("Approve €…")
        amount = re.search(r"€[\d,.]+\d", button.inner_text())
        assert amount
        self.decide("Approve €…", key="a")
        self.sees(f"Approved {amount.group(0)} for Northlight Consulting")


class Customer(Member):
    """Somebody at the end customer, who has a link and no login."""

    def reads(self, total: str) -> None:
        self.sees(total, "Accept the offer", "Questions?")
        assert "Sign in" not in self.page.content()

    def accepts(self, name: str, number: str) -> None:
        """The tick is not forgotten: without it the answer is asked for again."""
        tick = "I accept this offer and order what it lists. I may do so for my company."
        self.write("Your name", name)
        self.write("Your order number", number)
        self.press("Accept €…")
        expect(self.field(tick)).to_be_visible()
        self.tick(tick)
        self.press("Accept €…")
        self.sees("This offer is accepted", number)
