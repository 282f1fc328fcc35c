"""What all tests share: a database of the real kind, with both walls up, and a vendor to work in."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from django.conf import settings
from django.db import connections
from django.utils import translation
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

from prm.operations import databases, scratch
from prm.tenancy.context import as_system
from prm.tenancy.models import Vendor
from tests import build, services
from tests.browser import browser  # noqa: F401  (a fixture)
from tests.services import pytest_configure, pytest_unconfigure  # noqa: F401  (hooks)

EMPTY = """
DO $$
DECLARE written text;
BEGIN
  SET LOCAL session_replication_role = replica;  -- all of it goes, in whatever order
  FOR written IN
    SELECT quote_ident(relname) FROM pg_class
    WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND pg_relation_size(oid) > 0
      AND relname NOT IN ('django_migrations', 'django_content_type', 'auth_permission')
  LOOP
    EXECUTE 'DELETE FROM ' || written;
  END LOOP;
END $$"""
READY: list[UUID] = []  # the vendor that is there before a test begins, unless another test emptied the tables
# The first needs no database, while another process migrates one for all.
LONGEST = ("test_up.py", "architecture/test_routes.py", "tests/journeys/", "tests/architecture/")
# How long a machine takes is measured by benchmarks; a busy one fails no test.
hypothesis_settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
hypothesis_settings.load_profile("patient")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes longest, so that no process works alone at the end."""
    items.sort(key=lambda item: next((n for n, part in enumerate(LONGEST) if part in item.nodeid), len(LONGEST)))


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker: Any) -> Iterator[None]:
    """Make this process's own database, migrated by its owner; tests then run as the application's role."""
    with django_db_blocker.unblock():
        urls = services.create_migrated_database(f"prm_test_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}")
    for alias, setting in scratch.ALIASES.items():
        scratch.point_at(alias, urls[setting])
    yield
    for connection in connections.all():
        connection.close()


@pytest.fixture
def committed(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Let a test commit, for what only other connections can show; before and afterwards every table is empty."""
    with django_db_blocker.unblock():
        try:
            make_room()
            yield
        finally:
            empty_all_tables()


def make_room() -> None:
    """Begin with empty tables, for what is committed."""
    if READY:
        empty_all_tables()


def empty_all_tables() -> None:
    """Take away what was committed, from the tables that were written to: to truncate every table takes a second."""
    READY.clear()
    name = connections["owner"].settings_dict["NAME"]
    for connection in connections.all():
        connection.close()
    services.run(databases.at(services.admin_url(), name), EMPTY)


@pytest.fixture(autouse=True)
def in_english() -> None:
    """A request leaves its reader's language behind; the next test starts with the product's own."""
    translation.activate(settings.LANGUAGE_CODE)


@pytest.fixture(scope="module")
def ready_vendor(django_db_setup: None, django_db_blocker: Any) -> None:
    """Commit a vendor for all tests of this process that need any: to open a portal takes longer than most tests."""
    with django_db_blocker.unblock():
        if not READY and not connections["default"].in_atomic_block:
            READY.append(build.vendor().pk)


@pytest.fixture
def vendor(ready_vendor: None, db: None) -> Iterator[Vendor]:
    """A vendor, and the test running inside it as the platform. What it changes is taken back with the test."""
    vendor = Vendor.objects.get(pk=READY[0]) if READY else build.vendor()
    with as_system(vendor.pk):
        yield vendor
