"""What of a fund can change, and when: what partners were promised stays as it was."""

from __future__ import annotations

from mdf.enums import FundStatus

FIELDS = (
    "name",
    "summary",
    "starts_on",
    "ends_on",
    "currency",
    "share_percent",
    "request_minimum",
    "request_maximum",
    "lead_days",
    "claim_days",
    "tier_ids",
    "partner_types",
    "activity_type_ids",
)
ONCE_OPEN = ("name", "summary", "ends_on")


def changeable(status: FundStatus) -> tuple[str, ...]:
    """Return the fields that may still change: all of a draft, few of an open fund, none of a closed one."""
    return {FundStatus.DRAFT: FIELDS, FundStatus.OPEN: ONCE_OPEN, FundStatus.CLOSED: ()}[status]
