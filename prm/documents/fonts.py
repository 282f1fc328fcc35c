"""The letters of documents: our own fonts, cut into slices, so that no machine's fonts are needed or used.

A document gets only the slices whose characters occur in it. `fonts/index.json` says which a slice has.
"""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from pathlib import Path

FOLDER = Path(__file__).parent / "fonts"
# In the order in which they are looked through for a character.
SCRIPTS = ("latin", "greek", "cyrillic", "vietnamese", "arabic", "hebrew", "sc")
ALWAYS = "latin"  # digits, spaces and punctuation are in every document
WHOLE = ("vietnamese",)  # ị is drawn as one letter: in two, some viewers misplace what follows


@dataclass(frozen=True)
class Slice:
    """Some characters of a font in one weight."""

    file: str
    name: str
    weight: str
    characters: frozenset[str]

    @property
    def family(self) -> str:
        """A name of its own: slices that share one are taken for the same font, and each other's letters are drawn."""
        return f"Paper {self.name}"


def sheet(text: str) -> str:
    """Return CSS that sets a text in our fonts: the slices it needs, in each weight where the font has several."""
    parts = needed(text)
    families = ", ".join(dict.fromkeys(f"'{part.family}'" for part in parts))
    return f"{''.join(map(_face, parts))}html {{ font-family: {families}, sans-serif; }}\n"


def needed(text: str) -> list[Slice]:
    """Return the slices that together have a text's characters, those of the first scripts first."""
    missing = {weight: set(text) for weight in ("400", "600")}
    found = []
    for part in slices():
        if part.name == ALWAYS or missing[part.weight] & part.characters:
            missing[part.weight] -= part.characters
            found.append(part)
    return found


@lru_cache
def slices() -> list[Slice]:
    """Return all slices, those of the first scripts first."""
    index = json.loads((FOLDER / "index.json").read_text())
    parts = [_slice(file, ranges) for file, ranges in index.items()]
    return sorted(parts, key=lambda part: (SCRIPTS.index(part.name.partition("-")[0]), len(part.name), part.file))


def _face(part: Slice) -> str:
    features = " font-feature-settings: 'ccmp' 0;" if part.name in WHOLE else ""
    return (
        f"@font-face {{ font-family: '{part.family}'; font-weight: {part.weight};{features} "
        f"src: url({_address(part.file)}); }}\n"
    )


def _slice(file: str, ranges: str) -> Slice:
    name, weight = file.removeprefix("noto-sans-").removesuffix("-normal.woff2").rsplit("-", 1)
    return Slice(file, name, weight, frozenset(_characters(ranges)))


def _characters(ranges: str) -> Iterator[str]:
    for part in ranges.split():
        first, _, last = part.partition("-")
        yield from map(chr, range(int(first, 16), int(last or first, 16) + 1))


@lru_cache(maxsize=64)
def _address(file: str) -> str:
    """Return a slice as a data URL; unpacked once here, because unpacking is most of the work of a short document."""
    from fontTools.ttLib import woff2

    unpacked = BytesIO()
    woff2.decompress(FOLDER / file, unpacked)
    return f"data:font/ttf;base64,{b64encode(unpacked.getvalue()).decode()}"
