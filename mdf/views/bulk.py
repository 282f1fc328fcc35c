"""Several requests approved at once: first what each would reserve and what stands in the way, then the approval."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_POST

from mdf import permissions
from mdf.models import FundRequest
from mdf.queries.requests import WITH
from mdf.services import decisions
from mdf.views import inbox
from prm.accounts.guards import requires
from prm.events.refusals import DomainError
from prm.money import Money

AT_MOST = 50


@dataclass(frozen=True)
class Refused:
    """A request that stays as it is, and why."""

    request: FundRequest
    sentence: str


@dataclass
class Outcome:
    """What becomes of the ticked requests."""

    approved: list[FundRequest] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    left_over: int = 0
    at_most: int = AT_MOST

    @property
    def sums(self) -> list[Money]:
        """Return what is reserved, once per currency; an approval that needs another one reserves nothing."""
        totals: dict[str, Money] = {}
        for request in self.approved:
            if request.approved is not None:
                nothing = Money(Decimal(0), request.currency)
                totals[request.currency] = totals.get(request.currency, nothing) + request.approved
        return list(totals.values())


@require_POST
@requires(permissions.can_decide)
def selection(request: HttpRequest) -> HttpResponse:
    """Ask whether to approve the ticked requests, saying what would become of each.

    They are approved and that is rolled back, so that it says exactly what an approval will do: requests that share
    a fund leave less to one another.
    """
    with transaction.atomic():
        outcome = _approve_ticked(request)
        transaction.set_rollback(True)
    ticks = request.POST.getlist("id")
    going = {str(row.pk) for row in outcome.approved}
    kept = [tick for tick in ticks[:AT_MOST] if tick.partition(".")[0] in going]
    return inbox.desk.page(request, inbox.listing_of(request), None, opened="item", selection=outcome, ticks=kept)


@require_POST
@requires(permissions.can_decide)
def approval(request: HttpRequest) -> HttpResponse:
    """Approve each as it was asked for; the answer says which were, and why others were not."""
    outcome = _approve_ticked(request)
    return inbox.desk.page(request, inbox.listing_of(request), None, opened="item", bulk=outcome)


def _approve_ticked(request: HttpRequest) -> Outcome:
    ticks = request.POST.getlist("id")
    outcome = Outcome(left_over=max(0, len(ticks) - AT_MOST))
    for tick in ticks[:AT_MOST]:
        pk, _dot, version = tick.partition(".")
        found = _ticked(request, pk)
        if found is None or not version.isdecimal():
            continue
        facts = {"by": request.member, "at": timezone.now(), "version": int(version[:9])}
        try:
            outcome.approved.append(decisions.approve_as_asked(found, **facts))
        except DomainError as refusal:
            refusal.facts["for_vendor"] = True
            outcome.refused.append(Refused(found, refusal.sentence))
    return outcome


def _ticked(request: HttpRequest, pk: str) -> FundRequest | None:
    try:
        return FundRequest.objects.visible_to(request.member).select_related(*WITH).filter(pk=UUID(pk)).first()
    except ValueError:
        return None
