"""Finding quotes by parts of words."""

from __future__ import annotations

from uuid import UUID

from prm.tenancy import searching

MOST = 200


def quotes(text: str, *, most: int = MOST) -> list[UUID]:
    """Return the ids of quotes by number, customer or contact, the latest first.

    They are of the current tenant and within the walls of whoever asks; `visible_to` is still the caller's to apply.
    """
    return searching.ids("quotes_search", text, most=most)
