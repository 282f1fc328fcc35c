"""Names of files, made safe to show, to store and to save elsewhere."""

from __future__ import annotations

import re
import unicodedata

from prm.accounts.text import is_hidden

LENGTH = 120
FORBIDDEN = re.compile(r'[<>:"|?*/\\]')
DEVICES = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\.|$)", re.IGNORECASE)


def clean(name: str) -> str:
    """Return a name without path, hidden characters and what some system forbids; the extension is kept.

    Characters that turn the direction of reading would show `gpj.exe` as `exe.jpg`; they are dropped like the
    other hidden ones.
    """
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    visible = "".join(" " if c.isspace() else c for c in last if c.isspace() or not is_hidden(c))
    plain = " ".join(FORBIDDEN.sub("_", visible).split()).strip(". ")
    stem, dot, extension = plain.rpartition(".")
    if not dot:
        stem, extension = extension, ""
    stem = stem.rstrip(". ") or "file"
    if DEVICES.match(f"{stem}."):
        stem = f"_{stem}"
    ending = f".{extension}" if extension else ""
    return f"{stem[: LENGTH - len(ending)].rstrip()}{ending}" if len(ending) < 20 else stem[:LENGTH]
