"""A draft as its pages show it: the controls of each part, with what is wrong beside them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.http import HttpRequest
from django.utils.text import capfirst

from prm.policies import explanations, versions
from prm.policies.areas import AREAS, Area
from prm.policies.fields import Catalogue
from prm.policies.screens import editing, reading
from prm.policies.screens.controls import Given, Part
from prm.policies.screens.editing import Node
from prm.policies.values import Path, Problem

Shown = dict[str, Any]


def controls_of(
    node: Node, at: str, catalogue: Catalogue, problems: dict[str, list[str]], request: HttpRequest
) -> Shown:
    """Return the controls of a part of a condition, and of all its parts."""
    form = Part(node, at, catalogue, refresh=request.path, currency=request.profile.currency)
    form.mark(problems.get(at, ()))
    collection = catalogue.collection.get(node.get("in") or node.get("total") or "")
    below = collection.catalogue if collection else catalogue
    inner = [controls_of(part, f"{at}_{n}", below, problems, request) for n, part in enumerate(node["parts"])]
    is_group = node["node"] == "group"
    for place, part in enumerate(inner):
        part |= {"is_first": place == 0, "is_last": place == len(inner) - 1, "is_fixed": not is_group}
    return {
        "at": at,
        "kind": node["node"],
        "form": form,
        "parts": inner,
        "is_fixed": at == editing.ROOT,
        "has_collections": bool(catalogue.collections),
        "problems": problems.get(at, []),
    }


def by_place(problems: Sequence[Problem], places: dict[Path, str]) -> dict[str, list[str]]:
    """Return what is wrong with each part: that of the longest path which leads to it."""
    found: dict[str, list[str]] = {}
    for problem in problems:
        if problem.path[:1] != ("when",):
            continue
        lengths = range(len(problem.path), 0, -1)
        at = next((places[problem.path[:n]] for n in lengths if problem.path[:n] in places), editing.ROOT)
        said = explanations.problem(problem)
        found.setdefault(at, [])
        if said not in found[at]:
            found[at].append(said)
    return found


def given(
    request: HttpRequest, area: Area, body: Shown, kept: Any, problems: Sequence[Problem], prefix: str
) -> list[Shown]:
    fields = [effect.field for effect in area.effects(body)]
    kept = kept if isinstance(kept, dict) else {}
    form = Given(fields, kept, prefix=prefix, currency=request.profile.currency)
    wrong = {field.name: under(problems, prefix, field.name) for field in fields}
    return form.lines(wrong)


def of_editor(key: str, today: date) -> Shown:
    """Return what the editor of an area of its own shows beside its form: what the draft changes, and all versions."""
    area, history, kept = AREAS[key], versions.history(key), versions.draft_of(key)
    current = versions.current_of(history, today)
    is_compared = kept is not None and current is not None
    return {
        "area": area,
        "draft": kept,
        "versions": history,
        "current": current,
        "today": today,
        "changes": reading.changes(area, current.body, kept.body) if is_compared else [],  # type: ignore[union-attr]
    }


def under(problems: Sequence[Problem], *path: str) -> list[str]:
    return [explanations.problem(problem) for problem in problems if problem.path[: len(path)] == path]


def others(area: Area, problems: Sequence[Problem]) -> list[str]:
    """Return what is wrong outside the rules and what they have in common, which is said where it stands."""
    labels = {term.name: term.field.label for term in area.terms}
    return [
        f"{capfirst(labels[found.path[0]])}: {said}" if found.path and found.path[0] in labels else said
        for found in problems
        if found.path[:1] != ("rules",) and (said := explanations.problem(found))
    ]
