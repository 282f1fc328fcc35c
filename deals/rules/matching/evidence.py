"""Why a candidate looks like the company, or does not: as data. The sentences are in `templates/deals/evidence/`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from deals.rules.matching.comparing import Alignment, Comparison, How, Letter
from deals.rules.matching.features import acronym


@dataclass(frozen=True)
class Evidence:
    """One reason: what it is, whether it speaks for the same company, and the words it is about."""

    code: str
    is_for: bool
    facts: dict[str, Any] = field(default_factory=dict)

    def turned(self) -> Evidence:
        """Return the reason as the other company sees it."""
        code = {"extends": "is_extended", "is_extended": "extends"}.get(self.code, self.code)
        facts = dict(self.facts)
        if "one" in facts:
            facts["one"], facts["other"] = facts["other"], facts["one"]
        return Evidence(code, self.is_for, facts)


def of(found: Comparison) -> tuple[Evidence, ...]:
    """Return the reasons, those for the same company first, the weightiest of each side first."""
    reasons = [*_web_and_numbers(found), *_name(found.name), *_place(found)]
    return tuple(sorted(reasons, key=lambda reason: not reason.is_for))


def _name(name: Alignment) -> Iterator[Evidence]:
    a, b = name.one, name.other
    if name.series_differ:
        yield Evidence("other_series", False, {"one": _shown(name, 0), "other": _shown(name, 1)})
    if a.core == b.core:
        yield Evidence("same_name" if a.forms == b.forms or not (a.forms and b.forms) else "other_legal_form", True)
        return
    if sorted(a.core) == sorted(b.core):
        yield Evidence("other_order", True)
        return
    if a.joined == b.joined:
        yield Evidence("other_spaces", True)
        return
    if acronym(a, b) >= 0.4 or acronym(b, a) >= 0.4:
        yield Evidence("initials", True)
    elif not name.pairs:
        yield Evidence("other_name", False)
        return
    for pair in name.pairs:
        if pair.how in _WAYS and pair.one != pair.other:
            yield Evidence(_WAYS[pair.how], True, {"one": " ".join(pair.one), "other": " ".join(pair.other)})
    if all(pair.how is How.EQUAL for pair in name.pairs) and name.pairs:
        yield Evidence("shared_words", True, {"words": " ".join(word for pair in name.pairs for word in pair.one)})
    if name.extends:
        yield Evidence("extends", False, {"words": " ".join(name.right)})
    elif name.is_extended:
        yield Evidence("is_extended", False, {"words": " ".join(name.left)})
    elif name.left and name.right and name.pairs:
        yield Evidence("words_differ", False, {"one": " ".join(name.left), "other": " ".join(name.right)})


_WAYS = {
    How.TYPO: "typo",
    How.SPELLING: "spelling",
    How.MEANING: "meaning",
    How.SHORT: "short",
    How.JOINED: "joined",
    How.INITIALS: "initials_of",
    How.SOUND: "sound",
}


def _shown(name: Alignment, side: int) -> str:
    which = (name.left, name.right)[side]
    return " ".join(which) or " ".join((name.one, name.other)[side].core[-1:])


def _place(found: Comparison) -> Iterator[Evidence]:
    for field_, code in (("phone", "phone"), ("street", "street"), ("postcode", "postcode"), ("city", "city")):
        letter: Letter = getattr(found, field_)
        if letter is Letter.SAME:
            yield Evidence(f"same_{code}", True)
        elif letter is Letter.DIFFERENT:
            yield Evidence(f"other_{code}", False)
    if found.country is Letter.DIFFERENT:
        yield Evidence("other_country", False, {"one": found.one.country, "other": found.other.country})


def _web_and_numbers(found: Comparison) -> Iterator[Evidence]:
    if found.number is Letter.SAME:
        yield Evidence("same_number", True)
    elif found.number is Letter.DIFFERENT:
        yield Evidence("other_number", False)
    if found.shared is None:
        return
    one, other = found.shared
    facts = {"one": one.domain, "other": other.domain}
    if found.domain is Letter.SAME:
        yield Evidence("same_mail_domain" if one.from_mail else "same_domain", True, facts)
    elif found.domain is Letter.SIMILAR:
        yield Evidence("other_ending", True, facts)
    else:
        yield Evidence("other_domain", False, facts)
