"""Writing a quote: one form that saves itself, totals from the server, and why each price is what it is."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from deals.models import Registration
from deals.queries.terms import today_of_vendor
from partners.models import Partner
from prm.accounts.guards import requires
from prm.drafts.gone import tells_of_thrown_away
from prm.events.refusals import DomainError
from prm.money import Money
from prm.notifications.news import reason_of
from prm.ui import stale
from prm.ui.submissions import once
from quotes import permissions
from quotes.enums import Status
from quotes.forms.quotes import QuoteForm, StartForm, rearranged
from quotes.models import QuoteRevision
from quotes.queries import approvals, prices, shelf
from quotes.queries import pricing as queries
from quotes.rules.pricing import Priced
from quotes.services import quotes
from quotes.services.quotes import NotADraft, Stale
from quotes.views.current import find_own, go_to, may_resell
from quotes.views.sheet import Sheet

SENDING = "send"
LATER = "later"
REARRANGING = ("add", "remove", "back", "up", "down")


@require_http_methods(["GET", "POST"])
@requires(permissions.can_quote)
@once
def new(request: HttpRequest) -> HttpResponse:
    """Begin a quote, on a registration or on nothing."""
    at, member = timezone.now(), request.member
    registration = _registration(request)
    partner = Partner.objects.get(pk=member.partner_id)
    offered = prices.offered_to(partner, today_of_vendor(at))
    first = request.profile.currency if request.profile.currency in offered else next(iter(offered), "")
    form = StartForm(
        request.POST or None,
        currencies=offered,
        needs_customer=registration is None,
        initial={"currency": first},
    )
    context: dict[str, Any] = {"form": form, "registration": registration, "has_prices": bool(offered)}
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            customer = {"customer_name": form.cleaned_data.get("customer_name", "")}
            currency = form.cleaned_data["currency"]
            try:
                revision = quotes.start(
                    currency=currency, by=member, at=at, registration=registration, customer=customer
                )
                return redirect("quotes:quote-form", revision.quote_id)
            except DomainError as refusal:
                context["refusal"], status = refusal, 409
    return render(request, "quotes/quotes/new.html", context, status=status)


@require_http_methods(["GET", "POST"])
@requires(permissions.can_quote)
@tells_of_thrown_away("quotes.quote")
def edit(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show a draft, or take it: keep it, change its rows, or send it."""
    revision = find_own(request, pk)
    if not revision.is_draft:
        return go_to(request, revision)  # sent already, perhaps by the same click a moment ago
    if request.method == "GET":
        return _page(request, revision)
    return _take(request, revision)


