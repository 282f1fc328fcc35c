"""Whose the addresses of partners are; see `tests/architecture/test_routes.py`."""

from __future__ import annotations

from typing import Any

from partners.models import Partner
from tests.architecture.actors import EVERYBODY, SEES_FIRM

FIRM_PAGE = {"pk": "firm"}
ROWS: dict[str, tuple[dict[str, str], set[str]]] = {
    "partners:partners": ({}, EVERYBODY),
    "partners:partner": (FIRM_PAGE, SEES_FIRM),
    "partners:company": ({}, EVERYBODY),
    "partners:partner-suspension": (FIRM_PAGE, SEES_FIRM),
    "partners:partner-restoration": (FIRM_PAGE, SEES_FIRM),
    "partners:partner-tier": (FIRM_PAGE, SEES_FIRM),
}


def records(actors: dict[str, Any]) -> dict[str, Any]:
    """The first reseller itself."""
    return {"firm": Partner.objects.get(pk=actors["owner"].partner_id)}
