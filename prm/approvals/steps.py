"""The steps of an approval as a vendor writes them: who is asked, in which stage, and how many have to agree.

They are data in an area's rules, under `steps`; its rules say which of them a record needs.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

from prm.clocks.clock import Promise, Unit
from prm.money import Money
from prm.policies import values
from prm.policies.values import Invalid, Path, Problem, Refused

MOST_STEPS = 50
MOST_ASKED = 20
LAST_STAGE = 20
LONGEST = 1000  # hours or days
LONGEST_NAME = 80
ADMIN = "admin"
ROLES = (ADMIN, "channel_manager", "finance", "executive")  # who can be asked, unless an area asks fewer


def is_key(text: Any) -> bool:
    """Say whether it can name a step: in rules, files and addresses."""
    return isinstance(text, str) and re.fullmatch(r"[-a-zA-Z0-9_]+", text) is not None


class Means(StrEnum):
    """By what somebody is asked."""

    ROLE = "role"
    PERSON = "person"
    OWNER = "owner"  # whoever looks after the partner


@dataclass(frozen=True)
class Asked:
    """A role, a person or the partner's owner, who may agree up to an amount if one is set."""

    means: Means
    name: str = ""  # the role, or the person's id
    up_to: Money | None = None

    def may_agree_to(self, amount: Money | None) -> bool:
        """Say whether the limit allows an amount. One that is unknown, or in another currency, it does not."""
        if self.up_to is None:
            return True
        return amount is not None and amount.currency == self.up_to.currency and amount.amount <= self.up_to.amount

    def body(self) -> dict[str, Any]:
        limit = {} if self.up_to is None else {"up_to": values.body_of(self.up_to)}
        return {str(self.means): self.name or True, **limit}


@dataclass(frozen=True)
class Step:
    """One thing to agree to. Steps of one stage are asked at once, those of the next when all of it is done.

    `need` is how many people have to agree; nothing is one for each that is asked. `looks_at` are the facts that its
    decisions depend on, all of them if none is named. When `within` is over, those of `then` may decide too. Whoever
    agrees to it agrees to the steps that it `covers`, as those who may give more away do on a ladder.
    """

    key: str
    name: str
    asked: tuple[Asked, ...]
    stage: int = 1
    need: int | None = 1
    looks_at: frozenset[str] = frozenset()
    within: Promise | None = None
    then: tuple[Asked, ...] = ()
    covers: frozenset[str] = frozenset()

    def is_about(self, facts: Collection[str]) -> bool:
        """Say whether a change of these facts touches what was agreed to."""
        return bool(facts) and (not self.looks_at or not self.looks_at.isdisjoint(facts))

    def body(self) -> dict[str, Any]:
        """Return the step as it is stored."""
        found: dict[str, Any] = {
            "key": self.key,
            "name": self.name,
            "stage": self.stage,
            "asked": [asked.body() for asked in self.asked],
            "need": "all" if self.need is None else self.need,
        }
        if self.looks_at:
            found["looks_at"] = sorted(self.looks_at)
        if self.within:
            found["within"] = {"count": self.within.amount, "unit": str(self.within.unit)}
            found["then"] = [asked.body() for asked in self.then]
        if self.covers:
            found["covers"] = sorted(self.covers)
        return found


def read(
    body: Any, *, roles: Collection[str], facts: Collection[str] = (), people: Collection[str] | None = None
) -> tuple[Step, ...]:
    """Read stored steps, or raise `Invalid` with every problem and where it is.

    `roles` are those that can be asked, `facts` what steps can look at; without facts, anything is taken.
    `people` are the ids of who works here; without, whoever is named may have left since.
    """
    reader = _Reader(frozenset(roles), frozenset(facts), None if people is None else frozenset(people))
    steps = reader.steps(body)
    if reader.problems:
        raise Invalid(reader.problems)
    return steps


