"""Outcomes in words: what an effect is called, and what it was and would be."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from prm.money import Money
from prm.policies import values, wording
from prm.policies.areas import Area
from prm.policies.fields import Effect
from prm.policies.replays.models import Replay, ReplayChange
from prm.policies.replays.queries import Group


class Words:
    """Says effects in the names that the vendor has for them."""

    def __init__(self, area: Area, replay: Replay) -> None:
        self.effects: Mapping[str, Effect] = {effect.name: effect for effect in area.outcomes(replay.body)}

    def label(self, name: str) -> str:
        return str(self.effects[name].field.label) if name in self.effects else name

    def value(self, name: str, body: Any) -> str:
        """Return a stored value as people write it; one that cannot be read any more as it is stored."""
        if body is None:
            return _("nothing")
        if name not in self.effects:
            return str(body)
        field = self.effects[name].field
        try:
            return wording.value(field, values.read(field, body), "standard")
        except values.Refused:
            return ", ".join(map(str, body)) if isinstance(body, list) else str(body)

    def group(self, group: Group) -> dict[str, Any]:
        return self._change(group.effect, group.before, group.after) | {"count": group.count, "sums": group.sums}

    def row(self, change: ReplayChange) -> dict[str, Any]:
        """Return a record that would change, with all that would."""
        found = [(change.effect, change.before, change.after), *change.more]
        return {
            "change": change,
            "changes": [self._change(effect, before, after) for effect, before, after in found],
            "rules_before": change.rules_before,
            "rules_after": change.rules_after,
        }

    def tally(self, replay: Replay) -> list[dict[str, Any]]:
        """Return each outcome with what comes to it now and would, in the order of its choices."""
        if not self.effects:
            return []
        effect = next(iter(self.effects.values()))
        before, after = replay.tally.get("before", {}), replay.tally.get("after", {})
        keys = [choice.key for choice in effect.field.choices if choice.key in before or choice.key in after]
        return [
            {"label": self.value(effect.name, key), "before": _entry(before.get(key)), "after": _entry(after.get(key))}
            for key in keys
        ]

    def _change(self, effect: str, before: Any, after: Any) -> dict[str, Any]:
        return {
            "label": self.label(effect),
            "before": self.value(effect, before),
            "after": self.value(effect, after),
        }


def _entry(entry: Mapping[str, Any] | None) -> dict[str, Any]:
    sums = entry["sums"] if entry else {}
    money = [Money(Decimal(amount), currency) for currency, amount in sums.items()]
    return {"count": entry["count"] if entry else 0, "sums": sorted(money, key=lambda found: -found.amount)}
