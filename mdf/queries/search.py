"""Finding requests and claims by parts of words."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q

from partners.queries import search as partners
from prm.tenancy import searching

MOST = 200


def requests(text: str, *, most: int = MOST) -> list[UUID]:
    """Return the ids of requests by number or title, the latest first.

    They are of the current tenant and within the walls of whoever asks; `visible_to` is still the caller's to apply.
    """
    return searching.ids("mdf_search_requests", text, most=most)


def claims(text: str, *, most: int = MOST) -> list[UUID]:
    """Return the ids of claims by their own number, the latest first, within the same walls."""
    return searching.ids("mdf_search_claims", text, most=most)


def fitting_requests(text: str) -> Q:
    """Say which requests fit by number, title or partner."""
    return Q(pk__in=requests(text)) | Q(partner__in=partners.partners(text))


def fitting_claims(text: str) -> Q:
    """Say which claims fit by their number, or by their request or partner."""
    return Q(pk__in=claims(text)) | Q(request__in=requests(text)) | Q(partner__in=partners.partners(text))
