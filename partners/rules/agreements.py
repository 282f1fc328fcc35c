"""The words of an agreement: their fingerprint, and the simple markup they are written in.

# Heading            ## Smaller heading
- item of a list     1. item of a numbered list
everything else is a paragraph; an empty line ends it
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

REMINDER_DAYS = (7, 3, 1)
_NUMBERED = re.compile(r"\d{1,3}[.)] +(.*)")


@dataclass(frozen=True)
class Wording:
    """An agreement in one language."""

    title: str
    text: str

    @classmethod
    def from_body(cls, body: Mapping[str, str]) -> Wording:
        return cls(body.get("title", ""), body.get("text", ""))

    @property
    def body(self) -> dict[str, str]:
        return {"title": self.title, "text": self.text}


class BlockKind(StrEnum):
    HEADING = "heading"
    SUBHEADING = "subheading"
    PARAGRAPH = "paragraph"
    LIST = "list"
    NUMBERED = "numbered"


@dataclass(frozen=True)
class Block:
    """A part of a text: a heading or paragraph of one text, or a list of several."""

    kind: BlockKind
    lines: tuple[str, ...]

    @property
    def text(self) -> str:
        return " ".join(self.lines)


def blocks(text: str) -> list[Block]:
    """Return a text as headings, paragraphs and lists; whatever is no markup is plain text."""
    found: list[Block] = []
    joins = False  # whether the next line goes on with the last block
    for line in text.splitlines():
        kind, words = _read(line.strip())
        if not words:
            joins = False
            continue
        if joins and found[-1].kind == kind and kind not in (BlockKind.HEADING, BlockKind.SUBHEADING):
            found[-1] = Block(kind, (*found[-1].lines, words))
        else:
            found.append(Block(kind, (words,)))
        joins = True
    return found


def _read(line: str) -> tuple[BlockKind, str]:
    if line.startswith("## "):
        return BlockKind.SUBHEADING, line[3:].strip()
    if line.startswith("# "):
        return BlockKind.HEADING, line[2:].strip()
    if line.startswith(("- ", "* ")):
        return BlockKind.LIST, line[2:].strip()
    if numbered := _NUMBERED.fullmatch(line):
        return BlockKind.NUMBERED, numbered[1].strip()
    return BlockKind.PARAGRAPH, line


def digest(wordings: Mapping[str, Wording]) -> str:
    """Return the SHA-256 of an agreement in all its languages."""
    bodies = {language: wording.body for language, wording in wordings.items()}
    canonical = json.dumps(bodies, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def reminder_due(days_left: int, reminded: int | None) -> int | None:
    """Return the mark (7, 3 or 1 days) a reminder is due for, unless it or a nearer one was sent."""
    passed = [mark for mark in REMINDER_DAYS if days_left <= mark and (reminded is None or mark < reminded)]
    return min(passed) if passed and days_left >= 0 else None
