"""Refuses to start when the application's database role could walk around row-level security."""

from typing import Any

from django.core import checks
from django.db import OperationalError, connection

from prm.operations.roles import OWNER

UNSAFE = """SELECT rolsuper OR rolbypassrls OR pg_has_role(rolname, %s, 'MEMBER')
            FROM pg_roles WHERE rolname = current_user"""


def register() -> None:
    """Add the check to Django's own, so that every command that touches the database runs it."""
    checks.register(role_is_bound_by_row_level_security, checks.Tags.database)


def role_is_bound_by_row_level_security(databases: Any = None, **kwargs: Any) -> list[checks.CheckMessage]:
    """Return an error if `DATABASE_URL` names an owner, a superuser or a BYPASSRLS role."""
    if "default" not in (databases or []):
        return []
    try:
        unsafe = is_role_unsafe()
    except OperationalError:
        return []  # no database yet: `readyz` and `doctor` say so
    if not unsafe:
        return []
    return [
        checks.Critical(
            "DATABASE_URL names a role that row-level security does not bind.",
            hint="Use the prm_app role that `manage.py prepare_database` makes.",
            id="prm.E001",
        )
    ]


def is_role_unsafe() -> bool:
    """Ask the database whether the current role owns the tables, is a superuser or bypasses policies."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = %s)", [OWNER])
        if not cursor.fetchone()[0]:
            return True
        cursor.execute(UNSAFE, [OWNER])
        return bool(cursor.fetchone()[0])
