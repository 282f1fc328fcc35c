"""The terms for marketing funds: what applies, the draft of the next version, and publishing it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from mdf import permissions
from mdf.forms.funds import PublicationForm, TermsForm
from mdf.queries import terms as queries
from mdf.rules.terms import AREA, Terms
from mdf.services import terms as services
from prm.accounts.guards import requires
from prm.events.refusals import DomainError
from prm.policies import versions
from prm.policies.screens import showing
from prm.ui.submissions import once


@require_http_methods(["GET", "POST"])
@requires(permissions.can_keep_funds)
def terms(request: HttpRequest) -> HttpResponse:
    """Show the terms in force and the draft of the next; a POST keeps the draft."""
    draft = versions.draft_of(AREA)
    base = _drafted(draft)
    form = TermsForm.of(base, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            versions.save_draft(
                AREA,
                form.terms(base).body(),
                revision=_revision(request),
                by=request.member,
                at=timezone.now(),
            )
        except DomainError as refusal:
            return _page(request, form, refusal=refusal, status=409)
        messages.success(request, _("Draft kept. Publish it to let it apply."))
        return redirect("mdf:terms")
    return _page(request, form, status=422 if form.is_bound else 200)


@require_POST
@requires(permissions.can_keep_funds)
@once
def publication(request: HttpRequest) -> HttpResponse:
    """Let the draft apply from a day on."""
    draft = versions.draft_of(AREA)
    form = PublicationForm(request.POST, today=queries.today_of_vendor(timezone.now()))
    if draft is None:
        return redirect("mdf:terms")
    if form.is_valid():
        try:
            version = services.publish(
                **form.cleaned_data, revision=_revision(request) or 0, by=request.member, at=timezone.now()
            )
        except DomainError as refusal:
            form.add_error("effective_on", refusal.sentence)
        else:
            messages.success(request, _("Version %(number)s published") % {"number": version.number})
            return redirect("mdf:terms")
    return _page(request, TermsForm.of(_drafted(draft)), publication=form, status=422)


@require_POST
@requires(permissions.can_keep_funds)
def discarding(request: HttpRequest) -> HttpResponse:
    """Throw the draft away."""
    versions.discard_draft(AREA)
    messages.success(request, _("Draft thrown away"))
    return redirect("mdf:terms")


def _revision(request: HttpRequest) -> int | None:
    """Return which draft the person looked at."""
    revision = request.POST.get("revision", "")
    return int(revision) if revision.isdecimal() and len(revision) < 9 else None


def _drafted(draft: Any) -> Terms:
    if draft is not None:
        return Terms.from_body(draft.body)
    return queries.current(queries.today_of_vendor(timezone.now()))[1]


def _page(request: HttpRequest, form: TermsForm, *, status: int = 200, **more: Any) -> HttpResponse:
    today = queries.today_of_vendor(timezone.now())
    context = {"form": form, "publication": PublicationForm(today=today), **showing.of_editor(AREA, today)}
    return render(request, "mdf/terms/terms.html", {**context, **more}, status=status)
