"""Migrations that move rows find them, although the wall hides them from whoever migrates."""

from __future__ import annotations

import re

import pytest
from django.db import connections, migrations
from django.db.migrations.loader import MigrationLoader

from partners.models import Partner
from prm.tenancy.context import as_system
from prm.tenancy.moving import MoveRows
from prm.tenancy.walls import tenant_models
from tests import build

SQL = "UPDATE partners_partner SET name = 'Moved'"
WRITES = re.compile(r"^\s*(INSERT INTO|UPDATE|DELETE FROM)\b", re.M)


@pytest.mark.parametrize(
    ("operation", "name"), [(MoveRows(["partners_partner"], SQL), "Moved"), (migrations.RunSQL(SQL), "Firm")]
)
def test_rows_are_moved_only_beside_the_wall_which_stands_again(committed, operation, name):
    vendor = build.vendor()
    with as_system(vendor.pk):
        partner = build.partner("Firm")

    with connections["owner"].schema_editor() as editor:
        operation.database_forwards("partners", editor, None, None)

    with as_system(vendor.pk):
        assert Partner.objects.get(pk=partner.pk).name == name
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT relforcerowsecurity FROM pg_class WHERE relname = 'partners_partner'")
        assert cursor.fetchone() == (True,)


def test_every_migration_that_writes_rows_does_it_beside_the_wall():
    ours = {model._meta.app_label for model in tenant_models()}
    found = MigrationLoader(None).disk_migrations.items()
    operations = [(key, operation) for key, migration in found if key[0] in ours for operation in migration.operations]
    plain = [(key, operation) for key, operation in operations if type(operation) is migrations.RunSQL]

    assert {"deals", "quotes"} <= ours
    assert not [key for key, operation in operations if isinstance(operation, migrations.RunPython)]
    assert not [key for key, operation in plain if WRITES.search(f"{operation.sql}\n{operation.reverse_sql}")]
