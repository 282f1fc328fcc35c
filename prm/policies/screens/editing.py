"""A rule while somebody writes it: its condition as a tree of parts that can be added, moved and taken out.

    {"node": "group", "junction": "all", "least": 1, "parts": [
        {"node": "field", "field": "value", "is": "at_least", "value": {"amount": "25000", "currency": "EUR"}}]}

Unlike what is stored, the condition is always a group, and so is all that is asked of a collection. Each part is
known by its place: `when_0_2` is the third part of the first one. What cannot be understood is kept as it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from prm.policies.conditions import Junction
from prm.policies.fields import Catalogue
from prm.policies.reading import DEEPEST
from prm.policies.values import Path

Node = dict[str, Any]
ROOT = "when"


def group(*parts: Node) -> Node:
    """Return a group of which all parts have to hold."""
    return {"node": "group", "junction": Junction.ALL.value, "least": 1, "parts": list(parts)}


def opened(body: Any) -> Node:
    """Return a stored condition, or nothing, as a group that can be edited."""
    if body is None:
        return group()
    found = _part(body, 0)
    return found if found["node"] == "group" else group(found)


def _part(body: Any, depth: int) -> Node:
    if not _is_named(body) or depth > 2 * DEEPEST:
        return {"node": "unknown", "raw": body, "parts": []}
    if "field" in body:
        return {"node": "field", **body, "parts": []}
    if "total" in body:
        inner = [_inner(body["where"], depth)] if "where" in body else [group()]
        return {"node": "total", **{key: value for key, value in body.items() if key != "where"}, "parts": inner}
    junction = next((word.value for word in Junction if word in body), None)
    if junction is None:
        return {"node": "unknown", "raw": body, "parts": []}
    inner_key = "of" if junction == Junction.AT_LEAST else junction
    facts = {"junction": junction, "least": body.get("at_least", 1)}
    if "in" in body:
        return {"node": "each", "in": body["in"], **facts, "parts": [_inner(body.get(inner_key), depth)]}
    parts = body.get(inner_key)
    if not isinstance(parts, list):
        return {"node": "unknown", "raw": body, "parts": []}
    return {"node": "group", **facts, "parts": [_part(part, depth + 1) for part in parts]}


def _is_named(body: Any) -> bool:
    """Return whether it can be told what a part is about, be it there or not."""
    if not isinstance(body, Mapping):
        return False
    window = body.get("window")
    said = ["field", "total", "in", "how", "other", *(["of"] if "total" in body else [])]
    names = [body[name] for name in said if name in body]
    names += [window.get("kind")] if isinstance(window, Mapping) else []
    return all(isinstance(name, str) for name in names)


def _inner(body: Any, depth: int) -> Node:
    found = _part(body, depth + 1)
    return found if found["node"] == "group" else group(found)


def stored(root: Node, places: dict[Path, str]) -> Any:
    """Return the condition as it is stored, nothing if it asks nothing; notes which place is at which path."""
    return _stored(root, ("when",), ROOT, places) if root["parts"] else None


def _stored(node: Node, path: Path, at: str, places: dict[Path, str]) -> Any:
    places[path] = at
    match node["node"]:
        case "unknown":
            return node["raw"]
        case "field":
            return {key: value for key, value in node.items() if key not in ("node", "parts")}
        case "total":
            body = {key: value for key, value in node.items() if key not in ("node", "parts")}
            if node["parts"] and node["parts"][0]["parts"]:
                body["where"] = _stored(node["parts"][0], (*path, "where"), f"{at}_0", places)
            return body
    key = "of" if node["junction"] == Junction.AT_LEAST else node["junction"]
    least = {"at_least": node["least"]} if node["junction"] == Junction.AT_LEAST else {}
    if node["node"] == "each":
        return {"in": node["in"], **least, key: _stored(node["parts"][0], (*path, key), f"{at}_0", places)}
    parts = node["parts"]
    is_opened_again = isinstance(path[-1], str)  # not one of several parts: it is made a group again when it is opened
    if is_opened_again and len(parts) == 1 and parts[0]["node"] != "group" and node["junction"] == Junction.ALL:
        return _stored(parts[0], path, f"{at}_0", places)
    return {**least, key: [_stored(part, (*path, key, n), f"{at}_{n}", places) for n, part in enumerate(parts)]}


# -- what a button does ----------------------------------------------------------------------------------
def found_at(root: Node, at: str) -> Node | None:
    """Return the part at a place."""
    node: Node | None = root
    for step in _steps(at):
        node = node["parts"][step] if node and step < len(node["parts"]) else None
    return node


def add(root: Node, at: str, made: Node) -> str:
    """Add a part to the group at a place; return its own place, or that of the root if there is no such group."""
    node = found_at(root, at)
    if node is None or node["node"] != "group":
        return ROOT
    node["parts"].append(made)
    return f"{at}_{len(node['parts']) - 1}"


def move(root: Node, at: str, by: int) -> str:
    """Move a part up or down among its neighbours; return its new place."""
    above, _sep, last = at.rpartition("_")
    node, place = found_at(root, above), int(last) if last.isdecimal() else -1
    if node is None or not (0 <= place < len(node["parts"]) and 0 <= place + by < len(node["parts"])):
        return at
    node["parts"].insert(place + by, node["parts"].pop(place))
    return f"{above}_{place + by}"


def remove(root: Node, at: str) -> str:
    """Take a part out of its group; return the group's place."""
    above, _sep, last = at.rpartition("_")
    node = found_at(root, above)
    if node and node["node"] == "group" and last.isdecimal() and int(last) < len(node["parts"]):
        node["parts"].pop(int(last))
    return above or ROOT


