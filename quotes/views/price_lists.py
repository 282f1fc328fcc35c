"""Price lists: for whom they are, version after version, edited as a table, imported, compared and published."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from deals.queries.terms import today_of_vendor
from prm.accounts.guards import requires
from prm.events.refusals import DomainError
from prm.money import Money
from prm.money.forms import written
from prm.spreadsheets import csv_file, xlsx_file
from prm.ui.submissions import once
from quotes import permissions
from quotes.forms import price_import
from quotes.forms.price_import import ImportForm
from quotes.forms.price_lists import PriceListForm, PricesForm, PublishForm, breaks_written
from quotes.models import PriceList, PriceListVersion
from quotes.queries import price_lists as queries
from quotes.services import price_lists as services
from quotes.services.price_lists import EndsBeforeItStarts, ListChanged, NameTaken, Overlaps, StartsTooEarly

FIELDS = {StartsTooEarly: "effective_from", Overlaps: "effective_from", EndsBeforeItStarts: "effective_until"}


@require_GET
@requires(permissions.can_see_prices)
def listing(request: HttpRequest) -> HttpResponse:
    """Show all price lists with what applies now, next, and is drafted."""
    context = {"shelves": queries.shelves(_today()), "can_keep": _can_keep(request)}
    return render(request, "quotes/price_lists/list.html", context)


@require_http_methods(["GET", "POST"])
@requires(permissions.can_keep_prices)
@once
def new(request: HttpRequest) -> HttpResponse:
    form = PriceListForm(request.POST or None, currency=request.profile.currency, is_new=True)
    if request.method == "POST" and form.is_valid():
        try:
            currency = form.cleaned_data["currency"]
            values = {name: value for name, value in form.values.items() if name != "name"}
            made = services.add(form.values["name"], currency, **values, by=request.member, at=timezone.now())
            return redirect("quotes:price-version", PriceListVersion.objects.get(price_list=made).pk)
        except NameTaken as refusal:
            form.add_error("name", refusal.sentence)
    return _form_page(request, form, None)


@require_http_methods(["GET", "POST"])
@requires(permissions.can_keep_prices)
def edit(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Change for whom a list is."""
    row = get_object_or_404(PriceList.objects, pk=pk)
    form, refusal = PriceListForm.of(row, request.POST or None), None
    if request.method == "POST" and form.is_valid():
        version = form.cleaned_data.get("version") or 0
        try:
            services.change(row, form.values, version=version, by=request.member, at=timezone.now())
            messages.success(request, _("%(name)s saved") % {"name": form.cleaned_data["name"]})
            return redirect("quotes:price-list", pk)
        except NameTaken as taken:
            form.add_error("name", taken.sentence)
        except ListChanged as found:
            refusal, form = found, PriceListForm.of(get_object_or_404(PriceList.objects, pk=pk))
    return _form_page(request, form, row, refusal)


@require_GET
@requires(permissions.can_see_prices)
def detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show one list with its versions."""
    row = get_object_or_404(PriceList.objects, pk=pk)
    context = {
        "shelf": queries.shelf(row, _today()),
        "price_list": row,
        "can_keep": _can_keep(request),
    }
    return render(request, "quotes/price_lists/detail.html", context)


@require_POST
@requires(permissions.can_keep_prices)
def draft(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Start the next version as a copy of the latest."""
    row = get_object_or_404(PriceList.objects, pk=pk)
    try:
        made = services.draft(row, by=request.member, at=timezone.now())
    except DomainError as refusal:
        messages.error(request, refusal.sentence)
        return redirect("quotes:price-list", pk)
    return redirect("quotes:price-version", made.pk)


