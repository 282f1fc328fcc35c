"""The real portal as its own processes, in production mode, over the database of this test process."""

from __future__ import annotations

import os
import signal
import sys
import tempfile
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from django.conf import settings
from django.db import connections

from prm.operations import ports, processes
from prm.operations.places import PROJECT
from prm.operations.processes import Program
from prm.operations.waiting import wait_for
from tests.services import Server

GUNICORN = ("-m", "gunicorn", "--config", "python:prm.operations.web", "prm.wsgi")
URLS = {"default": "DATABASE_URL", "owner": "DATABASE_OWNER_URL", "system": "DATABASE_SYSTEM_URL"}


class Process(Server):
    """This is one of the portal's processes, which a test may kill as a power cut would."""

    def kill(self) -> None:
        if self.process:
            processes.signal_group(self.process.pid, signal.SIGKILL)
            self.process.wait()
            self.stop()


class Portal:
    """This is the portal on this machine: a web server, and a worker and a scheduler where a test starts them."""

    def __init__(self, folder: Path, *, broker_url: str = "") -> None:
        self.folder = folder
        self.port = ports.any_free()
        self.url = f"http://{ports.LOOPBACK}:{self.port}"
        self.environment = {
            **os.environ,
            **{name: url_of(alias) for alias, name in URLS.items()},
            "DJANGO_SETTINGS_MODULE": "prm.settings",
            "SECRET_KEY": settings.SECRET_KEY,
            "PRM_VAR": str(folder),
            "MEDIA_ROOT": str(settings.MEDIA_ROOT),  # a test keeps files too, which the portal shows
            "SITE_URL": self.url,
            "PORT": str(self.port),
            "REDIS_URL": broker_url,
            "EMAIL_URL": "",
            "DEBUG": "off",
            "LOG_LEVEL": "WARNING",
            "WEB_CONCURRENCY": "1",
        }
        self.web = self.python("web", *GUNICORN)
        # What `manage.py worker` turns into where there is a broker, without starting Python twice.
        self.worker = self.python(
            "worker", "-m", "celery", "-A", "prm", "worker", "--concurrency=1", "--without-mingle"
        )
        self.scheduler = self.python("scheduler", "manage.py", "scheduler")

    def python(self, name: str, *arguments: str) -> Process:
        program = Program(name, [sys.executable, *arguments], self.environment, folder=PROJECT)
        return Process(program, self.folder / f"{name}.log")

    def collect_static_files(self) -> None:
        collecting = self.python("collectstatic", "manage.py", "collectstatic", "--noinput", "--verbosity=0")
        collecting.start()
        collecting.process.wait()
        collecting.stop()

    def serve(self) -> None:
        """Start the web server and wait until it answers."""
        self.web.start()
        wait_for(self.answers, what=f"The portal, see {self.web.log}", seconds=60)

    def answers(self) -> bool:
        try:
            return urllib.request.urlopen(f"{self.url}/healthz", timeout=5).status == 200
        except (urllib.error.URLError, OSError):
            return False

    def stop(self) -> None:
        for process in (self.scheduler, self.worker, self.web):
            process.stop()


@contextmanager
def portal(*, broker_url: str = "", with_static_files: bool = True) -> Iterator[Portal]:
    """Yield a running portal with nothing but its web server."""
    with tempfile.TemporaryDirectory(prefix="prm-tests-portal-") as folder:
        running = Portal(Path(folder), broker_url=broker_url)
        try:
            if with_static_files:
                running.collect_static_files()
            running.serve()
            yield running
        finally:
            running.stop()


def url_of(alias: str) -> str:
    """Return the address of the database that a connection of this process uses."""
    facts = connections[alias].settings_dict
    login = f"{facts['USER']}:{quote(facts['PASSWORD'], safe='')}"
    return f"postgres://{login}@{facts['HOST']}:{facts['PORT']}/{facts['NAME']}"
