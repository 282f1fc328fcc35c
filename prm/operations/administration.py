"""Settings for work on the whole database server: a superuser's address and the passwords of all roles."""

import os

from prm.operations import installation, roles
from prm.operations.errors import CannotRun
from prm.operations.places import var
from prm.operations.postgres import SUPERUSER, address


def admin_url() -> str:
    """Return `DATABASE_ADMIN_URL`, or the private server's own. Raises `CannotRun` without either."""
    if given := os.environ.get("DATABASE_ADMIN_URL"):
        return given
    home = var() / "pg"
    if installation.has_own_database() and (home / "port").exists():
        return address(SUPERUSER, (home / "password").read_text().strip(), int((home / "port").read_text()))
    raise CannotRun("Set DATABASE_ADMIN_URL to a login that may create databases, or start the portal first.")


def backup_url() -> str:
    """Raises `CannotRun` when it is not set."""
    url = os.environ.get("DATABASE_BACKUP_URL")
    if not url:
        raise CannotRun("Set DATABASE_BACKUP_URL to the role prm_backup, which sees all rows.")
    return url


def passwords() -> dict[str, str]:
    """Return the passwords in use: new ones would lock the running portal out.

    Raises `CannotRun` unless all are set.
    """
    known = roles.known_passwords(os.environ)
    missing = [role.setting for role in roles.LOGINS if role.name not in known]
    if missing:
        raise CannotRun(f"Set {', '.join(missing)}; see .env.example.")
    return known
