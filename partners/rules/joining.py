"""The vendor's terms for becoming its partner: one published version, pinned by each application."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any

from partners.enums import PartnerType
from partners.rules.questionnaires import DEFAULTS, Question

AREA = "partners.joining"
REASONS = "partners.application"


@dataclass(frozen=True)
class Terms:
    """Days are calendar days unless they say business days. The defaults are the product's.

    `tier_percents` are the shares of the score from which the second, third … tier is suggested.
    """

    is_open: bool = True
    decision_business_days: int = 5
    answer_days: int = 14
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
