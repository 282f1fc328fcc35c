"""What rules made of a record, as a page tells it: each rule with its outcome and why."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from prm.policies import wording
from prm.policies.evaluation import Missing, Outcome, Trace
from prm.policies.rulesets import Judged

TONES = {Outcome.HOLDS: "ok", Outcome.MISSING: "warn", Outcome.FAILS: ""}


def rule(judged: Judged) -> dict[str, Any]:
    """Return one rule that was looked at, and what decided whether it matched."""
    deciding = list(judged.trace.deciding()) if judged.trace else []
    return {
        "name": judged.rule.name,
        "outcome": judged.outcome,
        "tone": TONES[judged.outcome],
        "reasons": [{"text": wording.text(_clause(trace)), "title": trace.title} for trace in deciding],
        "rates": list(dict.fromkeys(wording.rate(used) for trace in deciding for used in trace.rates)),
    }


def missing(judged: Iterable[Judged]) -> list[str]:
    """Return in words what would have to be known to tell."""
    return list(dict.fromkeys(wording.lacking(gap) for found in judged for gap in _gaps(found)))


def _clause(trace: Trace) -> Iterable[wording.Segment]:
    return wording.told(trace).segments


def _gaps(judged: Judged) -> tuple[Missing, ...]:
    return judged.trace.missing if judged.trace and judged.outcome is Outcome.MISSING else ()
