"""Moving a claim along its life, with the refusal people read when it can't."""

from __future__ import annotations

from mdf.enums import ClaimAction, ClaimStatus
from mdf.models import Claim, FundRequest
from mdf.rules import claim_lifecycle
from mdf.services.moves import lock as lock_request
from prm.events.refusals import DomainError


class ClaimNotPossible(DomainError):
    """The claim is no longer where the action needs it: somebody was faster, or the page was old."""


class ClaimChanged(DomainError):
    """The claim is not what the person looked at: somebody changed it meanwhile."""


def lock(claim: Claim) -> tuple[FundRequest, Claim]:
    """Return the request and the claim, locked in this order, after the share of the fund they draw on."""
    request = lock_request(FundRequest(pk=claim.request_id, allocation_id=claim.allocation_id))
    claim = Claim.objects.select_related("fund", "policy", "partner", "request__activity_type").locked(claim.pk)
    claim.request = request
    return request, claim


def move(claim: Claim, action: ClaimAction) -> ClaimStatus:
    """Take the action and return the status before it, or raise `ClaimNotPossible`."""
    before = ClaimStatus(claim.status)
    try:
        claim.move(action)
    except claim_lifecycle.NotAllowed as error:
        raise ClaimNotPossible(claim=claim, action=action) from error
    return before


def refuse_stale(claim: Claim, version: int | None) -> None:
    """Refuse an action on another version than the one on the screen; the claim has moved once since."""
    if version is not None and version != claim.version - 1:
        raise ClaimChanged(claim=claim)