@require_POST
@requires(permissions.can_quote)
@tells_of_thrown_away("quotes.quote")
def draft(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Keep what is typed so far and say so."""
    revision = find_own(request, pk)
    version = _version(request)
    try:
        if not revision.is_draft:
            raise NotADraft(revision=revision)
        form = _form(request, revision, request.POST)[1]
        saved = quotes.save(revision, form.content, by=request.member, at=timezone.now(), version=version)
    except DomainError as refusal:
        return render(request, "quotes/quotes/_saved.html", {"refusal": refusal, "version": version}, status=409)
    return render(request, "quotes/quotes/_saved.html", {"revision": saved})


@require_POST
@requires(permissions.can_quote)
def totals(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Answer what the quote comes to as it is typed; nothing is kept."""
    revision = _draft(request, pk)
    footing, form = _form(request, revision, request.POST)
    return render(request, "quotes/quotes/_live.html", _live(Sheet(revision, footing, form)))


@require_POST
@requires(permissions.can_quote)
def lines(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Answer the rows with one added, taken away, put back or moved; nothing is kept."""
    revision = _draft(request, pk)
    do = request.POST.get("do", "")
    footing, form = _form(request, revision, rearranged(request.POST, do))
    _focus(form, do)
    context = _live(Sheet(revision, footing, form)) | {"is_swapped": True}
    return render(request, "quotes/quotes/_lines.html", context)


def _focus(form: QuoteForm, do: str) -> None:
    """Let the reading go on at the row that was added, put back or moved, or that took the place of one taken away."""
    verb, _dash, place = do.partition("-")
    rows = form.lines.forms
    at = int(place) if place.isdecimal() and len(place) < 9 else len(rows) - 1
    at = min(at + {"up": -1, "down": 1}.get(verb, 0), len(rows) - 1)
    if rows:
        rows[max(0, at)].fields["product"].widget.attrs["data-focus"] = True


@require_GET
@requires(permissions.can_quote)
def products(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Answer the products that fit what is typed, with their prices."""
    revision = _draft(request, pk)
    found = shelf.matching(request.GET.get("q", "")[:100].replace("\0", ""), revision.price_version_id)
    return render(request, "quotes/quotes/_options.html", {"products": found})


@require_POST
@requires(permissions.can_quote)
def new_prices(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Price a draft by what is in force today."""
    revision = find_own(request, pk)
    try:
        quotes.update_prices(revision, by=request.member, at=timezone.now())
        messages.success(request, _("Prices updated"))
    except DomainError as refusal:
        messages.error(request, refusal.sentence)
    return redirect("quotes:quote-form", pk)


def of_the_page(request: HttpRequest, pk: UUID, key: UUID) -> tuple[str, Priced] | None:
    """Return the name and price of a line as it is typed in the posted editor, or nothing while it has no price."""
    revision = _draft(request, pk)
    footing, form = _form(request, revision, request.POST)
    for row in Sheet(revision, footing, form).rows:
        if row.priced is not None and row.line is not None and row.line.key == key:
            return row.line.product.name, row.priced
    return None


def _take(request: HttpRequest, revision: QuoteRevision) -> HttpResponse:
    do, member, at = request.POST.get("do", ""), request.member, timezone.now()
    posted = rearranged(request.POST, do) if do.partition("-")[0] in REARRANGING else request.POST
    _footing, form = _form(request, revision, posted)
    is_valid = form.is_valid()
    try:
        saved = quotes.save(revision, form.content, by=member, at=at, version=_version(request))
        if do == SENDING and is_valid:
            return _send(request, saved)
    except NotADraft:
        return go_to(request, revision)
    except DomainError as refusal:
        kept = revision if isinstance(refusal, Stale) else find_own(request, revision.quote_id)
        return _page(request, kept, form=form, refusal=refusal, status=409)
    if do == SENDING:
        return _page(request, saved, form=form, status=422)
    if do == LATER:
        messages.success(request, _("Draft kept"))
        return redirect("quotes:quotes")
    return redirect("quotes:quote-form", revision.quote_id)


def _send(request: HttpRequest, revision: QuoteRevision) -> HttpResponse:
    sent = quotes.send(revision, by=request.member, at=timezone.now())
    if sent.status == Status.DRAFT:
        messages.error(request, _("The vendor’s rules refuse it: the page says why"))
        return redirect("quotes:quote", sent.quote_id)
    waits = sent.status == Status.PENDING_APPROVAL
    words = _("Quote sent for approval") if waits else _("Quote finished: it can be issued now")
    messages.success(request, words)
    return go_to(request, sent)


def _page(
    request: HttpRequest,
    revision: QuoteRevision,
    *,
    form: QuoteForm | None = None,
    refusal: DomainError | None = None,
    status: int = 200,
) -> HttpResponse:
    footing, kept = _form(request, revision, None)
    sheet = Sheet(revision, footing, form or kept)
    context = _live(sheet) | {
        "refusal": refusal,
        "drifts": drifts_of(revision),
        "is_checked": form is not None,
        "can_discard": revision.sent_at is None and revision.number == 1,
    }
    if isinstance(refusal, Stale) and form is not None:
        context["differences"] = stale.differences(form.offer, kept.offer)
    return render(request, "quotes/quotes/form.html", context, status=status)


def _live(sheet: Sheet) -> dict[str, Any]:
    """Return what the live part of the page shows."""
    revision = sheet.revision
    outlook = approvals.outlook_of(revision, sheet.lines)
    return {
        "sheet": sheet,
        "form": sheet.form,
        "revision": revision,
        "quote": revision.quote,
        "outlook": outlook,
        "refusal_reason": reason_of(outlook.refusal, "quotes") if outlook.refusal else None,
        "approvals_ahead": approvals.ahead_of(revision, outlook),
    }


def drifts_of(revision: QuoteRevision) -> list[dict[str, Any]]:
    """Return what has changed since a draft was priced, with prices as money."""
    found = queries.drift_of(revision, queries.lines_of(revision.pk), _today())
    currency = revision.quote.currency
    return [
        {
            "kind": drift.kind.value,
            "name": drift.name,
            "day": drift.day,
            "was": Money(drift.was, currency) if drift.was is not None else None,
            "now": Money(drift.now, currency) if drift.now is not None else None,
        }
        for drift in found
    ]


def _form(request: HttpRequest, revision: QuoteRevision, posted: QueryDict | None) -> tuple[queries.Footing, QuoteForm]:
    footing, today = queries.pinned(revision), _today()
    form = QuoteForm(
        revision,
        footing,
        today=today,
        last=quotes.last_day(revision.quote, footing, today),
        may_resell=may_resell(revision.quote.partner),
        posted=posted,
    )
    return footing, form


def _draft(request: HttpRequest, pk: UUID) -> QuoteRevision:
    revision = find_own(request, pk)
    if not revision.is_draft:
        raise NotADraft(revision=revision)
    return revision


def _registration(request: HttpRequest) -> Registration | None:
    """Return the registration that is to be quoted, if the address names one of this person's."""
    asked = request.GET.get("registration", "")
    if not asked:
        return None
    try:
        pk = UUID(asked)
    except ValueError as error:
        raise Http404 from error
    rows = Registration.objects.visible_to(request.member).filter(partner_id=request.member.partner_id)
    found = rows.quotable().filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def _today() -> date:
    return today_of_vendor(timezone.now())


def _version(request: HttpRequest) -> int | None:
    version = request.POST.get("version", "")
    return int(version) if version.isdecimal() and len(version) < 9 else None
