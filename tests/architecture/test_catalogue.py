"""Reads the database's own catalogue: what keeps tenants apart is there on every table, or this fails."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.db import connection

from prm.operations.roles import APP, SEARCH, SYSTEM
from prm.tenancy.fields import TenantForeignKey, TenantKey
from prm.tenancy.models import TenantModel, Wall
from prm.tenancy.policies import grants, policies
from prm.tenancy.walls import tenant_models

pytestmark = pytest.mark.django_db
RIGHTS = ["SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER"]
MODELS = pytest.mark.parametrize("model", tenant_models(), ids=lambda model: model._meta.label)


def rows(sql: str, *values: object) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall()


@MODELS
def test_row_level_security_is_enabled_and_forced(model):
    sql = "SELECT relrowsecurity, relforcerowsecurity FROM pg_class WHERE oid = %s::regclass"

    assert rows(sql, model._meta.db_table) == [(True, True)]


@MODELS
def test_the_policies_are_those_of_the_model_and_no_others(model):
    found = rows(
        """SELECT polname, polcmd, polpermissive, pg_get_expr(polqual, polrelid), pg_get_expr(polwithcheck, polrelid),
                  (SELECT string_agg(rolname, ',') FROM pg_roles WHERE oid = ANY (polroles))
           FROM pg_policy WHERE polrelid = %s::regclass""",
        model._meta.db_table,
    )

    assert {(name, role) for name, *_, role in found} == {(p.name, p.role) for p in policies(model, "postgresql")}
    for name, command, is_permissive, using, check, _role in found:
        assert (command == "*") == (name == "members"), "only members write"
        hides = name == "thrown_away_is_hidden"
        assert is_permissive == (command in ("*", "r") and not hides), "what else is said only forbids"
        if name == "members":
            assert using == check
            assert "app.tenant_id" in using
            assert ("'vendor'" in using) == (model.wall not in (Wall.FIRM, Wall.PERSON))
            assert ("partner_path" in using) == (model.wall in (Wall.PARTNER, Wall.FIRM))


@MODELS
def test_the_key_leads_with_the_tenant(model):
    sql = """SELECT array_agg(attname ORDER BY position) FROM pg_constraint
             CROSS JOIN unnest(conkey) WITH ORDINALITY AS key (number, position)
             JOIN pg_attribute ON attrelid = conrelid AND attnum = number
             WHERE conrelid = %s::regclass AND contype = 'p' GROUP BY conname"""

    assert rows(sql, model._meta.db_table) == [(["tenant_id", "id"],)]


@MODELS
def test_every_unique_and_exclusion_index_leads_with_the_tenant(model):
    sql = """SELECT indexrelid::regclass::text, attname FROM pg_index
             JOIN pg_attribute ON attrelid = indrelid AND attnum = indkey[0]
             WHERE indrelid = %s::regclass AND (indisunique OR indisexclusion)"""

    assert {column for _index, column in rows(sql, model._meta.db_table)} == {"tenant_id"}


@MODELS
def test_references_between_tenants_tables_include_the_tenant(model):
    sql = """SELECT confrelid::regclass::text, cardinality(conkey) FROM pg_constraint
             WHERE conrelid = %s::regclass AND contype = 'f'"""
    tables = {other._meta.db_table for other in tenant_models()}
    found = [columns for table, columns in rows(sql, model._meta.db_table) if table in tables]
    declared = [field for field in model._meta.local_fields if isinstance(field, TenantForeignKey)]

    assert sorted(found) == sorted(3 if field.name == model.sealed_with else 2 for field in declared)


@MODELS
def test_models_point_to_tenants_models_only_through_tenant_keys(model):
    for field in model._meta.local_fields:
        if field.is_relation and issubclass(field.related_model, TenantModel):
            assert isinstance(field, TenantForeignKey), field
    assert isinstance(model._meta.get_field("tenant"), TenantKey)
    assert not model._meta.local_many_to_many
    assert type(model._base_manager) is type(model._default_manager)


@MODELS
def test_each_role_has_exactly_its_grants(model):
    for role in (APP, SYSTEM, SEARCH):
        sql = "SELECT privilege, has_table_privilege(%s, %s, privilege) FROM unnest(%s) AS privilege"
        found = {right for right, held in rows(sql, role, model._meta.db_table, RIGHTS) if held}
        if "UPDATE" not in found:
            columns = [field.column for field in model._meta.local_fields]
            sql = "SELECT name FROM unnest(%s) AS name WHERE has_column_privilege(%s, %s, name, 'UPDATE')"
            found |= {f"UPDATE ({column})" for (column,) in rows(sql, columns, role, model._meta.db_table)}

        assert found == set(grants(model)[role]), role


def test_tables_without_a_tenant_are_known():
    known = {model._meta.db_table for model in tenant_models()}
    loose = {
        name
        for (name,) in rows(
            "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
        )
    }

    assert {
        name for name in loose - known if not name.startswith(("auth_", "django_", "account_", "mfa_", "usersessions_"))
    } == {
        "prm_cache",
        "prm_job",
        "prm_mailmessage",
        "prm_user",
        "prm_vendor",
        "prm_vendordomain",
    }


def test_the_application_cannot_walk_around_the_walls():
    sql = """SELECT rolsuper, rolbypassrls, pg_has_role(rolname, 'prm_owner', 'MEMBER')
             FROM pg_roles WHERE rolname = current_user"""

    assert rows(sql) == [(False, False, False)]
    assert rows("SELECT current_user") == [(APP,)]
    assert settings.DATABASE_ROUTERS == ["prm.tenancy.router.Router"]


def test_policies_use_leakproof_operators_only():
    """Under row-level security only leakproof operators reach an index; see ARCHITECTURE.md."""
    sql = """SELECT proname, proleakproof FROM pg_proc
             WHERE proname IN ('starts_with', 'texteq', 'uuid_eq') AND pronargs = 2"""

    assert all(is_leakproof for _name, is_leakproof in rows(sql))
