"""Names in a text that begin with @: which people they mean, and where they stand. Nothing but text is known here."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class Part:
    """A piece of a text; a mention is a name with its @."""

    text: str
    is_mention: bool = False


def names_in(text: str, names: Iterable[str]) -> set[str]:
    """Return which of these names are mentioned, as given; of two that begin alike the longer one is meant."""
    known: dict[str, set[str]] = {}
    for name in names:
        known.setdefault(_plain(name), set()).add(name)
    pattern = _pattern(known)
    if pattern is None:
        return set()
    found = {_plain(match.group(1)) for match in pattern.finditer(_composed(text))}
    return {name for plain in found for name in known[plain]}


def split(text: str, names: Iterable[str]) -> Iterator[Part]:
    """Yield the text in pieces that make it whole again, with the mentions apart."""
    text, end = _composed(text), 0
    pattern = _pattern({_plain(name) for name in names})
    for match in pattern.finditer(text) if pattern else ():
        if match.start() > end:
            yield Part(text[end : match.start()])
        yield Part(match.group(0), is_mention=True)
        end = match.end()
    if end < len(text):
        yield Part(text[end:])


def _pattern(names: Iterable[str]) -> re.Pattern[str] | None:
    """The longest name first; an e-mail address mentions nobody, and neither does a name that goes on."""
    ordered = sorted((name for name in names if name), key=len, reverse=True)
    if not ordered:
        return None
    either = "|".join(r"\s+".join(map(re.escape, name.split())) for name in ordered)
    return re.compile(rf"(?<![\w@.])@({either})(?!\w)", re.IGNORECASE)


def _composed(text: str) -> str:
    return unicodedata.normalize("NFC", text)


def _plain(name: str) -> str:
    """Return a name in the one form in which it is compared."""
    return " ".join(_composed(name).lower().split())
