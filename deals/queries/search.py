"""Finding deals by parts of words."""

from __future__ import annotations

from uuid import UUID

from prm.tenancy import searching

MOST = 200


def registrations(text: str, *, most: int = MOST) -> list[UUID]:
    """Return the ids of registrations by number, customer or website, the latest first.

    They are of the current tenant and within the walls of whoever asks; `visible_to` is still the caller's to apply.
    """
    return searching.ids("deals_search_registrations", text, most=most)
