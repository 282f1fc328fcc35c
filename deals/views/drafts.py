"""Registering a deal: one form under one id, saved as it is typed, submitted once."""

from __future__ import annotations

from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from deals import permissions
from deals.enums import Review
from deals.forms.registrations import BehalfForm, DealForm
from deals.models import Registration
from deals.queries import approvals, behalf, checks, distributors, idle, people, registrations, types
from deals.queries.terms import today_of_vendor
from deals.services import drafts
from deals.services import registrations as services
from deals.services.drafts import NotADraft, NotYours, Stale
from deals.services.moves import NotPossible
from deals.views import attachments
from deals.views.finding import go_to, whose
from partners.models import Partner
from prm.accounts.guards import requires
from prm.approvals import panel
from prm.custom_fields import record_views as custom_fields
from prm.drafts.gone import tells_of_thrown_away
from prm.events.refusals import DomainError
from prm.tenancy.fields import uuid7
from prm.ui import stale


@require_GET
@requires(permissions.can_enter)
def new(request: HttpRequest) -> HttpResponse:
    """Show an empty form under a fresh id; nothing is kept until something is typed. The vendor chooses for whom."""
    if request.member.is_vendor and not request.GET.get("partner"):
        return redirect("deals:registration-behalf")
    pk = uuid7()
    return _page(request, pk, None)


