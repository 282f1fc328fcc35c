"""What happened to the rules of an area."""

from dataclasses import dataclass

from prm.events.facts import Fact


@dataclass(frozen=True)
class RulesPublished(Fact):
    area: str
    number: int
    effective_on: str


@dataclass(frozen=True)
class RulesRecalled(Fact):
    """A version was taken back before it took effect."""

    area: str
    number: int
    effective_on: str