def _steps(at: str) -> list[int]:
    return [int(step) for step in at.split("_")[1:] if step.isdecimal() and len(step) < 6]


def changed(root: Node, asked: str, catalogue: Catalogue) -> str:
    """Do what a button asked of the condition; return the place that the reader goes on with."""
    action, _sep, at = asked.partition(":")
    collection = next(iter(catalogue.collections), None)
    field = next(iter(_catalogue_at(root, at, catalogue).fields), None)
    if action == "field" and field:
        return add(root, at, {"node": "field", "field": field.name, "is": "is", "value": "", "parts": []})
    if action == "group":
        return add(root, at, group())
    if action == "each" and collection:
        made = {"node": "each", "in": collection.name, "junction": "any", "least": 1, "parts": [group()]}
        return add(root, at, made)
    if action == "total" and collection:
        made = {"node": "total", "total": collection.name, "how": "count", "is": "at_least", "value": "1"}
        return add(root, at, made | {"parts": [group()]})
    if action == "remove":
        return remove(root, at)
    if action in ("up", "down"):
        return move(root, at, -1 if action == "up" else 1)
    return at or ROOT


def _catalogue_at(root: Node, at: str, catalogue: Catalogue) -> Catalogue:
    """Return what can be asked at a place: within a collection it is about one of its things."""
    steps = at.split("_")
    for length in range(1, len(steps)):
        node = found_at(root, "_".join(steps[:length]))
        name = str((node or {}).get("in") or (node or {}).get("total") or "")
        if name in catalogue.collection:
            catalogue = catalogue.collection[name].catalogue
    return catalogue


# -- rules in their order --------------------------------------------------------------------------------
def arranged(rules: list[Node], key: str, asked: str, new_key: str, copy_name: str) -> list[Node]:
    """Return the rules after one of them was moved, copied or removed."""
    place = next((n for n, rule in enumerate(rules) if rule.get("key") == key), None)
    if place is None:
        return rules
    rules = [*rules]
    if asked == "remove":
        rules.pop(place)
    elif asked == "copy":
        rules.insert(place + 1, {**rules[place], "key": new_key, "name": copy_name})
    elif asked in ("up", "down"):
        rules.insert(max(place + (1 if asked == "down" else -1), 0), rules.pop(place))
    return rules
