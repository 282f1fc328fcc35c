"""How likely it is that two companies are one: a sum of points, each from a feature, made a probability.

The weights are data (`weights.json`), fitted by `manage.py conflict_fit`; `weights.md` says on what and how well.
First every candidate is scored alone, then the best beside one another: a company that has a twin is less sure.
"""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Generic, TypeVar

from deals.rules.matching import comparing, features
from deals.rules.matching.comparing import Comparison, Letter, Rarity
from deals.rules.matching.features import Features
from deals.rules.matching.profiles import Profile

Key = TypeVar("Key")
WEIGHTS = Path(__file__).parent / "weights.json"
MOST = 8  # candidates that are compared with one another


@dataclass(frozen=True)
class Weights:
    """Points of each feature and where they start: `alone` for a first look, `beside` with what rivals say."""

    version: str
    alone: Mapping[str, float]
    beside: Mapping[str, float]
    start_alone: float
    start_beside: float


@cache
def weights() -> Weights:
    """Return the weights that ship with the portal."""
    return Weights(**json.loads(WEIGHTS.read_text(encoding="utf-8")))


@dataclass(frozen=True)
class Scored(Generic[Key]):
    """A candidate with its points by kind of evidence and the probability, 0–1, that it is the company asked for.

    `alone` is the probability before the other candidates were looked at.
    """

    key: Key
    found: Comparison
    points: Mapping[str, float]
    probability: float
    alone: float


def rank(asked: Profile, candidates: Iterable[tuple[Key, Profile]], rarity: Rarity) -> list[Scored[Key]]:
    """Return the candidates, the likeliest first."""
    by = weights()
    compared = [(key, comparing.compare(asked, profile, rarity)) for key, profile in candidates]
    seen = features_of([found for _, found in compared], rarity)
    first = [by.start_alone + _sum(by.alone, each) for each in seen]
    order = sorted(range(len(first)), key=lambda place: -first[place])
    best, rest = order[:MOST], order[MOST:]
    likeliest = sorted(
        (
            _scored(*compared[place], seen[place] | said, probability_of(first[place]), by)
            for place, said in zip(best, rivals(best, first, compared), strict=True)
        ),
        key=lambda one: -one.probability,
    )
    least = likeliest[-1].probability if likeliest else 1.0
    return likeliest + [
        Scored(*compared[place], points={}, probability=min(least, alone), alone=alone)
        for place, alone in ((place, probability_of(first[place])) for place in rest)
    ]


def features_of(found: Sequence[Comparison], rarity: Rarity) -> list[Features]:
    """Return the features of each comparison with one company that was asked for."""
    domains = Counter(
        address.domain for each in found for address in set(each.other.addresses) if each.domain is Letter.SAME
    )
    return [
        features.of(each, rarity, domains[each.shared[0].domain] if each.shared and each.domain is Letter.SAME else 0)
        for each in found
    ]


def rivals(
    best: Sequence[int], first: Sequence[float], compared: Sequence[tuple[object, Comparison]]
) -> list[Features]:
    """Return what each of the best candidates looks like beside the others."""
    scores = [first[place] for place in best]
    has_domain = [compared[place][1].domain is Letter.SAME for place in best]
    return [
        features.beside(scores, place, has_domain=has_domain[place], rival_has_domain=any(has_domain))
        for place in range(len(best))
    ]


def probability_of(points: float) -> float:
    """Return the probability, 0–1, that so many points mean: the logistic function."""
    return 1 / (1 + math.exp(-max(-40.0, min(40.0, points))))


def _scored(key: Key, found: Comparison, seen: Features, alone: float, by: Weights) -> Scored[Key]:
    points: dict[str, float] = {}
    for feature, value in seen.items():
        kind = feature.partition(":")[0]
        points[kind] = points.get(kind, 0.0) + by.beside.get(feature, 0.0) * value
    return Scored(key, found, points, probability_of(by.start_beside + sum(points.values())), alone)


def _sum(by: Mapping[str, float], seen: Features) -> float:
    return sum(by.get(feature, 0.0) * value for feature, value in seen.items())


def rarity(customers: int, total: int, *, is_general: bool) -> float:
    """Return how much a word tells: the nats of meeting it by chance, divided by ten.

    A vendor with few customers has hardly seen any word, so that its counts are mixed with what is usual: a general
    word is in one name of a hundred, one of a company's own in one of twenty thousand.
    """
    usual = GENERAL if is_general else OWN
    seen = customers if customers > 20 else 4  # rare ones are not counted one by one
    return max(0.05, math.log((total + PRIOR) / (seen + PRIOR * usual)) / 10)


PRIOR, GENERAL, OWN = 20_000, 0.01, 0.00005
