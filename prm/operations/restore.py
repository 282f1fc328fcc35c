"""Bringing a portal back from a backup, and proving beforehand that it would work."""

import os
import secrets
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

import psycopg2

from prm.operations import archive, databases, dump
from prm.operations.archive import Manifest
from prm.operations.errors import CannotRun
from prm.operations.places import PROJECT, room

# A portal in which nobody is yet: migrations and the scheduler leave rows of their own, so not every table counts.
SIGNS_OF_LIFE = ("prm_vendor", "prm_user")


class NotEmpty(CannotRun):
    def __init__(self, database: str, table: str, rows: int) -> None:
        super().__init__(f"The database {database} is in use: {table} has {rows} rows. Restore into an empty one.")


class Different(CannotRun):
    def __init__(self, differences: Mapping[str, tuple[int | None, int | None]]) -> None:
        lines = [f"  {table}: {saved} saved, {found} restored" for table, (saved, found) in differences.items()]
        super().__init__("\n".join(["What was restored is not what was saved:", *lines]))


def verify(source: Path, *, admin_url: str, passwords: Mapping[str, str]) -> Manifest:
    """Restore into a database made for the purpose, compare, check the audit chain, and remove it again.

    The passwords must be those in use, because the roles belong to the whole server. Raises `Damaged`, `Different`,
    or `CannotRun` with the reason of the program that failed.
    """
    manifest = archive.examine(source)
    name = f"prm_verify_{secrets.token_hex(4)}"
    try:
        urls = databases.prepare_database(admin_url, name, passwords)
        _fill(source, urls, manifest)
        _manage(urls, "migrate", "--database", "owner", "--verbosity", "0")
        if any(manifest.rows.get(table) for table in SIGNS_OF_LIFE):
            _manage(urls, "verify_audit")
    finally:
        databases.drop_database(admin_url, name)
    return manifest


def into_empty(source: Path, *, admin_url: str, name: str, passwords: Mapping[str, str], media: Path) -> Manifest:
    """Replace a database in which nobody is yet, and put the files in place.

    Raises `NotEmpty` when somebody is, and what `verify` raises.
    """
    manifest = archive.examine(source)
    if databases.exists(admin_url, name):
        _refuse_if_used(databases.at(admin_url, name), name)
        databases.drop_database(admin_url, name)
    urls = databases.prepare_database(admin_url, name, passwords)
    _fill(source, urls, manifest)
    archive.extract_media(source, media)
    _manage(urls, "migrate", "--database", "owner", "--verbosity", "0")
    return manifest


def _fill(source: Path, urls: Mapping[str, str], manifest: Manifest) -> None:
    with tempfile.TemporaryDirectory(dir=room()) as folder:
        copy = Path(folder, archive.DUMP)
        archive.extract_dump(source, copy)
        dump.restore(urls["DATABASE_OWNER_URL"], copy)
    with dump.unchanging(urls["DATABASE_BACKUP_URL"]) as connection:
        found = dump.row_counts(connection)
    both = {table: (manifest.rows.get(table), found.get(table)) for table in manifest.rows.keys() | found.keys()}
    differences = {table: both[table] for table in sorted(both) if both[table][0] != both[table][1]}
    if differences:
        raise Different(differences)


def _refuse_if_used(url: str, name: str) -> None:
    with closing(psycopg2.connect(url)) as connection:
        for table, rows in dump.row_counts(connection).items():
            if table in SIGNS_OF_LIFE and rows:
                raise NotEmpty(name, table, rows)


def _manage(urls: Mapping[str, str], *command: str) -> None:
    """Run a command of the portal against that database."""
    environment = os.environ | urls
    program = [sys.executable, "manage.py", *command]
    done = subprocess.run(program, env=environment, cwd=PROJECT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise CannotRun(f"{command[0]} failed on the restored database:\n{(done.stdout + done.stderr).strip()}")
