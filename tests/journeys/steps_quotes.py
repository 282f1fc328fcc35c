"""What sellers do on the way from a deal to a quote, in their words."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.journeys.steps import Member


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
