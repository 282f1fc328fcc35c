"""The terms of quotes: what applies, the draft of what comes next, and its publication."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from deals.queries.terms import today_of_vendor
from prm.accounts.guards import requires
from prm.events.refusals import DomainError
from prm.policies import versions
from prm.policies.screens import showing
from quotes import permissions
from quotes.forms.terms import PublishForm, TermsPage
from quotes.queries import terms as queries
from quotes.rules.terms import AREA, Terms
from quotes.services import terms as services


@require_GET
@requires(permissions.can_keep_terms)
def terms(request: HttpRequest) -> HttpResponse:
    """Show the terms in force and the draft, ready to be changed."""
    return _page(request)


@require_POST
@requires(permissions.can_keep_terms)
def draft(request: HttpRequest) -> HttpResponse:
    """Keep a draft."""
    page = _form(request.POST)
    if not page.is_valid():
        return _page(request, page=page, status=422)
    try:
        services.save(page.terms, revision=page.revision, by=request.member, at=timezone.now())
    except DomainError as refusal:
        return _page(request, page=page, refusal=refusal, status=409)
    messages.success(request, _("Draft kept"))
    return redirect("quotes:terms")


@require_POST
@requires(permissions.can_keep_terms)
def publication(request: HttpRequest) -> HttpResponse:
    """Let the draft apply from a day on."""
    form, at = PublishForm(request.POST), timezone.now()
    if not form.is_valid():
        return _page(request, publish=form, status=422)
    try:
        version = services.publish(**form.cleaned_data, by=request.member, at=at)
    except (versions.InThePast, versions.ScheduledLater) as refusal:
        form.add_error("effective_on", refusal.sentence)
        return _page(request, publish=form, status=409)
    except DomainError as refusal:
        return _page(request, refusal=refusal, status=409)
    messages.success(request, _("Version %(number)s published") % {"number": version.number})
    return redirect("quotes:terms")


@require_POST
@requires(permissions.can_keep_terms)
def discard(request: HttpRequest) -> HttpResponse:
    """Throw the draft away."""
    versions.discard_draft(AREA)
    messages.success(request, _("Draft thrown away"))
    return redirect("quotes:terms")


def _form(posted: Any = None) -> TermsPage:
    kept = versions.draft_of(AREA)
    base = Terms.from_body(kept.body) if kept else queries.current(today_of_vendor(timezone.now()))[1]
    return TermsPage(base, revision=kept.revision if kept else None, posted=posted)


def _page(
    request: HttpRequest,
    *,
    page: TermsPage | None = None,
    publish: PublishForm | None = None,
    refusal: DomainError | None = None,
    status: int = 200,
) -> HttpResponse:
    today = today_of_vendor(timezone.now())
    kept = versions.draft_of(AREA)
    context = {
        "page": page or _form(),
        "publish": publish or PublishForm(initial={"effective_on": today, "revision": kept.revision if kept else 0}),
        "refusal": refusal,
    }
    return render(request, "quotes/terms/terms.html", showing.of_editor(AREA, today) | context, status=status)
