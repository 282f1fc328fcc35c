"""Asking for funds: one form under one id, saved as it is typed, submitted once."""

from __future__ import annotations

from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from mdf import permissions
from mdf.enums import RequestStatus
from mdf.forms.requests import PlanForm, typed_from
from mdf.models import FundRequest
from mdf.queries import approvals, terms
from mdf.queries import requests as queries
from mdf.rules.terms import Terms
from mdf.services import drafts
from mdf.services import requests as services
from mdf.services.drafts import AlreadySent, NotYours, Stale
from mdf.services.moves import NotPossible
from mdf.services.requests import Incomplete, NotEligible
from mdf.views import attachments, checks
from mdf.views.finding import go_to
from partners.models import Partner
from prm.accounts.guards import requires
from prm.approvals import panel
from prm.custom_fields import record_views as custom_fields
from prm.drafts.gone import tells_of_thrown_away
from prm.events.refusals import DomainError
from prm.files import uploads
from prm.tenancy.fields import uuid7
from prm.ui import stale


@require_GET
@requires(permissions.can_request)
def new(request: HttpRequest) -> HttpResponse:
    """Show an empty form under a fresh id; nothing is kept until something is typed."""
    pk = uuid7()
    return _page(request, pk, None, _form(request, pk, None))


@require_http_methods(["GET", "POST"])
@requires(permissions.can_request)
@tells_of_thrown_away("mdf.fundrequest")
def edit(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show a draft again, or take it: keep it for later, add lines, or submit it."""
    kept = _own(request, pk)
    if custom_fields.asks_for_fields(request):
        form = _form(request, pk, kept, posted=True)
        keep = partial(drafts.save, pk, form.content, by=request.member, at=timezone.now())
        return custom_fields.fields(request, form.custom, keep)
    if kept is not None and kept.status != RequestStatus.DRAFT:
        return go_to(kept)  # sent already, perhaps by the same click a moment ago
    if request.method == "GET":
        if kept is None:
            raise Http404
        return _page(request, pk, kept, _form(request, pk, kept))
    return _take(request, pk, kept)


@require_POST
@requires(permissions.can_request)
@tells_of_thrown_away("mdf.fundrequest")
def draft(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Keep what is typed so far and say so."""
    kept = _own(request, pk)
    form, version = _form(request, pk, kept, posted=True), _version(request)
    try:
        saved = drafts.save(pk, form.content, by=request.member, at=timezone.now(), version=version)
    except NotYours as error:
        raise Http404 from error
    except DomainError as refusal:
        return render(request, "mdf/requests/_saved.html", {"refusal": refusal, "version": version}, status=409)
    return render(request, "mdf/requests/_saved.html", {"fund_request": saved})


@require_GET
@requires(permissions.can_request)
def deciders(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Answer the part of the form that says who will decide, by what is kept of the draft so far."""
    kept = _own(request, pk)
    if kept is None:
        raise Http404
    return render(request, "approvals/_deciders.html", _ahead(pk, kept))


@require_POST
@requires(permissions.can_request)
@tells_of_thrown_away("mdf.fundrequest")
def files(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take one file for a draft or an open question; the draft comes into being with it."""
    kept = _own(request, pk)
    if kept is None:
        try:
            kept = drafts.save(pk, drafts.Content(), by=request.member, at=timezone.now())
        except NotYours as error:
            raise Http404 from error
    elif kept.status not in (RequestStatus.DRAFT, RequestStatus.INFO_REQUESTED):
        raise AlreadySent(request=kept)
    return uploads.take(request, on=kept)


def _take(request: HttpRequest, pk: UUID, kept: FundRequest | None) -> HttpResponse:
    form = _form(request, pk, kept, posted=True)
    at, member, wish = timezone.now(), request.member, request.POST.get("do")
    is_valid = form.is_valid()
    try:
        saved = drafts.save(pk, form.content, by=member, at=at, version=_version(request))
        refused = attachments.take_all(request, saved)
        is_valid = form.custom.follow_record(saved, at) and is_valid
        if wish == "lines":
            return _page(request, pk, saved, form)
        if wish != "submit":
            messages.success(request, _("Draft kept"))
            return redirect("mdf:requests")
        if refused:
            form.main.add_error("files", refused)
        elif is_valid:
            submitted = services.submit(saved, form.content, by=member, at=at)
            messages.success(request, _("Request submitted: %(number)s") % {"number": submitted.number})
            return go_to(submitted)
    except NotYours as error:
        raise Http404 from error
    except (AlreadySent, NotPossible):
        return redirect("mdf:request", pk)
    except Stale as refusal:
        return _page(request, pk, kept, form, refusal=refusal, status=409)
    except (Incomplete, NotEligible) as refusal:
        return _page(request, pk, saved, form, refusal=refusal, status=422)
    except DomainError as refusal:
        return _page(request, pk, saved, form, refusal=refusal, status=409)
    return _page(request, pk, saved, form, status=422)


def _page(
    request: HttpRequest,
    pk: UUID,
    kept: FundRequest | None,
    form: PlanForm,
    *,
    refusal: DomainError | None = None,
    status: int = 200,
) -> HttpResponse:
    today = terms.today_of_vendor(timezone.now())
    partner = Partner.objects.select_related("channel_manager").get(pk=request.member.partner_id)
    if not form.custom.is_bound:
        form.custom.follow_record(kept or FundRequest(pk=pk, partner=partner), timezone.now())
    context: dict[str, Any] = {
        "pk": pk,
        "fund_request": kept,
        "form": form,
        "refusal": refusal,
        "terms": terms.current(today)[1],
        "decider": partner.channel_manager,
        "usual_days": queries.usual_days(FundRequest.objects.filter(partner=partner)),
        **_ahead(pk, kept),
        "files": attachments.entries(kept),
        "can_discard": kept is not None,
        "custom_url": reverse("mdf:request-form", args=[pk]),
        "after": _after(terms.current(today)[1]),
        "plan": checks.judged(request, form if form.posted is not None else _as_posted(request, pk, kept)),
    }
    if isinstance(refusal, Stale) and kept is not None:
        context["differences"] = stale.differences(form.main, _form(request, pk, kept).main)
    return render(request, "mdf/requests/form.html", context, status=status)


def _ahead(pk: UUID, kept: FundRequest | None) -> dict[str, Any]:
    """Return who would have to agree if the draft were sent now, where it is more than somebody who decides alone."""
    at = timezone.now()
    plan = approvals.plan_ahead(kept, at=at) if kept and kept.status == RequestStatus.DRAFT else None
    ahead = panel.ahead(plan, subject_type="mdf.fundrequest", at=at) if plan else None
    return {"ahead": ahead, "deciders_url": reverse("mdf:request-deciders", args=[pk])}


def _after(promised: Terms) -> list[dict[str, Any]]:
    """Return what follows an approval, in its order."""
    payment = ngettext("Promised within one day.", "Promised within %(count)s days.", promised.payment_days)
    return [
        {"title": _("The money is kept for you"), "detail": _("Nobody else can use it meanwhile.")},
        {"title": _("You hold the activity"), "detail": _("Keep the invoices and the proof that the fund asks for.")},
        {"title": _("You claim"), "detail": _("The deadline stands on the request, and you are reminded of it.")},
        {"title": _("You are paid"), "detail": payment % {"count": promised.payment_days}},
    ]


def _as_posted(request: HttpRequest, pk: UUID, kept: FundRequest | None) -> PlanForm:
    """Return what is kept as if it were posted, to judge it; an empty form judges nothing."""
    return PlanForm(None, checks.facts(request, also=kept.fund_id if kept else None), posted=_posted_from(kept))


def _posted_from(kept: FundRequest | None) -> QueryDict:
    data = QueryDict(mutable=True)
    if kept is not None:
        for name, values in (kept.typed or typed_from(kept)).items():
            data.setlist(name, values)
    return data


def _form(request: HttpRequest, pk: UUID, kept: FundRequest | None, *, posted: bool = False) -> PlanForm:
    facts = checks.facts(
        request,
        upload_url=reverse("mdf:request-files", args=[pk]),
        check_url=reverse("mdf:request-check"),
        also=kept.fund_id if kept else None,
    )
    start: dict[str, Any] = {"fund": facts.shares[0].fund.pk} if len(facts.shares) == 1 else {}
    wanted = request.GET.get("fund", "")
    if wanted in {str(share.fund.pk) for share in facts.shares}:
        start = {"fund": wanted}
    return PlanForm(kept, facts, posted=request.POST if posted else None, start=start)


def _own(request: HttpRequest, pk: UUID) -> FundRequest | None:
    """Return the request of one's own firm under this id, or nothing where the id is still free."""
    rows = FundRequest.objects.visible_to(request.member).filter(partner_id=request.member.partner_id)
    kept = rows.select_related("fund").filter(pk=pk).first()
    if kept is None and FundRequest.objects.filter(pk=pk).exists():
        raise Http404
    return kept


def _version(request: HttpRequest) -> int | None:
    version = request.POST.get("version", "")
    return int(version) if version.isdecimal() and len(version) < 9 else None
