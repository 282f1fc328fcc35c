"""What words of company names mean whatever the language: concepts, numbers, legal forms, places."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from pathlib import Path

from anyascii import anyascii
from babel import Locale

FOLDER = Path(__file__).parent
_ROMAN = {
    word: number
    for number, word in enumerate(
        ["i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii", "xiii", "xiv", "xv", "xvi"], 1
    )
}
_SPOKEN = {
    word: number
    for number, said in enumerate(
        (
            "one uno eins first",
            "two dos zwei second",
            "three tres drei third",
            "four quatre vier fourth",
            "five cinq funf fifth",
            "six sechs sixth",
            "seven sieben seventh",
            "eight acht eighth",
            "nine neun ninth",
            "ten zehn tenth",
        ),
        1,
    )
    for word in said.split()
}
_COUNTRIES = {
    "uk": "GB", "england": "GB", "scotland": "GB", "wales": "GB", "britain": "GB", "usa": "US", "us": "US",
    "america": "US", "uae": "AE", "prc": "CN", "roc": "TW", "holland": "NL", "hongkong": "HK", "korea": "KR",
}  # fmt: skip
_COMMENT = "#"


def _lines(name: str) -> Iterator[tuple[str, list[str]]]:
    for line in (FOLDER / name).read_text(encoding="utf-8").splitlines():
        if line and not line.startswith(_COMMENT):
            head, _, rest = line.partition(":")
            yield head.strip(), rest.split()


@cache
def listed(name: str) -> frozenset[str]:
    """Return a list of `forms.txt`: `forms`, `beside`, `before`, `inside` or `small`."""
    return frozenset(dict(_lines("forms.txt"))[name])


@cache
def native_forms() -> re.Pattern[str]:
    """Return what finds legal forms of other scripts, the longest first."""
    native = " ".join(dict(_lines("forms.txt"))["native"]).split("|")
    return re.compile("|".join(map(re.escape, sorted(native, key=len, reverse=True))), re.IGNORECASE)


@cache
def concepts() -> dict[str, str]:
    """Return the concept of each general word: `hopital` → `hospital`. The first meaning of a word counts."""
    table: dict[str, str] = {}
    for concept, variants in _lines("concepts.txt"):
        for word in (concept, *variants):
            table.setdefault(word, concept)
    return table


@cache
def cities() -> dict[str, str]:
    """Return one name for each city that has several: `munchen` → `munich`."""
    return {word: city for city, variants in _lines("places.txt") for word in (city, *variants)}


@cache
def _native() -> tuple[re.Pattern[str], dict[str, str]]:
    table = {variant: concept for concept, variants in _lines("native_words.txt") for variant in variants}
    longest_first = sorted(table, key=len, reverse=True)
    return re.compile("|".join(map(re.escape, longest_first))), table


@lru_cache(maxsize=65536)
def concept(word: str) -> str:
    """Return the concept of a word, or nothing for a word of the company's own."""
    return concepts().get(word, "")


def is_general(word: str) -> bool:
    """Say whether a word is no company's own: it has a meaning that many names have, or is a single letter."""
    return len(word) == 1 or bool(concept(word))


@lru_cache(maxsize=65536)
def number(word: str) -> int | None:
    """Return the number that a word says: 2 for `2`, `ii` and `two`."""
    if word.isdigit():
        return int(word) if len(word) < 10 else None
    return _ROMAN.get(word) or _SPOKEN.get(word)


@lru_cache(maxsize=65536)
def sound(word: str) -> str:
    """Return how a word sounds, roughly: consonants only, those that are confused made one, none twice."""
    for letters, sounds in _ALIKE:
        word = word.replace(letters, sounds)
    code = _SOUNDS.get(word[:1], word[:1])
    for letter in word[1:]:
        same = _SOUNDS.get(letter, "")
        if same and same != code[-1:]:
            code += same
    return code


_ALIKE = (("ph", "f"), ("ck", "k"), ("sch", "s"), ("sh", "s"), ("th", "t"), ("qu", "k"))
_SOUNDS = dict(zip("bpfvwckgqxszdtlmnrj", "ppfffkkkkkssttlnnry", strict=True))


@cache
def countries() -> dict[str, str]:
    """Return the country that a word of a name means: `germany` → `DE`, `deutschland` → `DE`, `uk` → `GB`."""
    table = dict(_COUNTRIES)
    for language in ("en", "de", "fr", "es", "it", "pt", "nl", "sv", "pl", "tr"):
        for code, name in Locale(language).territories.items():
            word = re.sub("[^a-z]", "", fold(name))
            if len(code) == 2 and len(word) > 3:
                table.setdefault(word, code)
    return table


def has_other_script(text: str) -> bool:
    """Say whether a text holds letters beyond the Latin ones."""
    return any(letter > "\u024f" and letter.isalpha() and not "\u1e00" <= letter <= "\u1eff" for letter in text)


def translate(text: str) -> str:
    """Replace what words of other scripts mean by their concept."""
    pattern, table = _native()
    return pattern.sub(lambda found: f" {table[found.group()]} ", text)


UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue"})


def fold(text: str) -> str:
    """Return a text in small Latin letters without accents: `müller` → `muller`."""
    return anyascii(text).lower()
