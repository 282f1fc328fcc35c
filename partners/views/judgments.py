"""What the vendor's people do about one partner's tier: evaluate it, decide a proposal, judge a requirement."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST
from django_htmx.http import HttpResponseClientRedirect

from partners import permissions
from partners.forms.tiers import ConfirmationForm, DeclineForm, FigureForm, WaiverForm
from partners.models import Partner
from partners.queries import programs
from partners.rules.requirements import Group, Need, Node
from partners.services import achievements, evaluation, tiers
from partners.views.phrases import Phrases
from prm.accounts.guards import requires
from prm.events.refusals import DomainError
from prm.ui.forms import PortalForm
from prm.ui.navigation import Visit
from prm.ui.submissions import once


@require_POST
@requires(permissions.can_evaluate)
def evaluate(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Evaluate the partner now."""
    partner = _find(pk)
    found = evaluation.evaluate(partner, at=timezone.now(), by=request.member)
    if found is None:
        messages.warning(request, _("%(name)s is not evaluated now.") % {"name": partner.name})
    elif found.moved and found.after is not None:
        facts = {"name": partner.name, "tier": found.after.name}
        messages.success(request, _("%(name)s is in %(tier)s now") % facts)
    else:
        messages.success(request, _("%(name)s stays where it is") % {"name": partner.name})
    return redirect("partners:partner-requirements", partner.pk)


@require_POST
@requires(permissions.can_place)
def accept(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Promote the partner as proposed."""
    partner = _find(pk)
    try:
        placed = tiers.accept(partner, by=request.member, at=timezone.now())
        facts = {"name": partner.name, "tier": placed.tier.name}
        messages.success(request, _("%(name)s is in %(tier)s now") % facts)
    except DomainError as refusal:
        messages.error(request, refusal.sentence)
    return redirect("partners:partner-requirements", partner.pk)


@require_http_methods(["GET", "POST"])
@requires(permissions.can_place)
def decline(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Leave the partner where it is until the next review."""
    partner, form = _find(pk), DeclineForm(request.POST or None)
    title = _("Leave %(name)s in its tier") % {"name": partner.name}

    def act(by: Any, at: Any) -> str:
        tiers.decline(partner, note=form.cleaned_data["note"], by=by, at=at)
        return _("%(name)s stays in its tier") % {"name": partner.name}

    return _answer(request, partner, form, act, title=title, button=_("Leave it"))


@require_http_methods(["GET", "POST"])
@requires(permissions.can_judge)
@once
def confirm(request: HttpRequest, pk: UUID, need: str) -> HttpResponse:
    """Confirm something that a tier asks for, or take it back."""
    partner, asked = _find(pk), _need(request, need)
    form = ConfirmationForm(request.POST or None)

    def act(by: Any, at: Any) -> str:
        if "withdraw" in request.POST:
            achievements.unconfirm(partner, asked.label, by=by, at=at)
            return _("Confirmation taken back")
        achievements.confirm(partner, asked.label, by=by, at=at, **form.cleaned_data)
        return _("Confirmed: %(label)s") % {"label": asked.label}

    return _answer(
        request,
        partner,
        form,
        act,
        title=_("Confirm: %(label)s") % {"label": asked.label},
        button=_("Confirm"),
        withdraw=_("Take the confirmation back"),
    )


@require_http_methods(["GET", "POST"])
@requires(permissions.can_judge)
@once
def record(request: HttpRequest, pk: UUID, need: str) -> HttpResponse:
    """Record a figure that a tier asks for."""
    partner, asked = _find(pk), _need(request, need)
    form = FigureForm(request.POST or None, today=Visit.of(request).today)

    def act(by: Any, at: Any) -> str:
        achievements.record_figure(partner, asked.label, by=by, at=at, **form.cleaned_data)
        return _("%(label)s recorded") % {"label": asked.label}

    title = _("Record: %(label)s") % {"label": asked.label}
    return _answer(request, partner, form, act, title=title, button=_("Record figure"))


@require_http_methods(["GET", "POST"])
@requires(permissions.can_judge)
@once
def waive(request: HttpRequest, pk: UUID, need: str) -> HttpResponse:
    """Ask a requirement not of this partner for a while."""
    partner, asked = _find(pk), _need(request, need)
    form = WaiverForm(request.POST or None)
    _version, terms = programs.in_force(Visit.of(request).today)

    def act(by: Any, at: Any) -> str:
        achievements.waive(partner, asked.id, by=by, at=at, **form.cleaned_data)
        return _("Requirement waived for %(name)s") % {"name": partner.name}

    sentence = Phrases(terms.currency).sentence(asked)
    return _answer(
        request, partner, form, act, title=_("Waive a requirement"), sentence=sentence, button=_("Waive requirement")
    )


def _find(pk: UUID) -> Partner:
    return get_object_or_404(Partner.objects, pk=pk)


def _need(request: HttpRequest, need_id: str) -> Need:
    """Return a requirement of the version in force."""
    _version, terms = programs.in_force(Visit.of(request).today)
    for tier in terms.tiers:
        for need in _needs(tier.requirement):
            if need.id == need_id:
                return need
    raise Http404


def _needs(node: Node) -> list[Need]:
    if isinstance(node, Group):
        return [need for part in node.parts for need in _needs(part)]
    return [node]


def _answer(
    request: HttpRequest,
    partner: Partner,
    form: PortalForm,
    act: Callable[[Any, Any], str],
    *,
    title: str,
    button: str,
    sentence: str = "",
    withdraw: str = "",
) -> HttpResponse:
    """Show the form as a dialog or page, or do what it asks; a refusal keeps what was typed."""
    if request.method == "POST" and ("withdraw" in request.POST or form.is_valid()):
        try:
            messages.success(request, act(request.member, timezone.now()))
            url = reverse("partners:partner-requirements", args=[partner.pk])
            return HttpResponseClientRedirect(url) if request.htmx else redirect(url)
        except DomainError as refusal:
            form.add_error(None, refusal.sentence)
    context = {
        "partner": partner,
        "form": form,
        "title": title,
        "button": button,
        "sentence": sentence,
        "withdraw": withdraw,
        "action_url": request.path,
    }
    template = f"partners/tiers/{'_' if request.htmx else ''}judgment.html"
    return render(request, template, context, status=422 if form.errors else 200)
