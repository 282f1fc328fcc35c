"""Changing the draft of a programme part by part; each step returns another draft and leaves the old one alone.

Drafts are plain bodies (see `programs.ProgramTerms.body`), because they may hold what cannot be read yet.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from copy import deepcopy
from typing import Any

from partners.enums import Junction, Metric

Body = dict[str, Any]
Tree = dict[str, Any]


def new_need(id: str, metric: str = Metric.REVENUE) -> Tree:
    """Return a need as it is first offered: so much revenue in the last twelve months."""
    return {
        "id": id,
        "metric": str(metric),
        "target": "1" if metric != Metric.REVENUE else "",
        "window": "rolling_months",
        "length": 12,
        "starts": [1, 1],
        "family": "",
        "role": "",
        "certification": "",
        "label": "",
        "counting": "sum",
    }


def new_group(id: str, need_id: str) -> Tree:
    """Return a group of alternatives with a first one."""
    return {"id": id, "junction": str(Junction.ANY), "least": 1, "parts": [new_need(need_id)]}


def new_tier(id: str, root_id: str, rank: int) -> Body:
    """Return a tier that asks and gives nothing yet."""
    return {
        "id": id,
        "name": "",
        "rank": rank,
        "is_by_invitation": False,
        "requirement": {"id": root_id, "junction": str(Junction.ALL), "least": 1, "parts": []},
        "benefits": {"discount_percent": "", "protection_days": None, "fund_share_percent": None},
    }


def tier_of(body: Mapping[str, Any], tier_id: str) -> Body | None:
    """Return a tier of a draft."""
    return next((tier for tier in body.get("tiers", []) if tier["id"] == tier_id), None)


def with_tier(body: Mapping[str, Any], tier: Mapping[str, Any]) -> Body:
    """Return the draft with a tier in place of the one of its id, or after all others."""
    tiers = [dict(tier) if other["id"] == tier["id"] else other for other in body.get("tiers", [])]
    if tier_of(body, tier["id"]) is None:
        tiers.append(dict(tier))
    return {**body, "tiers": tiers}


def without_tier(body: Mapping[str, Any], tier_id: str) -> Body:
    """Return the draft without a tier; those above it close the gap."""
    tiers = sorted((tier for tier in body["tiers"] if tier["id"] != tier_id), key=lambda tier: tier["rank"])
    return {**body, "tiers": [{**tier, "rank": rank} for rank, tier in enumerate(tiers, 1)]}


def with_tier_moved(body: Mapping[str, Any], tier_id: str, by: int) -> Body:
    """Return the draft with a tier one rank higher or lower, changing places with its neighbour."""
    tiers = sorted(body["tiers"], key=lambda tier: tier["rank"])
    _shift(tiers, tier_id, by)
    return {**body, "tiers": [{**tier, "rank": rank} for rank, tier in enumerate(tiers, 1)]}


def with_part(root: Tree, group_id: str, part: Tree) -> Tree:
    """Return a requirement with another part at the end of one of its groups."""
    return _changed(root, group_id, lambda group: group["parts"].append(part))


def without_part(root: Tree, part_id: str) -> Tree:
    """Return a requirement without one of its parts."""

    def drop(group: Tree) -> None:
        group["parts"] = [part for part in group["parts"] if part["id"] != part_id]

    return _changed(root, _parent_of(root, part_id), drop)


def with_part_moved(root: Tree, part_id: str, by: int) -> Tree:
    """Return a requirement with a part one place earlier or later in its group."""
    return _changed(root, _parent_of(root, part_id), lambda group: _shift(group["parts"], part_id, by))


def _changed(root: Tree, group_id: str | None, change: Callable[[Tree], None]) -> Tree:
    root = deepcopy(root)
    group = _find(root, group_id) if group_id else None
    if group is not None and "parts" in group:
        change(group)
    return root


def _find(node: Tree, node_id: str) -> Tree | None:
    if node["id"] == node_id:
        return node
    return next((found for part in node.get("parts", []) if (found := _find(part, node_id))), None)


def _parent_of(node: Tree, part_id: str) -> str | None:
    for part in node.get("parts", []):
        if part["id"] == part_id:
            return str(node["id"])
        if found := _parent_of(part, part_id):
            return found
    return None


def _shift(rows: list[Any], row_id: str, by: int) -> None:
    here = next((place for place, row in enumerate(rows) if row["id"] == row_id), None)
    if here is not None and 0 <= here + by < len(rows):
        rows[here], rows[here + by] = rows[here + by], rows[here]
