"""Certificates of people: the partner hands them in, the vendor confirms or returns them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from partners import permissions
from partners.enums import CertificateStatus
from partners.forms.certifications import CertificateForm, CertificateList, NoteForm
from partners.models import Certificate
from partners.queries import certifications as queries
from partners.services import certifications
from partners.services.certifications import NoLongerOffered, NotAColleague, NotIssuedYet, NumberTaken, OutOfDate
from partners.views.answers import done, refused
from prm.accounts.guards import requires
from prm.accounts.models import Membership
from prm.accounts.roles import Role
from prm.events.refusals import DomainError
from prm.files import queries as files
from prm.files.services import FileUnfit
from prm.files.subjects import can_change, can_open
from prm.ui.navigation import Visit
from prm.ui.submissions import once

FIELDS = {
    FileUnfit: "evidence",
    NoLongerOffered: "certification",
    NotAColleague: "holder",
    NotIssuedYet: "issued_on",
    NumberTaken: "number",
    OutOfDate: "issued_on",
}


@can_open("partners.certificate")
def visible(member: Membership) -> QuerySet:
    return Certificate.objects.visible_to(member)


@can_change("partners.certificate")
def is_returned(certificate: Certificate, member: Membership) -> bool:
    """The file stays as it was handed in, unless it was returned."""
    return certificate.status == CertificateStatus.RETURNED and may_handle(certificate, member)


def may_handle(certificate: Certificate, member: Membership) -> bool:
    """Say whether a certificate is a person's own, or one of a firm whose administrator they are."""
    if not member.has(permissions.can_add_certificates) or certificate.partner_id != member.partner_id:
        return False
    return certificate.holder_id == member.user_id or member.role == Role.PARTNER_ADMIN


@require_GET
@requires(permissions.can_see_certificates)
def listing(request: HttpRequest) -> HttpResponse:
    """List the own firm's certificates, or those of all partners."""
    context = {
        "listing": CertificateList(request.GET, queries.listed(request.member)),
        "today": Visit.of(request).today,
        "can_add": request.member.has(permissions.can_add_certificates) and bool(queries.kept(with_inactive=False)),
    }
    return render(request, "partners/certificates/list.html", context)


@require_http_methods(["GET", "POST"])
@requires(permissions.can_add_certificates)
@once
def new(request: HttpRequest) -> HttpResponse:
    """Hand in a certificate."""
    form = CertificateForm(request.POST or None, request.FILES or None, people=_people(request.member))
    if request.method == "POST" and form.is_valid():
        try:
            row = certifications.submit(
                form.claimed, form.cleaned_data["evidence"], by=request.member, at=timezone.now()
            )
            return done(request, _("Certificate submitted"), reverse("partners:certificate", args=[row.pk]))
        except DomainError as refusal:
            form.add_error(FIELDS.get(type(refusal)), refusal.sentence)
    return _form_page(request, form)


@require_http_methods(["GET", "POST"])
@requires(permissions.can_add_certificates)
@once
def correction(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Hand a returned certificate in again."""
    row = _find(request, pk)
    people = _people(request.member)
    form = CertificateForm.of(row, people, *([request.POST, request.FILES] if request.method == "POST" else []))
    url = reverse("partners:certificate", args=[pk])
    if request.method == "POST" and form.is_valid():
        try:
            evidence = form.cleaned_data["evidence"]
            certifications.correct(row, form.claimed, evidence, by=request.member, at=timezone.now())
            return done(request, _("Certificate submitted"), url)
        except DomainError as refusal:
            form.add_error(FIELDS.get(type(refusal)), refusal.sentence)
    return _form_page(request, form, row)


@require_GET
@requires(permissions.can_see_certificates)
def detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show a certificate with its file, and what can be done about it."""
    row, member = _find(request, pk), request.member
    can_confirm = member.has(permissions.can_confirm_certificates)
    is_waiting = row.status == CertificateStatus.SUBMITTED
    context = {
        "certificate": row,
        "files": [files.entry(file) for file in files.of(row)],
        "today": Visit.of(request).today,
        "can_confirm": can_confirm and is_waiting,
        "can_revoke": can_confirm and row.status == CertificateStatus.ACTIVE,
        "can_correct": row.status == CertificateStatus.RETURNED and may_handle(row, member),
        "can_withdraw": (is_waiting or row.status == CertificateStatus.RETURNED) and may_handle(row, member),
    }
    return render(request, "partners/certificates/detail.html", context)


@require_POST
@requires(permissions.can_confirm_certificates)
@once
def confirmation(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Confirm it, and go on with what waits."""
    row, version = _find(request, pk), request.POST.get("version", "")
    try:
        certifications.confirm(
            row, by=request.member, at=timezone.now(), version=int(version) if version.isdecimal() else None
        )
    except DomainError as refusal:
        return refused(request, refusal, reverse("partners:certificate", args=[pk]))
    return done(request, _("Certificate confirmed"), f"{reverse('partners:certificates')}?status=submitted")


@require_http_methods(["GET", "POST"])
@requires(permissions.can_confirm_certificates)
@once
def giving_back(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Ask what is wrong, then return it."""
    return _noted(request, pk, "return", certifications.give_back, _("Certificate returned"))


@require_http_methods(["GET", "POST"])
@requires(permissions.can_confirm_certificates)
@once
def revocation(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Ask why, then revoke it."""
    return _noted(request, pk, "revoke", certifications.revoke, _("Certificate revoked"))


@require_POST
@requires(permissions.can_add_certificates)
def withdrawal(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take back what was handed in."""
    row = _find(request, pk)
    url = reverse("partners:certificate", args=[pk])
    if not may_handle(row, request.member):
        return refused(request, NotAColleague(holder=row.holder), url)
    try:
        certifications.withdraw(row, by=request.member, at=timezone.now())
    except DomainError as refusal:
        return refused(request, refusal, url)
    return done(request, _("Certificate withdrawn"), url)


def _find(request: HttpRequest, pk: UUID) -> Certificate:
    return get_object_or_404(queries.listed(request.member), pk=pk)


def _people(member: Membership) -> QuerySet[Membership]:
    """Return the people whose certificates somebody may add."""
    chosen = [person.pk for person in queries.colleagues(member)]
    return Membership.objects.filter(pk__in=chosen).select_related("user").order_by("user__name", "pk")


def _form_page(request: HttpRequest, form: CertificateForm, row: Certificate | None = None) -> HttpResponse:
    context: dict[str, Any] = {"form": form, "certificate": row, "certifications": queries.kept(with_inactive=False)}
    return render(request, "partners/certificates/form.html", context, status=422 if form.errors else 200)


def _noted(request: HttpRequest, pk: UUID, name: str, act: Callable[..., object], said: str) -> HttpResponse:
    """Show the form of a decision with a note as a dialog or page, or take the decision."""
    row = _find(request, pk)
    form = NoteForm(request.POST or None, initial={"version": row.version})
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        try:
            act(row, note=typed["note"], version=typed["version"], by=request.member, at=timezone.now())
            return done(request, said, reverse("partners:certificate", args=[pk]))
        except DomainError as refusal:
            form.add_error(None, refusal.sentence)
    template = f"partners/certificates/{'_' if request.htmx else ''}{name}.html"
    return render(request, template, {"certificate": row, "form": form}, status=422 if form.errors else 200)
