"""The list of end customers, and what the vendor's people type about one."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from deals.enums import ListKind
from deals.models import EndCustomer, NamedList
from deals.queries import customers, search
from deals.services import customer_book
from prm import companies
from prm.accounts.text import no_control_characters, no_control_characters_but_lines
from prm.ui import countries
from prm.ui.forms import PortalForm
from prm.ui.lists import FilterForm, Listing, OfferedField
from prm.ui.widgets import Combobox

PLAIN = [no_control_characters]
MOST_NAMES = 20
NAME, SITE = 200, 253
BELONGS = _("Belongs to")
YES_NO = [("", _("Any")), ("yes", _("Yes")), ("no", _("No"))]


class CustomerFilter(FilterForm):
    """What the list of customers can be narrowed by."""

    q = forms.CharField(label=_("Search"), max_length=100)
    country = forms.ChoiceField(label=_("Country"))
    alike = forms.BooleanField(label=_("Looks like another"))
    registered = forms.ChoiceField(label=_("Registered by a partner"), choices=YES_NO)
    buys = forms.ChoiceField(label=_("Has bought"), choices=YES_NO)
    listed = forms.BooleanField(label=_("Named account"))
    list = OfferedField(
        lambda: NamedList.objects.filter(kind=ListKind.CUSTOMERS).order_by("name").values_list("pk", "name"),
        label=_("On the list"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["country"].choices = [("", _("Any")), *countries.choices()]  # type: ignore[attr-defined]

    def narrow_q(self, rows: QuerySet, text: str) -> QuerySet:
        return rows.filter(pk__in=search.customers(text))

    def narrow_alike(self, rows: QuerySet, _is_on: bool) -> QuerySet:
        return rows.filter(customers.alike())

    def narrow_registered(self, rows: QuerySet, answer: str) -> QuerySet:
        return rows.filter(customers.registered() if answer == "yes" else ~customers.registered())

    def narrow_buys(self, rows: QuerySet, answer: str) -> QuerySet:
        return rows.filter(customers.buying() if answer == "yes" else ~customers.buying())

    def narrow_listed(self, rows: QuerySet, _is_on: bool) -> QuerySet:
        return rows.filter(customers.listed())

    def narrow_list(self, rows: QuerySet, list_id: UUID) -> QuerySet:
        return rows.filter(customers.listed(list_id))


class CustomerList(Listing):
    """Customers by name."""

    filters = CustomerFilter
    sorts = {"name": "name", "country": "country", "seen": "first_seen_at"}
    first_sort = "name"

    @property
    def shown(self) -> list[customers.Row]:
        """The rows of this page with their numbers."""
        return customers.rows(self.rows)


class LinesField(forms.CharField):
    """Several short texts, one in a line; none is too long, and there are not too many."""

    def __init__(self, *, longest: int, **kwargs: Any) -> None:
        super().__init__(
            widget=forms.Textarea(attrs={"rows": 3}), validators=[no_control_characters_but_lines], **kwargs
        )
        self.longest = longest

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> list[str]:
        """Return the lines that say something, each once."""
        lines = list(dict.fromkeys(filter(None, map(str.strip, super().clean(value).splitlines()))))
        if len(lines) > MOST_NAMES:
            raise forms.ValidationError(_("At most %(most)s.") % {"most": MOST_NAMES}, code="many")
        if any(len(line) > self.longest for line in lines):
            raise forms.ValidationError(
                _("A line is longer than %(most)s characters.") % {"most": self.longest}, code="long"
            )
        return lines


class CustomerField(forms.Field):
    """Another customer: chosen from the search, or written with its exact name."""

    def __init__(self, *, url: str, **kwargs: Any) -> None:
        super().__init__(widget=Combobox(url), **kwargs)

    @staticmethod
    def chosen(customer: EndCustomer | None) -> dict[str, str] | None:
        """Return what the field holds when a customer is chosen."""
        return {"id": str(customer.pk), "text": customer.name} if customer else None

    def clean(self, value: Any) -> EndCustomer | None:
        if not value or not value.get("text", "").strip():
            return None
        try:
            chosen = str(UUID(value["id"])) if value.get("id") else ""
        except ValueError:
            chosen = ""
        found = customers.named(value["text"].replace("\0", ""), chosen)
        if found is None:
            raise forms.ValidationError(
                _("No customer, or more than one, is called that. Choose it from the list."), code="unknown"
            )
        return found


class CustomerForm(PortalForm):
    """A customer as the vendor knows it; `seen` says which version of it the person started from."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)
    name = forms.CharField(label=_("Company name"), max_length=NAME, validators=PLAIN)
    other_names = LinesField(
        label=_("Other names, one in each line"),
        required=False,
        longest=NAME,
        help_text=_("Former names, short names, other scripts. Registrations under one of them are recognised."),
    )
    website = forms.CharField(label=_("Website"), max_length=SITE, required=False, validators=PLAIN)
    other_websites = LinesField(label=_("Other websites, one in each line"), required=False, longest=SITE)
    tax_id = forms.CharField(
        label=_("Tax or register number"),
        max_length=60,
        required=False,
        validators=PLAIN,
        help_text=_("It settles at once whether two names mean the same firm."),
    )
    external_id = forms.CharField(
        label=_("Your number"),
        max_length=80,
        required=False,
        validators=PLAIN,
        help_text=_("What your own systems call it. Imports know it by that."),
    )
    country = forms.ChoiceField(label=_("Country"))
    state = forms.CharField(label=_("State or province"), max_length=120, required=False, validators=PLAIN)
    city = forms.CharField(label=_("City"), max_length=120, required=False, validators=PLAIN)
    postcode = forms.CharField(label=_("Postcode"), max_length=20, required=False, validators=PLAIN)
    address = forms.CharField(label=_("Street"), max_length=200, required=False, validators=PLAIN)
    phone = forms.CharField(label=_("Telephone"), max_length=60, required=False, validators=PLAIN)

    def __init__(self, *args: Any, options_url: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["country"].choices = [("", _("Choose a country")), *countries.choices()]  # type: ignore[attr-defined]
        self.fields["parent"] = CustomerField(
            label=BELONGS,
            required=False,
            url=options_url,
            help_text=_("The parent company. A subsidiary is another customer, but is shown as related."),
        )

    @classmethod
    def of(cls, customer: EndCustomer, posted: Any = None, *, options_url: str) -> CustomerForm:
        """Return the form with what is kept, or with what was typed over it."""
        kept = {name: getattr(customer, name) for name in customer_book.FIELDS}
        kept |= {"parent": CustomerField.chosen(customer.parent), "seen": customer_book.fingerprint(customer)}
        return cls(posted, initial=kept, options_url=options_url)

    def clean_name(self) -> str:
        name = self.cleaned_data["name"]
        if not companies.name_key(name, "XX"):
            raise forms.ValidationError(_("Write the company's name with letters or digits."), code="name")
        return name

    def clean_website(self) -> str:
        website = self.cleaned_data["website"]
        if website and not companies.domain_key(website):
            raise forms.ValidationError(_("Write a website with its ending, such as nordhavn.dk."), code="website")
        return website

    def clean_other_websites(self) -> list[str]:
        sites = self.cleaned_data["other_websites"]
        if not all(map(companies.domain_key, sites)):
            raise forms.ValidationError(_("Write a website with its ending, such as nordhavn.dk."), code="website")
        return sites

    @property
    def values(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in customer_book.FIELDS}

    def start_over_from(self, customer: EndCustomer) -> None:
        """Let the next attempt replace what is kept now."""
        self.data: Any = self.data.copy()
        self.data["seen"] = customer_book.fingerprint(customer)


LABELS = {name: field.label for name, field in CustomerForm.base_fields.items()} | {"parent": BELONGS}
