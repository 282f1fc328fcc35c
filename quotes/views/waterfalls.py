"""Why a line costs what it costs: its steps as sentences and amounts."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.template.loader import render_to_string

from prm.money import Money
from quotes.enums import StepKind
from quotes.rules.pricing import Priced, Step

TONES = {StepKind.SPECIAL: "warn"}


def steps_of(priced: Priced) -> list[dict[str, Any]]:
    """Return the steps from the list price to the net, each with what it took off one unit and who said so."""
    return [_entry(step, priced.currency) for step in priced.steps if step.kind != StepKind.NET]


def _entry(step: Step, currency: str) -> dict[str, Any]:
    is_list = step.kind == StepKind.LIST
    change = step.after if is_list else step.after - step.before
    return {
        "label": step.kind.label,
        "note": render_to_string("quotes/quotes/_step.txt", {"step": step, "facts": step.facts}).strip(),
        "amount": Money(change, currency),
        "after": Money(step.after, currency),
        "tone": "" if is_list else TONES.get(step.kind, "ok"),
    }


def rounding_of(priced: Priced) -> Money:
    """Return by how much the net was rounded."""
    last = priced.steps[-1]
    return Money(last.after - last.before, priced.currency)


def kinds_of(steps: Collection[Step]) -> list[str]:
    """Return the names of the discounts of a line, in their order."""
    return [step.kind.label for step in steps if step.kind not in (StepKind.LIST, StepKind.NET)]
