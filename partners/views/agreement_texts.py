"""The agreements a vendor keeps: writing them, publishing versions, asking partners to accept them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from partners import permissions
from partners.forms.agreements import AgreementTextForm, PublicationForm
from partners.models import AgreementText, AgreementVersion
from partners.queries import agreement_texts as queries
from partners.queries import agreements
from partners.rules import agreements as rules
from partners.services import agreement_texts
from partners.services.agreement_texts import NameTaken, TextChangedMeanwhile, TooEarly
from partners.views.answers import done
from prm.accounts.guards import requires
from prm.events.refusals import DomainError
from prm.ui import stale
from prm.ui.navigation import Visit
from prm.ui.submissions import once


@require_GET
@requires(permissions.can_keep_agreements)
def listing(request: HttpRequest) -> HttpResponse:
    """List the agreements."""
    return render(request, "partners/agreement_texts/list.html", {"texts": queries.kept()})


@require_http_methods(["GET", "POST"])
@requires(permissions.can_keep_agreements)
@once
def new(request: HttpRequest) -> HttpResponse:
    """Write a new agreement."""
    form = AgreementTextForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            text = agreement_texts.add(form.content, by=request.member, at=timezone.now())
            messages.success(request, _("%(name)s saved") % {"name": text.name})
            return redirect("partners:agreement-text", text.pk)
        except DomainError as refusal:
            form.add_error("name" if isinstance(refusal, NameTaken) else None, refusal.sentence)
    return render(request, "partners/agreement_texts/form.html", {"form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@requires(permissions.can_keep_agreements)
def text(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Change the words of the next version; a refusal keeps what was typed."""
    row = get_object_or_404(AgreementText.objects, pk=pk)
    form = AgreementTextForm.of(row, request.POST or None)
    context: dict[str, Any] = {"form": form, "text": row}
    if request.method == "POST" and form.is_valid():
        try:
            seen = form.cleaned_data["seen"] or 0
            row = agreement_texts.change(row, form.content, seen=seen, by=request.member, at=timezone.now())
            messages.success(request, _("%(name)s saved") % {"name": row.name})
            return redirect("partners:agreement-text", row.pk)
        except TextChangedMeanwhile as refusal:
            now = AgreementText.objects.get(pk=pk)
            context |= {"refusal": refusal, "differences": stale.differences(form, AgreementTextForm.of(now))}
            form.start_over_from(now)
        except DomainError as refusal:
            form.add_error("name" if isinstance(refusal, NameTaken) else None, refusal.sentence)
    latest = agreements.latest(row)
    context |= {
        "versions": queries.versions_of(row, Visit.of(request).today),
        "can_publish": latest is None or latest.sha256 != row.digest,
    }
    is_refused = bool(form.errors or context.get("refusal"))
    return render(request, "partners/agreement_texts/form.html", context, status=422 if is_refused else 200)


@require_http_methods(["GET", "POST"])
@requires(permissions.can_keep_agreements)
@once
def publication(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show the words as partners will read them, and publish them as the next version."""
    row = get_object_or_404(AgreementText.objects, pk=pk)
    today = Visit.of(request).today
    form = PublicationForm(request.POST or None, today=today, seen=row.revision)
    if request.method == "POST" and form.is_valid():
        try:
            return _publish(request, row, form.cleaned_data)
        except DomainError as refusal:
            form.add_error("effective_on" if isinstance(refusal, TooEarly) else None, refusal.sentence)
    latest = agreements.latest(row)
    context = {
        "text": row,
        "form": form,
        "number": latest.number + 1 if latest else 1,
        "wordings": _read(row.by_language),
        "concerned": agreements.affected_by(row).count(),
    }
    return render(request, "partners/agreement_texts/publication.html", context, status=422 if form.errors else 200)


def _publish(request: HttpRequest, row: AgreementText, chosen: dict[str, Any]) -> HttpResponse:
    who = {"by": request.member, "at": timezone.now()}
    version = agreement_texts.publish(row, effective_on=chosen["effective_on"], seen=chosen["seen"], **who)
    said = _("Version %(number)s published") % {"number": version.number}
    if chosen["is_sent"]:
        agreement_texts.send(version, accept_by=chosen["accept_by"], **who)
        said = _("Version %(number)s published and on its way to the partners") % {"number": version.number}
    return done(request, said, reverse("partners:agreement-text", args=[row.pk]))


@require_GET
@requires(permissions.can_keep_agreements)
def version(request: HttpRequest, pk: UUID, number: int) -> HttpResponse:
    """Show a published version as it is and stays."""
    row = get_object_or_404(AgreementVersion.objects.select_related("text", "published_by"), text_id=pk, number=number)
    context = {"version": row, "text": row.text, "wordings": _read(row.by_language)}
    return render(request, "partners/agreement_texts/version.html", context)


def _read(wordings: dict[str, rules.Wording]) -> list[tuple[str, rules.Wording, list[rules.Block]]]:
    """Return the words of each language as a page shows them, the reader's language first."""
    order = sorted(wordings, key=lambda code: (code != get_language(), code))
    return [(code, wordings[code], rules.blocks(wordings[code].text)) for code in order]
