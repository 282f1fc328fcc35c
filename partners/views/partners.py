"""The vendor's partners: the list, each one's page, and what can be done about them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django_htmx.http import HttpResponseClientRedirect

from partners import permissions
from partners.enums import PartnerStatus
from partners.forms.partners import NoteForm, PartnerList, SuspensionForm, TerminationForm
from partners.forms.profiles import IdentityForm
from partners.forms.tiers import PlacementForm
from partners.models import Partner
from partners.queries import agreements, certifications, onboarding, terminations
from partners.queries import partners as queries
from partners.queries import profiles as profile_queries
from partners.queries.export import csv_answer
from partners.rules.catalogue import PARTNER
from partners.services import partners, profiles, tiers
from partners.views import history, steps
from partners.views.agreements import titled
from prm.accounts.guards import requires
from prm.custom_fields import panel as details
from prm.events.refusals import DomainError
from prm.ui import stale
from prm.ui.navigation import Visit
from prm.ui.submissions import once


@require_GET
@requires(permissions.can_see_partners)
def listing(request: HttpRequest) -> HttpResponse:
    """List the partners."""
    rows = queries.with_tier(Partner.objects.select_related("distributor"), Visit.of(request).today)
    return render(request, "partners/partners/list.html", {"listing": PartnerList(request.GET, rows)})


@require_GET
@requires(permissions.can_see_partners)
def export(request: HttpRequest) -> HttpResponse:
    """Send the filtered list as CSV."""
    partners_of = Partner.objects.select_related("distributor", "channel_manager")
    rows = PartnerList(request.GET, queries.with_tier(partners_of, Visit.of(request).today)).matching
    return csv_answer(rows, name="partners.csv", at=timezone.now())


@require_GET
@requires(permissions.can_see_partners)
def detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show one partner: what it is, where it stands, what it does, what happened."""
    partner, member = _find(request, pk), request.member
    context = {
        "partner": partner,
        "history": queries.tier_history(partner),
        "people": queries.people_of(partner),
        "resellers": queries.resellers_of(partner, Visit.of(request).today),
        "timeline": history.entries(partner, member),
        **_sections(request, partner),
        "can_suspend": member.has(permissions.can_suspend) and partner.status == PartnerStatus.ACTIVE,
        "can_restore": member.has(permissions.can_suspend) and partner.status == PartnerStatus.SUSPENDED,
        "can_place": member.has(permissions.can_place) and queries.tiers().exists(),
        "can_terminate": member.has(permissions.can_terminate) and partner.status != PartnerStatus.TERMINATED,
        "can_identify": member.has(permissions.can_change_identity),
        "can_offer": member.has(permissions.can_offer) and partner.status != PartnerStatus.TERMINATED,
        "can_see_bank": member.has(permissions.can_see_bank),
        "note_form": NoteForm() if member.has(permissions.can_write_notes) else None,
    }
    return render(request, "partners/partners/detail.html", context)


