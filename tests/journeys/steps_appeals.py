"""What sellers and a neutral person do about an appeal, in their words."""

from __future__ import annotations

from tests.journeys.steps import Member


class Appealing(Member):
    """Somebody at a partner who was refused."""

    def appeals(self, path: str, text: str) -> None:
        self.open(path)
        self.sees("You can appeal this decision until")
        self.press("Appeal")
        self.choose("Reason", "Facts were overlooked")
        self.write("What should be looked at again?", text)
        self.press("Send appeal")
        self.sees("Appeal sent", "Northlight Consulting appealed")

    def answers(self, text: str) -> None:
        self.press("Answer the question")
        self.write("Your answer", text)
        self.press("Send answer")
        self.sees("Answer sent")


class Neutral(Member):
    """Somebody of the vendor who had no part in the decision."""

    def asks(self, question: str) -> None:
        self.press("Ask the partner")
        self.write("Question", question)
        self.press("Send question")
        self.sees("Question sent")

    def overturns(self, note: str) -> None:
        self.tick("Is overturned")
        self.choose("Reason", "The decision was a mistake")
        self.write("In words", note)
        self.press("Decide")
        self.sees("Dispute decided", "After the appeal the decision was overturned")
