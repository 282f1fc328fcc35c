"""Finding the browser for tests; `python -m prm.operations.chromium` prints its path or says what to do."""

import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

from prm.operations import packages

# The one that draws no windows comes first: pages take it half the time.
NAMES = (
    "chromium-headless-shell",
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
)
CACHES = (".cache/ms-playwright", "Library/Caches/ms-playwright")
IN_CACHE = (
    "chromium_headless_shell-*/chrome-*/*headless*shell",
    "chromium-*/chrome-*/chrome",
    "chromium-*/chrome-*/*.app/Contents/MacOS/*",
)


def find() -> str | None:
    return next(_candidates(), None)


def find_or_install() -> str | None:
    """Return a browser, installed now where we may; never fails, and never takes longer than some minutes."""
    for package in ("chromium-headless-shell", "chromium"):  # the first is not to be had everywhere
        if find() or packages.install(package, minutes=8):
            break
    return find()


def _candidates() -> Iterator[str]:
    chosen = os.environ.get("CHROMIUM")
    if chosen and os.access(chosen, os.X_OK):
        yield chosen
    yield from filter(None, map(shutil.which, NAMES))
    mac = Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")
    if mac.exists():
        yield str(mac)
    for cache in CACHES:
        for pattern in IN_CACHE:
            yield from map(str, sorted(Path.home().joinpath(cache).glob(pattern), reverse=True))


if __name__ == "__main__":
    browser = find_or_install()
    if browser is None:
        print("No Chromium: browser tests are skipped. 'manage.py doctor' names the command.", file=sys.stderr)
    print(browser or "")
