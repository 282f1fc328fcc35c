"""A portal's database of its own for a while: for measuring, away from anybody's data."""

import secrets
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import unquote, urlsplit

from django.core.management import call_command
from django.db import connections

from prm.operations import databases, processes, roles
from prm.operations.postgres import PrivatePostgres
from prm.operations.waiting import wait_for

ALIASES = {"default": "DATABASE_URL", "owner": "DATABASE_OWNER_URL", "system": "DATABASE_SYSTEM_URL"}
FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "shared_buffers": "512MB"}


@contextmanager
def database() -> Iterator[None]:
    """Let this process work in a new, migrated database on a server of its own; both are gone afterwards.

    Raises `CannotRun` where no PostgreSQL is found.
    """
    with tempfile.TemporaryDirectory(prefix="prm-scratch-") as folder:
        Path(folder).chmod(0o711)
        cluster = PrivatePostgres.at(Path(folder, "pg"), FAST)
        cluster.make_ready()
        program = cluster.program()
        with Path(folder, "log").open("ab") as log:
            process = processes.start(program, log)
        try:
            wait_for(cluster.answers, what="PostgreSQL", seconds=30)
            urls = databases.prepare_database(cluster.admin_url, "prm_scratch", roles.new_passwords())
            for alias, setting in ALIASES.items():
                point_at(alias, urls[setting])
            call_command("migrate", database="owner", verbosity=0)
            yield
        finally:
            for connection in connections.all():
                connection.close()
            processes.stop(process, program)


def point_at(alias: str, url: str) -> None:
    """Let a connection use another database from now on."""
    parts = urlsplit(url)
    connections[alias].close()
    connections[alias].settings_dict.update(
        NAME=parts.path.lstrip("/"),
        USER=unquote(parts.username or ""),
        PASSWORD=unquote(parts.password or ""),
        HOST=parts.hostname,
        PORT=parts.port,
    )


def new_slug() -> str:
    """Return a name for a vendor that exists for a measurement only."""
    return f"scratch-{secrets.token_hex(4)}"
