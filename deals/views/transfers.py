"""Letting a deal go to another partner: asked for by its partner, decided by the vendor."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from deals import permissions
from deals.enums import Action
from deals.forms.transfers import FindForm, TransferForm, TransferRefusalForm, TransferRequestForm
from deals.models import Registration
from deals.queries import idle, people
from deals.queries import transfers as queries
from deals.services import transfers
from deals.views.actions import act, own
from deals.views.finding import find_sent, go_to
from partners.models import Partner
from prm.accounts.guards import requires
from prm.events.refusals import DomainError
from prm.ui.submissions import once

SHOWN = 200


@require_http_methods(["GET", "POST"])
@requires(permissions.can_register)
@once
def request_transfer(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Ask the vendor to give the deal to another firm."""
    registration = own(request, pk, Action.ASK_TRANSFER)
    return act(
        request,
        registration,
        TransferRequestForm(request.POST or None),
        transfers.ask,
        title=_("Ask for a transfer"),
        button=_("Ask for the transfer"),
        done=_("Transfer asked for"),
        text=_(
            "The vendor decides. If it agrees, you keep a line that the deal was transferred, and see no more of it."
        ),
    )


@require_http_methods(["GET", "POST"])
@requires(permissions.can_register)
@once
def recall(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take the wish for a transfer back."""
    registration = own(request, pk, Action.ASK_TRANSFER)
    return act(
        request,
        registration,
        Form(request.POST if request.method == "POST" else None),
        transfers.recall,
        title=_("Keep this deal"),
        button=_("Keep the deal"),
        done=_("The deal stays with you"),
        text=_("The vendor no longer decides about a transfer."),
    )


@require_http_methods(["GET", "POST"])
@requires(permissions.can_decide)
@once
def refusal(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Leave the deal where it is, with a reason."""
    return act(
        request,
        find_sent(request, pk),
        TransferRefusalForm(request.POST or None),
        transfers.refuse,
        title=_("Refuse the transfer"),
        button=_("Refuse transfer"),
        done=_("Transfer refused"),
        text=_("The partner keeps the deal, and reads the reason and the note."),
    )


@require_http_methods(["GET", "POST"])
@requires(permissions.can_decide)
@once
def transfer(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Find the partner that gets the deal, then say why and who looks after it there."""
    registration = find_sent(request, pk)
    receiver = _receiver(request, registration)
    asked = queries.asked_of(registration)
    context: dict[str, Any] = {"registration": registration, "asked": asked, "receiver": receiver}
    if receiver is None:
        form = FindForm(request.GET if "q" in request.GET else None)
        rows = queries.receivers(registration)
        context |= {"form": form, "found": form.found(rows) if form.is_bound else [], "is_searched": form.is_bound}
        return render(request, "deals/transfers/receiver.html", context)
    hoard = idle.hoard_of(receiver, timezone.now())
    form = TransferForm(
        request.POST or None,
        sellers=people.sellers_at(receiver.pk),
        files=queries.files_of(registration),
        hoards=hoard is not None,
        initial={"version": registration.version},
    )
    context |= {"form": form, "hoard": hoard}
    if request.method == "GET":
        return render(request, "deals/transfers/transfer.html", context)
    status = 422
    if form.is_valid():
        try:
            transfers.transfer(registration, receiver, **form.cleaned_data, by=request.member, at=timezone.now())
        except DomainError as refusal:
            refusal.facts["for_vendor"] = True
            context["refusal"], status = refusal, 409
        else:
            messages.success(request, _("Deal transferred to %(partner)s") % {"partner": receiver.name})
            return go_to(request, registration)
    return render(request, "deals/transfers/transfer.html", context, status=status)


@require_GET
@requires(permissions.can_see)
def transferred(request: HttpRequest) -> HttpResponse:
    """List the deals that went to other partners, as far as their former partner may know."""
    if request.member.is_vendor:
        raise Http404
    return render(request, "deals/transfers/transferred.html", {"transfers": queries.gone(request.member)[:SHOWN]})


def _receiver(request: HttpRequest, registration: Registration) -> Partner | None:
    try:
        return Partner.objects.filter(pk=request.GET.get("partner")).exclude(pk=registration.partner_id).first()
    except ValidationError:
        return None
