"""Puts into the database, after every migration, what Django's migrations cannot say.

For each tenant's table: the key `(tenant_id, id)`, foreign keys that include the tenant, row-level
security enabled and forced, the policies, the grants, and what keeps sealed rows as they are. What is
wanted is worked out from the models; its digest is kept as the table's comment, so an unchanged table
is not touched (or locked) again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import connections, models

from prm.operations.roles import APP, SEARCH, SYSTEM
from prm.tenancy.fields import TenantForeignKey
from prm.tenancy.models import TenantModel
from prm.tenancy.policies import Dialect, grants, policies

MARK = "wall:"
REFUSE = """
    CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION 'a sealed row of % stays as it is', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
    END
    $$
"""


def tenant_models() -> list[type[TenantModel]]:
    """Return every model that belongs to a tenant, in the order of the apps."""
    return [model for model in apps.get_models() if issubclass(model, TenantModel) and not model._meta.proxy]


def raise_after_migrate(sender: Any, using: str, **kwargs: Any) -> None:
    """Raise the walls once all apps are migrated; the signal comes once for each app."""
    last = [config for config in apps.get_app_configs() if config.models_module is not None][-1]
    if using == "owner" and sender.label == last.label:
        raise_walls()


def raise_walls() -> None:
    """Bring every table's keys, policies and grants to what the models say."""
    dialect: Dialect = "citus" if settings.CITUS else "postgresql"
    with connections["owner"].cursor() as cursor:
        known = _comments(cursor)
        changed = []
        for model in tenant_models():
            table = model._meta.db_table
            wanted = [*_foreign_keys(model), *_security(model, dialect), *_seal(model, dialect)]
            mark = MARK + hashlib.sha256("\n".join(wanted).encode()).hexdigest()
            if table in known and known[table] != mark:
                changed.append((table, wanted, mark))
        for table, _, _ in changed:
            _lead_key_with_tenant(cursor, table)
        cursor.execute(REFUSE)
        for table, wanted, mark in changed:
            _clear(cursor, table)
            for statement in [*wanted, f"COMMENT ON TABLE \"{table}\" IS '{mark}'"]:
                cursor.execute(statement)
        for statement in _grants_on_shared_tables(known):
            cursor.execute(statement)


def _lead_key_with_tenant(cursor: Any, table: str) -> None:
    """Replace Django's key on `id` by `(tenant_id, id)`, once."""
    cursor.execute(
        "SELECT conname, cardinality(conkey) FROM pg_constraint WHERE conrelid = %s::regclass AND contype = 'p'",
        [table],
    )
    (name, columns), *_ = cursor.fetchall()
    if columns == 1:
        cursor.execute(f'ALTER TABLE "{table}" DROP CONSTRAINT "{name}", ADD PRIMARY KEY (tenant_id, id)')


def _foreign_keys(model: type[TenantModel]) -> Iterator[str]:
    table = model._meta.db_table
    for field in model._meta.local_fields:
        if isinstance(field, TenantForeignKey):
            target = field.remote_field.model._meta.db_table
            seal = ", is_sealed" if field.name == model.sealed_with else ""
            yield (
                f'ALTER TABLE "{table}" ADD CONSTRAINT "{_key_name(table, field)}" '
                f'FOREIGN KEY (tenant_id, "{field.column}"{seal}) REFERENCES "{target}" (tenant_id, id{seal}) '
                "DEFERRABLE INITIALLY DEFERRED"
            )


def _key_name(table: str, field: models.Field) -> str:
    return f"{table}_{field.column}"[:51] + "_same_tenant"


def _security(model: type[TenantModel], dialect: Dialect) -> Iterator[str]:
    table = model._meta.db_table
    yield f'ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY'
    yield f'ALTER TABLE "{table}" FORCE ROW LEVEL SECURITY'
    for policy in policies(model, dialect):
        yield policy.sql(table)
    for role, rights in grants(model).items():
        yield f'GRANT {", ".join(rights)} ON "{table}" TO {role}'


def _seal(model: type[TenantModel], dialect: Dialect) -> Iterator[str]:
    """Let the application change nothing of a sealed row but what is free; Citus has no triggers on its shards."""
    if not model.free_when_sealed or dialect == "citus":
        return
    free = {model._meta.get_field(name).column for name in model.free_when_sealed}
    kept = [field.column for field in model._meta.local_fields if field.column not in free]
    old, new = (", ".join(f'{row}."{column}"' for column in kept) for row in ("OLD", "NEW"))
    yield (
        f'CREATE TRIGGER sealed_stays BEFORE UPDATE ON "{model._meta.db_table}" FOR EACH ROW '
        f"WHEN (current_user = '{APP}' AND OLD.is_sealed AND ({old}) IS DISTINCT FROM ({new})) "
        "EXECUTE FUNCTION refuse_change()"
    )


def _clear(cursor: Any, table: str) -> None:
    """Take away what `_foreign_keys`, `_security` and `_seal` will make again."""
    cursor.execute(f'DROP TRIGGER IF EXISTS sealed_stays ON "{table}"')
    cursor.execute("SELECT polname FROM pg_policy WHERE polrelid = %s::regclass", [table])
    for (name,) in cursor.fetchall():
        cursor.execute(f'DROP POLICY "{name}" ON "{table}"')
    cursor.execute(
        "SELECT conname FROM pg_constraint WHERE conrelid = %s::regclass AND conname LIKE %s",
        [table, "%_same_tenant"],
    )
    for (name,) in cursor.fetchall():
        cursor.execute(f'ALTER TABLE "{table}" DROP CONSTRAINT "{name}"')
    cursor.execute(f'REVOKE ALL ON "{table}" FROM {APP}, {SYSTEM}, {SEARCH}')


def _grants_on_shared_tables(known: Iterable[str]) -> Iterator[str]:
    """People, sessions and the like have no tenant; only the migrations' own table stays the owner's."""
    walled = {model._meta.db_table for model in tenant_models()}
    for table in sorted(set(known) - walled - {"django_migrations"}):
        yield f'GRANT SELECT, INSERT, UPDATE, DELETE ON "{table}" TO {APP}'
        yield f'GRANT SELECT ON "{table}" TO {SYSTEM}'
    yield f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {APP}"


def _comments(cursor: Any) -> dict[str, str]:
    cursor.execute(
        """SELECT relname, coalesce(obj_description(oid, 'pg_class'), '') FROM pg_class
           WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')"""
    )
    return dict(cursor.fetchall())