@require_http_methods(["GET", "POST"])
@requires(permissions.can_enter)
def on_behalf(request: HttpRequest) -> HttpResponse:
    """Ask for which partner a deal is registered, before the form that is the same for all."""
    today = today_of_vendor(timezone.now())
    if not behalf.may_register(request.member, today):
        raise Http404
    form = BehalfForm(request.POST or None, partners=behalf.partners_for(request.member, today))
    if form.is_valid():
        return redirect(f"{reverse('deals:registration-new')}?partner={form.cleaned_data['partner'].pk}")
    return render(request, "deals/registrations/behalf.html", {"form": form}, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
@requires(permissions.can_enter)
@tells_of_thrown_away("deals.registration")
def edit(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show a draft again, or take it: keep it for later, or submit it."""
    registration = _own(request, pk)
    if custom_fields.asks_for_fields(request):
        partner = _partner(request, registration)
        form = _form(request, pk, registration, partner, posted=True)
        keep = partial(drafts.save, pk, form.content, by=request.member, at=timezone.now(), partner=partner)
        return custom_fields.fields(request, form.custom, keep)
    if registration is not None and registration.review != Review.DRAFT:
        return go_to(request, registration)  # sent already, perhaps by the same click a moment ago
    if request.method == "GET":
        if registration is None:
            raise Http404
        return _page(request, pk, registration)
    return _take(request, pk, registration)


@require_POST
@requires(permissions.can_enter)
@tells_of_thrown_away("deals.registration")
def draft(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Keep what is typed so far and say so."""
    partner = _partner(request, _own(request, pk))
    form = _form(request, pk, None, partner, posted=True)
    version = _version(request)
    facts: dict[str, Any] = {"version": version, "partner": partner}
    try:
        saved = drafts.save(pk, form.content, by=request.member, at=timezone.now(), **facts)
    except NotYours as error:
        raise Http404 from error
    except DomainError as refusal:
        return render(request, "deals/registrations/_saved.html", {"refusal": refusal, "version": version}, status=409)
    return render(request, "deals/registrations/_saved.html", {"registration": saved})


@require_GET
@requires(permissions.can_enter)
def deciders(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Answer the part of the form that says who will decide, by what is kept of the draft so far."""
    registration = _own(request, pk)
    if registration is None:
        raise Http404
    context = {"pk": pk, "ahead": _ahead(request, registration)}
    return render(request, "deals/registrations/_deciders.html", context)


@require_POST
@requires(permissions.can_enter)
@tells_of_thrown_away("deals.registration")
def files(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take one file for a draft or an open question; the draft comes into being with it."""
    registration = _own(request, pk)
    if registration is None:
        try:
            facts: dict[str, Any] = {"partner": _partner(request, None)}
            registration = drafts.save(pk, drafts.Content(), by=request.member, at=timezone.now(), **facts)
        except NotYours as error:
            raise Http404 from error
    elif not attachments.is_open(registration, request.member):
        raise NotADraft(registration=registration)
    return attachments.take_one(request, registration)


def _take(request: HttpRequest, pk: UUID, registration: Registration | None) -> HttpResponse:
    partner = _partner(request, registration)
    form = _form(request, pk, registration, partner, posted=True)
    at, member = timezone.now(), request.member
    is_valid = form.is_valid()
    facts: dict[str, Any] = {"version": _version(request), "partner": partner}
    try:
        saved = drafts.save(pk, form.content, by=member, at=at, **facts)
        refused = attachments.take_all(request, saved)
        is_valid = form.custom.follow_record(saved, at) and is_valid
        if request.POST.get("do") != "submit":
            messages.success(request, _("Draft kept"))
            return redirect("deals:registrations")
        if refused:
            form.main.add_error("files", refused)
        elif is_valid:
            submitted = services.submit(saved, form.content, by=member, at=at)
            messages.success(request, _("Registration submitted: %(number)s") % {"number": submitted.number})
            return go_to(request, submitted)
    except NotYours as error:
        raise Http404 from error
    except (NotADraft, NotPossible):
        return redirect("deals:registration", pk)
    except Stale as refusal:
        return _page(request, pk, registration, form, refusal=refusal, status=409)
    except DomainError as refusal:
        return _page(request, pk, saved, form, refusal=refusal, status=409)
    return _page(request, pk, saved, form, status=422)


def _page(
    request: HttpRequest,
    pk: UUID,
    registration: Registration | None,
    form: DealForm | None = None,
    *,
    refusal: DomainError | None = None,
    status: int = 200,
) -> HttpResponse:
    today = today_of_vendor(timezone.now())
    partner = _partner(request, registration)
    form = form or _form(request, pk, registration, partner)
    if not form.custom.is_bound:
        form.custom.follow_record(registration or Registration(pk=pk, partner=partner), timezone.now())
    context: dict[str, Any] = {
        "pk": pk,
        "registration": registration,
        "form": form,
        "refusal": refusal,
        "rail": registrations.promise_for(partner, today),
        "files": attachments.entries(registration),
        "can_discard": registration is not None,
        "custom_url": reverse("deals:registration-form", args=[pk]),
        "ahead": _ahead(request, registration),
        "behalf_of": partner if partner.pk != request.member.partner_id else None,
    }
    if partner.pk == request.member.partner_id:
        context["hoard"] = idle.hoard_of(partner, timezone.now())
    if isinstance(refusal, Stale) and registration is not None:
        kept = _form(request, pk, registration, partner)
        context["differences"] = stale.differences(form.main, kept.main)
    typed = form.main.data if form.main.is_bound else {}
    if (registration is not None and registration.keys) or typed.get("customer_name"):
        context["check"] = _check(request, pk, registration, partner)
    return render(request, "deals/registrations/form.html", context, status=status)


def _ahead(request: HttpRequest, registration: Registration | None) -> panel.Panel | None:
    """Return who will decide and how long they usually take, once a draft says enough to tell."""
    at = timezone.now()
    plan = approvals.plan_ahead(registration, at=at) if registration and registration.review == Review.DRAFT else None
    return panel.ahead(plan, subject_type="deals.registration", at=at) if plan else None


def _check(
    request: HttpRequest, pk: UUID, registration: Registration | None, partner: Partner
) -> checks.Precheck | None:
    names = ("name", "website", "tax_id", "country")
    read = request.POST.get if request.method == "POST" else lambda key, empty: getattr(registration, key, empty)
    typed = {name: (read(f"customer_{name}", "") or "")[:260].replace("\0", "") for name in names}
    today, whom = today_of_vendor(timezone.now()), partner.pk
    try:
        return checks.precheck(**typed, own_id=pk, by=request.member, today=today, partner_id=whom)
    except checks.TooManyChecks:
        return None


def _form(
    request: HttpRequest, pk: UUID, registration: Registration | None, partner: Partner, *, posted: bool = False
) -> DealForm:
    is_own = partner.pk == request.member.partner_id
    return DealForm(
        registration,
        posted=request.POST if posted else None,
        today=today_of_vendor(timezone.now()),
        country=partner.country,
        currency=request.profile.currency,
        upload_url=reverse("deals:registration-files", args=[pk]),
        check_url=reverse("deals:registration-check"),
        owners=() if is_own else people.sellers_at(partner.pk),
        distributors=distributors.offered_to(partner),
        worth=None if posted else types.worth_of(partner, types.offered(), timezone.now()),
        distributor=partner.distributor_id,
    )


def _partner(request: HttpRequest, registration: Registration | None) -> Partner:
    """Return whose deal the form is about."""
    if registration is not None:
        return registration.partner
    asked = whose(request)
    if asked is None and request.member.is_vendor:
        raise Http404  # the vendor registers nothing for itself
    return asked or Partner.objects.get(pk=request.member.partner_id)


def _own(request: HttpRequest, pk: UUID) -> Registration | None:
    """Return the registration under this id that somebody fills in, or nothing where the id is still free."""
    rows = Registration.objects.visible_to(request.member).select_related("partner__channel_manager")
    registration = rows.filter(pk=pk).first()
    if registration is None and not Registration.objects.filter(pk=pk).exists():
        return None
    member = request.member
    if registration is None or not (
        registration.is_filled_in_by(member) or registration.entered_by_id == member.user_id
    ):
        raise Http404
    return registration


def _version(request: HttpRequest) -> int | None:
    version = request.POST.get("version", "")
    return int(version) if version.isdecimal() and len(version) < 9 else None
