"""The portal in production mode for a browser, and a vendor's small world in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser
from pypdf import PdfWriter

from tests.conftest import empty_all_tables, make_room
from tests.journeys.people import Person
from tests.journeys.portal import Portal, portal
from tests.journeys.worlds import World


@pytest.fixture(scope="session")
def live(django_db_setup: None, browser: Browser) -> Iterator[Portal]:
    """One web server for all journeys of this test process."""
    with portal() as running:
        yield running


@pytest.fixture(scope="module")
def committed_data(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Let a module commit; afterwards every table is emptied."""
    with django_db_blocker.unblock():
        try:
            make_room()
            yield
        finally:
            empty_all_tables()


@pytest.fixture
def world(live: Portal, committed_data: None) -> World:
    """A vendor nobody else works in."""
    return World(live.url)


@pytest.fixture
def evidence(tmp_path: Path) -> Path:
    """A file that is what its name says."""
    pages = PdfWriter()
    pages.add_blank_page(210, 297)
    pages.write(tmp_path / "Minutes.pdf")
    return tmp_path / "Minutes.pdf"


@pytest.fixture
def somebody(browser: Browser) -> Iterator[Callable[..., Person]]:
    """Give a person a browser; it is closed after the test."""
    people: list[Person] = []

    def arrive(kind: type[Person], *args: Any, **window: Any) -> Person:
        people.append(kind(browser, *args, **window))
        return people[-1]

    yield arrive
    for person in people:
        person.leave()
