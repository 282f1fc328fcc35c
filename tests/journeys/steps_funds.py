"""What partners in marketing and channel managers do with fund requests, in their words."""

from __future__ import annotations

import re
from datetime import date, timedelta

from playwright.sync_api import expect

from tests.journeys.steps import Member

FIRST = (date.today() + timedelta(days=40)).isoformat()
LAST = (date.today() + timedelta(days=41)).isoformat()
TOO_SOON = (date.today() + timedelta(days=5)).isoformat()
ACTIVITY = "Spring roadshow"


class Marketer(Member):
    """Somebody of a partner who plans activities."""

    def sees_the_fund(self) -> None:
        self.open("funds/")
        self.sees("Spring fund", "€8,000")

    def plans_an_activity(self) -> None:
        self.press("Request funds")
        self.page.wait_for_url(re.compile(r"/funds/requests/new/"))
        self.choose("Kind of activity", "Customer event or trade fair")
        self.write("Title", ACTIVITY)
        self.day("First day", TOO_SOON)
        self.day("Last day", LAST)
        self.write("Audience", "Forty plant managers")
        self.write("Expected result", "Eight of them with a project.")
        self.write_cost(0, "Room", "3,000")
        self.write_cost(1, "Gifts", "1,000")

    def write_cost(self, row: int, what: str, amount: str) -> None:
        self.hand.write(self.page.locator(f"#id_lines-{row}-what"), what)
        self.hand.write(self.page.locator(f"#id_lines-{row}-planned"), amount)

    def is_told_while_typing(self) -> None:
        """The vendor's share, and that the activity starts too soon."""
        plan = self.page.locator("#plan")
        expect(plan).to_contain_text("€2,000")
        expect(plan).to_contain_text("The activity starts too soon")

    def is_refused_for_the_date(self) -> None:
        self.press("Submit request")
        self.sees("The activity starts too soon")
        assert "/form/" in self.page.url

    def corrects_the_date_and_submits(self) -> None:
        self.day("First day", FIRST)
        self.press("Submit request")
        self.page.wait_for_url(re.compile(r"/funds/requests/[0-9a-f-]{36}/$"))
        self.sees("Waiting for a decision")

    def finds_it_approved_in_part(self) -> None:
        self.open("funds/requests/")
        self.press(ACTIVITY)
        self.sees("€1,600 are kept for you", "A good plan.")
        rows = self.page.locator("#costs tbody tr").all_inner_texts()
        assert [row.split("\t")[-1].strip() for row in rows] == ["€1,500", "€100"]

    def reads_the_statement(self) -> list[str]:
        self.open("funds/")
        self.press("Spring fund")
        self.sees("Each line leads to what caused it.")
        return [text.split("\n")[0].strip() for text in self.page.locator("#statement tbody tr").all_inner_texts()]


class Funder(Member):
    """A channel manager who decides about fund requests."""

    def finds_the_request(self) -> None:
        self.open("funds/requests/to-decide/")
        if self.page.viewport_size["width"] < 900:
            self.press(ACTIVITY)
        self.sees("What the fund asks", "This is the partner’s first.")

    def approves_less_for_the_gifts(self) -> None:
        self.hand.write(self.page.get_by_label("Approved for Gifts"), "100")
        if self.has_scripts:
            self.sees("Approve €1,600")
        self.hand.press(self.page.locator("#verdict summary"))
        self.write("Note to the partner", "A good plan.")
        self.hand.press(self.page.locator("#verdict .verdict__yes"))
        self.sees("Approved €1,600 for Northlight Consulting")

    def takes_it_back(self) -> None:
        self.press("Undo")
        self.sees("Decision undone")
