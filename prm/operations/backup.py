"""Saving a portal: database and files of one moment, in one file."""

import tempfile
from datetime import UTC, datetime
from pathlib import Path

from prm.operations import archive, dump
from prm.operations.archive import Manifest
from prm.operations.errors import CannotRun


def back_up(target: Path, *, url: str, media: Path, versions: dict[str, str]) -> Manifest:
    """Write the backup and return its manifest.

    Raises `CannotRun` when the target exists or PostgreSQL's `pg_dump` is missing or fails. The files are copied after
    the database: what the database mentions is there, and a file too many does no harm.
    """
    if target.exists():
        raise CannotRun(f"{target} exists already.")
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent) as folder, dump.unchanging(url) as connection:
        manifest = Manifest(
            created_at=datetime.now(UTC).isoformat(timespec="seconds"),
            versions=versions | {"postgres": str(connection.server_version // 10_000)},
            rows=dump.row_counts(connection),
        )
        copy = Path(folder, archive.DUMP)
        dump.dump(connection, url, copy)
        archive.pack(target, manifest, copy, media)
    return manifest


def default_target(folder: Path) -> Path:
    return folder / f"portal-{datetime.now(UTC):%Y%m%d-%H%M%S}.tar"
