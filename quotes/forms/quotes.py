"""The quote as it is typed: for whom, until when, and its lines."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django import forms
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from deals.models import Product
from prm.accounts.text import no_control_characters, no_control_characters_but_lines
from prm.money import Money
from prm.money.forms import AmountField, PercentField, written, written_number
from prm.tenancy.fields import uuid7
from prm.ui import countries, formats
from prm.ui.forms import PortalForm
from prm.ui.widgets import Combobox, Segments
from quotes.enums import Language
from quotes.models import QuoteLine, QuoteRevision, ResalePrice
from quotes.queries import shelf as shelves
from quotes.queries.pricing import Footing
from quotes.queries.shelf import Shelf
from quotes.services.quotes import MOST_LINES, MOST_PIECES, Content, Line

PLAIN = [no_control_characters]
LONGEST_TYPED = 4000
NOT_KEPT = ("csrfmiddlewaretoken", "version", "do", "submission")
CUSTOMER = (
    "customer_name",
    "customer_street",
    "customer_postcode",
    "customer_city",
    "customer_country",
    "contact_name",
    "contact_email",
)
EXEMPT = "-"
REMOVED = "removed-"  # before the names of the row that was taken away last, which goes along until it is put back


class OfferForm(PortalForm):
    """Customer and conditions. Fields keep the names of the columns of quote and revision."""

    customer_name = forms.CharField(label=_("Company name"), max_length=200, validators=PLAIN)
    customer_street = forms.CharField(label=_("Street and number"), max_length=200, required=False, validators=PLAIN)
    customer_postcode = forms.CharField(label=_("Postcode"), max_length=20, required=False, validators=PLAIN)
    customer_city = forms.CharField(label=_("City"), max_length=120, required=False, validators=PLAIN)
    customer_country = forms.ChoiceField(label=_("Country"), required=False)
    contact_name = forms.CharField(label=_("Contact name"), max_length=120, required=False, validators=PLAIN)
    contact_email = forms.EmailField(label=_("Contact e-mail"), max_length=254, required=False)
    language = forms.ChoiceField(label=_("Language of the quote"), choices=Language.choices, widget=Segments)
    valid_until = forms.DateField(label=_("Valid until"), widget=forms.DateInput)
    tax = forms.ChoiceField(label=_("Tax"), required=False)
    introduction = forms.CharField(
        label=_("Introduction"),
        max_length=2000,
        required=False,
        widget=forms.Textarea,
        validators=[no_control_characters_but_lines],
        help_text=_("Stands above the prices, for example what the offer is about."),
    )

    def __init__(self, *args: Any, footing: Footing, today: date, last: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today, self.last = today, last
        self.fields["customer_country"].choices = [("", _("Choose a country")), *countries.choices()]
        self.taxes = {tax.name: tax for tax in footing.terms.taxes}
        labels = [(tax.name, f"{tax.name} {formats.percent(tax.percent)}") for tax in footing.terms.taxes]
        self.fields["tax"].choices = [*labels, (EXEMPT, _("Exempt"))]
        self.fields["valid_until"].widget.attrs |= {"min": today.isoformat(), "max": last.isoformat()}
        self.fields["valid_until"].help_text = _("At most until %(day)s.") % {"day": formats.day(last, today)}
        if not self.taxes:
            del self.fields["tax"]

    def clean_valid_until(self) -> date:
        day = self.cleaned_data["valid_until"]
        if day < self.today:
            raise forms.ValidationError(_("This day is over. Choose today or a later day."), code="past")
        if day > self.last:
            facts = {"day": formats.day(self.last, self.today)}
            raise forms.ValidationError(
                _("Prices are held until %(day)s. Choose that day or an earlier one.") % facts, code="late"
            )
        return day

    @property
    def customer(self) -> dict[str, str]:
        return {name: self.cleaned_data.get(name, "") for name in CUSTOMER}

    @property
    def offer(self) -> dict[str, Any]:
        """Return what was understood of the conditions; a tax is kept by name and percentage."""
        found: dict[str, Any] = {
            "language": self.cleaned_data.get("language") or Language.ENGLISH,
            "introduction": self.cleaned_data.get("introduction", ""),
        }
        if "valid_until" in self.cleaned_data:
            found["valid_until"] = self.cleaned_data["valid_until"]
        if "tax" in self.fields:
            tax = self.taxes.get(self.cleaned_data.get("tax", ""))
            found["tax_name"] = tax.name if tax else ""
            found["tax_percent"] = tax.percent if tax else Decimal(0)
        return found


class ProductField(forms.Field):
    """A product that was chosen from the search, or named by its SKU or name."""

    default_error_messages = {
        "unknown": _("No product is called that. Choose one from the list, or write its SKU."),
        "retired": _("%(product)s is no longer sold. Choose another product."),
        "unavailable": _("%(product)s cannot be ordered now. Choose another product."),
        "unpriced": _("%(product)s has no price in this price list."),
    }

    def __init__(self, *, url: str, shelf: Shelf, **kwargs: Any) -> None:
        super().__init__(widget=Combobox(url, attrs={"class": "input"}), **kwargs)
        self.shelf = shelf

    def clean(self, value: Any) -> Product | None:
        """Return the product, or nothing for an empty row."""
        if not value:
            return None
        product = self.shelf.find(value.get("id", ""), value.get("text", ""))
        if product is None:
            raise self._refusal("unknown")
        if not (product.is_active and product.family.is_active):
            raise self._refusal("retired", product=product.name)
        if not product.is_available:
            raise self._refusal("unavailable", product=product.name)
        if product.pk not in self.shelf.listed:
            raise self._refusal("unpriced", product=product.name)
        return product

    def _refusal(self, code: str, **facts: Any) -> forms.ValidationError:
        return forms.ValidationError(self.error_messages[code], code=code, params=facts)


class LineForm(PortalForm):
    """A product, how many, the discount asked for it, and the partner's own price."""

    key = forms.UUIDField(widget=forms.HiddenInput, required=False)
    quantity = forms.IntegerField(
        label=_("Quantity"),
        min_value=1,
        max_value=MOST_PIECES,
        required=False,
        error_messages={"invalid": _("Write a whole number."), "min_value": _("At least one.")},
    )
    reason = forms.CharField(label=_("Why this discount?"), max_length=300, required=False, validators=PLAIN)

    def __init__(
        self, *args: Any, footing: Footing, shelf: Shelf, options_url: str, may_resell: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.terms = footing.terms
        for name in ("quantity", "reason"):
            self.fields[name].widget.attrs["class"] = "input"
        self.fields["product"] = ProductField(label=_("Product"), url=options_url, shelf=shelf, required=False)
        self.fields["special"] = PercentField(label=_("Special discount in percent"), required=False)
        self.fields["special"].widget.attrs["placeholder"] = "0"
        if may_resell:
            self.fields["resale"] = AmountField(
                label=_("Your price per unit"), currency=footing.basis.currency, required=False
            )

    def clean_special(self) -> Decimal:
        percent = self.cleaned_data["special"] or Decimal(0)
        if percent > self.terms.largest_special:
            facts = {"percent": formats.percent(self.terms.largest_special)}
            raise forms.ValidationError(_("Special discounts go up to %(percent)s.") % facts, code="largest")
        return percent

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        is_typed = any(cleaned.get(name) for name in ("special", "reason", "resale")) or cleaned.get("quantity", 1) != 1
        if not cleaned.get("product") and "product" not in self.errors and is_typed:
            self.add_error("product", _("Choose a product."))
        if cleaned.get("product") and cleaned.get("quantity") is None and "quantity" not in self.errors:
            self.add_error("quantity", _("Enter how many."))
        if (
            cleaned.get("special", 0) > self.terms.free_up_to
            and not cleaned.get("reason")
            and "reason" not in self.errors
        ):
            facts = {"percent": formats.percent(self.terms.free_up_to)}
            self.add_error("reason", _("Special discounts above %(percent)s need a reason.") % facts)
        return cleaned

    @property
    def line(self) -> Line | None:
        """Return the line, or nothing while the row is empty or cannot be priced."""
        cleaned = getattr(self, "cleaned_data", {})
        product, quantity = cleaned.get("product"), cleaned.get("quantity")
        if product is None or not quantity or "special" not in cleaned:
            return None
        return Line(
            product,
            quantity,
            cleaned["special"],
            cleaned.get("reason", ""),
            cleaned.get("resale"),
            cleaned.get("key") or uuid7(),
        )

    @property
    def key_value(self) -> str:
        """Return the line's id, under which its price is explained."""
        typed = self.data.get(self.add_prefix("key"), "")
        try:
            return str(UUID(typed))
        except ValueError:
            return ""

    @property
    def number(self) -> str:
        """Return the row's number on the page, for ids that the live answer fills."""
        return str(self.prefix).rpartition("-")[2]


Lines = forms.formset_factory(LineForm, extra=0, max_num=MOST_LINES, absolute_max=MOST_LINES)


@dataclass(frozen=True)
class Removed:
    """The row that was taken away last; false if there is none worth putting back."""

    row: dict[str, str]

    def __bool__(self) -> bool:
        return bool(self.name)

    @property
    def name(self) -> str:
        return self.row.get("product_text", "")

    @property
    def place(self) -> str:
        return self.row.get("place", "")

    @property
    def typed(self) -> dict[str, str]:
        """Return it as the page carries it along."""
        return {REMOVED + name: value for name, value in self.row.items()}


class QuoteForm:
    """The whole page: the offer and its lines, from what was posted or from what is kept."""

    def __init__(
        self,
        revision: QuoteRevision,
        footing: Footing,
        *,
        today: date,
        last: date,
        may_resell: bool,
        posted: QueryDict | None = None,
    ) -> None:
        self.posted, self.may_resell = posted, may_resell
        kept = posted if posted is not None else kept_of(revision, may_resell=may_resell)
        choices = [
            (kept.get(f"lines-{n}-product", ""), kept.get(f"lines-{n}-product_text", "")) for n in range(_rows(kept))
        ]
        self.shelf = shelves.named_by(choices, footing.version.pk)
        row_facts = {
            "footing": footing,
            "shelf": self.shelf,
            "options_url": reverse("quotes:quote-products", args=[revision.quote_id]),
            "may_resell": may_resell,
        }
        self.offer = OfferForm(
            posted, footing=footing, today=today, last=last
        )  # what is kept is shown without judging it
        self.offer.initial = {name: kept.get(name, "") for name in self.offer.fields}
        self.lines = Lines(kept, prefix="lines", form_kwargs=row_facts)
        self.removed = Removed(_part(kept, REMOVED))

    def is_valid(self) -> bool:
        """Check all parts, so that all errors show at once."""
        return all([self.offer.is_valid(), self.lines.is_valid()])

    @property
    def content(self) -> Content:
        """Return what was understood, with everything as typed beside it but the partner's own prices."""
        self.is_valid()
        posted = self.posted if self.posted is not None else QueryDict()
        lines = [row.line for row in self.lines.forms]
        return Content(
            self.offer.customer,
            self.offer.offer,
            [line for line in lines if line is not None] if "lines-TOTAL_FORMS" in posted else None,
            typed_from_post(posted),
        )


def typed_from_post(posted: Mapping[str, Any]) -> dict[str, list[str]]:
    """Return what was typed, bounded and without NUL; resale prices are kept behind the partner's own wall only."""
    names = [name for name in posted if name not in NOT_KEPT and not name.endswith("-resale")]
    lists = {name: posted.getlist(name)[:2] for name in names[: 60 + 8 * MOST_LINES]}  # type: ignore[attr-defined]
    return {name: [value[:LONGEST_TYPED].replace("\0", "") for value in values] for name, values in lists.items()}


def kept_of(revision: QuoteRevision, *, may_resell: bool) -> QueryDict:
    """Return a kept revision as if it had just been posted, with the partner's own prices where it asks itself."""
    kept = QueryDict(mutable=True)
    for name, values in (revision.typed or typed_from(revision)).items():
        kept.setlist(name, values)
    if may_resell:
        rows = ResalePrice.objects.filter(line__revision=revision)
        resale = {str(line): amount for line, amount in rows.values_list("line_id", "unit_amount")}
        for number in range(_rows(kept)):
            amount = resale.get(kept.get(f"lines-{number}-key", ""))
            if amount is not None:
                kept[f"lines-{number}-resale"] = written(Money(amount, revision.quote.currency))
    return kept


def typed_from(revision: QuoteRevision) -> dict[str, list[str]]:
    """Return a stored revision as if it had just been typed, without resale prices."""
    quote = revision.quote
    typed = {name: [getattr(quote, name)] for name in CUSTOMER}
    typed["language"] = [revision.language]
    typed["introduction"] = [revision.introduction]
    typed["valid_until"] = [revision.valid_until.isoformat() if revision.valid_until else ""]
    typed["tax"] = [revision.tax_name or EXEMPT]
    rows = list(QuoteLine.objects.filter(revision=revision).order_by("position", "id"))
    for number, row in enumerate(rows):
        typed |= {f"lines-{number}-{name}": [value] for name, value in _typed_line(row).items()}
    typed["lines-TOTAL_FORMS"], typed["lines-INITIAL_FORMS"] = [str(len(rows))], ["0"]
    return typed


def _typed_line(row: QuoteLine) -> dict[str, str]:
    return {
        "key": str(row.pk),
        "product": str(row.product_id),
        "product_text": row.name,
        "quantity": str(row.quantity),
        "special": written_number(row.special_percent) if row.special_percent else "",
        "reason": row.special_reason,
    }


def rearranged(posted: QueryDict, do: str) -> QueryDict:
    """Return what was posted with a row added, taken away, put back or moved: `add`, `remove-2`, `back-2`, `up-2` …"""
    rows = [_part(posted, f"lines-{number}-") for number in range(_rows(posted))]
    removed = _part(posted, REMOVED)
    verb, _dash, place = do.partition("-")
    at = int(place) if place.isdecimal() and len(place) < 9 and int(place) < len(rows) else None
    if verb == "add" and len(rows) < MOST_LINES:
        rows.append({"key": str(uuid7()), "quantity": "1"})
    elif verb == "remove" and at is not None:
        removed = rows.pop(at) | {"place": place}
    elif verb == "back" and removed and place.isdecimal() and len(place) < 9 and len(rows) < MOST_LINES:
        removed.pop("place", None)
        rows.insert(int(place), removed)
        removed = {}
    elif verb in ("up", "down") and at is not None:
        to = at - 1 if verb == "up" else at + 1
        if 0 <= to < len(rows):
            rows[at], rows[to] = rows[to], rows[at]
    return _written_out(posted, rows, removed)


def _written_out(posted: QueryDict, rows: Iterable[dict[str, str]], removed: dict[str, str]) -> QueryDict:
    found = QueryDict(mutable=True)
    for name in posted:
        if not name.startswith(("lines-", REMOVED)):
            found.setlist(name, posted.getlist(name))
    for name, value in removed.items():
        found[REMOVED + name] = value
    number = -1
    for number, row in enumerate(rows):
        for name, value in row.items():
            found[f"lines-{number}-{name}"] = value
    found["lines-TOTAL_FORMS"], found["lines-INITIAL_FORMS"] = str(number + 1), "0"
    return found


def _part(posted: QueryDict, start: str) -> dict[str, str]:
    return {name.removeprefix(start): posted[name] for name in posted if name.startswith(start)}


def _rows(posted: QueryDict) -> int:
    total = posted.get("lines-TOTAL_FORMS", "0")
    return min(int(total), MOST_LINES) if total.isdecimal() and len(total) < 9 else 0


class StartForm(PortalForm):
    """What a quote begins with where no registration says it."""

    customer_name = forms.CharField(label=_("Customer"), max_length=200, validators=PLAIN)
    currency = forms.ChoiceField(label=_("Currency"), help_text=_("Those that the vendor has a price list in."))

    def __init__(self, *args: Any, currencies: Iterable[str], needs_customer: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["currency"].choices = [(code, code) for code in currencies]
        if not needs_customer:
            del self.fields["customer_name"]
