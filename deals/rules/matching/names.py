"""A company's name taken apart: what tells it apart, what it does, its legal form, its numbers."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from anyascii import anyascii
from rapidfuzz.distance import OSA

from deals.rules.matching import words

LONGEST = 300  # letters of a name that are looked at
MOST_WORDS = 24

_POINTED = re.compile(r"\b(?:[^\W\d_]\.\s?){2,}(?:[^\W\d_]\b)?")  # U.S.A., S. p. A.
_SLASHED = re.compile(
    r"\b([a-z])\s?[/+&]\s?([a-z])\b|\b([a-z]{1,3})[+&]([a-z]{1,3})\b|\b([a-z]{2})\s[+&]\s([a-z])\b"
)  # A/S, AT+S
_HYPHENED = re.compile(r"\b([a-z])-([a-z]{2,})\b")  # E-Hwa
_POSSESSIVE = re.compile(r"['’`´]s\b")
_IN_BRACKETS = re.compile(r"[\(\[（【{]([^\)\]）】}]*)[\)\]）】}]?")
_APOSTROPHES = re.compile(r"['’`´]")
_NOT_WORDS = re.compile(r"[^a-z0-9]+")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_NUMBERED = re.compile(r"^(no|nr|num|number)?(\d+)$")


@dataclass(frozen=True)
class Name:
    """A name in words. `core` is without legal forms and small words; `forms` are the legal forms left out."""

    raw: str
    text: str
    core: tuple[str, ...]
    forms: frozenset[str]
    brackets: frozenset[str]  # words that stood in brackets: often a place or an abbreviation
    numbers: frozenset[int]
    joined: str
    initials: str
    acronyms: frozenset[str]  # what it may be shortened to
    spelt_out: str  # joined, with German umlauts written as two letters, where that differs
    is_cut: bool  # words cut short with a point: "ELECTR."
    cut: frozenset[str] = frozenset()


@lru_cache(maxsize=8192)
def read(text: str) -> Name:
    """Take a name apart. Never fails, whatever was typed; a name of nothing but a legal form keeps it as its core."""
    text = text[:LONGEST]
    plain = text
    if words.has_other_script(text):
        plain = words.translate(words.native_forms().sub(" ", text.lower()))
        plain = plain if plain.strip() else text
    latin = anyascii(plain)
    if plain is not text:
        latin = _CAMEL.sub("", latin)
    low = latin.lower()
    low = _POINTED.sub(lambda found: " " + found.group().replace(".", "").replace(" ", "") + " ", low)
    low = _HYPHENED.sub(r"\1\2", low)
    low = _POSSESSIVE.sub("s", low)
    low = _SLASHED.sub(lambda found: "".join(filter(None, found.groups())), low)
    cut = frozenset(_NOT_WORDS.sub("", word) for word in re.findall(r"[a-z0-9]{2,}\.(?=\W|$)", low))
    bracketed = " ".join(_IN_BRACKETS.findall(low))
    brackets = frozenset(_NOT_WORDS.sub(" ", bracketed).split())
    low = low.replace("&", " and ").replace("+", " and ")
    low = _APOSTROPHES.sub("", low)
    found = _NOT_WORDS.sub(" ", low).split()[:MOST_WORDS]
    core, forms = _without_forms(found)
    core = _joined_letters(core)
    small = words.listed("small")
    kept = tuple(word for i, word in enumerate(core) if word not in small or _counts(core, i)) or tuple(core)
    numbers = frozenset(n for i, word in enumerate(kept) if (n := _number(word, i)) is not None)
    return Name(
        raw=text,
        text=" ".join(found),
        core=kept,
        forms=forms,
        brackets=brackets,
        numbers=numbers,
        joined="".join(kept),
        initials="".join(word[0] for word in kept),
        acronyms=_acronyms(found, core, kept),
        spelt_out=_spelt_out(text),
        is_cut=bool(cut - forms),
        cut=cut,
    )


def _acronyms(found: list[str], core: list[str], kept: tuple[str, ...]) -> frozenset[str]:
    """Return the initials with and without small words and legal forms."""
    kinds = (
        kept,
        core,
        found,
        found[:-1],
        [word for word in found if word not in words.listed("small")],
        ("the", *kept),
    )
    return frozenset("".join(word[0] for word in kind)[:10] for kind in kinds if len(kind) > 1)


def _spelt_out(text: str) -> str:
    if not any(letter in "äöüÄÖÜ" for letter in text):
        return ""
    return read(text.translate(words.UMLAUTS)).joined


def _counts(core: list[str], place: int) -> bool:
    """Say whether a small word at the end is a letter that counts: "Fonds I", "Fund A"."""
    return 0 < place == len(core) - 1 and len(core[place]) == 1


def _number(word: str, place: int) -> int | None:
    """A number at the front is a name ("One Bank"); later it counts ("Fund V"), as does a letter ("Fund W")."""
    if word.isdigit():
        return words.number(word)
    if not place:
        return None
    if len(word) == 1 and words.number(word) is None:
        return -ord(word)
    return words.number(word)


def _without_forms(found: list[str]) -> tuple[list[str], frozenset[str]]:
    """Take legal forms from both ends, and from before a bracket; never the whole name."""
    known, beside, inside = words.listed("forms"), words.listed("beside"), words.listed("inside")
    kept = list(found)
    forms: list[str] = []
    while len(kept) > 1 and (kept[-1] in known or (forms and kept[-1] in beside) or _is_misspelt_form(kept[-1])):
        forms.append(kept.pop())
    while len(kept) > 1 and (
        kept[0] in words.listed("before") or (kept[0] in inside and kept[0] not in ("ag", "nv", "kg"))
    ):
        forms.append(kept.pop(0))
    inner = [word for i, word in enumerate(kept) if i == 0 or word not in inside]
    forms += [word for i, word in enumerate(kept) if i and word in inside]
    return inner or kept, frozenset(forms) - beside


_LONG_FORMS = ("limited", "corporation", "incorporated", "aktiengesellschaft", "berhad", "sirketi")


@lru_cache(maxsize=16384)
def _is_misspelt_form(word: str) -> bool:
    return len(word) > 5 and any(
        OSA.distance(word, form, score_cutoff=2) <= 1 + (len(form) > 12)
        for form in _LONG_FORMS
        if abs(len(form) - len(word)) < 3
    )


def _joined_letters(found: list[str]) -> list[str]:
    """Join letters that stand alone: "b m w" is one word."""
    out: list[str] = []
    alone = ""
    for word in [*found, ""]:
        if len(word) == 1 and word.isalpha():
            alone += word
            continue
        if alone:
            out.append(alone)
            alone = ""
        if word:
            out.append(word)
    return out
