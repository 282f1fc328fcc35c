"""What is in a file, shown on a page: pages of documents as pictures, tables as their first rows.

Drawn by a process of its own with limits of time and memory (`artist`), once: the result is kept in the storage beside
the file, also when there was none, so that a file that cannot be drawn costs its seconds only once.
"""

from __future__ import annotations

import json
import logging
import subprocess
import sys
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from threading import BoundedSemaphore
from typing import BinaryIO

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from prm.files.models import File
from prm.files.rules import KINDS

logger = logging.getLogger(__name__)

PAGES = 50  # shown of one document; the rest is in the file
SECONDS = 20
ARTIST = Path(__file__).with_name("artist.py")
PDF = KINDS["pdf"].media_type
TABLES = {KINDS[extension].media_type: extension for extension in ("csv", "xlsx")}
AT_ONCE = BoundedSemaphore(2)  # in this process; who comes later waits
CHUNK = 1024 * 1024


@dataclass(frozen=True)
class Table:
    """The first rows of a table; `count` of all, the heading included, or as many as were counted."""

    rows: list[list[str]]
    count: int
    is_cut: bool

    @property
    def left_out(self) -> int:
        return self.count - len(self.rows)


def pages_of(file: File) -> int:
    """Return how many pages of a file are shown; none of what has no pages."""
    return min(file.pages or 1, PAGES) if file.media_type == PDF else 0


def page(file: File, number: int) -> bytes | None:
    """Return a page as a WebP picture, or nothing if it cannot be drawn."""
    return _kept(file, f"{number}.webp", "page", number) or None


def table(file: File) -> Table | None:
    """Return the beginning of a table, or nothing if it cannot be read."""
    if file.media_type not in TABLES:
        return None
    found = _kept(file, "rows.json", TABLES[file.media_type], 0)
    return Table(**json.loads(found)) if found else None


def forget(file: File) -> None:
    """Delete what was drawn of a file."""
    for name in ["rows.json", *(f"{number}.webp" for number in range(1, pages_of(file) + 1))]:
        default_storage.delete(_place(file, name))


def _place(file: File, name: str) -> str:
    return f"shown/{file.key}/{name}"


def _kept(file: File, name: str, what: str, number: int) -> bytes:
    place = _place(file, name)
    with suppress(FileNotFoundError), default_storage.open(place) as kept:
        return kept.read()
    drawn = _draw(file, what, number)
    stored = default_storage.save(place, ContentFile(drawn))
    if stored != place:  # two asked at once; the other's is as good
        default_storage.delete(stored)
    return drawn


def _draw(file: File, what: str, number: int) -> bytes:
    try:
        with default_storage.open(file.key) as content:
            return drawn(content, what, number)
    except subprocess.SubprocessError as error:
        logger.warning("a file could not be shown", extra={"file": str(file.pk), "error": type(error).__name__})
        return b""


def drawn(content: BinaryIO, what: str, number: int) -> bytes:
    """Return what a process with limits makes of a content, see `artist`; raises `SubprocessError` if it fails."""
    with tempfile.TemporaryFile() as copy:
        while chunk := content.read(CHUNK):
            copy.write(chunk)
        copy.seek(0)
        command = [sys.executable, "-I", str(ARTIST), what, str(number)]
        with AT_ONCE:
            answer = subprocess.run(command, stdin=copy, capture_output=True, timeout=SECONDS, check=True, env={})
    return answer.stdout
