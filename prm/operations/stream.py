"""One stream of log lines for all processes, and a file for each."""

import contextlib
import sys
from pathlib import Path
from typing import IO

LIMIT = 10_000_000  # bytes; one older file is kept
WIDTH = 9


class Stream:
    def __init__(self, folder: Path, screen: IO[str] | None = None) -> None:
        self.folder, self.screen = folder, screen or sys.stdout
        folder.mkdir(parents=True, exist_ok=True)

    def say(self, text: str) -> None:
        self.write("portal", text)

    def write(self, name: str, line: str) -> None:
        file = self.folder / f"{name}.log"
        if file.exists() and file.stat().st_size > LIMIT:
            file.replace(file.with_suffix(".log.1"))
        with file.open("a", encoding="utf-8") as log:
            log.write(f"{line}\n")
        with contextlib.suppress(OSError, ValueError):  # a closed terminal is no reason to stop serving
            print(f"{name:<{WIDTH}} | {line}", file=self.screen, flush=True)
