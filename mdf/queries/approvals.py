"""The steps of an approval that were taken, and whose turn it is."""

from __future__ import annotations

from mdf.models import ApprovalStep, Claim, FundRequest


def steps_of(subject: FundRequest | Claim) -> list[ApprovalStep]:
    """Return the approvals given so far, the first first; for the vendor's people."""
    return list(ApprovalStep.objects.filter(subject_id=subject.pk).select_related("by").order_by("number"))
