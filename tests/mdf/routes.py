"""Whose the addresses of mdf are; see `tests/architecture/test_routes.py`."""

from __future__ import annotations

from typing import Any

from tests.architecture.actors import EVERYBODY, FIRM, SEES_FIRM, VENDOR
from tests.mdf import build as mdf
from tests.mdf import claim_build as made

CLAIM = {"pk": "claim"}
REQUEST, FUND, SHARE = {"pk": "fund_request"}, {"pk": "fund"}, {"pk": "share"}
ROWS: dict[str, tuple[dict[str, str], set[str]]] = {
    "api.claims": ({}, EVERYBODY),
    "api.claims.one": (CLAIM, SEES_FIRM),
    "api.fund-requests": ({}, EVERYBODY),
    "api.fund-requests.one": (REQUEST, SEES_FIRM),
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
    "mdf:inbox-selection": ({}, EVERYBODY),
    "mdf:inbox-approval": ({}, EVERYBODY),
    "mdf:request": (REQUEST, SEES_FIRM),
    "mdf:request-form": (REQUEST, FIRM),
    "mdf:request-deciders": (REQUEST, FIRM),
    "mdf:request-draft": (REQUEST, FIRM),
    "mdf:request-files": (REQUEST, FIRM),
    "mdf:request-answer": (REQUEST, FIRM),
    "mdf:request-withdrawal": (REQUEST, FIRM),
    "mdf:request-cancellation": (REQUEST, FIRM),
    "mdf:request-approval": (REQUEST, SEES_FIRM),
    "mdf:request-rejection": (REQUEST, SEES_FIRM),
    "mdf:request-question": (REQUEST, SEES_FIRM),
    "mdf:request-undo": (REQUEST, SEES_FIRM),
    "mdf:claim-start": (REQUEST, FIRM),
    "mdf:claim-extension": (REQUEST, FIRM),
    "mdf:extension-decision": (REQUEST, SEES_FIRM),
    "mdf:claims": ({}, EVERYBODY),
    "mdf:claim-export": ({}, EVERYBODY),
    "mdf:claim-inbox": ({}, EVERYBODY),
    "mdf:claim-inbox-item": (CLAIM, SEES_FIRM),
    "mdf:claim": (CLAIM, SEES_FIRM),
    "mdf:claim-form": (CLAIM, FIRM),
    "mdf:claim-deciders": (CLAIM, FIRM),
    "mdf:claim-draft": (CLAIM, FIRM),
    "mdf:claim-check": ({"pk": "claim_draft"}, FIRM),
    "mdf:claim-files": (CLAIM, FIRM),
    "mdf:claim-answer": (CLAIM, FIRM),
    "mdf:claim-withdrawal": (CLAIM, FIRM),
    "mdf:claim-approval": (CLAIM, SEES_FIRM),
    "mdf:claim-rejection": (CLAIM, SEES_FIRM),
    "mdf:claim-question": (CLAIM, SEES_FIRM),
    "mdf:claim-undo": (CLAIM, SEES_FIRM),
    "mdf:claim-line": ({**CLAIM, "line": "claim_line"}, SEES_FIRM),
    "mdf:claim-file": ({**CLAIM, "proof": "claim_proof"}, SEES_FIRM),
    "mdf:claim-clawback": (CLAIM, SEES_FIRM),
    "mdf:claim-part": (CLAIM, SEES_FIRM),
    "mdf:payments": ({}, EVERYBODY),
    "mdf:paying-accounts": ({}, EVERYBODY),
    "mdf:paying-account-closing": ({"pk": "paying_account"}, VENDOR),
    "mdf:payment-removal": ({"pk": "payment"}, SEES_FIRM),
    "mdf:batch": ({"pk": "batch"}, VENDOR),
    "mdf:batch-export": ({"pk": "batch", "format": "csv"}, VENDOR),
    "mdf:batch-payment": ({"pk": "batch"}, VENDOR),
    "mdf:batch-cancellation": ({"pk": "batch"}, VENDOR),
}


def records(actors: dict[str, Any]) -> dict[str, Any]:
    """A fund of which only the firm has a share, a request of its administrator, claims, and a batch."""
    owner = actors["owner"]
    share = mdf.allocation(20_000, of=mdf.fund(50_000), to=mdf.firm_of(owner))
    claim = made.submitted(mdf.approved(share, by=owner))
    batch = made.batch(made.decided(made.submitted(mdf.approved(share, by=owner))))
    return {
        "claim": claim,
        "claim_draft": made.draft(mdf.approved(share, by=owner)),
        "claim_line": claim.lines.first(),
        "claim_proof": claim.proofs.first(),
        "batch": batch,
        "payment": batch.payments.get(),
        "paying_account": made.paying_account(),
        "fund": share.fund,
        "share": share,
        "fund_request": mdf.submitted(share, by=owner),
        "activity_type": mdf.activity_type(),
    }
