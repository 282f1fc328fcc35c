"""What happened to the vendor's lists of reasons."""

from dataclasses import dataclass

from prm.events.facts import Fact


@dataclass(frozen=True)
class ReasonFact(Fact):
    """`area` is the list."""

    area: str


@dataclass(frozen=True)
class ReasonAdded(ReasonFact):
    code: str


@dataclass(frozen=True)
class ReasonChanged(ReasonFact):
    code: str
    fields: tuple[str, ...]


@dataclass(frozen=True)
class ReasonsTaken(ReasonFact):
    """Reasons that the product has come with since were taken over."""

    codes: tuple[str, ...]
