"""Companies nobody has, compared as the portal compares them, with words as rare as among some thousands."""

from __future__ import annotations

from deals.rules.matching import comparing, profiles, scoring, words
from deals.rules.matching.comparing import Comparison
from deals.rules.matching.profiles import Facts
from deals.rules.matching.scoring import Scored

TOTAL = 5000


def rarity(word: str) -> float:
    general = words.is_general(word)
    return scoring.rarity(100 if general else 0, TOTAL, is_general=general)


def compared(one: Facts, other: Facts) -> Comparison:
    return comparing.compare(profiles.of(one), profiles.of(other), rarity)


def scored(one: Facts, *others: Facts) -> list[Scored[int]]:
    """The candidates, the likeliest first; the key is the place of each among `others`."""
    return scoring.rank(profiles.of(one), list(enumerate(map(profiles.of, others))), rarity)


def german(name: str, **facts: str) -> Facts:
    return Facts(name=name, country="DE", **facts)
