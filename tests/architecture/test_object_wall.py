"""The database's wall is taken away, and the object layer still keeps everybody to what is theirs."""

from __future__ import annotations

import pytest
from django.db import connection, connections
from django.test import Client

from prm.operations.scratch import point_at
from prm.tenancy.context import acting_as, as_system
from prm.tenancy.models import Wall
from prm.tenancy.walls import tenant_models
from tests import build, services
from tests.architecture.actors import STRANGERS
from tests.architecture.test_routes import BACKEND, set_stage, wrong_answers


@pytest.fixture
def object_wall_alone(committed):
    """The database's policies bind nobody any more: the application connects as a superuser."""
    settings = connections["default"].settings_dict
    ours = (
        f"postgres://{settings['USER']}:{settings['PASSWORD']}@{settings['HOST']}:{settings['PORT']}/{settings['NAME']}"
    )
    point_at("default", services.admin_url().rpartition("/")[0] + f"/{settings['NAME']}")
    yield
    connection.close()
    point_at("default", ours)


def test_the_objects_alone_keep_everybody_to_what_is_theirs(object_wall_alone):
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
        assert cursor.fetchone() == (True,)
    vendor = build.vendor()
    with as_system(vendor.pk):
        stage = set_stage(vendor)

    asked = [(actor, method) for actor in STRANGERS for method in ("get", "post")]
    wrong = {who: wrong_answers(stage, *who, only_records=True) for who in asked}

    assert {who: found for who, found in wrong.items() if found} == {}


def test_a_partner_reads_nothing_of_the_vendors_own_tables(vendor):
    stage = set_stage(vendor)
    with acting_as(stage.actors["owner"].actor), connection.cursor() as cursor:
        for model in tenant_models():
            if model.wall == Wall.VENDOR:
                cursor.execute(f'SELECT count(*) FROM "{model._meta.db_table}"')
                assert cursor.fetchone() == (0,), model


def test_the_objects_alone_hide_from_the_vendor_what_a_partner_keeps_to_itself(object_wall_alone):
    vendor = build.vendor()
    with as_system(vendor.pk):
        stage = set_stage(vendor)
    kept = [model for model in tenant_models() if model.wall == Wall.FIRM]

    with acting_as(stage.actors["owner"].actor):
        assert any(model.objects.exists() for model in kept)
    for actor in ("admin", "above"):
        with acting_as(stage.actors[actor].actor):
            assert not any(model.objects.exists() for model in kept)


def test_two_vendors_on_one_connection_never_mix(committed):
    portals = []
    for name in ("Alpha", "Omega"):
        vendor = build.vendor()
        with as_system(vendor.pk):
            seller = build.seller()
            build.submitted(by=seller, customer_name=f"{name} Customer")
        client = Client()
        client.force_login(seller.user, backend=BACKEND)
        portals.append((vendor, client, name))

    for _ in range(5):
        for vendor, client, name in portals:
            page = client.get(f"/{vendor.slug}/deals/").content.decode()
            other = {"Alpha", "Omega"} - {name}
            assert f"{name} Customer" in page
            assert f"{other.pop()} Customer" not in page
        with connection.cursor() as cursor:  # between two requests the connection belongs to nobody
            cursor.execute("SELECT count(*) FROM deals_registration")
            assert cursor.fetchone() == (0,)
