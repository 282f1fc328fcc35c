"""How good answers are, on a set of questions whose answers are known.

The measures are those of record linkage: precision, recall and their harmonic mean F1 at a threshold, recall among the
first hits, and recall where only a given share of the companies nobody has raise an alarm.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

Hits = Sequence[tuple[str, float]]


@dataclass(frozen=True)
class Question:
    """A company that was asked for: which are the same, which perhaps, and which belong to it."""

    id: str
    kind: str
    same: frozenset[str]
    unknown: frozenset[str]
    related: frozenset[str]


@dataclass(frozen=True)
class Outcome:
    """What the answer to a question was worth; `rank` is where the right company stood, 0 for nowhere."""

    question: Question
    score: float
    rank: int
    first_is_related: bool

    @property
    def is_right(self) -> bool:
        return self.rank == 1


def judge(question: Question, hits: Hits) -> Outcome:
    """Compare an answer with what is known; hits that may well be the same company are passed over."""
    kept = [(key, score) for key, score in hits if key not in question.unknown]
    rank = next((place for place, (key, _) in enumerate(kept, 1) if key in question.same), 0)
    first, score = kept[0] if kept else ("", float("-inf"))
    return Outcome(question, score, rank, first in question.related)


def at(outcomes: Sequence[Outcome], threshold: float) -> dict[str, float]:
    """Return the measures when a first hit raises an alarm from this score on."""
    there = [one for one in outcomes if one.question.same]
    nobody = [one for one in outcomes if not one.question.same]
    right = sum(one.is_right and one.score >= threshold for one in there)
    wrong = sum(not one.is_right and one.score >= threshold for one in there)
    alarms = [one for one in nobody if one.score >= threshold]
    precision = right / max(1, right + wrong + len(alarms))
    recall = right / max(1, len(there))
    return {
        "threshold": threshold,
        "precision": precision,
        "recall": recall,
        "f1": 2 * precision * recall / max(1e-9, precision + recall),
        "false_alarm": len(alarms) / max(1, len(nobody)),
        "false_alarm_unrelated": sum(not one.first_is_related for one in alarms) / max(1, len(nobody)),
    }


def best_threshold(outcomes: Sequence[Outcome]) -> float:
    """Return the score with the best F1, of at most some 400 that are tried."""
    scores = sorted({one.score for one in outcomes} - {float("-inf")})
    tried = scores[:: max(1, len(scores) // 400)]
    return max(tried, key=lambda threshold: at(outcomes, threshold)["f1"], default=0.0)


def recall_at_false_alarms(outcomes: Sequence[Outcome], share: float) -> float:
    """Return the recall when just this share of the companies that nobody has raise an alarm."""
    nobody = sorted((one.score for one in outcomes if not one.question.same), reverse=True)
    allowed = int(share * len(nobody))
    threshold = nobody[allowed] if allowed < len(nobody) else float("-inf")
    there = [one for one in outcomes if one.question.same]
    return sum(one.is_right and one.score > threshold for one in there) / max(1, len(there))


def summary(outcomes: Sequence[Outcome], threshold: float | None = None) -> dict[str, float]:
    """Return all measures of a set of answers."""
    there = [one for one in outcomes if one.question.same]
    found = at(outcomes, best_threshold(outcomes) if threshold is None else threshold)
    found["recall@1"] = sum(one.rank == 1 for one in there) / max(1, len(there))
    found["recall@5"] = sum(0 < one.rank <= 5 for one in there) / max(1, len(there))
    for percent in (5, 10):
        found[f"recall_at_{percent}pct_false_alarm"] = recall_at_false_alarms(outcomes, percent / 100)
    return found


def by_kind(outcomes: Sequence[Outcome], threshold: float) -> dict[str, dict[str, float]]:
    """Return for each kind of question how many there are, and what was found or raised an alarm."""
    kinds: dict[str, list[Outcome]] = {}
    for one in outcomes:
        kinds.setdefault(one.question.kind, []).append(one)
    return {kind: _of_kind(kinds[kind], threshold) for kind in sorted(kinds)}


def _of_kind(those: Sequence[Outcome], threshold: float) -> dict[str, float]:
    count = len(those)
    alarms = sum(one.score >= threshold for one in those) / count
    if not those[0].question.same:
        return {"n": count, "alarms": alarms}
    return {
        "n": count,
        "recall@1": sum(one.rank == 1 for one in those) / count,
        "recall@5": sum(0 < one.rank <= 5 for one in those) / count,
        "found": sum(one.is_right and one.score >= threshold for one in those) / count,
    }


def related_shown(questions: Iterable[Question], shown: Mapping[str, frozenset[str]]) -> float:
    """Return the share of related companies that an answer showed, of all that are known to be related."""
    pairs = [(question.id, key) for question in questions for key in question.related]
    return sum(key in shown.get(asked, frozenset()) for asked, key in pairs) / max(1, len(pairs))


def percentiles(milliseconds: Sequence[float]) -> dict[str, float]:
    """Return the time that half, 95 and 99 of a hundred questions took at most."""
    ordered = sorted(milliseconds) or [0.0]
    return {f"p{share}": ordered[min(len(ordered) - 1, int(len(ordered) * share / 100))] for share in (50, 95, 99)}
