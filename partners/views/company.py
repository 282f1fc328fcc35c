"""The company a partner's people work for: what the vendor knows of it, and what its administrator edits."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from partners import permissions
from partners.forms.profiles import IdentityRequestForm, ProfileForm
from partners.models import Partner
from partners.queries import agreements, certifications, onboarding
from partners.queries import partners as queries
from partners.queries import profiles as profile_queries
from partners.rules.catalogue import PARTNER
from partners.services import profiles
from partners.services.profiles import ProfileChangedMeanwhile
from partners.views.agreements import titled
from partners.views.answers import done
from prm.accounts.guards import requires
from prm.custom_fields import panel as details
from prm.custom_fields import record_views as custom_fields
from prm.custom_fields.controls import answers_of
from prm.ui import stale
from prm.ui.navigation import Visit
from prm.ui.submissions import once

SHOWN = 5


@require_GET
@requires(permissions.can_see_company)
def company(request: HttpRequest) -> HttpResponse:
    """Show one's own company, its tier and, for a distributor that sees them, its resellers."""
    today, member = Visit.of(request).today, request.member
    partner = queries.own(member, today)
    profile = profile_queries.of(partner)
    context = {
        "partner": partner,
        "history": queries.tier_history(partner),
        "resellers": queries.resellers_of(partner, today),
        "tiers": [tier.name for tier in queries.tiers()],
        "profile": profile,
        "completeness": profile_queries.completeness_of(partner),
        "details": details.of(PARTNER, partner, request),
        "agreements": titled(agreements.of_partner(partner))[:SHOWN],
        "certificates": list(certifications.of_partner(partner)[:SHOWN]),
        "today": today,
        "bank": onboarding.bank_account(partner),
        "can_edit": member.has(permissions.can_edit_profile),
        "can_enter_bank": member.has(permissions.can_enter_bank),
    }
    return render(request, "partners/company/company.html", context)


@require_http_methods(["GET", "POST"])
@requires(permissions.can_edit_profile)
def profile(request: HttpRequest) -> HttpResponse:
    """Edit what the company says of itself; a refusal keeps what was typed."""
    partner = Partner.objects.get(pk=request.member.partner_id)
    form, at = ProfileForm.of(partner, request.POST or None), timezone.now()
    custom = answers_of(PARTNER, partner, posted=request.POST or None, currency=request.profile.currency)
    is_whole = custom.follow_record(partner, at)
    if custom_fields.asks_for_fields(request):
        return custom_fields.refreshed(request, custom)
    context: dict[str, Any] = {"form": form, "partner": partner, "custom": custom, "custom_url": request.path}
    if request.method == "POST" and form.is_valid() and is_whole:
        try:
            facts: dict[str, Any] = {"custom": custom.answers, "seen": form.cleaned_data["seen"]}
            profiles.edit(partner, form.facts, **facts, by=request.member, at=at)
            return done(request, _("Company profile saved"), reverse("partners:company"))
        except ProfileChangedMeanwhile as refusal:
            now = ProfileForm.of(Partner.objects.get(pk=partner.pk))
            context |= {"refusal": refusal, "differences": stale.differences(form, now)}
            form.start_over(now.initial["seen"])
    context["completeness"] = profile_queries.completeness_of(partner)
    is_refused = bool(form.errors or custom.errors or context.get("refusal"))
    return render(request, "partners/company/profile.html", context, status=422 if is_refused else 200)


@require_http_methods(["GET", "POST"])
@requires(permissions.can_edit_profile)
@once
def identity(request: HttpRequest) -> HttpResponse:
    """Ask the vendor to change what identifies the company."""
    partner = Partner.objects.get(pk=request.member.partner_id)
    form = IdentityRequestForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        profiles.request_identity(partner, form.cleaned_data["text"], by=request.member, at=timezone.now())
        return done(request, _("Request sent"), reverse("partners:company"))
    context = {"form": form, "partner": partner}
    return render(request, "partners/company/identity.html", context, status=422 if form.errors else 200)
