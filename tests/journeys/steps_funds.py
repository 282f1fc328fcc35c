"""What people do with marketing money, from the plan of an activity to its payment, in the words of the story."""

from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path

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
        self.page.wait_for_url("**/form/")
        self.sees("The activity starts too soon")

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

    def claims_the_costs(self) -> None:
        self.open("funds/requests/")
        self.press(ACTIVITY)
        self.press("Claim costs")
        self.sees("Before you send it")

    def fills_in(self, cost: str, amount: str, number: str) -> None:
        part = self.page.get_by_role("group", name=re.compile(cost))
        day = (date.today() - timedelta(days=10)).isoformat()
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

    def opens_the_claim(self) -> None:
        self.open("claims/to-decide/?view=team")
        if not self.page.get_by_role("heading", name=ACTIVITY).is_visible():
            self.press("Northlight Consulting")
        expect(self.page.get_by_role("heading", name=ACTIVITY)).to_be_visible()

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


class Payer(Member):
    """Somebody in finance."""

    def pays(self, amount: str) -> None:
        self.open("payments/")
        self.press("Put into a batch")
        self.press("Mark as paid")
        self.hand.write(self.field("Type the total"), amount)
        self.press("Mark as paid")
        self.sees("Marked as paid")
