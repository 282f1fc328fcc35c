"""The whole portal is started with one command, as a person would, and ended in the ways people end things."""

import json
import os
import signal
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import pytest

from prm.operations import leftovers, ports, roles
from prm.operations.places import PROJECT
from prm.operations.processes import Trace
from prm.operations.waiting import succeeds, wait_for

OURS = {role.setting for role in roles.LOGINS} | {"REDIS_URL", "SECRET_KEY", "SITE_URL", "DJANGO_SETTINGS_MODULE"}
PATIENCE = 120  # seconds; it takes five on a machine with nothing else to do


class Portal:
    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, ports.any_free()
        self.run_file = folder / "run.json"
        settings = {"PRM_VAR": str(folder), "PORT": str(self.port), "DEMO": "off", "EMAIL_URL": ""}
        self.environment = {name: value for name, value in os.environ.items() if name not in OURS} | settings
        self.log = (folder / "up.log").open("ab")
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self.run_file.unlink(missing_ok=True)  # a launcher that was killed cannot
        self.process = self.up(self.log)
        wait_for(lambda: self.run_file.exists() or self.process.poll() is not None, what="The portal", seconds=PATIENCE)
        assert self.run_file.exists(), (self.folder / "up.log").read_text()

    def up(self, output: int | IO[bytes]) -> "subprocess.Popen[bytes]":
        command = [sys.executable, "manage.py", "up"]
        return subprocess.Popen(
            command, cwd=PROJECT, env=self.environment, stdout=output, stderr=output, start_new_session=True
        )

    def traces(self) -> list[Trace]:
        return leftovers.recorded(self.folder / "processes.json")

    def end(self) -> None:
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(PATIENCE)
        self.log.close()


@pytest.fixture
def portal() -> Iterator[Portal]:
    with tempfile.TemporaryDirectory(prefix="prm-tests-") as folder:
        portal = Portal(Path(folder))
        yield portal
        portal.end()


def test_one_command_starts_everything_once_and_nothing_survives_it(portal: Portal) -> None:
    portal.start()
    address = json.loads(portal.run_file.read_text())["address"]
    with urllib.request.urlopen(f"http://127.0.0.1:{portal.port}/readyz", timeout=10) as answer:
        assert answer.status == 200
    names = [trace.name for trace in portal.traces()]
    assert names[0] == "postgres"
    assert names[-3:] == ["scheduler", "worker", "web"]

    second = portal.up(subprocess.PIPE)
    assert f"already runs at {address}" in second.communicate(timeout=PATIENCE)[0].decode()
    assert second.returncode == 0

    left = portal.traces()
    portal.process.kill()
    portal.process.wait()
    portal.start()
    assert not any(trace.is_running for trace in left)

    left = portal.traces()
    portal.process.send_signal(signal.SIGINT)
    assert portal.process.wait(PATIENCE) == 0
    assert not portal.run_file.exists()
    assert succeeds(lambda: not any(trace.is_running for trace in left), seconds=1)
