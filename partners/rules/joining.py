"""The vendor's terms for becoming its partner: one published version, pinned by each application."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any

from partners.enums import OwnAnswer, OwnQuestion, PartnerType, QuestionKind
from partners.rules.questionnaires import DEFAULTS, Question
from prm.policies.shapes import boolean, many, names, text, whole, word
from prm.policies.values import Path, Problem

AREA = "partners.joining"
REASONS = "partners.application"
POINTS = whole(0, 1000)
OPTION = names({"code": text(40, may_be_empty=False), "points": POINTS, "text": text(300)}, ("code",))
QUESTION = names(
    {
        "code": text(40, may_be_empty=False),
        "kind": word(QuestionKind.values),
        "text": text(300),
        "help": text(300),
        "is_required": boolean,
        "points": POINTS,
        "options": many(OPTION, 40),
        "steps": many(many(whole(0, 10_000_000), 2, 2), 40),
    },
    ("code", "kind"),
)
SHAPE = names(
    {
        "is_open": boolean,
        "decision_business_days": whole(1, 60),
        "answer_days": whole(1, 365),
        "appeal_days": whole(0, 366),
        "appeal_business_days": whole(1, 60),
        "draft_days": whole(1, 365),
        "link_days": whole(1, 365),
        "tier_percents": many(whole(0, 100), 20),
        "competitor_domains": many(text(253, may_be_empty=False), 1000),
        "questions": names(dict.fromkeys(PartnerType.values, many(QUESTION, 40))),
    }
)


@dataclass(frozen=True)
class Terms:
    """Days are calendar days unless they say business days. The defaults are the product's.

    `tier_percents` are the shares of the score from which the second, third … tier is suggested.
    """

    is_open: bool = True
    decision_business_days: int = 5
    answer_days: int = 14
    appeal_days: int = 14  # none means that no rejection can be appealed
    appeal_business_days: int = 5
    draft_days: int = 30
    link_days: int = 180
    tier_percents: tuple[int, ...] = (70, 90)
    competitor_domains: tuple[str, ...] = ()
    questions: Mapping[PartnerType, tuple[Question, ...]] = field(default_factory=lambda: dict(DEFAULTS))

    @classmethod
    def from_body(cls, body: Mapping[str, Any]) -> Terms:
        """Read a stored version; terms that it does not mention keep their defaults."""
        known = {entry.name for entry in fields(cls)} - {"questions"}
        values: dict[str, Any] = {
            name: tuple(v) if isinstance(v, list) else v for name, v in body.items() if name in known
        }
        asked = {
            PartnerType(kind): tuple(Question.from_body(question) for question in questions)
            for kind, questions in body.get("questions", {}).items()
        }
        return cls(**values, questions={**DEFAULTS, **asked})

    def body(self) -> dict[str, Any]:
        """Return the terms as they are stored."""
        plain = {entry.name: getattr(self, entry.name) for entry in fields(self) if entry.name != "questions"}
        stored = {name: list(v) if isinstance(v, tuple) else v for name, v in plain.items()}
        asked = {kind.value: [question.body() for question in qs] for kind, qs in self.questions.items()}
        return {**stored, "questions": asked}

    def asking(self, kind: PartnerType, questions: tuple[Question, ...]) -> Terms:
        """Return the terms with other questions for one type of partner."""
        return replace(self, questions={**self.questions, kind: questions})

    def rank_for(self, percent: int, highest: int) -> int:
        """Return the rank of the tier that a score suggests; the entry is 1."""
        return min(1 + sum(percent >= mark for mark in self.tier_percents), highest)

    def is_competitor(self, domain: str) -> bool:
        """Say whether a domain belongs to a company the vendor named as a competitor."""
        return bool(domain) and domain in self.competitor_domains


def problems_of(body: Mapping[str, Any]) -> Iterator[Problem]:
    """Yield what keeps a body from being published."""
    found = list(SHAPE(body, ()))
    yield from found
    if found:
        return
    marks = body.get("tier_percents", [])
    if marks != sorted(marks):
        yield Problem(("tier_percents",), "ascending")
    for kind, asked in body.get("questions", {}).items():
        yield from _unworded(asked, ("questions", kind))


def _unworded(asked: list[Mapping[str, Any]], path: Path) -> Iterator[Problem]:
    """Yield questions and answers without words: those of the product are known by their code."""
    seen: set[str] = set()
    for number, question in enumerate(asked):
        place, code = (*path, number), question["code"]
        if code in seen:
            yield Problem((*place, "code"), "twice", {"key": code})
        seen.add(code)
        if not question.get("text") and code not in OwnQuestion.values:
            yield Problem((*place, "text"), "missing")
        for position, option in enumerate(question.get("options", [])):
            if not option.get("text") and option["code"] not in OwnAnswer.values:
                yield Problem((*place, "options", position, "text"), "missing")
