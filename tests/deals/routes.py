"""Whose the addresses of deals are; see `tests/architecture/test_routes.py`."""

from __future__ import annotations

from typing import Any

from deals.models import Product
from deals.services import amendments, cases, customer_book, customer_imports, lists, merging
from tests import build
from tests.architecture.actors import EVERYBODY, FIRM, SEES_DEAL, VENDOR

DEAL = {"pk": "deal"}
ROWS: dict[str, tuple[dict[str, str], set[str]]] = {
    "api.customers": ({}, EVERYBODY),
    "api.customers.one": ({"pk": "customer"}, VENDOR),
    "api.direct-opportunities": ({}, EVERYBODY),
    "api.direct-opportunities.one": ({"pk": "direct"}, VENDOR),
    "api.registrations": ({}, EVERYBODY),
    "api.registrations.one": (DEAL, SEES_DEAL | {"own_deals"}),  # a key sees what its firm sees
    **{
        f"api.registrations.{act}": (DEAL, FIRM)  # what is another's stays theirs
        for act in ("withdrawal", "release", "stage", "check-in", "win", "loss", "reopening")
    },
    "api.touches": ({}, EVERYBODY),
    "api.touches.one": ({"pk": "touch"}, VENDOR),
    "deals:registrations": ({}, EVERYBODY),
    "deals:registration-board": ({}, EVERYBODY),
    "deals:registration-calendar": ({}, EVERYBODY),
    "deals:registration-export": ({}, EVERYBODY),
    "deals:registration-new": ({}, EVERYBODY),
    "deals:registration-behalf": ({}, VENDOR),  # and distributors that the vendor lets, which it does not here
    "deals:registration-check": ({}, EVERYBODY),
    "deals:inbox": ({}, EVERYBODY),
    "deals:inbox-item": (DEAL, SEES_DEAL),
    "deals:registration": (DEAL, SEES_DEAL),
    "deals:registration-form": (DEAL, FIRM - {"own_deals"}),
    "deals:registration-draft": (DEAL, FIRM - {"own_deals"}),
    "deals:registration-deciders": (DEAL, FIRM - {"own_deals"}),
    "deals:registration-files": (DEAL, FIRM - {"own_deals"}),
    "deals:registration-answer": (DEAL, FIRM - {"own_deals"}),
    "deals:registration-withdrawal": (DEAL, FIRM - {"own_deals"}),
    "deals:registration-check-in": (DEAL, FIRM - {"own_deals"}),
    "deals:registration-move": (DEAL, FIRM - {"own_deals"}),
    "deals:registration-again": (DEAL, FIRM - {"own_deals"}),
    "deals:registration-handover": (DEAL, FIRM - {"own_deals"}),
    "deals:registration-stage": (DEAL, FIRM - {"own_deals"}),
    "deals:registration-win": (DEAL, FIRM - {"own_deals"}),
    "deals:registration-reopening": (DEAL, FIRM - {"own_deals"}),
    "deals:registration-loss": (DEAL, FIRM - {"own_deals"}),
    "deals:registration-extension": (DEAL, FIRM - {"own_deals"}),
    "deals:registration-amendment": (DEAL, FIRM - {"own_deals"}),
    "deals:registration-amendment-recall": (DEAL, FIRM - {"own_deals"}),
    "deals:registration-amendment-decision": (DEAL, SEES_DEAL),
    "deals:amendment": ({"pk": "amendment"}, SEES_DEAL),
    "deals:transferred": ({}, EVERYBODY - VENDOR),
    "deals:registration-transfer": (DEAL, SEES_DEAL),
    "deals:registration-transfer-refusal": (DEAL, SEES_DEAL),
    "deals:registration-transfer-request": (DEAL, FIRM - {"own_deals"}),
    "deals:registration-transfer-recall": (DEAL, FIRM - {"own_deals"}),
    "deals:registration-release": (DEAL, FIRM - {"own_deals"}),
    "deals:registration-approval": (DEAL, SEES_DEAL),
    "deals:registration-rejection": (DEAL, SEES_DEAL),
    "deals:registration-question": (DEAL, SEES_DEAL),
    "deals:registration-research": (DEAL, SEES_DEAL),
    "deals:registration-undo": (DEAL, SEES_DEAL),
    "deals:likeness-verdict": ({"pk": "deal", "rival_pk": "deal"}, SEES_DEAL),
    "deals:registration-extension-decision": (DEAL, SEES_DEAL),
    "deals:registration-revocation": (DEAL, SEES_DEAL),
    "deals:cases": ({}, EVERYBODY),
    "deals:case": ({"pk": "case"}, VENDOR),
    "deals:case-new": (DEAL, SEES_DEAL),
    "deals:case-evidence-request": ({"pk": "case"}, VENDOR),
    "deals:case-decision": ({"pk": "case", "decision": "award"}, VENDOR),
    "deals:conflicts": ({}, EVERYBODY),
    "deals:conflict": ({"pk": "party"}, SEES_DEAL),
    "deals:conflict-evidence": ({"pk": "party"}, FIRM - {"own_deals"}),
    "deals:conflict-files": ({"pk": "party"}, FIRM - {"own_deals"}),
    "deals:direct-report": ({}, EVERYBODY),
    "deals:direct-report-export": ({}, EVERYBODY),
    "deals:directs": ({}, EVERYBODY),
    "deals:direct-new": ({}, EVERYBODY),
    "deals:direct-import": ({}, EVERYBODY),
    "deals:direct": ({"pk": "direct"}, VENDOR),
    "deals:touches": ({}, EVERYBODY),
    "deals:touch-new": ({}, EVERYBODY),
    "deals:touch-import": ({}, EVERYBODY),
    "deals:customers": ({}, EVERYBODY),
    "deals:customer-export": ({}, EVERYBODY),
    "deals:customer-new": ({}, EVERYBODY),
    "deals:customer-options": ({}, EVERYBODY),
    "deals:customer": ({"pk": "customer"}, VENDOR),
    "deals:customer-related": ({"pk": "customer"}, VENDOR),
    "deals:customer-form": ({"pk": "customer"}, VENDOR),
    "deals:customer-likeness": ({"pk": "customer", "other_pk": "customer"}, VENDOR),
    "deals:customer-split": ({"pk": "merge"}, VENDOR),
    "deals:customer-imports": ({}, EVERYBODY),
    "deals:customer-import": ({"pk": "import"}, VENDOR),
    "deals:customer-import-export": ({"pk": "import"}, VENDOR),
    "deals:lists": ({}, EVERYBODY),
    "deals:list": ({"pk": "targets"}, VENDOR),
    "deals:list-removal": ({"pk": "targets"}, VENDOR),
    "deals:types": ({}, EVERYBODY),
    "deals:type-new": ({}, EVERYBODY),
    "deals:type": ({"code": "resale"}, EVERYBODY),
    "deals:catalog": ({}, EVERYBODY),
    "deals:family-new": ({}, EVERYBODY),
    "deals:family": ({"pk": "family"}, EVERYBODY),
    "deals:product-new": ({"pk": "family"}, EVERYBODY),
    "deals:product": ({"pk": "product"}, EVERYBODY),
}


