"""What changed between two versions of the programme, one change at a time, to be said in words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from partners.rules.programs import ProgramTerms, TierTerms
from partners.rules.requirements import Group, Need, Node


@dataclass(frozen=True)
class Change:
    """`what` is a field or part; a part that was added has no `before`, one that is gone no `after`."""

    what: str
    before: Any = None
    after: Any = None
    tier: str = ""

    @property
    def is_added(self) -> bool:
        return self.before is None

    @property
    def is_gone(self) -> bool:
        return self.after is None


TERMS = ("name", "currency", "promotion", "review_months", "review_from", "grace_days", "warning_days", "rates")
BENEFITS = ("discount_percent", "protection_days", "fund_share_percent")


def between(before: ProgramTerms, after: ProgramTerms) -> list[Change]:
    """Return the changes from one version to another, the programme's own first, then tier by tier."""
    return [
        *_fields(before, after, TERMS, ""),
        *(change for tier in after.ranked for change in _tier(before.tier(tier.id), tier)),
        *(Change("tier", before=tier.name) for tier in before.ranked if after.tier(tier.id) is None),
    ]


def _tier(before: TierTerms | None, after: TierTerms) -> Iterator[Change]:
    if before is None:
        yield Change("tier", after=after.name)
        before = TierTerms(after.id, after.name, after.rank)
    yield from _fields(before, after, ("name", "rank", "is_by_invitation"), after.name)
    yield from _fields(before.benefits, after.benefits, BENEFITS, after.name, with_nothing=True)
    yield from _requirements(before.requirement, after.requirement, after.name)


def _fields(before: Any, after: Any, names: tuple[str, ...], tier: str, *, with_nothing: bool = False) -> list[Change]:
    found = []
    for name in names:
        was, is_now = getattr(before, name), getattr(after, name)
        if was != is_now:
            nothing = "" if with_nothing else None
            found.append(Change(name, nothing if was is None else was, nothing if is_now is None else is_now, tier))
    return found


def _requirements(before: Group, after: Group, tier: str) -> Iterator[Change]:
    """Compare requirement by requirement; each keeps its id as long as it lives."""
    old, new = _flat(before), _flat(after)
    for key, node in new.items():
        was = old.get(key)
        if isinstance(node, Need):
            if was != node:
                yield Change("need", was, node, tier)
        elif isinstance(was, Group) and (was.junction, was.wanted) != (node.junction, node.wanted) and node.parts:
            yield Change("group", was, node, tier)
    for key, node in old.items():
        if key not in new and isinstance(node, Need):
            yield Change("need", node, None, tier)


def _flat(node: Node) -> dict[str, Node]:
    found: dict[str, Node] = {node.id: node}
    for part in node.parts if isinstance(node, Group) else ():
        found |= _flat(part)
    return found
