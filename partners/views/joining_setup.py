"""Where an administrator sets how companies become partners: a draft, its preview, and the day it applies from."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from partners import permissions
from partners.enums import PartnerType
from partners.forms.applications import ApplicationForm
from partners.forms.joining_setup import JoiningTermsForm, PublicationForm, QuestionFormSet
from partners.models import Application
from partners.rules.catalogue import APPLICATION
from partners.rules.joining import AREA, Terms
from partners.services import questionnaires
from prm.accounts.guards import requires
from prm.custom_fields.controls import answers_of
from prm.events.refusals import DomainError
from prm.policies import versions
from prm.policies.models import PolicyDraft
from prm.policies.screens import showing
from prm.ui.navigation import Visit


@require_http_methods(["GET", "POST"])
@requires(permissions.can_keep_joining)
def setup(request: HttpRequest) -> HttpResponse:
    """Show the terms, those in force or the draft, and keep a draft."""
    draft, terms = _latest(request)
    shown = JoiningTermsForm.shown(terms, draft.revision if draft else None)
    form = JoiningTermsForm(request.POST or None, initial=shown)
    is_kept = request.method == "POST" and form.is_valid() and _keep(request, terms, form)
    if is_kept:
        return redirect("partners:joining-setup")
    return _setup_page(request, form)


@require_http_methods(["GET", "POST"])
@requires(permissions.can_keep_joining)
def questions(request: HttpRequest, kind: str) -> HttpResponse:
    """Change what one type of applicant is asked, in the draft."""
    wanted = _kind(kind)
    draft, terms = _latest(request)
    rows = QuestionFormSet(request.POST or None, before=terms.questions[wanted], prefix="q")
    error = ""
    if request.method == "POST" and rows.is_valid():
        revision = request.POST.get("revision", "")
        try:
            questionnaires.keep(
                terms.asking(wanted, rows.questions()),
                revision=int(revision) if revision.isdecimal() and len(revision) < 9 else None,
                by=request.member,
                at=timezone.now(),
            )
        except DomainError as refusal:
            error = refusal.sentence
        else:
            messages.success(request, _("Draft kept"))
            return redirect("partners:joining-questions", kind)
    context = {"kind": wanted, "rows": rows, "draft": draft, "error": error}
    is_refused = request.method == "POST"
    return render(request, "partners/questionnaires/questions.html", context, status=422 if is_refused else 200)


@require_GET
@requires(permissions.can_keep_joining)
def preview(request: HttpRequest, kind: str) -> HttpResponse:
    """Show the form as an applicant of a type would see it under the draft."""
    wanted = _kind(kind)
    draft, terms = _latest(request)
    custom = answers_of(APPLICATION, currency=request.profile.currency)
    form = ApplicationForm(questions=terms.questions[wanted], custom=custom)
    form.has_custom(Application(type=wanted), timezone.now())
    context = {"kind": wanted, "form": form, "draft": draft}
    return render(request, "partners/questionnaires/preview.html", context)


@require_POST
@requires(permissions.can_keep_joining)
def publication(request: HttpRequest) -> HttpResponse:
    """Let the draft apply from a day on."""
    form = PublicationForm(request.POST, today=Visit.of(request).today)
    if form.is_valid():
        try:
            version = questionnaires.publish(**form.cleaned_data, by=request.member, at=timezone.now())
            messages.success(request, _("Version %(number)s published") % {"number": version.number})
            return redirect("partners:joining-setup")
        except DomainError as refusal:
            form.add_error(None, refusal.sentence)
    draft, terms = _latest(request)
    shown = JoiningTermsForm(initial=JoiningTermsForm.shown(terms, draft.revision if draft else None))
    return _setup_page(request, shown, publication=form)


@require_POST
@requires(permissions.can_keep_joining)
def discard(request: HttpRequest) -> HttpResponse:
    """Throw the draft away."""
    versions.discard_draft(AREA)
    messages.success(request, _("Draft thrown away"))
    return redirect("partners:joining-setup")


def _setup_page(
    request: HttpRequest, form: JoiningTermsForm, *, publication: PublicationForm | None = None
) -> HttpResponse:
    today = Visit.of(request).today
    draft, terms = _latest(request)
    context: dict[str, Any] = {
        **showing.of_editor(AREA, today),
        "form": form,
        "types": [(kind, len(terms.questions[kind])) for kind in PartnerType],
        "publication": publication or PublicationForm(today=today, revision=draft.revision if draft else None),
    }
    is_refused = form.errors or (publication and publication.errors)
    return render(request, "partners/questionnaires/setup.html", context, status=422 if is_refused else 200)


def _latest(request: HttpRequest) -> tuple[PolicyDraft | None, Terms]:
    """Return the draft and its terms, or the terms of the newest version."""
    draft = versions.draft_of(AREA)
    return draft, Terms.from_body(draft.body if draft else versions.history(AREA)[0].body)


def _keep(request: HttpRequest, terms: Terms, form: JoiningTermsForm) -> bool:
    revision = form.cleaned_data["revision"]
    try:
        questionnaires.keep(form.on(terms), revision=revision, by=request.member, at=timezone.now())
    except DomainError as refusal:
        form.add_error(None, refusal.sentence)
        return False
    messages.success(request, _("Draft kept"))
    return True


def _kind(kind: str) -> PartnerType:
    if kind not in PartnerType.values:
        raise Http404
    return PartnerType(kind)
