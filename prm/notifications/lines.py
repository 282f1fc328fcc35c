"""Text that people chose, made safe to put into a subject, a header or a list."""

from __future__ import annotations

import unicodedata

from prm.accounts.text import is_hidden

SUBJECT = 200


def one_line(text: str, limit: int = SUBJECT) -> str:
    """Return the text in one line, without characters that nobody sees but that change what is seen."""
    visible = (" " if character.isspace() else character for character in text)
    line = "".join(character for character in visible if not is_hidden(character))
    line = " ".join(unicodedata.normalize("NFC", line).split())
    return line if len(line) <= limit else f"{line[: limit - 1].rstrip()}…"


def several_lines(text: str) -> str:
    """Return the text with its lines, each without hidden characters."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "\n".join("".join(c for c in line if c == "\t" or not is_hidden(c)).rstrip() for line in lines)