@require_http_methods(["GET", "POST"])
@requires(permissions.can_suspend)
def suspension(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Ask for the reason, then stop the partner's work."""
    partner = _find(request, pk)
    form = SuspensionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            partners.suspend(partner, by=request.member, at=timezone.now(), reason=form.cleaned_data["reason"])
            return _back(request, partner, _("%(name)s is suspended") % {"name": partner.name})
        except DomainError as refusal:
            form.add_error(None, refusal.sentence)
    return _dialog_or_page(request, "suspension", partner, form)


@require_POST
@requires(permissions.can_suspend)
def restoration(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Let the partner work again."""
    partner = _find(request, pk)
    try:
        partners.restore(partner, by=request.member, at=timezone.now())
    except DomainError as refusal:
        messages.error(request, refusal.sentence)
        return redirect("partners:partner", partner.pk)
    return _back(request, partner, _("%(name)s can work again") % {"name": partner.name})


@require_POST
@requires(permissions.can_change_identity)
def openness(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Let all partners name this distributor on their deals, or only its own resellers."""
    partner = _find(request, pk)
    try:
        is_open = request.POST.get("open") == "yes"
        partners.offer_to_partners(partner, is_open=is_open, by=request.member, at=timezone.now())
    except DomainError as refusal:
        messages.error(request, refusal.sentence)
        return redirect("partners:partner", partner.pk)
    return _back(request, partner, _("%(name)s saved") % {"name": partner.name})


@require_http_methods(["GET", "POST"])
@requires(permissions.can_place)
def tier(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Put the partner into a tier from a day on."""
    partner = _find(request, pk)
    form = PlacementForm(request.POST or None, today=Visit.of(request).today)
    if request.method == "POST" and form.is_valid():
        chosen = form.cleaned_data
        try:
            tiers.place(partner, **chosen, by=request.member, at=timezone.now())
            facts = {"name": partner.name, "tier": chosen["tier"].name}
            return _back(request, partner, _("%(name)s is placed in %(tier)s") % facts)
        except DomainError as refusal:
            form.add_error("starts_on", refusal.sentence)
    return _dialog_or_page(request, "tier", partner, form)


@require_http_methods(["GET", "POST"])
@requires(permissions.can_terminate)
def termination(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Ask for the reason and the name once more, then end the work with the partner."""
    partner = _find(request, pk)
    form = TerminationForm(request.POST or None, partner=partner)
    if request.method == "POST" and form.is_valid():
        try:
            partners.terminate(partner, reason=form.cleaned_data["reason"], by=request.member, at=timezone.now())
            return _back(request, partner, _("The work with %(name)s has ended") % {"name": partner.name})
        except DomainError as refusal:
            form.add_error(None, refusal.sentence)
    return _dialog_or_page(request, "termination", partner, form, endings=terminations.endings_of(partner))


@require_POST
@requires(permissions.can_write_notes)
@once
def note(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Write an internal note."""
    partner = _find(request, pk)
    form = NoteForm(request.POST)
    if form.is_valid():
        partners.note(partner, form.cleaned_data["text"], by=request.member, at=timezone.now())
        messages.success(request, _("Note added"))
    else:
        messages.error(request, _("Write the note first."))
    return redirect(f"{reverse('partners:partner', args=[pk])}#timeline")


@require_http_methods(["GET", "POST"])
@requires(permissions.can_change_identity)
def identity(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Change what identifies the partner."""
    partner = _find(request, pk)
    form = IdentityForm.of(partner, request.POST or None)
    context: dict[str, Any] = {"partner": partner, "form": form}
    if request.method == "POST" and form.is_valid():
        try:
            seen = form.cleaned_data["seen"]
            profiles.identify(partner, form.facts, seen=seen, by=request.member, at=timezone.now())
            return _back(request, partner, _("%(name)s saved") % {"name": form.facts["name"]})
        except profiles.IdentityChangedMeanwhile as refusal:
            now = IdentityForm.of(Partner.objects.get(pk=pk))
            context |= {"refusal": refusal, "differences": stale.differences(form, now)}
            form.start_over(now.initial["seen"])
    is_refused = bool(form.errors or context.get("refusal"))
    return render(request, "partners/partners/identity.html", context, status=422 if is_refused else 200)


def _sections(request: HttpRequest, partner: Partner) -> dict[str, Any]:
    """Return the agreements, checklist, people and certificates of a partner as its page shows them."""
    checklist = onboarding.latest(partner)
    progress = onboarding.progress_of(checklist) if checklist else None
    return {
        "profile": profile_queries.of(partner),
        "details": details.of(PARTNER, partner, request),
        "agreements": titled(agreements.of_partner(partner)),
        "progress": progress,
        "steps": [steps.step(task, request.member) for task in progress.tasks] if progress else [],
        "team": queries.team_of(partner),
        "certificates": list(certifications.of_partner(partner)),
        "bank": onboarding.bank_account(partner),
        "today": Visit.of(request).today,
    }


def _find(request: HttpRequest, pk: UUID) -> Partner:
    rows = queries.with_tier(Partner.objects.select_related("channel_manager", "distributor"), Visit.of(request).today)
    return get_object_or_404(rows, pk=pk)


def _back(request: HttpRequest, partner: Partner, said: str) -> HttpResponse:
    messages.success(request, said)
    url = reverse("partners:partner", args=[partner.pk])
    return HttpResponseClientRedirect(url) if request.htmx else redirect(url)


def _dialog_or_page(request: HttpRequest, name: str, partner: Partner, form: Any, **more: Any) -> HttpResponse:
    template = f"partners/partners/{'_' if request.htmx else ''}{name}.html"
    context = {"partner": partner, "form": form, **more}
    return render(request, template, context, status=422 if form.errors else 200)
