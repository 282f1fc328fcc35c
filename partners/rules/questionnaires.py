"""What applicants are asked, by the type of partner they want to be, and what their answers are worth."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from partners.enums import OwnAnswer, OwnQuestion, PartnerType, QuestionKind

Reply = str | int | bool


@dataclass(frozen=True)
class Option:
    """One answer to choose; without a text it is one the product brings along, named by its code."""

    code: str
    points: int = 0
    text: str = ""

    def body(self) -> dict[str, Any]:
        return {"code": self.code, "points": self.points, "text": self.text}


@dataclass(frozen=True)
class Question:
    """A question and what its answers are worth.

    `points` count for a yes, or for any text; `steps` are pairs of "from this number on" and points.
    """

    code: str
    kind: QuestionKind
    text: str = ""
    help: str = ""
    is_required: bool = True
    points: int = 0
    options: tuple[Option, ...] = ()
    steps: tuple[tuple[int, int], ...] = ()

    @classmethod
    def from_body(cls, body: Mapping[str, Any]) -> Question:
        """Read a stored question."""
        return cls(
            code=body["code"],
            kind=QuestionKind(body["kind"]),
            text=body.get("text", ""),
            help=body.get("help", ""),
            is_required=body.get("is_required", True),
            points=body.get("points", 0),
            options=tuple(Option(**option) for option in body.get("options", ())),
            steps=tuple((start, points) for start, points in body.get("steps", ())),
        )

    def body(self) -> dict[str, Any]:
        """Return the question as it is stored."""
        return {
            "code": self.code,
            "kind": self.kind.value,
            "text": self.text,
            "help": self.help,
            "is_required": self.is_required,
            "points": self.points,
            "options": [option.body() for option in self.options],
            "steps": [list(step) for step in self.steps],
        }

    @property
    def most(self) -> int:
        """The points of the best answer."""
        match self.kind:
            case QuestionKind.CHOICE:
                return max((option.points for option in self.options), default=0)
            case QuestionKind.NUMBER:
                return max((points for _start, points in self.steps), default=0)
        return self.points

    def points_for(self, reply: Reply | None) -> int:
        """Return what an answer is worth; nothing given is worth nothing."""
        match self.kind:
            case QuestionKind.CHOICE:
                return next((option.points for option in self.options if option.code == reply), 0)
            case QuestionKind.NUMBER:
                number = reply if isinstance(reply, int) else -1
                reached = [(start, points) for start, points in self.steps if number >= start]
                return max(reached)[1] if reached else 0
        return self.points if reply else 0

    def is_answered_by(self, reply: Reply | None) -> bool:
        """Say whether this answers the question; a no is an answer, an empty text is none."""
        match self.kind:
            case QuestionKind.CHOICE:
                return any(option.code == reply for option in self.options)
            case QuestionKind.YES_NO:
                return isinstance(reply, bool)
            case QuestionKind.NUMBER:
                return isinstance(reply, int) and not isinstance(reply, bool) and reply >= 0
        return isinstance(reply, str) and bool(reply.strip())


@dataclass(frozen=True)
class Scored:
    """A question with its answer and what it is worth."""

    question: Question
    reply: Reply | None
    points: int

    @property
    def most(self) -> int:
        return self.question.most


@dataclass(frozen=True)
class Score:
    """All answers of an application."""

    lines: tuple[Scored, ...] = field(default_factory=tuple)

    @property
    def total(self) -> int:
        return sum(line.points for line in self.lines)

    @property
    def most(self) -> int:
        return sum(line.most for line in self.lines)

    @property
    def percent(self) -> int:
        """The share of what could be reached, rounded half up; 0 where nothing can be reached."""
        return (200 * self.total + self.most) // (2 * self.most) if self.most else 0


def score(questions: Iterable[Question], replies: Mapping[str, Reply]) -> Score:
    """Return what the answers are worth, question by question."""
    given = ((question, replies.get(question.code)) for question in questions)
    return Score(tuple(Scored(question, reply, question.points_for(reply)) for question, reply in given))


def unanswered(questions: Iterable[Question], replies: Mapping[str, Reply]) -> tuple[str, ...]:
    """Return the codes of required questions without an answer."""
    return tuple(q.code for q in questions if q.is_required and not q.is_answered_by(replies.get(q.code)))


def type_by_answers(replies: Mapping[str, Reply]) -> PartnerType | None:
    """Return the type that an applicant's main business points to, if it says one."""
    said = replies.get(OwnQuestion.BUSINESS)
    return PartnerType(said) if said in PartnerType.values else None


