"""Finding Pango, which sets the type of PDF documents; `python -m prm.operations.pango` installs it where it may."""

import ctypes.util
import sys

from prm.operations import packages

MINUTES = 4
NAMES = ("pango-1.0", "pangoft2-1.0", "harfbuzz")


def find() -> str | None:
    """Return the library's name, if all that is needed is here."""
    found = [ctypes.util.find_library(name) for name in NAMES]
    return found[0] if all(found) else None


def find_or_install() -> str | None:
    """Return the library, installed now where we may; never fails, and never takes longer than some minutes."""
    return find() or (packages.install("pango", minutes=MINUTES) and find()) or None


if __name__ == "__main__":
    if find_or_install() is None:
        command = packages.install_command("pango")
        print(f"No Pango: documents print from the browser and their PDF waits. Run: {command}", file=sys.stderr)
