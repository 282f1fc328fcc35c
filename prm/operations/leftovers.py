"""What runs now, written down, so that the start after a crash finds and stops what is left."""

import fcntl
import json
import os
import signal
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import IO

from prm.operations import processes, waiting
from prm.operations.places import write_private
from prm.operations.processes import Trace, signal_group

ORPHANS_LINGER = 3.0  # workers of a killed web server notice within a second or two that it is gone


def record(file: Path, traces: Iterable[Trace]) -> None:
    write_private(file, json.dumps([asdict(trace) for trace in traces], indent=1))


def recorded(file: Path) -> list[Trace]:
    try:
        return [Trace(**entry) for entry in json.loads(file.read_text())]
    except (FileNotFoundError, ValueError, TypeError):
        return []


def clean(file: Path, mark: str, say: Callable[[str], None]) -> None:
    """Stop what an interrupted run left behind, the last started first, then what those had started themselves."""
    running = [trace for trace in reversed(recorded(file)) if trace.is_running]
    if running:
        say(f"Stopping what an interrupted run left behind: {', '.join(trace.name for trace in running)}.")
    for trace in running:
        end(trace)
    if not waiting.succeeds(lambda: not processes.marked(mark), seconds=ORPHANS_LINGER):
        for pid in processes.marked(mark):
            kill(pid)
    file.unlink(missing_ok=True)


def end(trace: Trace) -> None:
    """Ask it to end; after its grace end its whole group."""
    with suppress(ProcessLookupError):
        os.kill(trace.pid, trace.stop_signal)
    if not waiting.succeeds(lambda: not trace.is_running, seconds=trace.grace):
        signal_group(trace.pid, signal.SIGKILL)
        waiting.wait_for(lambda: not trace.is_running, what=f"The end of {trace.name}", seconds=10)


def kill(pid: int) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


def only_one(file: Path) -> IO[str] | None:
    """Return a lock that the system takes back when we end, however we end; None when another run has it."""
    file.parent.mkdir(parents=True, exist_ok=True)
    handle = file.open("w")
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        handle.close()
        return None
    return handle
