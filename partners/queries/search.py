"""Finding partners by parts of words."""

from __future__ import annotations

from uuid import UUID

from prm.tenancy import searching


def partners(text: str, *, most: int = 200) -> list[UUID]:
    """Return the ids of partners by name, website or town, within the walls of whoever asks."""
    return searching.ids("partners_search", text, most=most)


def applications(text: str, *, most: int = 200) -> list[UUID]:
    """Return the ids of applications by company, contact, website or number, for the vendor's people."""
    return searching.ids("applications_search", text, most=most)
