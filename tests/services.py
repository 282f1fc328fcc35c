"""Servers for the tests: one PostgreSQL for all test processes, a Valkey for each test that needs one.

The process that starts pytest starts PostgreSQL and puts its address into the environment, where the xdist workers
find it. `TEST_DATABASE_ADMIN_URL` names a server to use instead.
"""

import atexit
import fcntl
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import psycopg2
import pytest
from django.core.management import call_command
from django.db import connections

from prm.operations import databases, processes, roles, scratch, translations, valkey
from prm.operations.postgres import PrivatePostgres
from prm.operations.processes import Program
from prm.operations.valkey import PrivateValkey
from prm.operations.waiting import wait_for

# Nothing here has to survive a power cut.
FAST = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "max_connections": "300",
    "shared_buffers": "256MB",
    "log_checkpoints": "off",
}
MIGRATED = "prm_test_migrated"
_running: list["Server"] = []
_folders: list[str] = []


class Server:
    """This is a started program with its log, which a test may stop and start again."""

    def __init__(self, program: Program, log: Path) -> None:
        self.program, self.log = program, log
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with self.log.open("ab") as output:
            self.process = processes.start(self.program, output)
        _running.append(self)

    def stop(self) -> None:
        if self.process:
            processes.stop(self.process, self.program)
            self.process = None
            _running.remove(self)


class Broker(Server):
    """This is a Valkey of the test's own: stopping it disturbs nobody else."""

    def __init__(self, private: PrivateValkey, log: Path) -> None:
        super().__init__(private.program(), log)
        self.private = private
        self.url = private.url

    def start(self) -> None:
        super().start()
        wait_for(self.private.answers, what="Valkey", seconds=10)


@contextmanager
def broker() -> Iterator[Broker]:
    """Yield a running broker; skip the test on a machine without Valkey or Redis."""
    binary = valkey.find()
    if binary is None:
        pytest.skip("neither Valkey nor Redis is installed")
    with tempfile.TemporaryDirectory() as folder:
        server = Broker(PrivateValkey.new(binary), Path(folder, "log"))
        server.start()
        try:
            yield server
        finally:
            server.stop()


@contextmanager
def postgres(options: Mapping[str, str] = FAST) -> Iterator[tuple[PrivatePostgres, Server]]:
    """Yield a PostgreSQL of the test's own, for tests that break or reconfigure it."""
    with tempfile.TemporaryDirectory(prefix="prm-tests-") as folder, postgres_at(Path(folder), options) as running:
        yield running


@contextmanager
def postgres_at(folder: Path, options: Mapping[str, str]) -> Iterator[tuple[PrivatePostgres, Server]]:
    """Yield the PostgreSQL of this folder, made if there is none."""
    cluster, server = _start_postgres(folder, options)
    try:
        yield cluster, server
    finally:
        server.stop()


def run(url: str, statement: str) -> list[Any]:
    """Run it in a connection and transaction of its own, and return the rows if there are any."""
    with closing(psycopg2.connect(url)) as connection, connection, connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchall() if cursor.description else []


def admin_url() -> str:
    """Return a superuser's URL of the server all tests share; start the server if nobody has yet."""
    if "DATABASE_ADMIN_URL" not in os.environ:
        os.environ["DATABASE_ADMIN_URL"] = os.environ.get("TEST_DATABASE_ADMIN_URL") or _shared_postgres()
    return os.environ["DATABASE_ADMIN_URL"]


def passwords() -> dict[str, str]:
    """Return the passwords of the roles: one set for all test processes, because roles belong to the server."""
    word = os.environ.setdefault("TEST_ROLE_PASSWORD", roles.new_passwords()[roles.APP])
    return {role.name: word for role in roles.LOGINS}


def database_name(purpose: str) -> str:
    """Return a name of this test process's own: the others use the same server at the same time."""
    return f"prm_test_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}_{purpose}"


def create_database(name: str) -> dict[str, str]:
    """Make an empty database of this name, prepared for migrations, and return the URL of each role."""
    databases.drop_database(admin_url(), name)
    return databases.prepare_database(admin_url(), name, passwords())


def create_migrated_database(name: str) -> dict[str, str]:
    """Make a database of this name as migrations leave it, and return the URL of each role.

    To migrate takes long. The first process that needs it does so, others wait for it, and all copy what it made.
    """
    with Path(os.environ["PRM_TESTS_VAR"], "migrated").open("a") as made:
        fcntl.flock(made, fcntl.LOCK_EX)
        if not made.seek(0, os.SEEK_END):
            _migrate(create_database(MIGRATED))
            made.write("yes")
        databases.drop_database(admin_url(), name)
        with closing(psycopg2.connect(admin_url())) as connection:
            connection.autocommit = True  # databases cannot be made inside a transaction
            copy = roles.statement("CREATE DATABASE {} OWNER {} TEMPLATE {}", name, roles.OWNER, MIGRATED)
            connection.cursor().execute(copy)
    return databases.prepare_database(admin_url(), name, passwords())


def _migrate(urls: Mapping[str, str]) -> None:
    for alias, setting in scratch.ALIASES.items():
        scratch.point_at(alias, urls[setting])
    call_command("migrate", database="owner", verbosity=0)
    for connection in connections.all():
        connection.close()


def pytest_configure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        passwords()
        admin_url()
        translations.compile_stale(translations.catalogs())


def pytest_unconfigure() -> None:
    for server in reversed(_running.copy()):
        server.stop()
    while _folders:
        shutil.rmtree(_folders.pop(), ignore_errors=True)


def _shared_postgres() -> str:
    folder = tempfile.mkdtemp(prefix="prm-tests-")
    _folders.append(folder)
    cluster, _ = _start_postgres(Path(folder), FAST)
    return cluster.admin_url


def _start_postgres(folder: Path, options: Mapping[str, str]) -> tuple[PrivatePostgres, Server]:
    cluster = PrivatePostgres.at(folder / "pg", options)
    cluster.make_ready()
    server = Server(cluster.program(), folder / "postgres.log")
    server.start()
    wait_for(cluster.answers, what="PostgreSQL", seconds=30)
    return cluster, server


atexit.register(pytest_unconfigure)
