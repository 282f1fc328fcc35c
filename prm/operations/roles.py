"""The database roles of the portal. Their names are fixed; migrations grant tables to them by name."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote, urlsplit

from psycopg2 import sql
from psycopg2.extensions import cursor as Cursor
from psycopg2.extensions import encrypt_password

from prm.operations.errors import CannotRun

OWNER = "prm_owner"  # owns every table, runs migrations
APP = "prm_app"  # serves people and programs, one vendor at a time
SYSTEM = "prm_system"  # jobs that cross vendors
BACKUP = "prm_backup"  # reads everything for pg_dump, which row-level security would otherwise refuse
SEARCH = "prm_search"  # owns the search functions; nobody logs in with it


@dataclass(frozen=True)
class Role:
    name: str
    setting: str = ""  # the environment variable that holds its database URL; without one it has no login
    sees_all_rows: bool = False


ROLES = (
    Role(OWNER, "DATABASE_OWNER_URL"),
    Role(APP, "DATABASE_URL"),
    Role(SYSTEM, "DATABASE_SYSTEM_URL"),
    Role(BACKUP, "DATABASE_BACKUP_URL", sees_all_rows=True),
    Role(SEARCH),
)
LOGINS = tuple(role for role in ROLES if role.setting)
NEEDED = tuple(role for role in LOGINS if role.name != BACKUP)  # to run; a backup may come from elsewhere


class UnsafeRole(CannotRun):
    def __init__(self, name: str) -> None:
        super().__init__(
            f"The role {name} may bypass row-level security. Run: ALTER ROLE {name} NOSUPERUSER NOBYPASSRLS"
        )


def new_passwords() -> dict[str, str]:
    return {role.name: secrets.token_urlsafe(24) for role in LOGINS}


def known_passwords(environment: Mapping[str, str]) -> dict[str, str]:
    """Return the passwords that the database settings name."""
    found = {role.name: urlsplit(environment.get(role.setting, "")).password for role in LOGINS}
    return {name: unquote(password) for name, password in found.items() if password}


def configured_passwords(environment: Mapping[str, str]) -> dict[str, str]:
    """Return the passwords that the database settings name, and new ones for the rest."""
    return new_passwords() | known_passwords(environment)


def ensure(cursor: Cursor, passwords: Mapping[str, str]) -> None:
    """Create the roles that are missing and set the passwords of all.

    Raises `UnsafeRole` when one already exists with more power than it may have.
    """
    for role in ROLES:
        cursor.execute(
            "SELECT rolsuper OR (rolbypassrls AND NOT %s) FROM pg_roles WHERE rolname = %s",
            [role.sees_all_rows, role.name],
        )
        found = cursor.fetchone()
        if found is None:
            cursor.execute(statement("CREATE ROLE {} " + attributes(role), role.name))
        elif found[0]:
            raise UnsafeRole(role.name)
        if role.setting:
            set_password(cursor, role.name, passwords[role.name])
    cursor.execute(statement("GRANT {} TO {}", SEARCH, OWNER))
    cursor.execute(statement("GRANT pg_read_all_data TO {}", BACKUP))


def attributes(role: Role) -> str:
    login = "LOGIN" if role.setting else "NOLOGIN"
    return f"{login} BYPASSRLS" if role.sees_all_rows else login


def set_password(cursor: Cursor, name: str, password: str) -> None:
    """Send the verifier, not the password: statements end up in logs."""
    verifier = encrypt_password(password, name, cursor.connection, "scram-sha-256")
    cursor.execute(statement("ALTER ROLE {} PASSWORD {}", name, sql.Literal(verifier)))


def statement(text: str, *parts: Any) -> sql.Composed:
    """Fill in names, quoted as PostgreSQL wants them."""
    quoted = (part if isinstance(part, sql.Composable) else sql.Identifier(part) for part in parts)
    return sql.SQL(text).format(*quoted)
