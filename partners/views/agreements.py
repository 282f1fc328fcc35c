"""Agreements: the partner reads and accepts them, the vendor sees who has."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from allauth.account.adapter import get_adapter
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, get_language_info
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from partners import permissions
from partners.enums import AgreementStatus
from partners.forms.agreements import AcceptanceForm, AgreementList, DeclineForm
from partners.models import Agreement, Partner
from partners.queries import agreement_texts
from partners.queries import agreements as queries
from partners.rules import agreements as rules
from partners.services import agreements
from partners.services.agreements import AgreementReplaced, Signature
from partners.views.answers import done, refused
from prm.accounts.guards import requires
from prm.accounts.models import Membership
from prm.documents import queries as documents
from prm.events.refusals import DomainError
from prm.files.subjects import can_open
from prm.ui.navigation import Visit
from prm.ui.submissions import once


@can_open("partners.agreement")
def visible(member: Membership) -> QuerySet:
    """Both sides open the signed copy; a firm only its own."""
    return Agreement.objects.visible_to(member)


@require_GET
@requires(permissions.can_see_agreements)
def listing(request: HttpRequest) -> HttpResponse:
    """List the own agreements, or those of all partners."""
    today = Visit.of(request).today
    if request.member.is_vendor:
        found = AgreementList(request.GET, agreement_texts.listed())
        return render(request, "partners/agreements/list.html", {"listing": found, "today": today})
    rows = queries.of_partner(Partner.objects.get(pk=request.member.partner_id))
    return render(request, "partners/agreements/own.html", {"agreements": titled(rows), "today": today})


@require_GET
@requires(permissions.can_see_agreements)
def detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show the whole text, what became of it, and the form to accept it."""
    agreement = _find(request, pk)
    language = _language(agreement, request.GET.get("language", ""))
    initial = {"sha256": agreement.sha256, "language": language, "name": request.user.name}
    return _page(request, agreement, AcceptanceForm(initial=initial), language)


@require_POST
@requires(permissions.can_sign)
@once
def acceptance(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Accept it for the company. Whoever read another text than what is offered now reads that first."""
    agreement = _find(request, pk)
    form = AcceptanceForm(request.POST)
    if form.is_valid():
        try:
            agreements.accept(agreement, _signature(request, form), by=request.member, at=timezone.now())
            messages.success(request, _("Agreement accepted"))
            return redirect("partners:agreement", agreement.pk)
        except AgreementReplaced as refusal:
            current = refusal.successor or agreement
            language = _language(current, form.cleaned_data["language"])
            form.reads(current.sha256, language)
            return _page(request, _find(request, current.pk), form, language, refusal=refusal)
        except DomainError as refusal:
            return _page(request, _find(request, pk), form, _language(agreement, ""), refusal=refusal)
    return _page(request, agreement, form, _language(agreement, form.data.get("language", "")))


@require_http_methods(["GET", "POST"])
@requires(permissions.can_sign)
@once
def decline(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Ask for the reason, then decline."""
    agreement = _find(request, pk)
    form = DeclineForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            agreements.decline(agreement, note=form.cleaned_data["note"], by=request.member, at=timezone.now())
            return done(request, _("Agreement declined"), reverse("partners:agreement", args=[pk]))
        except DomainError as refusal:
            form.add_error(None, refusal.sentence)
    context = {"agreement": agreement, "form": form}
    template = f"partners/agreements/{'_' if request.htmx else ''}decline.html"
    return render(request, template, context, status=422 if form.errors else 200)


@require_POST
@requires(permissions.can_offer)
def withdrawal(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take an offer back."""
    agreement = _find(request, pk)
    url = reverse("partners:agreement", args=[pk])
    try:
        agreements.withdraw(agreement, by=request.member, at=timezone.now())
    except DomainError as refusal:
        return refused(request, refusal, url)
    return done(request, _("Offer withdrawn"), url)


@require_POST
@requires(permissions.can_offer)
def offering(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Offer a partner every agreement in force that it has not yet."""
    partner = get_object_or_404(Partner.objects, pk=pk)
    offered = agreements.offer(partner, by=request.member, at=timezone.now())
    said = _("Agreement offered") if offered else _("It was offered every agreement already")
    return done(request, said, f"{reverse('partners:partner', args=[pk])}#agreements")


def titled(rows: list[Agreement]) -> list[Agreement]:
    """Give each agreement its title in the reader's language, or in the one it was signed in."""
    for row in rows:
        row.title = row.version.wording(row.language or get_language() or "").title  # type: ignore[attr-defined]
    return rows


def _find(request: HttpRequest, pk: UUID) -> Agreement:
    rows = Agreement.objects.visible_to(request.member)
    return get_object_or_404(rows.select_related("version", "partner", "decided_by", "offered_by"), pk=pk)


def _language(agreement: Agreement, wanted: str) -> str:
    """Return the language to read it in: the chosen one, the one it was signed in, or the reader's."""
    return agreement.version.language_for(wanted or agreement.language or get_language() or "")


def _signature(request: HttpRequest, form: AcceptanceForm) -> Signature:
    typed = form.cleaned_data
    return Signature(
        name=typed["name"],
        title=typed["title"],
        language=typed["language"],
        sha256=typed["sha256"],
        is_ticked=typed["is_accepted"],
        ip_address=get_adapter(request).get_client_ip(request),
        user_agent=request.headers.get("User-Agent", ""),
    )


def _page(
    request: HttpRequest,
    agreement: Agreement,
    form: AcceptanceForm,
    language: str,
    *,
    refusal: DomainError | None = None,
) -> HttpResponse:
    member: Membership = request.member
    wording = agreement.version.wording(language)
    page = reverse("partners:agreement", args=[agreement.pk])
    replaced = agreement.status == AgreementStatus.SUPERSEDED and not agreement.is_signed
    context: dict[str, Any] = {
        "agreement": agreement,
        "wording": wording,
        "read_in": language,
        "blocks": rules.blocks(wording.text),
        "languages": [
            {"label": name, "url": f"{page}?language={code}", "current": code == language}
            for code, name in _named(agreement.version.wordings)
        ],
        "form": form,
        "refusal": refusal,
        "today": Visit.of(request).today,
        "can_sign": agreement.is_open and member.has(permissions.can_sign),
        "can_withdraw": agreement.is_open and member.has(permissions.can_offer),
        "document": documents.latest(agreement, "partners.agreement") if agreement.is_signed else None,
        "successor": queries.successor_of(agreement) if replaced else None,
    }
    status = 422 if refusal or form.errors else 200
    return render(request, "partners/agreements/detail.html", context, status=status)


def _named(wordings: dict[str, Any]) -> list[tuple[str, str]]:
    """Return the languages of an agreement with their own names."""
    return [(code, get_language_info(code)["name_local"]) for code in sorted(wordings)]
