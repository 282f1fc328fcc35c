import os
import signal
import sys
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

from prm.operations import processes
from prm.operations.errors import CannotRun
from prm.operations.processes import Program
from prm.operations.stream import Stream
from prm.operations.supervision import SIGNALS, Ended, Supervisor


@pytest.fixture
def screen() -> StringIO:
    return StringIO()


@pytest.fixture
def supervisor(tmp_path: Path, screen: StringIO) -> Iterator[Supervisor]:
    handlers = {number: signal.getsignal(number) for number in SIGNALS}
    supervisor = Supervisor(Stream(tmp_path, screen), lambda traces: None)
    yield supervisor
    supervisor.stop_all()
    signal.set_wakeup_fd(-1)
    for number, handler in handlers.items():
        signal.signal(number, handler)


POLITE = """
import signal, sys, time
signal.signal(signal.SIGTERM, lambda *_: sys.exit(print("bye")))
print("hi")
time.sleep(60)
"""


def python(name: str, code: str, **options: Any) -> Program:
    return Program(name, [sys.executable, "-uc", code], dict(os.environ), **options)


def test_every_line_says_who_wrote_it_and_is_kept(supervisor: Supervisor, screen: StringIO, tmp_path: Path) -> None:
    supervisor.run(python("web", "print('one'); print('two', end='')"))

    assert screen.getvalue() == "web       | one\nweb       | two\n"
    assert (tmp_path / "web.log").read_text() == "one\ntwo\n"


def test_a_step_that_fails_says_its_last_words(supervisor: Supervisor) -> None:
    with pytest.raises(CannotRun, match=r"migrate failed:\nno such table"):
        supervisor.run(python("migrate", "print('no such table'); raise SystemExit(3)"))


def test_what_dies_is_started_again_after_a_pause(supervisor: Supervisor, screen: StringIO) -> None:
    child = supervisor.start(python("web", "import time; time.sleep(60)"))
    first = child.process.pid
    processes.signal_group(first, signal.SIGKILL)

    supervisor.wait_until(lambda: child.process and child.process.pid != first, what="The web server", seconds=5)

    assert "web ended with -9; starting it again in 0.5 s." in screen.getvalue()


def test_the_pause_grows_while_it_keeps_dying(supervisor: Supervisor, screen: StringIO) -> None:
    child = supervisor.start(python("web", ""))

    supervisor.wait_until(lambda: child.failures == 3, what="The third failure", seconds=10)

    assert [line.rpartition(" in ")[2] for line in screen.getvalue().splitlines()] == ["0.5 s.", "1 s.", "2 s."]


def test_a_signal_ends_the_wait_and_the_last_started_stops_first(supervisor: Supervisor, screen: StringIO) -> None:
    for name in ("worker", "web"):
        supervisor.start(python(name, POLITE))
    supervisor.wait_until(lambda: screen.getvalue().count("hi") == 2, what="The greeting", seconds=5)

    os.kill(os.getpid(), signal.SIGTERM)
    with pytest.raises(Ended):
        supervisor.forever()
    supervisor.stop_all()

    assert [line for line in screen.getvalue().splitlines() if "bye" in line] == ["web       | bye", "worker    | bye"]


def test_a_flood_of_lines_is_read_to_the_end(supervisor: Supervisor, tmp_path: Path) -> None:
    supervisor.run(python("web", "print('x' * 70000); [print(n) for n in range(20000)]"))

    assert (tmp_path / "web.log").read_text().splitlines()[-1] == "19999"
