"""Which refusal of a quote can be appealed: the last one, as long as its partner has not changed the quote since."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from uuid import UUID

from prm.disputes.subjects import Decision
from prm.disputes.terms import Appeals
from prm.policies import following
from quotes.enums import Approval, StepStatus
from quotes.models import QuoteApprovalStep, QuoteRevision
from quotes.queries import terms as quote_terms

REFUSED = "refused"


def decision_of(revision: QuoteRevision) -> Decision | None:
    """Return the refusal; what rules refuse alone is changed by changing the quote, or the rules."""
    if not revision.is_current or not revision.is_draft or revision.approval != Approval.REJECTED:
        return None
    rows = QuoteApprovalStep.objects.filter(revision=revision, status=StepStatus.REJECTED, decided_at__isnull=False)
    refused = rows.order_by("-decided_at", "-id").first()
    if refused is None or refused.decided_at is None or refused.decided_at != revision.decided_at:
        return None
    if revision.saved_at > refused.decided_at:
        return None
    return Decision(REFUSED, refused.decided_at, refused.decided_by_id, refused.reason_code, refused.note)


def appeals_of(revision: QuoteRevision) -> Appeals:
    """Return until when it can be appealed, by the terms that it was made under."""
    terms = quote_terms.pinned(revision.policy)
    calendar = following.promise_of(revision, terms.decision_business_days).calendar
    return Appeals(terms.appeal_days, terms.appeal_business_days, calendar)


def who_agreed(revisions: Collection[UUID]) -> Iterable[tuple[UUID, UUID]]:
    """Return who decided a step of a quote, with its id."""
    rows = QuoteApprovalStep.objects.filter(revision__in=revisions, decided_by__isnull=False)
    return rows.values_list("revision_id", "decided_by_id").distinct()
