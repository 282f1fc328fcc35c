"""Copying a database out and in with PostgreSQL's own programs."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg2
from psycopg2 import sql
from psycopg2.extensions import ISOLATION_LEVEL_REPEATABLE_READ, make_dsn, parse_dsn
from psycopg2.extensions import connection as Connection

from prm.operations import postgres_binaries
from prm.operations.errors import CannotRun

TABLES = """
    SELECT relname FROM pg_class
    WHERE relkind IN ('r', 'p') AND NOT relispartition AND relnamespace = 'public'::regnamespace ORDER BY relname
"""


@contextmanager
def unchanging(url: str) -> Iterator[Connection]:
    """Yield a connection that sees one moment of the database, however long it looks."""
    with closing(psycopg2.connect(url)) as connection:
        connection.set_session(isolation_level=ISOLATION_LEVEL_REPEATABLE_READ, readonly=True)
        yield connection


def dump(connection: Connection, url: str, target: Path) -> None:
    """Write what the connection sees. The role must see all rows: `pg_dump` refuses to leave any out in silence."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_export_snapshot()")
        [moment] = cursor.fetchone() or [""]
    _run(connection, url, "pg_dump", "--format=custom", f"--snapshot={moment}", f"--file={target}")


def restore(url: str, source: Path) -> None:
    """Fill an empty, prepared database as its owner. Raises `CannotRun` at the first error."""
    with closing(psycopg2.connect(url)) as connection:
        options = ("--no-owner", "--exit-on-error", "--single-transaction")
        _run(connection, url, "pg_restore", *options, str(source))


def row_counts(connection: Connection) -> dict[str, int]:
    with connection.cursor() as cursor:
        cursor.execute(TABLES)
        return {name: _count(connection, name) for (name,) in cursor.fetchall()}


def _count(connection: Connection, table: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table)))
        return int((cursor.fetchone() or [0])[0])


def _run(connection: Connection, url: str, program: str, *options: str) -> None:
    parts = parse_dsn(url)
    environment = os.environ | {"PGPASSWORD": parts.pop("password", ""), "PGCONNECT_TIMEOUT": "10"}
    folder = postgres_binaries.clients(connection.server_version // 10_000)
    command = [str(folder / program), "--no-password", f"--dbname={make_dsn(**parts)}", *options]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise CannotRun(f"{program} failed:\n{done.stderr.strip()}")