def _choice(code: OwnQuestion, *options: tuple[OwnAnswer, int]) -> Question:
    return Question(code.value, QuestionKind.CHOICE, options=tuple(Option(a.value, p) for a, p in options))


def _number(code: OwnQuestion, *steps: tuple[int, int], is_required: bool = True) -> Question:
    return Question(code.value, QuestionKind.NUMBER, steps=steps, is_required=is_required)


def _yes(code: OwnQuestion, points: int) -> Question:
    return Question(code.value, QuestionKind.YES_NO, points=points)


def _text(code: OwnQuestion, points: int = 0, *, is_required: bool = True) -> Question:
    return Question(code.value, QuestionKind.TEXT, points=points, is_required=is_required)


BUSINESS = _choice(OwnQuestion.BUSINESS, *((OwnAnswer(kind), 0) for kind in PartnerType.values))
STAFF = _number(OwnQuestion.STAFF, (1, 1), (10, 3), (50, 5))
SELLERS = _number(OwnQuestion.SELLERS, (1, 2), (3, 4), (10, 6))
TECHNICIANS = _number(OwnQuestion.TECHNICIANS, (1, 2), (4, 5), (12, 8))
MARKETS = _text(OwnQuestion.MARKETS)
REVENUE = _choice(
    OwnQuestion.REVENUE,
    (OwnAnswer.LITTLE, 2),
    (OwnAnswer.SOME, 6),
    (OwnAnswer.MUCH, 10),
    (OwnAnswer.UNKNOWN, 0),
)
FIRST_DEAL = _yes(OwnQuestion.FIRST_DEAL, 5)
RIVALS = _text(OwnQuestion.RIVALS, is_required=False)
SUPPORT = _yes(OwnQuestion.SUPPORT, 4)
CERTIFIED = _yes(OwnQuestion.CERTIFIED, 4)
NETWORK = _text(OwnQuestion.NETWORK, 3)

DEFAULTS: dict[PartnerType, tuple[Question, ...]] = {
    PartnerType.SALES_AGENT: (BUSINESS, SELLERS, MARKETS, NETWORK, REVENUE, FIRST_DEAL, RIVALS),
    PartnerType.RESELLER: (BUSINESS, STAFF, SELLERS, MARKETS, REVENUE, SUPPORT, FIRST_DEAL, RIVALS),
    PartnerType.VAR: (BUSINESS, STAFF, SELLERS, TECHNICIANS, MARKETS, REVENUE, SUPPORT, FIRST_DEAL, RIVALS),
    PartnerType.SYSTEM_INTEGRATOR: (BUSINESS, STAFF, TECHNICIANS, CERTIFIED, MARKETS, REVENUE, FIRST_DEAL, RIVALS),
    PartnerType.DISTRIBUTOR: (
        BUSINESS,
        STAFF,
        _number(OwnQuestion.RESELLERS, (10, 3), (50, 6), (200, 10)),
        _yes(OwnQuestion.STOCK, 4),
        _yes(OwnQuestion.CREDIT, 3),
        MARKETS,
        REVENUE,
        RIVALS,
    ),
    PartnerType.OEM: (
        BUSINESS,
        STAFF,
        _text(OwnQuestion.PLATFORM, 3),
        _number(OwnQuestion.UNITS, (100, 3), (1000, 6), (10000, 10)),
        MARKETS,
        SUPPORT,
    ),
    PartnerType.MSP: (
        BUSINESS,
        STAFF,
        TECHNICIANS,
        _number(OwnQuestion.CONTRACTS, (1, 2), (20, 5), (100, 8)),
        SUPPORT,
        MARKETS,
        REVENUE,
        RIVALS,
    ),
    PartnerType.ISV: (BUSINESS, STAFF, _text(OwnQuestion.PLATFORM, 5), TECHNICIANS, MARKETS, FIRST_DEAL),
    PartnerType.REFERRAL: (BUSINESS, NETWORK, MARKETS, FIRST_DEAL),
}
