"""What people do with claims, in the words of the story."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

from django.utils import timezone
from playwright.sync_api import expect

from tests.journeys.people import Person


class Told(Person):
    """Whoever is told of claims."""

    def is_told(self, subject: str) -> None:
        """The bell has a dot, the list has the news, and leads to the claim."""
        self.open()
        expect(self.page.locator("#bell[data-dot]")).to_be_visible()
        self.press("Notifications, …")
        self.press(f"Open: {subject}…")
        self.page.wait_for_url(re.compile(r"/claims/"))


class Claimer(Told):
    """Somebody in marketing at a partner."""

    def starts_a_claim(self, request: str) -> None:
        self.open(f"funds/requests/{request}/")
        self.press("Claim costs")
        self.sees("Before you send it")

    def fills_in(self, cost: str, amount: str, number: str) -> None:
        part = self.page.get_by_role("group", name=re.compile(re.escape(cost)))
        day = (timezone.localdate() - timedelta(days=10)).isoformat()
        self.hand.write(part.get_by_label("Cost before tax"), amount)
        self.hand.write(part.get_by_label("Supplier"), "Hafenspeicher Events")
        self.hand.write(part.get_by_label("Invoice number"), number)
        self.hand.day(part.get_by_label("Invoice date"), day)

    def adds(self, kind: str, file: Path) -> None:
        zone = self.page.locator(f'input[type=file][name^="files-{kind}"]').first
        zone.set_input_files(file)
        if self.has_scripts:
            expect(
                self.page.locator(f'[data-name^="files-{kind}"]').first.get_by_role("link", name=file.name)
            ).to_be_visible()

    def submits(self) -> None:
        self.press("Submit claim")
        self.sees("Waiting for a decision")

    def replaces(self, wrong: Path, kind: str, right: Path) -> None:
        self.sees(f"{wrong.name} was returned")
        self.press(f"Remove {wrong.name}")
        if self.has_scripts:
            expect(self.page.get_by_role("button", name=f"Remove {wrong.name}")).to_have_count(0)
        self.adds(kind, right)
        self.hand.write(self.field("Your answer"), "Sorry, here is the right one.")
        self.press("Send answer")
        self.sees("Waiting for a decision")


class Decider(Told):
    """Somebody who decides on claims."""

    def opens(self, title: str) -> None:
        self.open("claims/to-decide/?view=team")
        if not self.page.get_by_role("heading", name=title).is_visible():
            self.press("Northlight Consulting")
        expect(self.page.get_by_role("heading", name=title)).to_be_visible()

    def returns(self, file: Path, note: str) -> None:
        self.hand.press(self.page.locator(".thumbs a", has_text=file.name))
        expect(self.page.locator(".thumbs a[aria-current]", has_text=file.name)).to_be_visible()
        self.press(f"Return {file.name}")
        self.hand.choose(self.field("Reason"), "Other")
        self.hand.write(self.field("Note to the partner"), note)
        self.press("Return file")
        expect(self.page.locator(".badge", has_text="Returned").first).to_be_visible()

    def asks(self) -> None:
        self.hand.decide(self.control("Ask"), "i")
        expect(self.field("Question")).to_have_value(re.compile("Replace these files"))
        self.press("Send question")
        self.sees("Asked Northlight Consulting about")

    def cuts(self, cost: str, amount: str, note: str) -> None:
        self.hand.press(self.page.locator(".lines a", has_text=cost))
        self.hand.write(self.field("Pay of this cost"), amount)
        self.hand.choose(self.field("Reason"), "Other")
        self.hand.write(self.field("Note to the partner"), note)
        self.press("Keep")
        self.sees(f"€{amount} is paid")

    def approves(self, amount: str) -> None:
        self.hand.decide(self.control(f"Approve {amount}"), "a")
        self.sees(f"Approved {amount} for Northlight Consulting")


class Payer(Person):
    """Somebody in finance."""

    def pays(self, amount: str) -> None:
        self.open("payments/")
        self.press("Put into a batch")
        self.press("Mark as paid")
        self.hand.write(self.field("Type the total"), amount)
        self.press("Mark as paid")
        self.sees("Marked as paid")
