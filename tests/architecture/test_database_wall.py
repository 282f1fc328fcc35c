"""The object layer is taken away, and the database still keeps everybody to what is theirs."""

from __future__ import annotations

import pytest
from django.db import connection

from prm.tenancy import models
from prm.tenancy.context import acting_as
from prm.tenancy.models import Wall
from prm.tenancy.walls import tenant_models
from tests.architecture.actors import STRANGERS
from tests.architecture.test_routes import staged, wrong_answers


@pytest.fixture(scope="module")
def stage(django_db_setup, django_db_blocker):
    yield from staged(django_db_blocker)


@pytest.fixture
def database_wall_alone(monkeypatch):
    """The object layer filters nothing any more."""
    monkeypatch.setattr(models, "wall_one", lambda rows, actor: rows)


@pytest.mark.parametrize("actor", STRANGERS)
@pytest.mark.parametrize("method", ["get", "post"])
def test_the_database_alone_keeps_everybody_to_what_is_theirs(stage, database_wall_alone, actor, method):
    assert wrong_answers(stage, actor, method, only_records=True) == {}


@pytest.mark.parametrize("actor", ["stranger", "other", "sibling", "beside"])
def test_raw_sql_through_the_applications_role_reaches_nothing_of_others(stage, actor):
    with acting_as(stage.actors["owner"].actor):
        walled = [model for model in tenant_models() if model.wall == Wall.PARTNER]
        theirs = {model: [row.pk for row in model.objects.all()] for model in walled}
    assert sum(map(len, theirs.values())) > 10

    with acting_as(stage.actors[actor].actor), connection.cursor() as cursor:
        for model, ids in theirs.items():
            table = model._meta.db_table
            cursor.execute(f'SELECT count(*) FROM "{table}" WHERE id = ANY (%s)', [ids])
            assert cursor.fetchone() == (0,), table
            if not model.is_append_only:
                column = "is_sealed" if model.is_sealable else "partner_path"  # the one that may be written to
                cursor.execute(f'UPDATE "{table}" SET {column} = {column} WHERE id = ANY (%s)', [ids])
                assert cursor.rowcount == 0, table
                cursor.execute(f'DELETE FROM "{table}" WHERE id = ANY (%s)', [ids])
                assert cursor.rowcount == 0, table


@pytest.mark.parametrize("actor", ["admin", "manager", "finance", "executive", "above", "sibling", "beside", "other"])
def test_what_a_partner_keeps_to_itself_is_reached_by_nobody_else(stage, actor):
    kept = [model for model in tenant_models() if model.wall == Wall.FIRM]
    with acting_as(stage.actors["owner"].actor):
        theirs = {model: [row.pk for row in model.objects.all()] for model in kept}
    assert sum(map(len, theirs.values())) > 0

    with acting_as(stage.actors[actor].actor), connection.cursor() as cursor:
        for model, ids in theirs.items():
            table = model._meta.db_table
            cursor.execute(f'SELECT count(*) FROM "{table}" WHERE id = ANY (%s)', [ids])
            assert cursor.fetchone() == (0,), table
            cursor.execute(f'UPDATE "{table}" SET partner_path = partner_path WHERE id = ANY (%s)', [ids])
            assert cursor.rowcount == 0, table
            cursor.execute(f'DELETE FROM "{table}" WHERE id = ANY (%s)', [ids])
            assert cursor.rowcount == 0, table


def test_the_database_alone_hides_from_the_vendor_what_a_partner_keeps_to_itself(stage, database_wall_alone):
    kept = [model for model in tenant_models() if model.wall == Wall.FIRM]

    with acting_as(stage.actors["owner"].actor):
        assert any(model.objects.exists() for model in kept)
    with acting_as(stage.actors["admin"].actor):
        assert not any(model.objects.exists() for model in kept)
