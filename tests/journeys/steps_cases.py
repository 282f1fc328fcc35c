"""What managers and partners do about a conflict case, in their words."""

from __future__ import annotations

from tests.journeys.steps import Member
from tests.journeys.steps_appeals import Appealing


class Judging(Member):
    """A channel manager with two partners after one customer."""

    def opens_a_case(self, path: str) -> str:
        """Return the case's number."""
        self.open(path)
        self.press("Open a conflict case")
        self.press("Open the case")
        self.sees("Conflict case opened", "Why this is one customer")
        return str(self.page.url)

    def asks_all(self, question: str) -> None:
        self.write("What do you want to know?", question)
        self.press("Ask all parties")
        self.sees("Evidence asked of all parties", "The clocks of their decisions stand still.")

    def awards_to(self, partner: str, url: str) -> None:
        self.page.goto(url)
        self.sees("Their CFO, on 3 May.", "We demonstrated it in June.")
        self.press("Award to one")
        self.hand.tick(self.page.locator("label", has_text=partner).get_by_role("radio"))
        self.choose("Reason for those who do not get it", "Another registration came first")
        self.press("Preview what each is told")
        self.sees("What each party will be told", "The conflict was not decided for you.")
        self.press("Decide")
        self.sees("Conflict case decided", "It becomes final once nobody can appeal it any more.")


class Party(Appealing):
    """Somebody at a partner in a conflict."""

    def brings(self, text: str) -> None:
        self.is_told("", leads_to="/deals/conflicts/")
        self.sees("Bring your evidence", "Another partner has registered this customer, too.")
        self.write("What did you do with this customer?", text)
        self.press("Send evidence")
        self.sees("Evidence sent", text)
