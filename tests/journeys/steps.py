"""What sellers and channel managers do on the way of a deal, in their words."""

from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path

from playwright.sync_api import expect

from tests.journeys.people import Person

CUSTOMER = "Nordhavn Logistik"
SOON = (date.today() + timedelta(days=60)).isoformat()
ONLY_FOR_VENDORS = re.compile(r"\s*It met .* this customer\.")


class Member(Person):
    """Whoever works in the portal: is told of things, and reads what happened."""

    def is_told(self, subject: str, *, leads_to: str = "/deals/") -> None:
        """The bell has a dot, the list has the news, and leads to the record."""
        self.open()
        expect(self.page.locator("#bell[data-dot]")).to_be_visible()
        self.press("Notifications, …")
        self.press(f"Open: {subject}…")
        self.page.wait_for_url(re.compile(re.escape(leads_to)))

    def reads_the_timeline(self, path: str) -> list[str]:
        self.open(path)
        lines = self.page.locator("ol.timeline > li").all_inner_texts()
        return [ONLY_FOR_VENDORS.sub("", line) for line in lines]


class Seller(Member):
    """Somebody at a partner."""

    def starts_a_registration(self) -> None:
        self.press("Register a deal")
        self.page.wait_for_url("**/deals/new/")
        self.write("Company name", CUSTOMER)
        self.write("Website", "nordhavn.example")
        if self.has_scripts:
            self.is_warned_while_typing()
            self.finds_the_draft_after_a_reload()
        else:
            self.finds_the_draft_in_the_list()
        self.sees("This may conflict with another registration")
        assert "Kestrel" not in self.page.content()

    def is_warned_while_typing(self) -> None:
        self.sees("This may conflict with another registration")
        expect(self.field("Website")).to_be_focused()
        expect(self.field("Website")).to_have_value("nordhavn.example")

    def finds_the_draft_after_a_reload(self) -> None:
        self.sees("Draft saved")
        draft = self.page.locator("form[data-autosave]").get_attribute("action")
        self.page.goto(self.home.removesuffix(self.home.rpartition("/")[2]).rstrip("/") + draft)
        expect(self.field("Company name")).to_have_value(CUSTOMER)

    def finds_the_draft_in_the_list(self) -> None:
        self.press("Finish later")
        self.sees("Draft kept")
        self.press("Drafts")
        self.press(CUSTOMER)
        self.press("Continue the draft")
        expect(self.field("Company name")).to_have_value(CUSTOMER)

    def fills_in_the_rest(self, file: Path) -> None:
        self.choose("Country", "Denmark")
        self.write("Contact name", "Ida Holm")
        self.write("Contact e-mail", "ida.holm@nordhavn.example")
        self.tick("Edge")
        self.write("Expected first-year value", "46,200")
        self.day("Expected close", "2020-02-12")
        self.write("Why now?", "Their contract ends in March.")
        self.attach("Files", file)
        if self.has_scripts:
            self.sees(file.name)

    def corrects_the_date_and_submits(self) -> None:
        self.press("Submit registration")
        self.sees_beside("Expected close", "The close date is in the past.")
        self.day("Expected close", SOON)
        self.press("Submit registration")
        self.sees("Registration submitted", "Waiting for a decision")

    def answers(self, text: str) -> None:
        self.write("Your answer", text)
        self.press("Send answer")
        self.sees("Answer sent")

    def asks_for_an_extension(self) -> None:
        self.press("Extend protection")
        self.write("What has happened since the approval?", "Two meetings and a test.")
        self.press("Ask for the extension")
        self.sees("An extension of 60 days waits for a decision.")

    def wins(self) -> None:
        self.press("More")
        self.press("Mark won")
        self.press("Mark won")
        self.sees("Deal marked won")


class Manager(Member):
    """Somebody of the vendor who decides."""

    def finds_it_with_its_rival(self) -> None:
        self.open("deals/to-decide/")
        self.press(CUSTOMER)
        expect(self.page.locator("#item-title")).to_have_text(CUSTOMER)
        expect(self.page.locator(".compare")).to_contain_text("Kestrel IT")

    def asks(self, question: str) -> None:
        self.decide("Ask", key="i")
        self.write("Question", question)
        self.press("Send question")
        self.sees("Asked Northlight Consulting about Nordhavn Logistik")

    def approves(self) -> None:
        self.decide("Approve until…", key="a")
        self.write("Why it is to be this one", "They did the work there.")
        self.press("Approve")
        self.sees("Approved Nordhavn Logistik for Northlight Consulting")

    def takes_it_back(self) -> None:
        self.decide("Undo", key="z")
        self.sees("Decision undone")

    def extends(self) -> None:
        self.decide("Extend until…", key="a")
        self.sees("Protection extended")

    def notes(self, text: str, path: str) -> None:
        self.open(path)
        self.write("Message", text)
        self.tick("Only for our own people")
        self.press("Add to the timeline")
        self.sees(text)
