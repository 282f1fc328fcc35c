"""The public pages for whoever wants to become a partner: choose a type, fill in, confirm, follow, join instead.

Nobody here has a login. A secret in the address opens one application of this vendor; what it does not open looks the
same as what never existed.
"""

from __future__ import annotations

from datetime import datetime
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from partners.enums import ApplicationAction, ApplicationStatus, JoinStatus, LinkPurpose, PartnerType
from partners.forms.applications import (
    AnswerForm,
    ApplicationForm,
    JoinForm,
    TypeForm,
    WithdrawalForm,
    custom_typed,
    initial_of,
    is_trapped,
    typed_of,
)
from partners.models import Application
from partners.queries import application_approvals
from partners.queries import joining as queries
from partners.queries.days import today_of_vendor
from partners.rules.catalogue import APPLICATION
from partners.rules.duplicates import Company
from partners.rules.joining import REASONS, Terms
from partners.services import application_links as links
from partners.services import applications, join_requests
from prm import companies, limits
from prm.accounts.guards import View, for_anybody
from prm.approvals import panel
from prm.custom_fields import record_views as custom_fields
from prm.custom_fields.controls import answers_of
from prm.disputes import panel as disputes
from prm.events.refusals import DomainError
from prm.policies.models import ReasonCode
from prm.questions import services as questions
from prm.tenancy.context import as_system
from prm.ui import countries

STARTS, SENDS, CHECKS = 20, 10, 40  # from one address: in an hour, in an hour, in a minute
HOUR, MINUTE = 3600, 60


