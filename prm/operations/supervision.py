"""Keeping programs alive in one thread: reading what they say, starting again those that die."""

import os
import selectors
import signal
import socket
import subprocess
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import IO, cast

from prm.operations import processes
from prm.operations.errors import CannotRun
from prm.operations.processes import Program, Trace
from prm.operations.stream import Stream

LONGEST_PAUSE = 30.0
STABLE_AFTER = 60.0
SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGCHLD)


class Ended(BaseException):
    """This is somebody asking us to stop. No `except Exception` may swallow it."""


@dataclass
class Child:
    program: Program
    is_kept: bool
    process: "subprocess.Popen[bytes] | None" = None
    trace: Trace | None = None
    unfinished: bytes = b""
    last_lines: list[str] = field(default_factory=list)
    failures: int = 0
    started: float = 0.0
    due: float = 0.0
    result: int | None = None


class Supervisor:
    def __init__(self, stream: Stream, remember: Callable[[list[Trace]], None]) -> None:
        self.stream, self.remember = stream, remember
        self.children: list[Child] = []
        self.ending = False
        self._selector = selectors.DefaultSelector()
        self._listen_to_signals()

    def start(self, program: Program, *, keep: bool = True) -> Child:
        """Start it and go on; a kept one is started again whenever it ends."""
        child = Child(program, keep)
        self.children.append(child)
        self._launch(child)
        return child

    def run(self, program: Program) -> None:
        """Run it to its end. Raises `CannotRun` with its last words when it fails."""
        self.finish(self.start(program, keep=False))

    def finish(self, child: Child) -> None:
        while child.process:
            self.pump()
        self.children.remove(child)
        if child.result:
            raise CannotRun(f"{child.program.name} failed:\n" + "\n".join(child.last_lines))

    def wait_until(self, ready: Callable[[], bool], *, what: str, seconds: float) -> None:
        """Raises `CannotRun` when it takes too long."""
        end = time.monotonic() + seconds
        while not ready():
            self.pump(0.1)
            if time.monotonic() > end:
                raise CannotRun(
                    f"{what} was not ready after {seconds:.0f} seconds; its log is in {self.stream.folder}."
                )

    def forever(self) -> None:
        while True:
            self.pump(LONGEST_PAUSE)

    def pump(self, seconds: float = 1.0) -> None:
        """Wait for something to happen and deal with it. Raises `Ended` once somebody asked us to stop."""
        if self.ending:
            raise Ended
        self._step(seconds)

    def stop(self, child: Child) -> None:
        """Ask it to end and listen to its last words; after its grace end it and whatever it started."""
        child.is_kept = False
        if not child.process:
            return
        child.process.send_signal(child.program.stop_signal)
        end = time.monotonic() + child.program.grace
        while child.process:
            self._step(0.5)
            if child.process and time.monotonic() > end:
                processes.signal_group(child.process.pid, signal.SIGKILL)

    def stop_all(self) -> None:
        """Stop the last started first: who asks before who answers."""
        for child in reversed(self.children):
            self.stop(child)

    def _launch(self, child: Child) -> None:
        try:
            child.process = processes.start(child.program, subprocess.PIPE)
        except OSError as problem:
            raise CannotRun(f"{child.program.name} could not be started: {problem}") from problem
        child.trace = processes.trace(child.process, child.program)
        child.started = time.monotonic()
        self._remember()
        output = child.process.stdout
        assert output
        os.set_blocking(output.fileno(), False)
        self._selector.register(output, selectors.EVENT_READ, child)

    def _step(self, seconds: float) -> None:
        pauses = [child.due - time.monotonic() for child in self.children if child.is_kept and not child.process]
        for key, _ in self._selector.select(max(0.0, min([seconds, *pauses]))):
            if key.data is None:
                self._woken.recv(4096)
            else:
                self._read(cast(Child, key.data))
        for child in list(self.children):
            if child.process and child.process.poll() is not None:
                self._bury(child)
            elif not child.process and child.is_kept and time.monotonic() >= child.due and not self.ending:
                self._launch(child)

    def _read(self, child: Child) -> bool:
        """Return whether there was something to read."""
        assert child.process
        assert child.process.stdout
        try:
            piece = os.read(child.process.stdout.fileno(), 65536)
        except BlockingIOError:
            return False
        if not piece:
            self._forget(child.process.stdout)
        *lines, child.unfinished = (child.unfinished + piece).split(b"\n")
        for line in lines:
            self._say(child, line)
        return bool(piece)

    def _bury(self, child: Child) -> None:
        assert child.process
        assert child.process.stdout
        while self._read(child):
            pass
        if child.unfinished:
            self._say(child, child.unfinished)
        self._forget(child.process.stdout)
        child.process.stdout.close()
        child.result, child.process, child.trace, child.unfinished = child.process.returncode, None, None, b""
        self._remember()
        if child.is_kept and not self.ending:
            self._plan_restart(child)

    def _forget(self, output: IO[bytes]) -> None:
        with suppress(KeyError):
            self._selector.unregister(output)

    def _plan_restart(self, child: Child) -> None:
        lived = time.monotonic() - child.started
        child.failures = 1 if lived > STABLE_AFTER else child.failures + 1
        pause = min(LONGEST_PAUSE, 0.5 * 2 ** (child.failures - 1))
        child.due = time.monotonic() + pause
        self.stream.say(f"{child.program.name} ended with {child.result}; starting it again in {pause:g} s.")

    def _say(self, child: Child, line: bytes) -> None:
        text = line.decode(errors="replace").rstrip("\r")
        child.last_lines = [*child.last_lines[-19:], text]
        self.stream.write(child.program.name, text)

    def _remember(self) -> None:
        self.remember([child.trace for child in self.children if child.trace])

    def _listen_to_signals(self) -> None:
        """A signal wakes the selector through a socket; the handler itself only takes note."""
        self._woken, wakes = socket.socketpair()
        self._woken.setblocking(False)
        wakes.setblocking(False)
        self._wakes = wakes
        self._selector.register(self._woken, selectors.EVENT_READ, None)
        signal.set_wakeup_fd(wakes.fileno(), warn_on_full_buffer=False)
        for number in SIGNALS:
            signal.signal(number, self._take_note)

    def _take_note(self, number: int, _: object) -> None:
        if number != signal.SIGCHLD:
            self.ending = True