@require_http_methods(["GET", "POST"])
@requires(permissions.can_see_prices)
def version(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show the prices of a version; those of a draft can be changed here."""
    row = _version(pk)
    if request.method == "GET" or row.is_published or not _can_keep(request):
        return _version_page(request, row)
    form = _prices(row, request.POST)
    if not form.is_valid():
        return _version_page(request, row, prices=form, status=422)
    return _act(request, row, lambda: _save(request, row, form.values), _("Prices saved"), prices=form)


@require_POST
@requires(permissions.can_keep_prices)
def publication(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Let a draft's prices apply from a day on."""
    row = _version(pk)
    form = PublishForm(request.POST, today=_today())
    if not form.is_valid():
        return _version_page(request, row, publish=form, status=422)
    try:
        published = services.publish(row, **form.cleaned_data, today=_today(), by=request.member, at=timezone.now())
    except DomainError as refusal:
        form.add_error(FIELDS.get(type(refusal)), refusal.sentence)
        return _version_page(request, row, publish=form, status=409)
    messages.success(request, _("Version %(number)s published") % {"number": published.number})
    return redirect("quotes:price-list", row.price_list_id)


@require_POST
@requires(permissions.can_keep_prices)
def discard(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Throw a draft away."""
    row = _version(pk)
    try:
        services.discard(row)
    except DomainError as refusal:
        messages.error(request, refusal.sentence)
        return redirect("quotes:price-version", pk)
    messages.success(request, _("Draft thrown away"))
    return redirect("quotes:price-list", row.price_list_id)


@require_http_methods(["GET", "POST"])
@requires(permissions.can_keep_prices)
def prices_from_text(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Read prices that were pasted or uploaded: first what they would do, row by row, then for good."""
    row = _version(pk)
    if row.is_published:
        return redirect("quotes:price-version", pk)
    form = ImportForm(request.POST or None, request.FILES or None)
    context: dict[str, Any] = {"form": form, "version": row, "price_list": row.price_list}
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            kept = queries.rows_of(row)
            text = form.cleaned_data["text"]
            found = price_import.read(text, queries.products(also=set(kept)), kept, row.price_list.currency)
            good = [entry for entry in found if entry.does in ("new", "changed")]
            context |= {"found": found, "good": good, "bad": [e for e in found if e.does == "bad"], "text": text}
            context["form"] = ImportForm(initial={"text": text})  # what came as a file is mended there, too
            status = 200
            if request.POST.get("do") == "errors":
                return _errors_file(context["bad"])
            if request.POST.get("do") == "apply" and good:
                values = {entry.product.pk: entry.row for entry in good if entry.product}
                return _act(request, row, lambda: _save(request, row, values), _("Prices taken over"))
    return render(request, "quotes/price_lists/import.html", context, status=status)


@require_GET
@requires(permissions.can_keep_prices)
def export(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Send the prices of a version as CSV or XLSX, in the form that the import reads."""
    row = _version(pk)
    currency = row.price_list.currency
    kept = queries.rows_of(row)
    head = [_("SKU"), _("Name"), _("Price"), _("Prices for quantities"), _("Cost")]
    if request.GET.get("as") == "xlsx":
        return xlsx_file(head, _prices_of(kept, currency, as_numbers=True), name="prices.xlsx")
    return csv_file(head, _prices_of(kept, currency), name="prices.csv", delimiter=";")


def _errors_file(bad: Iterable[price_import.Imported]) -> HttpResponse:
    rows = ((entry.number, entry.sku, entry.error) for entry in bad)
    return csv_file([_("Line"), _("SKU"), _("What is wrong")], rows, name="prices-to-mend.csv", delimiter=";")


def _prices_of(
    kept: Mapping[UUID, Any], currency: str, *, as_numbers: bool = False
) -> Iterator[tuple[str | Decimal, ...]]:
    """Yield each product with its prices as the import reads them."""

    def amount_of(amount: Decimal | None) -> str | Decimal:
        if amount is None:
            return ""
        return amount if as_numbers else written(Money(amount, currency))

    for product in queries.products(also=set(kept)):
        price = kept.get(product.pk)
        breaks = breaks_written(price.breaks, currency).replace(";", " |") if price else ""
        amounts = (price.amount, price.cost) if price else (None, None)
        yield (product.sku, product.name, amount_of(amounts[0]), breaks, amount_of(amounts[1]))


def _save(request: HttpRequest, row: PriceListVersion, values: dict[UUID, Any]) -> PriceListVersion:
    revision = request.POST.get("revision", "")
    seen = int(revision) if revision.isdecimal() and len(revision) < 9 else row.revision
    return services.save_prices(row, values, revision=seen, by=request.member, at=timezone.now())


def _act(
    request: HttpRequest, row: PriceListVersion, work: Callable[[], Any], done: str, prices: PricesForm | None = None
) -> HttpResponse:
    try:
        work()
    except DomainError as refusal:
        return _version_page(request, _version(row.pk), prices=prices, refusal=refusal, status=409)
    messages.success(request, done)
    return redirect("quotes:price-version", row.pk)


def _version_page(
    request: HttpRequest,
    row: PriceListVersion,
    *,
    prices: PricesForm | None = None,
    publish: PublishForm | None = None,
    refusal: DomainError | None = None,
    status: int = 200,
) -> HttpResponse:
    today = _today()
    can_edit = _can_keep(request) and not row.is_published
    shelf = queries.shelf(row.price_list, today)
    compared = _compared_with(shelf, row)
    context = {
        "version": row,
        "price_list": row.price_list,
        "can_edit": can_edit,
        "prices": prices or (_prices(row) if can_edit else None),
        "rows": None if can_edit else _read_only(row),
        "publish": publish or PublishForm(initial={"effective_from": today, "revision": row.revision}, today=today),
        "compared": compared,
        "differences": queries.differences(compared, row) if compared or not row.is_published else [],
        "is_in_force": queries.is_in_force(row, today),
        "refusal": refusal,
        "today": today,
    }
    return render(request, "quotes/price_lists/version.html", context, status=status)


def _compared_with(shelf: queries.Shelf, row: PriceListVersion) -> PriceListVersion | None:
    """Return what a draft is compared with: the version in force; a published one with the one before it."""
    if not row.is_published:
        return shelf.current
    earlier = [other for other in shelf.versions if other.is_published and other.number < row.number]
    return max(earlier, key=lambda other: other.number, default=None)


def _read_only(row: PriceListVersion) -> list[dict[str, Any]]:
    kept = queries.rows_of(row)
    return [
        {"product": product, **_figures(kept[product.pk], row.price_list.currency)}
        for product in queries.products(also=set(kept))
        if product.pk in kept
    ]


def _figures(priced: queries.Priced, currency: str) -> dict[str, Any]:
    return {
        "price": Money(priced.amount, currency),
        "breaks": [(found.from_quantity, Money(found.amount, currency)) for found in priced.breaks],
        "cost": Money(priced.cost, currency) if priced.cost is not None else None,
    }


def _prices(row: PriceListVersion, posted: Any = None) -> PricesForm:
    kept = queries.rows_of(row)
    return PricesForm(queries.products(also=set(kept)), kept, row.price_list.currency, posted)


def _form_page(
    request: HttpRequest, form: PriceListForm, row: PriceList | None, refusal: DomainError | None = None
) -> HttpResponse:
    status = 409 if refusal else 422 if form.errors else 200
    context = {"form": form, "price_list": row, "refusal": refusal}
    return render(request, "quotes/price_lists/form.html", context, status=status)


def _version(pk: UUID) -> PriceListVersion:
    rows = PriceListVersion.objects.select_related("price_list", "published_by", "saved_by")
    return get_object_or_404(rows, pk=pk)


def _can_keep(request: HttpRequest) -> bool:
    return bool(request.member.has(permissions.can_keep_prices))


def _today() -> Any:
    return today_of_vendor(timezone.now())