def public(view: View) -> View:
    """Let a page be reached without a login, as the platform inside this vendor; too often is told calmly."""

    @for_anybody
    @never_cache
    @wraps(view)
    def page(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        with as_system(request.vendor.pk):
            try:
                return view(request, *args, **kwargs)
            except limits.TooMany:
                return render(request, "429.html", status=429)

    return page


@require_http_methods(["GET", "POST"])
@public
def landing(request: HttpRequest) -> HttpResponse:
    """Show what kinds of partner there are, and start an application of one."""
    now = timezone.now()
    if not _terms(now).is_open:
        return render(request, "partners/joining/closed.html", status=404)
    form = TypeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        limits.count(request, "apply", most=STARTS, seconds=HOUR)
        if is_trapped(request.POST):
            return render(request, "partners/joining/sent.html")
        kind = PartnerType(form.cleaned_data["type"])
        _application, secret = applications.start(kind, language=_language(), at=now)
        return redirect("partners:application-form", secret)
    return render(request, "partners/joining/landing.html", {"form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@public
def form(request: HttpRequest, secret: str) -> HttpResponse:
    """Show the draft, or take it: keep it, change its type, or send it."""
    application = links.opened_by(secret, LinkPurpose.DRAFT, at=timezone.now())
    if application is None or application.status != ApplicationStatus.DRAFT:
        return nothing(request)
    if custom_fields.asks_for_fields(request):
        typed = _form_of(request, application, secret, request.POST)
        typed.has_custom(application, timezone.now())
        return custom_fields.refreshed(request, typed.custom)
    if request.method == "POST":
        return _take(request, secret, application)
    if application.awaits_confirmation and "edit" not in request.GET:
        return render(request, "partners/joining/sent.html", {"application": application, "secret": secret})
    return _form_page(request, secret, application, _form_of(request, application, secret))


@require_POST
@public
def draft(request: HttpRequest, secret: str) -> HttpResponse:
    """Keep what is typed so far and say so."""
    application = links.opened_by(secret, LinkPurpose.DRAFT, at=timezone.now())
    if application is None:
        return nothing(request)
    version = _version(request)
    try:
        saved = applications.save(application, typed_of(request.POST), at=timezone.now(), version=version)
    except DomainError as refusal:
        context = {"refusal": refusal, "version": version}
        return render(request, "partners/joining/_saved.html", context, status=409)
    context = {"application": saved, "form": _form_of(request, saved, secret)}
    return render(request, "partners/joining/_saved.html", context)


@require_POST
@public
def check(request: HttpRequest, secret: str) -> HttpResponse:
    """Answer the part of the form that says whether the company may be known; never by whom."""
    if links.opened_by(secret, LinkPurpose.DRAFT, at=timezone.now()) is None:
        return nothing(request)
    limits.count(request, "known", most=CHECKS, seconds=MINUTE)
    return render(request, "partners/joining/_known.html", {"is_known": _is_known(request.POST), "secret": secret})


@require_http_methods(["GET", "POST"])
@public
def join(request: HttpRequest, secret: str = "") -> HttpResponse:
    """Ask to join one's company; the answer is the same whether it is a partner or not."""
    now = timezone.now()
    draft_of = links.opened_by(secret, LinkPurpose.DRAFT, at=now) if secret else None
    if secret and draft_of is None:
        return nothing(request)
    form = JoinForm(request.POST or None, initial=_known_already(draft_of))
    if request.method == "POST" and form.is_valid():
        limits.count(request, "join", most=SENDS, seconds=HOUR)
        if not is_trapped(request.POST):
            join_requests.ask(**form.cleaned_data, language=_language(), at=now)
        return render(request, "partners/joining/join_sent.html", {"email": form.cleaned_data["email"]})
    context = {"form": form, "secret": secret}
    return render(request, "partners/joining/join.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@public
def join_confirmation(request: HttpRequest, secret: str) -> HttpResponse:
    """Confirm the address of a wish to join. A machine that follows links confirms nothing: that is a POST."""
    wish = join_requests.opened_by(secret, at=timezone.now())
    if wish is None:
        return nothing(request)
    context: dict[str, Any] = {"join": wish}
    if request.method == "POST":
        try:
            wish = join_requests.confirm(wish, at=timezone.now())
        except DomainError as refusal:
            return render(request, "partners/joining/join_confirm.html", {**context, "refusal": refusal}, status=409)
        return redirect("partners:join-confirmation", secret)
    context["is_asked"] = wish.status != JoinStatus.UNCONFIRMED
    return render(request, "partners/joining/join_confirm.html", context)


@require_http_methods(["GET", "POST"])
@public
def status(request: HttpRequest, secret: str) -> HttpResponse:
    """Confirm the address with a POST; afterwards show how the application stands."""
    application = links.opened_by(secret, LinkPurpose.STATUS, at=timezone.now())
    if application is None:
        return nothing(request)
    context: dict[str, Any] = {"application": application, "secret": secret}
    if request.method == "POST":
        try:
            applications.confirm(application, at=timezone.now())
        except DomainError as refusal:
            return _status_page(request, {**context, "refusal": refusal}, status=409)
        return redirect("partners:application-status", secret)
    return _status_page(request, context)


@require_http_methods(["GET", "POST"])
@public
def answer(request: HttpRequest, secret: str) -> HttpResponse:
    """Answer the vendor's question; only what was asked for is open."""
    application = links.opened_by(secret, LinkPurpose.STATUS, at=timezone.now())
    question = questions.open_one(application) if application else None
    if application is None:
        return nothing(request)
    if question is None or not application.can(ApplicationAction.ANSWER):
        return redirect("partners:application-status", secret)
    posted = request.POST if request.method == "POST" else None
    form, words = _form_of(request, application, secret, posted, only=question.fields), AnswerForm(posted)
    context = {"application": application, "secret": secret, "question": question, "form": form, "words": words}
    has_custom = form.has_custom(application, timezone.now())
    if posted is None:
        return render(request, "partners/joining/answer.html", context)
    if not all([form.is_valid(), words.is_valid(), has_custom]):
        return render(request, "partners/joining/answer.html", context, status=422)
    try:
        applications.answer(application, form.content, text=words.cleaned_data["answer"], at=timezone.now())
    except DomainError as refusal:
        return render(request, "partners/joining/answer.html", {**context, "refusal": refusal}, status=409)
    messages.success(request, _("Answer sent"))
    return redirect("partners:application-status", secret)


@require_http_methods(["GET", "POST"])
@public
def withdrawal(request: HttpRequest, secret: str) -> HttpResponse:
    """Take the application back."""
    application = links.opened_by(secret, LinkPurpose.STATUS, at=timezone.now())
    if application is None:
        return nothing(request)
    if not application.can(ApplicationAction.WITHDRAW):
        return redirect("partners:application-status", secret)
    form = WithdrawalForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            applications.withdraw(application, note=form.cleaned_data["note"], at=timezone.now())
        except DomainError:
            return redirect("partners:application-status", secret)
        messages.success(request, _("Application withdrawn"))
        return redirect("partners:application-status", secret)
    context = {"application": application, "secret": secret, "form": form}
    return render(request, "partners/joining/withdrawal.html", context, status=422 if form.errors else 200)


def _take(request: HttpRequest, secret: str, application: Application) -> HttpResponse:
    now, posted = timezone.now(), request.POST
    wanted = posted.get("type", "")
    kind = PartnerType(wanted) if wanted in PartnerType.values else None
    try:
        saved = applications.save(application, typed_of(posted), type=kind, at=now, version=_version(request))
        if posted.get("do") != "send":
            return redirect("partners:application-form", secret)
        form = _form_of(request, saved, secret, posted)
        if not all([form.is_valid(), form.has_custom(saved, now)]):
            return _form_page(request, secret, saved, form, status=422)
        limits.count(request, "send", most=SENDS, seconds=HOUR)
        if not is_trapped(posted):
            applications.send(saved, form.content, at=now)
        return redirect("partners:application-form", secret)
    except DomainError as refusal:
        fresh = Application.objects.select_related("policy").get(pk=application.pk)
        form = _form_of(request, fresh, secret, posted)
        form.is_valid()
        return _form_page(request, secret, fresh, form, refusal=refusal, status=409)


def _form_page(
    request: HttpRequest,
    secret: str,
    application: Application,
    form: ApplicationForm,
    *,
    refusal: DomainError | None = None,
    status: int = 200,
) -> HttpResponse:
    values = request.POST if form.is_bound else form.initial
    if not form.is_bound:
        form.has_custom(application, timezone.now())
    context = {
        "application": application,
        "secret": secret,
        "form": form,
        "refusal": refusal,
        "types": PartnerType.choices,
        "terms": queries.pinned(application),
        "is_known": _may_be_known(request, values),
    }
    return render(request, "partners/joining/form.html", context, status=status)


def _form_of(
    request: HttpRequest, application: Application, secret: str, posted: Any = None, *, only: list[str] | None = None
) -> ApplicationForm:
    asked = queries.pinned(application).questions[PartnerType(application.type)]
    return ApplicationForm(
        posted,
        questions=asked,
        custom=answers_of(
            APPLICATION,
            application,
            posted=posted,
            typed=custom_typed(application),
            currency=request.profile.currency,
            only=only,
        ),
        only=only,
        initial=initial_of(application, asked),
        check_url=reverse("partners:application-check", args=[secret]) if only is None else "",
    )


def _may_be_known(request: HttpRequest, typed: Any) -> bool:
    """Look once more with the page itself, which works without scripts; somebody who asks too often learns nothing."""
    if not typed.get("company_name"):
        return False
    try:
        limits.count(request, "known", most=CHECKS, seconds=MINUTE)
    except limits.TooMany:
        return False
    return _is_known(typed)


def _is_known(typed: Any) -> bool:
    """Say whether a company as typed so far may be a partner, or may have applied."""
    name, website, country, tax_id, email = (
        str(typed.get(key) or "")[:260].replace("\0", "")
        for key in ("company_name", "website", "country", "tax_id", "contact_email")
    )
    domain = companies.email_domain(email)
    mail = frozenset() if companies.is_free_mail(domain) else frozenset(filter(None, [domain]))
    company = Company(
        companies.name_key(name, country) if country else "",
        companies.domain_key(website),
        companies.tax_key(tax_id, country),
        mail,
    )
    return bool(queries.matches_of(company))


def _known_already(application: Application | None) -> dict[str, Any]:
    """Return what somebody who applied has told already, so that nothing is asked twice."""
    typed = application.typed if application else {}
    names = {"name": "contact_name", "email": "contact_email"}
    fields = ("name", "email", "company_name", "website", "country")
    return {name: typed.get(names.get(name, name), "") for name in fields}


def _status_page(request: HttpRequest, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    application = context["application"]
    context["question"] = questions.open_one(application)
    context["answered"] = [entry for entry in questions.of(application) if entry.answered_at]
    context["country"] = countries.name_of(application.country)
    context["reason"] = _reason(application)
    context["way"] = _way(application)
    context["ahead"] = _ahead(application) if application.awaits_confirmation else None
    context["appeal"] = disputes.of_visitor(application, at=timezone.now())
    context["can_withdraw"] = application.can(ApplicationAction.WITHDRAW) and application.submitted_at is not None
    return render(request, "partners/joining/status.html", context, status=status)


def _ahead(application: Application) -> panel.Panel | None:
    """Return who will decide once it is confirmed, as roles, where rules name somebody."""
    at = timezone.now()
    plan = application_approvals.plan_ahead(application, at=at)
    return panel.ahead(plan, subject_type="partners.application", at=at) if plan else None


def _way(application: Application) -> list[dict[str, Any]]:
    """Return the steps of an application, those behind it done."""
    status = application.status
    is_sent, is_decided = application.submitted_at is not None, application.decided_at is not None
    is_opened = is_decided or status in (ApplicationStatus.IN_REVIEW, ApplicationStatus.INFO_REQUESTED)
    steps = [(_("Sent"), is_sent), (_("In review"), is_opened), (_("Decided"), is_decided)]
    current = next((number for number, (_title, is_done) in enumerate(steps) if not is_done), None)
    return [
        {"title": title, "done": is_done, "current": number == current and application.can(ApplicationAction.WITHDRAW)}
        for number, (title, is_done) in enumerate(steps)
    ]


def _reason(application: Application) -> str:
    """Return why it was rejected, in the reader's language."""
    row = ReasonCode.objects.filter(area=REASONS, code=application.reason_code).first()
    return str(row or application.reason_code)


def nothing(request: HttpRequest) -> HttpResponse:
    """Answer unknown, used up, expired and foreign secrets alike."""
    return render(request, "partners/joining/nothing.html", status=404)


def _terms(now: datetime) -> Terms:
    return queries.current(today_of_vendor(now))[1]


def _language() -> str:
    return translation.get_language() or "en"


def _version(request: HttpRequest) -> int | None:
    version = request.POST.get("version", "")
    return int(version) if version.isdecimal() and len(version) < 9 else None
