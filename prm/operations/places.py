"""Where an installation keeps what it makes: everything is below one folder, `var`."""

import os
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]


def var() -> Path:
    """Return the folder of this installation; `PRM_VAR` moves it."""
    return Path(os.environ.get("PRM_VAR") or PROJECT / "var").expanduser().absolute()


def room() -> Path:
    """Return a folder with room for large passing files; `/tmp` is often kept in memory."""
    folder = var() / "tmp"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def write_private(path: Path, text: str) -> None:
    """Replace a file in one step; nobody but its owner can read it, not even for a moment."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    draft.unlink(missing_ok=True)
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with open(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
    draft.replace(path)
