"""What the vendor promises about quotes, and how it was kept."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from prm.accounts.models import VendorProfile
from prm.clocks.clock import Promise
from prm.promises import cases, kinds
from prm.promises.kinds import Promised
from prm.promises.measures import Case
from quotes.enums import StepStatus
from quotes.models import QuoteApprovalStep
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


kinds.vendors("quotes.approval", _("Decision on a discount"), promised=promised, cases=approvals, order=50)
