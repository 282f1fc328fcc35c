"""Whose the addresses of mdf are; see `tests/architecture/test_routes.py`."""

from __future__ import annotations

from typing import Any

from tests.architecture.actors import EVERYBODY, FIRM, SEES_FIRM, VENDOR
from tests.mdf import build as mdf

REQUEST, FUND, SHARE = {"pk": "fund_request"}, {"pk": "fund"}, {"pk": "share"}
ROWS: dict[str, tuple[dict[str, str], set[str]]] = {
    "mdf:funds": ({}, EVERYBODY),
    "mdf:fund-new": ({}, EVERYBODY),
    "mdf:fund": (FUND, FIRM | VENDOR),
    "mdf:fund-form": (FUND, VENDOR),
    "mdf:fund-opening": (FUND, VENDOR),
    "mdf:fund-closing": (FUND, VENDOR),
    "mdf:fund-ledger": (FUND, VENDOR),
    "mdf:fund-ledger-export": (FUND, VENDOR),
    "mdf:allocation-new": (FUND, VENDOR),
    "mdf:allocation-adjustment": (SHARE, VENDOR),
    "mdf:allocation-transfer": (SHARE, VENDOR),
    "mdf:allocation-reinstatement": (SHARE, VENDOR),
    "mdf:statement": (SHARE, SEES_FIRM),
    "mdf:statement-export": (SHARE, SEES_FIRM),
    "mdf:statement-document": (SHARE, SEES_FIRM),
    "mdf:terms": ({}, EVERYBODY),
    "mdf:terms-publication": ({}, EVERYBODY),
    "mdf:terms-discard": ({}, EVERYBODY),
    "mdf:activity-types": ({}, EVERYBODY),
    "mdf:activity-type-new": ({}, EVERYBODY),
    "mdf:activity-type": ({"pk": "activity_type"}, EVERYBODY),
    "mdf:requests": ({}, EVERYBODY),
    "mdf:request-export": ({}, EVERYBODY),
    "mdf:request-new": ({}, EVERYBODY),
    "mdf:request-check": ({}, EVERYBODY),
    "mdf:inbox": ({}, EVERYBODY),
    "mdf:inbox-item": (REQUEST, SEES_FIRM),
    "mdf:request": (REQUEST, SEES_FIRM),
    "mdf:request-form": (REQUEST, FIRM),
    "mdf:request-draft": (REQUEST, FIRM),
    "mdf:request-files": (REQUEST, FIRM),
    "mdf:request-discard": (REQUEST, FIRM),
    "mdf:request-answer": (REQUEST, FIRM),
    "mdf:request-withdrawal": (REQUEST, FIRM),
    "mdf:request-cancellation": (REQUEST, FIRM),
    "mdf:request-comment": (REQUEST, SEES_FIRM),
    "mdf:request-approval": (REQUEST, SEES_FIRM),
    "mdf:request-rejection": (REQUEST, SEES_FIRM),
    "mdf:request-question": (REQUEST, SEES_FIRM),
    "mdf:request-undo": (REQUEST, SEES_FIRM),
}


def records(actors: dict[str, Any]) -> dict[str, Any]:
    """A fund of which only the firm has a share, and a request the firm's administrator sent."""
    owner = actors["owner"]
    share = mdf.allocation(to=mdf.firm_of(owner))
    return {
        "fund": share.fund,
        "share": share,
        "fund_request": mdf.submitted(share, by=owner),
        "activity_type": mdf.activity_type(),
    }
