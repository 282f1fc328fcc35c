"""Whose the addresses of partners are; see `tests/architecture/test_routes.py`."""

from __future__ import annotations

from typing import Any

from partners.models import Partner
from tests.architecture.actors import EVERYBODY, FIRM, SEES_FIRM, VENDOR
from tests.partners import build as made

FIRM_PAGE = {"pk": "firm"}
OWN_FIRM = FIRM | VENDOR  # what a firm shares with the vendor is not its distributor's
AGREEMENT, TEXT = {"pk": "agreement"}, {"pk": "agreement_text"}
ROWS: dict[str, tuple[dict[str, str], set[str]]] = {
    "partners:partners": ({}, EVERYBODY),
    "partners:partner": (FIRM_PAGE, SEES_FIRM),
    "partners:company": ({}, EVERYBODY),
    "partners:partner-suspension": (FIRM_PAGE, SEES_FIRM),
    "partners:partner-restoration": (FIRM_PAGE, SEES_FIRM),
    "partners:partner-tier": (FIRM_PAGE, SEES_FIRM),
    "partners:partner-agreements": (FIRM_PAGE, SEES_FIRM),
    "partners:agreements": ({}, EVERYBODY),
    "partners:agreement": (AGREEMENT, OWN_FIRM),
    "partners:agreement-acceptance": (AGREEMENT, OWN_FIRM),
    "partners:agreement-decline": (AGREEMENT, OWN_FIRM),
    "partners:agreement-withdrawal": (AGREEMENT, OWN_FIRM),
    "partners:agreement-texts": ({}, EVERYBODY),
    "partners:agreement-text-new": ({}, EVERYBODY),
    "partners:agreement-text": (TEXT, EVERYBODY),
    "partners:agreement-publication": (TEXT, EVERYBODY),
    "partners:agreement-version": (TEXT | {"number": "1"}, EVERYBODY),
}


def records(actors: dict[str, Any]) -> dict[str, Any]:
    """The first reseller itself, and what it was offered."""
    firm = Partner.objects.get(pk=actors["owner"].partner_id)
    agreement = made.offered(firm)
    return {"firm": firm, "agreement": agreement, "agreement_text": agreement.text}
