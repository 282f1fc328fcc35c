"""Finds the weights from companies that are known to be one or not. Needs numpy and scipy; the portal itself does not.

Logistic regression with bounds: what agrees never counts against, what differs never in favour, so that points can be
shown to people; a shared register number counts for much and another number in a series much against, however few
examples of either there are.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from deals.rules.matching.scoring import MOST

Bounds = tuple[float | None, float | None]
FOLDS = 5
LOOSENESS = {"alone": 1.0, "beside": 3.0}
FOR: Bounds = (0.0, None)
AGAINST: Bounds = (None, 0.0)
AGREEING = (
    "number:phone", "place:same_country", "web:same", "web:alone", "web:similar", "web:theirs", "web:mine",
    "name:acronym", "name:words_equal", "name:cover_other", "name:weak>0.35", "name:weak>0.8", "name:weak>0.92",
    "name:letters>0.5", "name:letters>0.75", "place:without_name", "rival:ahead", "rival:ahead_little",
)  # fmt: skip
DIFFERING = (
    "number:other_phone", "place:other_country", "place:other_country_and_name", "place:other_city",
    "place:other_city_and_name", "place:other_postcode", "place:other_street", "web:different",
    "web:different_and_name", "name:heads_differ", "name:both_left_over", "name:elsewhere_left",
    "name:other_form", "name:sound", "name:rare_typo", "name:alone_initials", "rival:behind", "rival:near",
)  # fmt: skip
BOUNDS: dict[str, Bounds] = {
    "number:same": (6.0, None),
    "name:series": (None, -2.5),
    "name:series_alone": (None, -1.5),
    **dict.fromkeys(AGREEING, FOR),
    **dict.fromkeys(DIFFERING, AGAINST),
}


@dataclass(frozen=True)
class Example:
    """A company that was asked for beside its candidates: the features of each, and whether it is the same."""

    family: str  # examples of one family are never on both sides of a split
    features: Sequence[dict[str, float]]
    is_same: Sequence[bool]
    counts: Sequence[bool]  # False for what nobody knows


@dataclass(frozen=True)
class Fitted:
    """Weights with their start, and what they say of examples that they were not fitted on."""

    start: float
    weights: dict[str, float]
    held_back: list[list[float]]


def fit(examples: Sequence[Example], kind: str) -> Fitted:
    """Return the weights from all examples, and scores of each from the weights of the other folds."""
    import numpy as np

    names = sorted({name for example in examples for each in example.features for name in each})
    column = {name: place for place, name in enumerate(names)}
    sizes = [len(example.features) for example in examples]
    table = np.zeros((sum(sizes), len(names)), np.float64)
    row = 0
    for example in examples:
        for each in example.features:
            for name, value in each.items():
                table[row, column[name]] = value
            row += 1
    same = np.array([value for example in examples for value in example.is_same])
    counts = np.array([value for example in examples for value in example.counts])
    families = {family: place for place, family in enumerate(dict.fromkeys(example.family for example in examples))}
    fold = np.repeat([families[example.family] % FOLDS for example in examples], sizes)
    scores = np.zeros(len(table))
    for held in range(FOLDS):
        use = (fold != held) & counts
        scores[fold == held] = _apply(table[fold == held], _solve(table[use], same[use], names, LOOSENESS[kind]))
    solution = _solve(table[counts], same[counts], names, LOOSENESS[kind])
    ends = np.cumsum(sizes)[:-1]
    return Fitted(
        start=round(float(solution[-1]), 3),
        weights={
            name: round(float(weight), 3) for name, weight in zip(names, solution, strict=False) if abs(weight) >= 0.001
        },
        held_back=[part.tolist() for part in np.split(scores, ends)],
    )


def _apply(table: Any, solution: Any) -> Any:
    return table @ solution[:-1] + solution[-1]


def _solve(table: Any, same: Any, names: Sequence[str], looseness: float) -> Any:
    import numpy as np
    from scipy.optimize import minimize

    bounds = [BOUNDS.get(name, (None, None)) for name in names] + [(None, None)]
    anchor = np.array([low or high or 0.0 for low, high in bounds])
    wide = np.hstack([table, np.ones((len(table), 1))])
    sign = np.where(same, 1.0, -1.0)
    pull = np.full(wide.shape[1], 1 / looseness)
    pull[-1] = 1e-6

    def loss(solution: Any) -> tuple[float, Any]:
        margin = sign * (wide @ solution)
        away = solution - anchor
        value = np.logaddexp(0, -margin).sum() + 0.5 * (pull * away**2).sum()
        slope = -(wide.T @ (sign / (1 + np.exp(np.clip(margin, -50, 50))))) + pull * away
        return value, slope

    solve: Callable[..., Any] = minimize
    return solve(loss, anchor, jac=True, method="L-BFGS-B", bounds=bounds, options={"maxiter": 400}).x


def best(scores: Sequence[float]) -> list[int]:
    """Return the places of the candidates that are compared with one another."""
    return sorted(range(len(scores)), key=lambda place: -scores[place])[:MOST]
