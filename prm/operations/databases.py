"""Making a database in which the portal's two walls can stand."""

from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from urllib.parse import quote, urlsplit, urlunsplit

import psycopg2
from psycopg2.extensions import connection as Connection
from psycopg2.extensions import cursor as Cursor

from prm.operations import roles
from prm.operations.postgres_binaries import EXTENSIONS
from prm.operations.roles import APP, BACKUP, LOGINS, OWNER, SEARCH, SYSTEM, statement

ONE_AT_A_TIME = 4_170_223_911  # any number, the same in every process that prepares


def prepare_database(admin_url: str, name: str, passwords: Mapping[str, str]) -> dict[str, str]:
    """Create roles, database, extensions and schema privileges; what exists already is brought in line.

    Return the database URL of each role by its setting's name, such as `DATABASE_OWNER_URL`. Tables get their
    grants from migrations. Raises `UnsafeRole` when an existing role could look over the walls.
    """
    with _alone(admin_url) as connection, connection.cursor() as cursor:
        roles.ensure(cursor, passwords)
        _create(cursor, name)
        _open_for_roles(cursor, name)
    with _connected(at(admin_url, name)) as connection, connection.cursor() as cursor:
        _furnish(cursor)
    return urls(admin_url, name, passwords)


def urls(admin_url: str, name: str, passwords: Mapping[str, str]) -> dict[str, str]:
    return {role.setting: at(admin_url, name, user=role.name, password=passwords[role.name]) for role in LOGINS}


def at(url: str, database: str, *, user: str = "", password: str = "") -> str:
    """Return the same server's URL for another database, and if given for another role."""
    parts = urlsplit(url)
    place = parts.netloc.rpartition("@")[2]
    login = f"{quote(user, safe='')}:{quote(password, safe='')}" if user else parts.netloc.rpartition("@")[0]
    return urlunsplit(parts._replace(netloc=f"{login}@{place}", path=f"/{quote(database, safe='')}"))


def drop_database(admin_url: str, name: str) -> None:
    """Remove a database with everybody still in it. Used by tests and by the trial run of a backup."""
    with _connected(admin_url) as connection, connection.cursor() as cursor:
        cursor.execute(statement("DROP DATABASE IF EXISTS {} WITH (FORCE)", name))


def exists(admin_url: str, name: str) -> bool:
    with _connected(admin_url) as connection, connection.cursor() as cursor:
        return _is_there(cursor, name)


def _create(cursor: Cursor, name: str) -> None:
    if _is_there(cursor, name):
        return
    # A CREATEROLE admin who is no superuser has to be a member of the role it gives the database to.
    cursor.execute("SELECT pg_has_role(%s, 'member')", [OWNER])
    if cursor.fetchone() == (False,):
        cursor.execute(statement("GRANT {} TO CURRENT_USER", OWNER))
    letters = _letters(cursor)
    cursor.execute(
        statement(
            "CREATE DATABASE {} OWNER {} TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE ", name, OWNER
        )
        + roles.sql.Literal(letters)
    )


def _letters(cursor: Cursor) -> str:
    """Return a character type that knows letters of every script: the server's own unless it is not UTF-8."""
    cursor.execute("SELECT pg_encoding_to_char(encoding), datctype FROM pg_database WHERE datname = 'template0'")
    encoding, ctype = cursor.fetchone() or ("", "C")
    if encoding == "UTF8" and ctype not in ("C", "POSIX"):
        return str(ctype)
    cursor.execute(
        "SELECT collctype FROM pg_collation WHERE collprovider = 'c' AND collctype ~* '\\.utf-?8$'"
        " ORDER BY collctype !~* '^C\\.', collctype !~* '^en_US', collctype LIMIT 1"
    )
    found = cursor.fetchone()
    return str(found[0]) if found else "C"


def _open_for_roles(cursor: Cursor, name: str) -> None:
    cursor.execute(statement("REVOKE ALL ON DATABASE {} FROM PUBLIC", name))
    cursor.execute(statement("GRANT CONNECT, TEMPORARY ON DATABASE {} TO {}", name, OWNER))
    cursor.execute(statement("GRANT CONNECT ON DATABASE {} TO {}, {}, {}", name, APP, SYSTEM, BACKUP))


def _furnish(cursor: Cursor) -> None:
    """As the owner, so that an admin without superuser powers can do it too; both extensions are trusted ones."""
    cursor.execute(statement("SET ROLE {}", OWNER))
    for extension in EXTENSIONS:
        cursor.execute(statement("CREATE EXTENSION IF NOT EXISTS {}", extension))
    cursor.execute("REVOKE ALL ON SCHEMA public FROM PUBLIC")
    cursor.execute(statement("GRANT USAGE ON SCHEMA public TO {}, {}, {}", APP, SYSTEM, BACKUP))
    # A function can be handed only to a role that could have made it there.
    cursor.execute(statement("GRANT USAGE, CREATE ON SCHEMA public TO {}", SEARCH))


def _is_there(cursor: Cursor, name: str) -> bool:
    cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
    return cursor.fetchone() is not None


@contextmanager
def _connected(url: str) -> Iterator[Connection]:
    with closing(psycopg2.connect(url)) as connection:
        connection.autocommit = True  # databases cannot be made inside a transaction
        yield connection


@contextmanager
def _alone(admin_url: str) -> Iterator[Connection]:
    """Roles belong to the whole server: two that prepare at once would change the same rows and one would fail."""
    with _connected(admin_url) as connection:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [ONE_AT_A_TIME])
        yield connection
