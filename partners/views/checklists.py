"""The vendor's plans of what new partners are asked to do."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from partners import permissions
from partners.enums import PartnerType
from partners.forms.onboarding import PlanForm, forms_of, planned_in
from partners.models import ChecklistTemplate, Tier
from partners.queries import onboarding as queries
from partners.queries import partners
from partners.rules import checklists as rules
from partners.services import checklists
from prm.accounts.guards import requires
from prm.events.refusals import DomainError
from prm.ui.submissions import once


@require_GET
@requires(permissions.can_keep_checklists)
def listing(request: HttpRequest) -> HttpResponse:
    """List what each type of partner is asked."""
    return render(request, "partners/checklists/list.html", {"plans": queries.plans(), "tiers": partners.tiers()})


@require_http_methods(["GET", "POST"])
@requires(permissions.can_keep_checklists)
@once
def plan(request: HttpRequest, partner_type: str) -> HttpResponse:
    """Change what a type of partner is asked from now on, or those of a type who start in a tier."""
    if partner_type not in PartnerType.values:
        raise Http404
    kind, tier = PartnerType(partner_type), _tier(request.GET.get("tier", ""))
    kept = ChecklistTemplate.objects.filter(partner_type=kind, tier=tier).first()
    start = kept or queries.template_for(kind, None)
    rows = forms_of(start.planned if start else list(rules.defaults(kind)), request.POST or None)
    form = PlanForm(request.POST or None, initial={"seen": kept.revision if kept else 0})
    context: dict[str, Any] = {
        "form": form,
        "rows": rows,
        "type": kind,
        "tier": tier,
        "plan": kept,
        "tiers": partners.tiers(),
    }
    if request.method == "POST" and rows.is_valid() and form.is_valid():
        who = {"by": request.member, "at": timezone.now()}
        try:
            checklists.plan(kind, planned_in(rows), tier=tier, seen=form.cleaned_data["seen"], **who)
            messages.success(request, _("Checklist saved"))
            return redirect("partners:checklists")
        except DomainError as refusal:
            context["refusal"] = refusal
    is_refused = request.method == "POST"
    return render(request, "partners/checklists/plan.html", context, status=422 if is_refused else 200)


def _tier(value: str) -> Tier | None:
    if not value:
        return None
    try:
        found = partners.tiers().filter(pk=UUID(value)).first()
    except ValueError:
        found = None
    if found is None:
        raise Http404
    return found
