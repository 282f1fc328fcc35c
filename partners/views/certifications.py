"""The vendor's list of what people can be certified in."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from partners import permissions
from partners.forms.certifications import CertificationForm
from partners.models import Certification
from partners.queries import certifications as queries
from partners.services import certifications
from partners.services.certifications import CertificationChangedMeanwhile
from partners.views.answers import done
from prm.accounts.guards import requires
from prm.events.refusals import DomainError
from prm.ui import stale
from prm.ui.submissions import once


@require_GET
@requires(permissions.can_keep_certifications)
def listing(request: HttpRequest) -> HttpResponse:
    """List the certifications."""
    return render(request, "partners/certifications/list.html", {"certifications": queries.kept()})


@require_http_methods(["GET", "POST"])
@requires(permissions.can_keep_certifications)
@once
def new(request: HttpRequest) -> HttpResponse:
    """Add a certification."""
    form = CertificationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            row = certifications.keep(form.course, by=request.member, at=timezone.now())
            return done(request, _("%(name)s saved") % {"name": row.name}, reverse("partners:certifications"))
        except DomainError as refusal:
            form.add_error("name", refusal.sentence)
    return render(request, "partners/certifications/form.html", {"form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@requires(permissions.can_keep_certifications)
def certification(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Change a certification; a refusal keeps what was typed."""
    row = get_object_or_404(Certification.objects, pk=pk)
    form = CertificationForm.of(row, request.POST or None)
    context: dict[str, Any] = {"form": form, "certification": row}
    if request.method == "POST" and form.is_valid():
        try:
            seen = form.cleaned_data["seen"] or 0
            row = certifications.change(row, form.course, seen=seen, by=request.member, at=timezone.now())
            return done(request, _("%(name)s saved") % {"name": row.name}, reverse("partners:certifications"))
        except CertificationChangedMeanwhile as refusal:
            now = Certification.objects.get(pk=pk)
            context |= {"refusal": refusal, "differences": stale.differences(form, CertificationForm.of(now))}
            form.start_over_from(now)
        except DomainError as refusal:
            form.add_error("name", refusal.sentence)
    is_refused = bool(form.errors or context.get("refusal"))
    return render(request, "partners/certifications/form.html", context, status=422 if is_refused else 200)
