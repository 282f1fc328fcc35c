"""Under which keys a company is found. Two that are the same share a rare one nearly always."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from hashlib import blake2b
from itertools import pairwise
from uuid import UUID

from deals.rules.matching import words
from deals.rules.matching.names import Name
from deals.rules.matching.profiles import Profile

VERSION = 2  # of how names are read and keys made; customers with another are stamped anew in the background
COMMON = 500  # customers that share a key; beyond, it is not looked up, unless it identifies
# Kinds of keys that identify, and how much more than a word they tell.
IDENTIFIERS = {"d": 1.5, "n": 2.5, "p": 2.5}
EVERYTHING = "*"  # the key of all customers: its count is how many there are


def is_telling(key: str) -> bool:
    """Say whether a key is more than a general word, a place or a pair of words: few companies share it."""
    kind, _, value = key.partition(":")
    return kind in "xjdnph" or (kind == "w" and not words.concept(value))


def hashed(found: Iterable[str], tenant_id: UUID) -> dict[str, int]:
    """Return each key as a number of 64 bits that is another one for every tenant."""
    salt = tenant_id.bytes
    return {
        key: int.from_bytes(blake2b(key.encode(), digest_size=8, key=salt).digest(), "big", signed=True)
        for key in found
    }


def of(profile: Profile) -> frozenset[str]:
    """Return the keys of a company, each as its kind, a colon and a value."""
    return frozenset(_keys(profile))


def asked(profile: Profile) -> frozenset[str]:
    """Return the keys under which a company is looked up: its own, and those it would have had without one slip.

    Slips are only tried for short names of one word; longer ones share another key.
    """
    found = set(_keys(profile))
    for name in profile.names:
        if len(name.core) == 1 and 4 <= len(name.core[0]) <= 10 and name.core[0].isalpha():
            found.update(f"w:{word}" for word in slips(name.core[0]))
    return frozenset(found)


LETTERS = "abcdefghijklmnopqrstuvwxyz"


def slips(word: str) -> frozenset[str]:
    """Return the words from which this one comes by one slip of the keyboard."""
    cuts = [(word[:place], word[place:]) for place in range(len(word) + 1)]
    left_out = {a + b[1:] for a, b in cuts if b}
    swapped = {a + b[1] + b[0] + b[2:] for a, b in cuts if len(b) > 1}
    other = {a + letter + b[1:] for a, b in cuts if b for letter in LETTERS}
    more = {a + letter + b for a, b in cuts for letter in LETTERS}
    return frozenset(left_out | swapped | other | more) - {word}


def _keys(profile: Profile) -> Iterator[str]:
    for name in profile.names:
        yield from _of_name(name, profile)
    for one in profile.addresses:
        yield f"d:{one.domain}"
        if len(one.label) > 2:
            yield f"j:{one.label[:24]}"
            yield from _starts(one.label)
        if len(one.label) <= 6:
            yield f"i:{one.label}"
        if one.host != one.domain:
            yield f"h:{one.host}"
    if profile.number:
        yield f"n:{profile.number}"
    if profile.phone:
        yield f"p:{profile.phone}"
    if profile.postcode:
        yield f"z:{profile.country}{profile.postcode}"
    if profile.street and profile.city:
        for digits in profile.street:
            if digits[0].isdigit():
                yield f"s:{profile.city}{digits}{min(profile.street - {digits}, default='')[:4]}"


def _of_name(name: Name, profile: Profile) -> Iterator[str]:
    core = name.core
    meant = [words.concept(word) or word for word in core]
    for word, meaning in zip(core, meant, strict=True):
        yield f"w:{meaning}"
        if len(word) >= 4 and meaning == word:
            yield f"x:{words.sound(word)}"
        if profile.city:
            yield f"c:{meaning[:6]}:{profile.city[:6]}"
        elif profile.country:
            yield f"c:{meaning[:6]}:{profile.country}"
    for one, other in pairwise(meant):
        yield f"b:{one}:{other}"
    for joined in {name.joined, name.spelt_out}:
        if len(joined) > 2:
            yield f"j:{joined[:24]}"
            yield from _starts(joined)
    for initials in name.acronyms:
        if len(initials) > 2:
            yield f"i:{initials[:8]}"
    for word in core[:3] + tuple(name.brackets):
        if len(word) <= 7:
            yield f"i:{word}"


def _starts(joined: str) -> Iterator[str]:
    if len(joined) >= 5:
        yield f"5:{joined[:5]}"
    if len(joined) >= 8:
        yield f"8:{joined[:8]}"
    if len(joined) >= 12:
        yield f"t:{joined[:12]}"
