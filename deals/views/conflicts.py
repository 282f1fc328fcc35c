"""A conflict as one of its parties sees it: what is disclosed, what helps, until when, and what came of it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from deals import permissions
from deals.forms.cases import EvidenceForm, PartyList
from deals.models import CaseParty
from deals.queries import cases as queries
from deals.queries import terms as registration_terms
from deals.services import cases
from prm.accounts.guards import requires
from prm.accounts.models import Membership
from prm.disputes import panel as disputes
from prm.events.refusals import DomainError
from prm.files import queries as files
from prm.files import services as file_services
from prm.files import uploads
from prm.files.subjects import can_change, can_open
from prm.policies.models import ReasonCode


@can_open("deals.caseparty")
def parties(member: Membership) -> QuerySet:
    """Whoever sees a registration may open what was brought for it; of a case only those who decide."""
    rows = CaseParty.objects.visible_to(member)
    return rows if member.is_partner or member.has(permissions.can_decide) else rows.none()


@can_change("deals.caseparty")
def may_bring(party: CaseParty, member: Membership) -> bool:
    """Evidence can be added to as long as it is waited for."""
    is_own = member.is_partner and party.registration.partner_id == member.partner_id
    return is_own and party.waits_for_evidence and member.has(permissions.can_register)


@require_GET
@requires(permissions.can_register)
def listing(request: HttpRequest) -> HttpResponse:
    """List the conflicts of one's registrations."""
    rows = CaseParty.objects.visible_to(request.member).select_related("registration__partner")
    return render(request, "deals/conflicts/list.html", {"listing": PartyList(request.GET, rows)})


@require_GET
@requires(permissions.can_register)
def detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show one's own side of a conflict."""
    return _page(request, _party(request, pk))


@require_POST
@requires(permissions.can_register)
def evidence(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Bring the evidence, with the files that came with it where there are no scripts."""
    party = _own(request, pk)
    form = _form(party, request.POST)
    if not form.is_valid():
        return _page(request, party, form=form, status=422)
    try:
        if may_bring(party, request.member):
            for upload in request.FILES.getlist("files"):
                file_services.add(upload, on=party, by=request.member, at=timezone.now())
        said = form.cleaned_data
        cases.give_evidence(party, said["text"], letter_on=said["letter_on"], by=request.member, at=timezone.now())
    except DomainError as refusal:
        return _page(request, _party(request, pk), form=form, refusal=refusal, status=409)
    messages.success(request, _("Evidence sent"))
    return redirect("deals:conflict", pk)


@require_POST
@requires(permissions.can_register)
def upload(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take one file."""
    party = _own(request, pk)
    if not may_bring(party, request.member):
        raise Http404
    return uploads.take(request, on=party)


def _page(
    request: HttpRequest,
    party: CaseParty,
    *,
    form: EvidenceForm | None = None,
    refusal: DomainError | None = None,
    status: int = 200,
) -> HttpResponse:
    registration, member = party.registration, request.member
    terms = registration_terms.pinned(registration.policy)
    reason = ReasonCode.objects.filter(area__startswith="deals.", code=party.reason_code).first()
    context: dict[str, Any] = {
        "party": party,
        "registration": registration,
        "families": queries.names_of(party.families) if terms.discloses_products else [],
        "given": queries.names_of(party.given_families),
        "reason": str(reason or party.reason_code),
        "files": [files.entry(file) for file in files.of(party)],
        "may_bring": may_bring(party, member),
        "form": form or _form(party),
        "appeal": disputes.of(registration, member, at=timezone.now()),
        "refusal": refusal,
    }
    return render(request, "deals/conflicts/conflict.html", context, status=status)


def _form(party: CaseParty, posted: Any = None) -> EvidenceForm:
    return EvidenceForm(
        posted,
        upload_url=reverse("deals:conflict-files", args=[party.pk]),
        today=registration_terms.today_of_vendor(timezone.now()),
        initial={"letter_on": party.registration.letter_on},
    )


def _party(request: HttpRequest, pk: UUID) -> CaseParty:
    rows = CaseParty.objects.visible_to(request.member)
    found = rows.select_related("registration__partner", "registration__policy", "given_by").filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def _own(request: HttpRequest, pk: UUID) -> CaseParty:
    """Return one's own side; distributors look, but do not act."""
    party = _party(request, pk)
    if party.registration.partner_id != request.member.partner_id:
        raise Http404
    return party
