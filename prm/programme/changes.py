"""What differs between two programmes, as the file says them: one place and one difference at a time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

Keys = Mapping[str, tuple[str, ...]]
TOLD_APART_BY = ("key", "id", "code", "name")


class What(StrEnum):
    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    MOVED = "moved"


@dataclass(frozen=True)
class Change:
    """`steps` lead to the place: names of values, and of things in lists what they are called."""

    section: str
    steps: tuple[str, ...]
    what: What
    before: Any = None
    after: Any = None


def between(before: Mapping[str, Any], after: Mapping[str, Any], keys: Keys) -> list[Change]:
    """Return the changes from one programme to another, in the order of the later one."""
    found: list[Change] = []
    for name in dict.fromkeys([*after, *before]):
        for steps, what, was, now in _of(before.get(name), after.get(name), (), keys.get(name, ())):
            found.append(Change(name, steps, what, was, now))
    return found


Found = tuple[tuple[str, ...], What, Any, Any]


def _of(before: Any, after: Any, steps: tuple[str, ...], keys: tuple[str, ...] = ()) -> Iterator[Found]:
    if before == after:
        return
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        for name in dict.fromkeys([*after, *before]):
            yield from _of(before.get(name), after.get(name), (*steps, str(name)))
        return
    if isinstance(before, list) and isinstance(after, list):
        names = keys or _told_apart_by(before, after)
        if names:
            yield from _things(_called(before, names), _called(after, names), steps)
            return
    what = What.ADDED if before in (None, [], {}) else What.REMOVED if after in (None, [], {}) else What.CHANGED
    yield steps, what, before, after


def _things(before: dict[str, Any], after: dict[str, Any], steps: tuple[str, ...]) -> Iterator[Found]:
    for name, thing in after.items():
        if name in before:
            yield from _of(before[name], thing, (*steps, _title(thing, name)))
        else:
            yield (*steps, _title(thing, name)), What.ADDED, None, thing
    for name, thing in before.items():
        if name not in after:
            yield (*steps, _title(thing, name)), What.REMOVED, thing, None
    kept = [name for name in after if name in before]
    if kept != [name for name in before if name in after]:
        yield (
            steps,
            What.MOVED,
            [_title(thing, name) for name, thing in before.items()],
            [_title(thing, name) for name, thing in after.items()],
        )


def _told_apart_by(*lists: list[Any]) -> tuple[str, ...]:
    """Return by what the things of two lists are told apart; nothing if they are not things, or not told apart."""
    things = [thing for listed in lists for thing in listed]
    if not things or not all(isinstance(thing, Mapping) for thing in things):
        return ()
    for name in TOLD_APART_BY:
        if all(name in thing for thing in things) and all(
            len({str(thing[name]) for thing in listed}) == len(listed) for listed in lists
        ):
            return (name,)
    return ()


def _called(things: list[Any], names: tuple[str, ...]) -> dict[str, Any]:
    return {" ".join(str(thing.get(name, "")) for name in names): thing for thing in things}


def _title(thing: Any, name: str) -> str:
    """Return what people call a thing: its name where it has one."""
    return str(thing["name"]) if isinstance(thing, Mapping) and thing.get("name") else name