def records(actors: dict[str, Any]) -> dict[str, Any]:
    """A deal of the first reseller, and something in the catalogue."""
    product = build.catalog.add_product(build.family(), "SKU-1", "Product", unit="piece")
    assert Product.objects.count() == 1
    in_case = build.submitted(by=actors["colleague"], customer_website="contested.example")
    rival = build.submitted(customer_website="contested.example")
    case = cases.open_case(in_case, [rival], by=actors["manager"], at=build.MONDAY)
    cases.ask_for_evidence(case, "Whom did you meet?", version=case.version, by=actors["manager"], at=build.MONDAY)
    deal = build.submitted(by=actors["owner"])
    changed = build.drafts.Content({"contact_name": "Jan Holm"})
    amendment = amendments.propose(deal, changed, by=actors["owner"], at=build.MONDAY)
    return {
        "amendment": amendment,
        "case": case,
        "party": case.parties.get(registration=in_case),
        "direct": build.direct(by=actors["admin"]),
        "touch": build.touch(by=actors["admin"]),
        "deal": deal,
        "customer": deal.customer,
        "merge": _merge(actors),
        "import": customer_imports.start("list.csv", [["Name"], ["Kestrel"]], by=actors["admin"], at=build.MONDAY),
        "family": build.family(),
        "product": product,
        "targets": lists.add("Targets", "customers", by=actors["admin"], at=build.MONDAY),
    }


def _merge(actors: dict[str, Any]) -> Any:
    who = {"by": actors["admin"], "at": build.MONDAY}
    one, other = (customer_book.add({"name": name, "country": "DE"}, **who) for name in ("Orlinda", "Orlinda Werke"))
    return merging.merge(one, other, **who)