class _Reader:
    """Notes what is wrong instead of stopping at the first mistake."""

    def __init__(self, roles: frozenset[str], facts: frozenset[str], people: frozenset[str] | None) -> None:
        self.roles, self.facts, self.people = roles, facts, people
        self.problems: list[Problem] = []

    def refuse(self, path: Path, code: str, **facts: Any) -> None:
        self.problems.append(Problem(path, code, facts))

    def steps(self, body: Any) -> tuple[Step, ...]:
        found = self._list(body, ("steps",), MOST_STEPS)
        steps = [step for number, part in enumerate(found) if (step := self._step(part, ("steps", number)))]
        seen: set[str] = set()
        for number, step in enumerate(steps):
            if step.key in seen:
                self.refuse(("steps", number, "key"), "key_taken", key=step.key)
            seen.add(step.key)
        return tuple(steps)

    def _step(self, body: Any, path: Path) -> Step | None:
        noted = len(self.problems)
        if not isinstance(body, Mapping):
            self.refuse(path, "mapping")
            return None
        self._keys(body, {"key", "name", "stage", "asked", "need", "looks_at", "within", "then", "covers"}, path)
        asked = self._asked(body.get("asked"), (*path, "asked"))
        facts: dict[str, Any] = {
            "key": self._key(body.get("key"), (*path, "key")),
            "name": self._text(body.get("name"), (*path, "name"), LONGEST_NAME),
            "stage": self._whole(body.get("stage", 1), (*path, "stage"), LAST_STAGE),
            "asked": asked,
            "need": self._need(body.get("need", 1), asked, (*path, "need")),
            "looks_at": self._looks_at(body.get("looks_at", []), (*path, "looks_at")),
            "within": self._within(body.get("within"), (*path, "within")),
            "then": self._asked(body["then"], (*path, "then")) if body.get("then") else (),
            "covers": frozenset(self._covers(body.get("covers", []), (*path, "covers"))),
        }
        if (facts["within"] is None) != (not facts["then"]) and len(self.problems) == noted:
            self.refuse((*path, "then"), "timeout_without_next" if facts["within"] else "next_without_timeout")
        return Step(**facts) if len(self.problems) == noted else None

    def _asked(self, body: Any, path: Path) -> tuple[Asked, ...]:
        noted = len(self.problems)
        parts = self._list(body, path, MOST_ASKED)
        found = [asked for number, part in enumerate(parts) if (asked := self._one(part, (*path, number)))]
        if len(self.problems) > noted:
            return tuple(found)
        if not found:
            self.refuse(path, "nobody_asked")
        elif all(asked.up_to for asked in found):
            self.refuse(path, "nobody_above")
        if len({(asked.means, asked.name) for asked in found}) < len(found):
            self.refuse(path, "asked_twice")
        return tuple(found)

    def _one(self, body: Any, path: Path) -> Asked | None:
        means = [means for means in Means if isinstance(body, Mapping) and str(means) in body]
        if len(means) != 1:
            self.refuse(path, "who")
            return None
        self._keys(body, {str(means[0]), "up_to"}, path)
        name = body[str(means[0])]
        if means[0] == Means.OWNER:
            name = ""
        elif means[0] == Means.ROLE and (not isinstance(name, str) or name not in self.roles):
            self.refuse(path, "unknown_role", name=str(name)[:80])
        elif means[0] == Means.PERSON and not self._is_known(name):
            self.refuse(path, "unknown_person")
        limit = self._money(body["up_to"], (*path, "up_to")) if "up_to" in body else None
        return Asked(means[0], str(name), limit)

    def _is_known(self, person: Any) -> bool:
        try:
            name = str(UUID(person))
        except (ValueError, TypeError, AttributeError):
            return False
        return name == person and (self.people is None or name in self.people)

    def _money(self, body: Any, path: Path) -> Money | None:
        try:
            limit = values.money(body)
        except Refused as refusal:
            self.refuse(path, refusal.code, **refusal.facts)
            return None
        if limit.amount <= 0:
            self.refuse(path, "limit")
        return limit

    def _need(self, body: Any, asked: Sequence[Asked], path: Path) -> int | None:
        if body == "all":
            return None
        need = 1 if body == "any" else self._whole(body, path, MOST_ASKED)
        people = [one for one in asked if one.means != Means.ROLE]
        if asked and len(people) == len(asked) and need > len(people):
            self.refuse(path, "too_few_asked", need=need, asked=len(people))
        return need

    def _looks_at(self, body: Any, path: Path) -> frozenset[str]:
        found = self._list(body, path, 200)
        for number, name in enumerate(found):
            if not isinstance(name, str) or (self.facts and name not in self.facts):
                self.refuse((*path, number), "unknown_field", name=str(name)[:80])
        return frozenset(name for name in found if isinstance(name, str))

    def _covers(self, body: Any, path: Path) -> Iterator[str]:
        for number, key in enumerate(self._list(body, path, MOST_STEPS)):
            if is_key(key):
                yield key
            else:
                self.refuse((*path, number), "key")

    def _within(self, body: Any, path: Path) -> Promise | None:
        if body is None:
            return None
        if not isinstance(body, Mapping) or set(body) != {"count", "unit"} or body["unit"] not in list(Unit):
            self.refuse(path, "time")
            return None
        return Promise(self._whole(body["count"], (*path, "count"), LONGEST), Unit(body["unit"]))

    def _text(self, body: Any, path: Path, most: int) -> str:
        if not isinstance(body, str) or not body.strip():
            self.refuse(path, "text")
        elif len(body) > most:
            self.refuse(path, "long", most=most)
        return str(body).strip()

    def _key(self, body: Any, path: Path) -> str:
        noted, key = len(self.problems), self._text(body, path, 40)
        if len(self.problems) == noted and not is_key(key):
            self.refuse(path, "key")
        return key

    def _whole(self, body: Any, path: Path, most: int) -> int:
        try:
            return values.whole(body, 1, most)
        except Refused as refusal:
            self.refuse(path, refusal.code, **refusal.facts)
            return 1

    def _list(self, body: Any, path: Path, most: int) -> Sequence[Any]:
        if not isinstance(body, list | tuple):
            self.refuse(path, "list")
        elif len(body) > most:
            self.refuse(path, "size", most=most)
        else:
            return body
        return ()

    def _keys(self, body: Mapping[Any, Any], known: Collection[str], path: Path) -> None:
        for key in [key for key in body if key not in known][:MOST_ASKED]:
            self.refuse(path, "unknown_key", key=str(key)[:80])
