"""Starting and stopping programs so that none outlives the one that started it."""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from prm.operations.unprivileged import Account

SET_DEATH_SIGNAL = 1  # PR_SET_PDEATHSIG of prctl(2)
LIBC = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


@dataclass(frozen=True)
class Program:
    """This is a process as it will be started and stopped."""

    name: str
    command: list[str]
    environment: Mapping[str, str]
    folder: Path = Path("/")
    account: Account | None = None
    first_input: bytes = b""
    stop_signal: signal.Signals = signal.SIGTERM
    grace: float = 10.0


def start(program: Program, output: int | IO[bytes]) -> "subprocess.Popen[bytes]":
    """Start it in a session of its own, so that Ctrl-C reaches the launcher alone, which stops things in order.

    Call it from a thread that lives as long as the program should: Linux ties the two together.
    """
    account = program.account
    process = subprocess.Popen(
        program.command,
        env=dict(program.environment),
        cwd=program.folder,
        stdin=subprocess.PIPE if program.first_input else subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT,
        start_new_session=True,
        user=account.uid if account else None,
        group=account.gid if account else None,
        extra_groups=[] if account else None,
        # Safe here: one C call found beforehand, and nobody starts programs from several threads.
        preexec_fn=_die_with(os.getpid(), program.stop_signal),
    )
    if process.stdin:
        with contextlib.suppress(BrokenPipeError), process.stdin:
            process.stdin.write(program.first_input)
    return process


def stop(process: "subprocess.Popen[bytes]", program: Program) -> None:
    """Ask it to end; after its grace end it and whatever it started."""
    if process.poll() is None:
        process.send_signal(program.stop_signal)
        try:
            process.wait(program.grace)
        except subprocess.TimeoutExpired:
            signal_group(process.pid, signal.SIGKILL)
            process.wait()


def signal_group(leader: int, number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(leader, number)


def started_at(pid: int) -> str | None:
    """Return a mark that tells this process from a later one with the same number; None when it has ended."""
    if sys.platform == "linux":
        return _linux_start(pid)
    answer = subprocess.run(["ps", "-o", "lstart=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return answer.stdout.strip() or None


def command_of(pid: int) -> str:
    """Return the command line of a running process, else nothing. A bare Linux may lack `ps`."""
    if sys.platform == "linux":
        with contextlib.suppress(OSError):
            return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
        return ""
    answer = subprocess.run(["ps", "-ww", "-o", "args=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return answer.stdout


def marked(mark: str) -> list[int]:
    """Return our processes whose environment holds this text. Linux only; elsewhere nobody is found."""
    found = []
    for environment in Path("/proc").glob("[0-9]*/environ"):
        with contextlib.suppress(OSError):
            if mark.encode() in environment.read_bytes().split(b"\0"):
                found.append(int(environment.parent.name))
    return found


@dataclass(frozen=True)
class Trace:
    """This is what is written down of a running process, enough to find it again after a crash."""

    name: str
    pid: int
    started: str
    stop_signal: int = signal.SIGTERM
    grace: float = field(default=10.0)

    @property
    def is_running(self) -> bool:
        return started_at(self.pid) == self.started


def trace(process: "subprocess.Popen[bytes]", program: Program) -> Trace:
    started = started_at(process.pid) or "ended"
    return Trace(program.name, process.pid, started, int(program.stop_signal), program.grace)


def _linux_start(pid: int) -> str | None:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    except (FileNotFoundError, ProcessLookupError):
        return None
    return None if fields[0] in "ZX" else f"{boot}:{fields[19]}"


def _die_with(parent: int, number: signal.Signals) -> Callable[[], None] | None:
    libc = LIBC
    if libc is None:
        return None

    def ask_to_be_told() -> None:
        libc.prctl(SET_DEATH_SIGNAL, int(number))
        if os.getppid() != parent:  # it ended before we could ask
            os._exit(1)

    return ask_to_be_told
