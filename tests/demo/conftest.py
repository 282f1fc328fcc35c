"""One demo for all tests of this folder, in one test process: making it takes longer than all of them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from prm.demo import filling
from tests.conftest import empty_all_tables, make_room

NOW = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)


@pytest.fixture(scope="package")
def demo(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Fill the database for a Tuesday morning, and empty it again afterwards."""
    with django_db_blocker.unblock():
        try:
            make_room()
            filling.discover()
            filling.fill(NOW)
            yield tmp_path_factory.mktemp("var")
        finally:
            empty_all_tables()
