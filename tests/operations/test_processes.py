import os
import signal
import subprocess
import sys
import time
from typing import Any

from prm.operations import processes, waiting
from prm.operations.processes import Program

SLEEP = [sys.executable, "-c", "import time; time.sleep(60)"]
STUBBORN_CODE = """
import signal, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
print("ready", flush=True)
time.sleep(60)
"""
STUBBORN = [sys.executable, "-c", STUBBORN_CODE]
# A launcher that starts a program, says its number and waits to be killed.
LAUNCHER = f"""
import os, sys, subprocess, time
from prm.operations import processes
from prm.operations.processes import Program
program = Program("child", {SLEEP!r}, dict(os.environ))
print(processes.start(program, subprocess.DEVNULL).pid, flush=True)
time.sleep(60)
"""


def program(command: list[str], **options: Any) -> Program:
    return Program("child", command, dict(os.environ), **options)


def test_a_program_that_does_not_listen_is_ended_after_its_grace() -> None:
    stubborn = program(STUBBORN, grace=0.2)
    process = processes.start(stubborn, subprocess.PIPE)
    assert process.stdout
    with process.stdout as output:
        output.readline()

        processes.stop(process, stubborn)

    assert process.returncode == -signal.SIGKILL


def test_a_later_process_with_the_same_number_is_told_from_the_first() -> None:
    sleeper = program(SLEEP)
    process = processes.start(sleeper, subprocess.DEVNULL)
    trace = processes.trace(process, sleeper)
    assert trace.is_running

    processes.stop(process, sleeper)

    assert not trace.is_running
    assert processes.started_at(os.getpid()) != trace.started


def test_nothing_survives_the_one_that_started_it() -> None:
    launcher = subprocess.Popen([sys.executable, "-c", LAUNCHER], stdout=subprocess.PIPE)
    assert launcher.stdout
    child = int(launcher.stdout.readline())
    assert processes.started_at(child)

    launcher.kill()
    launcher.communicate()

    assert waiting.succeeds(lambda: processes.started_at(child) is None, seconds=5)


def test_processes_are_found_by_what_their_environment_says() -> None:
    mark = f"PRM_RUN=/nowhere/{time.monotonic_ns()}"
    sleeper = Program("child", SLEEP, {"PRM_RUN": mark.partition("=")[2]})
    process = processes.start(sleeper, subprocess.DEVNULL)

    waiting.wait_for(lambda: processes.marked(mark) == [process.pid], what="The mark", seconds=5)

    processes.stop(process, sleeper)
    assert processes.marked(mark) == []
