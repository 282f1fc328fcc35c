"""What the vendor promises about quotes, and how it was kept."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.db.models import DateTimeField, Exists, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from prm.accounts.models import VendorProfile
from prm.clocks.clock import Promise
from prm.policies import following
from prm.promises import cases, kinds, waiting
from prm.promises.kinds import Promised
from prm.promises.measures import Case
from prm.questions.models import Question
from quotes.enums import Status, StepStatus
from quotes.models import QuoteApprovalStep, QuoteRevision
from quotes.queries import people
from quotes.queries import terms as quote_terms


def promised() -> Promised:
    _version, terms = quote_terms.current(VendorProfile.objects.get().day_of(timezone.now()))
    return Promised(Promise(terms.decision_business_days))


def approvals(since: datetime, until: datetime) -> Iterator[Case]:
    """Yield each decision that somebody was asked for; what it took is not told, because questions stop its clock."""
    dates = cases.Dates("asked_at", "decide_by", "decided_at")
    rows, waiting = QuoteApprovalStep.objects.all(), Q(status=StepStatus.WAITING)
    for case in cases.of_rows(rows, since, until, waiting=waiting, dates=dates, pauses=False):
        yield Case(case.due, case.done)


def pending() -> QuerySet[QuoteRevision]:
    """Return the revisions that wait for an approval, with when it was asked for; not those with an open question."""
    asked = QuoteApprovalStep.objects.filter(revision=OuterRef("pk")).order_by("-round").values("asked_at")[:1]
    question = Question.objects.filter(subject_id=OuterRef("pk"), answered_at__isnull=True)
    rows = QuoteRevision.objects.filter(~Exists(question), status=Status.PENDING_APPROVAL)
    return rows.annotate(asked_at=Subquery(asked, output_field=DateTimeField()))


kinds.vendors("quotes.approval", _("Decision on a discount"), promised=promised, cases=approvals, order=50)
waiting.declare(
    "quotes.quoterevision",
    page="quotes:inbox-item",
    rows=pending,
    promise=lambda row: following.promise_of(row, quote_terms.pinned(row.policy).decision_business_days),
    deciders=lambda row: people.managers(row.quote),
    title=lambda row: str(row.quote),
    record=lambda row: row.quote,
    start="asked_at",
)
