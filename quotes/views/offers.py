"""An offer on the customer's link: no login, no scripts needed, in the language of the offer."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_GET, require_http_methods

from prm.accounts.guards import for_anybody
from prm.clocks.hours import day_of
from prm.documents import content
from prm.tenancy.context import as_system
from quotes.forms.actions import AcceptanceForm, RefusalForm
from quotes.models import OfferLink
from quotes.queries import offers
from quotes.services import answers, links
from quotes.services.answers import NoLongerOpen

View = Callable[[HttpRequest, OfferLink, str], HttpResponse]
CALM = {"closed": 410, "expired": 410, "superseded": 410, "withdrawn": 410}


def with_link(view: View) -> Callable[[HttpRequest, str], HttpResponse]:
    """Find the link of a secret in this vendor's portal, and speak the language of its offer.

    What the secret does not open is not there, whoever asks: guessed, mistyped, or of another vendor.
    """

    @wraps(view)
    @sensitive_variables("secret")
    def opened(request: HttpRequest, secret: str) -> HttpResponse:
        with as_system(request.vendor.pk):
            link = links.with_secret(secret)
            if link is None:
                return render(request, "quotes/offers/unknown.html", status=404)
            with translation.override(link.revision.language):
                response = view(request, link, secret)
        response["X-Robots-Tag"] = "noindex"
        return response

    return opened


@never_cache
@for_anybody
@require_GET
@with_link
def offer(request: HttpRequest, link: OfferLink, secret: str) -> HttpResponse:
    """Show the offer, or calmly what became of it."""
    state = offers.state_of(link, _today(request))
    if not state:
        link = links.note_visit(link, at=timezone.now())
    return _page(request, link, secret)


@never_cache
@for_anybody
@require_http_methods(["GET", "POST"])
@with_link
def acceptance(request: HttpRequest, link: OfferLink, secret: str) -> HttpResponse:
    """Take the customer's yes."""
    form = AcceptanceForm(request.POST if request.method == "POST" else None)
    if request.method == "GET" or not form.is_valid():
        return _page(request, link, secret, acceptance=form, asked="yes", status=422 if form.is_bound else 200)
    facts = {name: form.cleaned_data[name] for name in ("name", "email", "purchase_order")}
    try:
        answers.accept(link.revision, **facts, link=link, address=_address(request), at=timezone.now())
    except NoLongerOpen:
        return _page(request, links.with_secret(secret) or link, secret, status=409)
    return redirect("quotes:offer", secret)


@never_cache
@for_anybody
@require_http_methods(["GET", "POST"])
@with_link
def refusal(request: HttpRequest, link: OfferLink, secret: str) -> HttpResponse:
    """Take the customer's no."""
    form = RefusalForm(request.POST if request.method == "POST" else None)
    if request.method == "GET" or not form.is_valid():
        return _page(request, link, secret, refusal=form, asked="no", status=422 if form.is_bound else 200)
    try:
        answers.decline(link.revision, **form.cleaned_data, link=link, address=_address(request), at=timezone.now())
    except NoLongerOpen:
        return _page(request, links.with_secret(secret) or link, secret, status=409)
    return redirect("quotes:offer", secret)


@never_cache
@for_anybody
@require_GET
@with_link
def document(request: HttpRequest, link: OfferLink, secret: str) -> HttpResponse:
    """Hand out the PDF while the offer stands, and to who accepted it."""
    if offers.state_of(link, _today(request)) not in ("", "accepted"):
        return _page(request, link, secret)
    found = offers.document_of(link.revision)
    if found is None or not found.is_ready:
        raise Http404
    return content.answer(found)


def _page(
    request: HttpRequest,
    link: OfferLink,
    secret: str,
    *,
    acceptance: AcceptanceForm | None = None,
    refusal: RefusalForm | None = None,
    asked: str = "",
    status: int = 200,
) -> HttpResponse:
    opened = offers.opened(link, _today(request))
    context: dict[str, Any] = {
        "opened": opened,
        "revision": opened.revision,
        "quote": opened.revision.quote,
        "partner": opened.revision.quote.partner,
        "owner": opened.revision.quote.owner,
        "secret": secret,
        "acceptance": acceptance or AcceptanceForm(initial={"email": link.sent_to}),
        "refusal": refusal or RefusalForm(),
        "asked": asked,
    }
    if opened.state:
        return render(request, "quotes/offers/closed.html", context, status=CALM.get(opened.state, status))
    return render(request, "quotes/offers/offer.html", context, status=status)


def _today(request: HttpRequest) -> Any:
    return day_of(timezone.now(), request.profile.time_zone)


def _address(request: HttpRequest) -> str:
    """Return where on the network the answer came from, as far as this server can tell."""
    return str(request.META.get("REMOTE_ADDR", ""))[:45]
