"""What a likeness means for people: the same company, perhaps, a related one, or another."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from deals.rules.matching import evidence
from deals.rules.matching.comparing import Comparison, How, Letter
from deals.rules.matching.evidence import Evidence
from deals.rules.matching.scoring import Scored

ALARM = 0.5  # from here on a person should look; fitted so that a probability is what it says
SURE = 0.9


class Class(StrEnum):
    """How two descriptions of a company stand to each other, the closest first."""

    SAME = "same"
    MAY_BE_SAME = "may_be_same"
    RELATED = "related"
    DIFFERENT = "different"


@dataclass(frozen=True)
class Likeness:
    """How another company stands to one: its class, how likely both are one (0–1), and why."""

    kind: Class
    probability: float
    evidence: tuple[Evidence, ...] = ()

    @property
    def percent(self) -> int:
        """The probability for people: never 0 or 100, for nobody is that sure."""
        return min(99, max(1, round(self.probability * 100)))

    @property
    def may_be_same(self) -> bool:
        return self.kind in (Class.SAME, Class.MAY_BE_SAME)

    def turned(self) -> Likeness:
        """Return it as the other company sees it."""
        return replace(self, evidence=tuple(reason.turned() for reason in self.evidence))


def likeness(scored: Scored[Any]) -> Likeness:
    """Return what a scored candidate means for people."""
    return Likeness(of(scored), scored.probability, evidence.of(scored.found))


def of(scored: Scored[Any]) -> Class:
    """Return the class of a candidate. Companies counted differently ("Fund II", "Fund III") are never the same.

    Of several spellings that are all alike each looks unlikely beside the others: one that would be sure alone may be
    the same nevertheless, in whatever order they came.
    """
    found = scored.found
    is_likely = scored.probability >= ALARM or scored.alone >= SURE
    if is_likely and not (found.name.series_differ and found.number is not Letter.SAME):
        return Class.SAME if scored.probability >= SURE else Class.MAY_BE_SAME
    return Class.RELATED if is_related(found) or scored.probability >= ALARM else Class.DIFFERENT


def is_related(found: Comparison) -> bool:
    """Say whether two companies seem to belong together: by a web domain, one name in two places, or more of a name."""
    if found.domain in (Letter.SAME, Letter.SIMILAR):
        return True
    name = found.name
    own = [pair for pair in name.pairs if pair.rarity * pair.strength >= OWN and pair.how is not How.SOUND]
    if name.heads_meet and own:
        return True
    return name.weak >= 0.85 or (bool(own) and name.strong >= 0.8) or (found.is_at_one_place and name.strong >= 0.3)


OWN = 0.55  # words at least so rare are a company's own
