"""Knowing whether the collected static files are still those of the sources."""

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

from prm.operations.places import PROJECT, var

SOURCES = ("static", "prm", "partners", "deals", "quotes", "mdf")
LOCK = PROJECT / "requirements" / "run.txt"  # packages bring static files of their own
BUNDLES = PROJECT / "prm" / "ui" / "bundles.py"  # joins them


def stamp() -> Path:
    return var() / "static" / ".collected"


def are_collected() -> bool:
    return stamp().exists() and stamp().read_text() == fingerprint()


def note_collected() -> None:
    stamp().write_text(fingerprint())


def fingerprint() -> str:
    """Names, sizes and times of change are enough, and read in a few milliseconds."""
    digest = hashlib.sha256(LOCK.read_bytes() + BUNDLES.read_bytes())
    for file in sorted(_files()):
        status = file.stat()
        digest.update(f"{file.relative_to(PROJECT)} {status.st_size} {status.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def _files() -> Iterator[Path]:
    for source in SOURCES:
        for folder, _, names in os.walk(PROJECT / source):
            if "static" in Path(folder).relative_to(PROJECT).parts:
                yield from (Path(folder, name) for name in names)
