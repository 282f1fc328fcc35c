import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from prm.operations import leftovers, processes
from prm.operations.processes import Program, Trace

SLEEP = [sys.executable, "-c", "import time; time.sleep(60)"]
NOBODY = "PRM_RUN=/nowhere/at/all"


@pytest.fixture
def sleeper() -> Iterator[tuple[Trace, "subprocess.Popen[bytes]"]]:
    program = Program("web", SLEEP, {})
    process = processes.start(program, subprocess.DEVNULL)
    yield processes.trace(process, program), process
    processes.stop(process, program)


def test_what_a_crash_left_is_stopped_and_named(
    tmp_path: Path, sleeper: tuple[Trace, "subprocess.Popen[bytes]"]
) -> None:
    trace, process = sleeper
    leftovers.record(tmp_path / "processes.json", [trace])
    said = []

    leftovers.clean(tmp_path / "processes.json", NOBODY, said.append)

    assert process.wait(5) != 0
    assert said == ["Stopping what an interrupted run left behind: web."]
    assert not (tmp_path / "processes.json").exists()


def test_a_stranger_with_a_recorded_number_is_left_alone(
    tmp_path: Path, sleeper: tuple[Trace, "subprocess.Popen[bytes]"]
) -> None:
    trace, process = sleeper
    leftovers.record(tmp_path / "processes.json", [Trace("web", trace.pid, "another boot:1")])
    said = []

    leftovers.clean(tmp_path / "processes.json", NOBODY, said.append)

    assert process.poll() is None
    assert said == []


@pytest.mark.parametrize("content", ["", "{", '[{"pid": 1}]'])
def test_a_half_written_record_is_no_obstacle(tmp_path: Path, content: str) -> None:
    (tmp_path / "processes.json").write_text(content)

    assert leftovers.recorded(tmp_path / "processes.json") == []


def test_only_one_run_gets_the_lock(tmp_path: Path) -> None:
    first = leftovers.only_one(tmp_path / "up.lock")

    assert leftovers.only_one(tmp_path / "up.lock") is None

    first.close()
    assert leftovers.only_one(tmp_path / "up.lock")
