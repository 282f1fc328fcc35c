"""Moving a request along its life, with the refusal people read when it can't."""

from __future__ import annotations

from mdf.enums import RequestAction, RequestStatus
from mdf.models import FundAllocation, FundRequest
from mdf.rules import request_lifecycle
from prm.events.refusals import DomainError


class NotPossible(DomainError):
    """The request is no longer where the action needs it: somebody was faster, or the page was old."""


def lock(request: FundRequest) -> FundRequest:
    """Return the request, locked after its share of the fund: fund, request, claim, deal, always in this order."""
    if request.allocation_id:
        FundAllocation.objects.locked(request.allocation_id)
    return FundRequest.objects.select_related("fund", "policy", "partner").locked(request.pk)


def move(request: FundRequest, action: RequestAction) -> RequestStatus:
    """Take the action and return the status before it, or raise `NotPossible`."""
    before = RequestStatus(request.status)
    try:
        request.move(action)
    except request_lifecycle.NotAllowed as error:
        raise NotPossible(request=request, action=action) from error
    return before
