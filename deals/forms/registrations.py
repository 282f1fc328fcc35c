"""The registration form: what a partner says about a deal."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _

from deals.enums import ActivityKind, Review, Source, Stage
from deals.models import Product, ProductFamily, Registration, RegistrationType
from deals.queries import types
from deals.queries.types import Worth
from deals.rules import lifecycle
from deals.rules.terms import AREA
from deals.services.drafts import Activity, Content, Line
from partners.models import Partner
from prm import companies
from prm.accounts.models import Membership
from prm.accounts.text import no_control_characters, no_control_characters_but_lines
from prm.custom_fields import controls
from prm.money import Money
from prm.money.forms import MoneyField, written
from prm.ui import countries
from prm.ui.forms import PortalForm
from prm.ui.widgets import ChoiceCards, ChoiceCardsMultiple, FileDrop, Segments

DAYS = {"close_on", "starts_on", "tender_published_on", "letter_on"}
LONGEST_TYPED = 4000
MOST_TYPED = 150 + controls.MOST_TYPED
NOT_TYPED = ("csrfmiddlewaretoken", "id", "partner", "version", "do", "files", controls.STATE)
CHECKED = ("customer_name", "customer_website", "customer_country", "customer_tax_id")
OTHERWISE = ("distributor", "value")  # typed by another name than the column's
CURRENCIES = ("EUR", "USD", "GBP", "CHF", "JPY", "KWD")
PLAIN = [no_control_characters]


class FactsForm(PortalForm):
    """Customer and opportunity, as a person types them or a program sends them.

    Fields keep the names of the registration's columns.
    """

    type = forms.ChoiceField(
        label=_("Type of deal"), error_messages={"invalid_choice": _("This type is not offered. Choose another one.")}
    )
    distributor = forms.ChoiceField(
        label=_("Distributor"),
        required=False,
        help_text=_("Through whom you buy. One that you are not a reseller of sees nothing of the deal."),
    )
    source = forms.ChoiceField(
        label=_("Who brought it up?"), choices=[("", _("Not said")), *Source.choices], required=False
    )
    customer_name = forms.CharField(label=_("Company name"), max_length=200, validators=PLAIN)
    customer_website = forms.CharField(
        label=_("Website"), max_length=253, validators=PLAIN, help_text=_("Their own domain, such as nordhavn.dk.")
    )
    customer_country = forms.ChoiceField(label=_("Country"))
    customer_city = forms.CharField(label=_("City"), max_length=120, required=False, validators=PLAIN)
    customer_tax_id = forms.CharField(
        label=_("Tax number"),
        max_length=40,
        required=False,
        validators=PLAIN,
        help_text=_("VAT or company number. It settles at once whether two names mean the same firm."),
    )
    contact_name = forms.CharField(label=_("Contact name"), max_length=120, validators=PLAIN)
    contact_email = forms.EmailField(label=_("Contact e-mail"), max_length=254)
    value = MoneyField(label=_("Expected first-year value"), offered=list(CURRENCIES))
    close_on = forms.DateField(label=_("Expected close"), widget=forms.DateInput)
    starts_on = forms.DateField(label=_("Expected start"), widget=forms.DateInput, required=False)
    tender_published_on = forms.DateField(
        label=_("Tender published on"),
        widget=forms.DateInput,
        required=False,
        help_text=_("Only if the customer has published a tender."),
    )
    letter_on = forms.DateField(
        label=_("Customer’s letter of choice is dated"),
        widget=forms.DateInput,
        required=False,
        help_text=_(
            "Only if the customer has chosen you in writing. Attach the letter below: without a file it is none."
        ),
    )
    stage = forms.ChoiceField(label=_("Stage"), widget=Segments, required=False)
    reason_to_buy = forms.CharField(
        label=_("Why now?"),
        max_length=2000,
        widget=forms.Textarea,
        validators=[no_control_characters_but_lines],
        help_text=_("What made the customer start looking, and by when must they decide?"),
    )

    def __init__(
        self,
        *args: Any,
        today: date,
        currencies: list[str],
        types: Sequence[RegistrationType],
        distributors: Sequence[tuple[UUID, str]],
        close_on: date | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.kept_close = close_on
        self.fields["type"].choices = [(found.code, found.label) for found in types]
        self.fields["value"] = MoneyField(label=self.fields["value"].label, offered=currencies)
        self.fields["customer_country"].choices = [("", _("Choose a country")), *countries.choices()]
        self.fields["stage"].choices = [(stage.value, stage.label) for stage in lifecycle.open_stages()]
        named = [(str(pk), name) for pk, name in distributors]
        self.fields["distributor"].choices = [("", _("None, bought directly")), *named]

    def clean_customer_website(self) -> str:
        website = self.cleaned_data["customer_website"]
        if not companies.domain_key(website):
            raise forms.ValidationError(_("Write a website with its ending, such as nordhavn.dk."), code="website")
        return website

    def clean_customer_name(self) -> str:
        name = self.cleaned_data["customer_name"]
        if not companies.name_key(name, "XX"):
            raise forms.ValidationError(_("Write the company's name with letters or digits."), code="name")
        return name

    def clean_close_on(self) -> date:
        close_on = self.cleaned_data["close_on"]
        if close_on == self.kept_close:
            return close_on
        if close_on < self.today:
            raise forms.ValidationError(_("The close date is in the past. Choose today or a later day."), code="past")
        if close_on.year > self.today.year + 10:
            raise forms.ValidationError(_("The close date is more than ten years away."), code="far")
        return close_on

    def clean_tender_published_on(self) -> date | None:
        published_on = self.cleaned_data["tender_published_on"]
        if published_on and published_on > self.today:
            raise forms.ValidationError(_("This day is in the future. Enter it once it is published."), code="future")
        return published_on

    def clean_letter_on(self) -> date | None:
        letter_on = self.cleaned_data["letter_on"]
        if letter_on and letter_on > self.today:
            raise forms.ValidationError(_("This day is in the future. Enter what has already happened."), code="future")
        return letter_on

    def clean_stage(self) -> str:
        return self.cleaned_data["stage"] or Stage.PROSPECT

    def clean_value(self) -> Money | None:
        value: Money | None = self.cleaned_data["value"]
        if value is not None and not value:
            raise forms.ValidationError(self.fields["value"].error_messages["required"], code="required")
        return value


class RegistrationForm(FactsForm):
    """Customer, opportunity and evidence, on a page."""

    owner_id = forms.ChoiceField(
        label=_("Who looks after it"), help_text=_("They are told, and can answer, hand it over or withdraw it.")
    )
    families = forms.ModelMultipleChoiceField(label=_("Products"), queryset=ProductFamily.across_tenants.none())
    files = forms.Field(label=_("Files"), required=False)

    def __init__(
        self,
        *args: Any,
        upload_url: str,
        check_url: str,
        owners: Sequence[Membership],
        types: Sequence[RegistrationType],
        worth: Mapping[str, Worth],
        distributors: Sequence[tuple[UUID, str]],
        families: Collection[UUID],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, types=types, distributors=distributors, **kwargs)
        if not distributors:
            del self.fields["distributor"]
        if owners:
            self.fields["owner_id"].choices = [(str(owner.user_id), str(owner.user)) for owner in owners]
        else:
            del self.fields["owner_id"]
        for name in CHECKED if check_url else ():
            self.fields[name].widget.attrs |= _live_check(check_url)
        named_types = self.fields["type"].choices
        self.fields["type"].widget = ChoiceCards(hints=_hints(types, worth), columns=3)
        self.fields["type"].choices = named_types
        rows = ProductFamily.objects.filter(Q(is_active=True) | Q(pk__in=families)).order_by("position", "name")
        hints = {str(f.pk): f.summary if f.is_active else _("Not offered any more") for f in rows}
        field = self.fields["families"]
        field.widget = ChoiceCardsMultiple(hints=hints, columns=3)
        field.queryset = rows
        self.fields["files"].widget = FileDrop(
            upload_url=upload_url,
            hint=_("Meeting notes, e-mails or a quote. PDF, image or Office file, up to 20 MB each."),
        )
        last = [
            "families",
            "value",
            "close_on",
            "starts_on",
            "tender_published_on",
            "stage",
            "reason_to_buy",
            "letter_on",
            "files",
        ]
        self.order_fields(["owner_id", *[name for name in self.fields if name not in last], *last])


def _hints(types: Sequence[RegistrationType], worth: Mapping[str, Worth]) -> dict[str, str]:
    """Return what is said below each type: what it is, and what it gives where that is certain."""
    return {
        found.code: render_to_string(
            "deals/types/_hint.txt", {"hint": found.hint, "worth": worth.get(found.code)}
        ).strip()
        for found in types
    }


def _live_check(url: str) -> dict[str, str]:
    """Ask whether the customer is free, a moment after the last key; the answer never moves the focus."""
    return {
        "hx-post": url,
        "hx-trigger": "input changed delay:350ms, change",
        "hx-params": ",".join([*CHECKED, "id", "partner"]),
        "hx-target": "#conflict",
        "hx-swap": "innerHTML",
        "hx-sync": "closest form:replace",
    }


class BehalfForm(PortalForm):
    """On whose behalf a deal is registered."""

    partner = forms.ModelChoiceField(
        label=_("Partner"),
        queryset=Partner.across_tenants.none(),
        empty_label=_("Choose a partner"),
        help_text=_("Active partners where somebody works on deals."),
    )

    def __init__(self, *args: Any, partners: QuerySet[Partner], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["partner"].queryset = partners


class LineForm(PortalForm):
    """A product of a family, and how many."""

    product = forms.ModelChoiceField(
        label=_("Product"), queryset=Product.across_tenants.none(), required=False, empty_label=_("Choose a product")
    )
    quantity = forms.IntegerField(label=_("Quantity"), min_value=1, max_value=10_000_000, required=False)

    def __init__(self, *args: Any, kept: Collection[UUID] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["product"].queryset = (
            Product.objects.filter(Q(is_active=True, family__is_active=True) | Q(pk__in=kept))
            .select_related("family")
            .order_by("family__position", "name")
        )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("quantity") and not cleaned.get("product") and "product" not in self.errors:
            self.add_error("product", _("Choose the product this quantity is of."))
        return cleaned


class ActivityForm(PortalForm):
    """Something done with the customer before registering."""

    kind = forms.ChoiceField(
        label=_("Activity"), choices=[("", _("Choose an activity")), *ActivityKind.choices], required=False
    )
    held_on = forms.DateField(label=_("Date"), required=False, widget=forms.DateInput)
    note = forms.CharField(label=_("With whom, about what"), max_length=300, required=False, validators=PLAIN)

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean_held_on(self) -> date | None:
        held_on = self.cleaned_data["held_on"]
        if held_on and held_on > self.today:
            raise forms.ValidationError(_("This day is in the future. Enter what has already happened."), code="future")
        return held_on

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if any(cleaned.values()):
            for name, words in (("kind", _("Choose what you did.")), ("held_on", _("Enter the day."))):
                if not cleaned.get(name) and name not in self.errors:
                    self.add_error(name, words)
        return cleaned


Lines = forms.formset_factory(LineForm, extra=0, min_num=3, max_num=20, absolute_max=20)
Activities = forms.formset_factory(ActivityForm, extra=0, min_num=3, max_num=20, absolute_max=20)


class DealForm:
    """The whole page: the form, its products and its activities, from what was posted or from what is kept.

    `only` leaves just the fields the vendor asked for; `products` stands for families and products. `owners` are the
    people of a partner on whose behalf it is filled in: one of them looks after the deal. `distributors` are those that
    the partner may name. What was sent keeps what is offered no more; a draft has to name something else.
    """

    def __init__(
        self,
        registration: Registration | None,
        *,
        posted: QueryDict | None = None,
        today: date,
        country: str,
        currency: str,
        upload_url: str = "",
        check_url: str = "",
        only: Collection[str] | None = None,
        owners: Sequence[Membership] = (),
        distributors: Sequence[tuple[UUID, str]] = (),
        distributor: UUID | None = None,
        worth: Mapping[str, Worth] | None = None,
    ) -> None:
        sent = registration if registration is not None and registration.review != Review.DRAFT else None
        rows = list(sent.lines.values_list("family_id", "product_id")) if sent else []
        products = {"kept": {product for _family, product in rows if product}}
        offered = types.offered(current=sent.type if sent else "")
        self.usual_type = offered[0].code
        currencies = [currency, *[code for code in CURRENCIES if code != currency]]
        facts: dict[str, Any] = {
            "today": today,
            "currencies": currencies,
            "upload_url": upload_url,
            "check_url": check_url,
            "owners": owners,
            "types": offered,
            "worth": worth or {},
            "distributors": distributors,
            "families": {family for family, _product in rows},
            "close_on": sent.close_on if sent else None,
        }
        kept = QueryDict(mutable=True)
        start = {"customer_country": country, "value": [currency, ""], "stage": Stage.PROSPECT, "type": self.usual_type}
        start["distributor"] = str(distributor or "")
        if registration is not None:
            start["owner_id"] = str(registration.owner_id)
            for name, values in (registration.typed or typed_from(registration)).items():
                kept.setlist(name, values)
        self.posted = posted
        if posted is None:
            self.main = RegistrationForm(**facts)
            self.main.initial = {**start, **_read(self.main, kept)}
            self._say_gone(self.main.initial["type"], {found.code for found in offered})
            self.lines = Lines(prefix="lines", initial=_rows(LineForm(**products), kept, "lines"), form_kwargs=products)
            self.activities = Activities(
                prefix="activities",
                initial=_rows(ActivityForm(today=today), kept, "activities"),
                form_kwargs={"today": today},
            )
        else:
            self.main = RegistrationForm(posted, **facts)
            self.lines = Lines(posted, prefix="lines", form_kwargs=products)
            self.activities = Activities(posted, prefix="activities", form_kwargs={"today": today})
        self.custom = controls.answers_of(AREA, registration, posted=posted, typed=kept, currency=currency, only=only)
        self.has_lines = only is None or "products" in only
        self.has_activities = only is None or "activities" in only
        for name in list(self.main.fields):
            if only is not None and name not in only and not (name == "families" and self.has_lines):
                del self.main.fields[name]

    def _say_gone(self, chosen: str, offered: Collection[str]) -> None:
        """Say below the types that the one that was chosen is offered no more."""
        if chosen and chosen not in offered:
            said = _("“%(name)s” is not offered any more. Choose another type.")
            self.main.fields["type"].help_text = said % {"name": types.label_of(chosen)}

    def is_valid(self) -> bool:
        """Check all parts, so that all errors show at once."""
        parts = [
            self.main,
            self.custom,
            *([self.lines] if self.has_lines else []),
            *([self.activities] if self.has_activities else []),
        ]
        checked = [part.is_valid() for part in parts]
        return all(checked)

    @property
    def content(self) -> Content:
        """Return what was understood, with everything as typed beside it; what was not is left empty."""
        self.is_valid()
        cleaned = {name: getattr(self.main, "cleaned_data", {}).get(name, "") for name in self.main.fields}
        families = list(cleaned.pop("families", None) or [])
        cleaned.pop("files", None)
        if not cleaned.get("owner_id"):
            cleaned.pop("owner_id", None)  # whoever it was so far
        return Content(
            columns_of(cleaned, self.usual_type),
            self._lines(families) if self.has_lines else None,
            self._activities() if self.has_activities else None,
            typed_from_post(self.posted or {}),
            self.custom.answers if self.custom.is_bound else {},
        )

    def _lines(self, families: list[ProductFamily]) -> list[Line]:
        """Return the products, each once, and every family chosen that no product stands for."""
        chosen: dict[Any, Line] = {}
        for row in _understood(self.lines):
            product = row.get("product")
            if product is not None:
                chosen.setdefault(product.pk, Line(product.family, product, row.get("quantity")))
        named = {line.family.pk for line in chosen.values()}
        return [*chosen.values(), *[Line(family) for family in families if family.pk not in named]]

    def _activities(self) -> list[Activity]:
        return activities_in(_understood(self.activities))


def columns_of(cleaned: Mapping[str, Any], usual_type: str) -> dict[str, Any]:
    """Return what a form understood of the facts as columns of a registration; what was not is empty."""
    found = dict(cleaned)
    if "value" in found:
        value: Money | None = found.pop("value") or None
        found["value_amount"] = value.amount if value else None
        found["value_currency"] = value.currency if value else ""
    if "distributor" in found:
        named = found.pop("distributor")
        found["distributor_id"] = UUID(named) if named else None
    for name in DAYS & found.keys():
        found[name] = found[name] or None
    if "type" in found:
        found["type"] = found["type"] or usual_type
    if "stage" in found:
        found["stage"] = found["stage"] or Stage.PROSPECT
    return found


def activities_in(rows: Collection[Mapping[str, Any]]) -> list[Activity]:
    """Return the activities that rows of a form understood."""
    told = [row for row in rows if row.get("kind") and row.get("held_on")]
    return [Activity(ActivityKind(row["kind"]), row["held_on"], row.get("note", "")) for row in told]


def typed_from_post(posted: Mapping[str, Any]) -> dict[str, list[str]]:
    """Return what was typed, bounded and without NUL, which JSON in PostgreSQL cannot hold."""
    names = [name for name in posted if name not in NOT_TYPED]
    lists = {name: posted.getlist(name)[:30] for name in names[:MOST_TYPED]}  # type: ignore[attr-defined]
    return {name: [value[:LONGEST_TYPED].replace("\0", "") for value in values] for name, values in lists.items()}


def typed_from(registration: Registration) -> dict[str, list[str]]:
    """Return a stored registration as if it had just been typed."""
    columns = [name for name in RegistrationForm.base_fields if name not in OTHERWISE and hasattr(registration, name)]
    typed = {name: [str(getattr(registration, name) or "")] for name in columns}
    typed["distributor"] = [str(registration.distributor_id or "")]
    if registration.value is not None:
        typed["value_currency"] = [registration.value.currency]
        typed["value_amount"] = [written(registration.value)]
    lines = list(registration.lines.all())
    typed["families"] = list(dict.fromkeys(str(line.family_id) for line in lines))
    products = [line for line in lines if line.product_id]
    for number, line in enumerate(products):
        typed[f"lines-{number}-product"] = [str(line.product_id)]
        typed[f"lines-{number}-quantity"] = [str(line.quantity or "")]
    activities = list(registration.activities.order_by("held_on", "id"))
    for number, activity in enumerate(activities):
        typed[f"activities-{number}-kind"] = [activity.kind]
        typed[f"activities-{number}-held_on"] = [activity.held_on.isoformat()]
        typed[f"activities-{number}-note"] = [activity.note]
    typed["lines-TOTAL_FORMS"] = [str(len(products))]
    typed["activities-TOTAL_FORMS"] = [str(len(activities))]
    return typed


def _read(form: forms.Form, kept: QueryDict, prefix: str = "") -> dict[str, Any]:
    """Return what each control would read from kept text, to show it again without judging it."""
    found = {}
    for name, field in form.fields.items():
        key = f"{prefix}-{name}" if prefix else name
        if not field.widget.value_omitted_from_data(kept, {}, key):
            found[name] = field.widget.value_from_datadict(kept, {}, key)
    return found


def _rows(form: forms.Form, kept: QueryDict, prefix: str) -> list[dict[str, Any]]:
    total = kept.get(f"{prefix}-TOTAL_FORMS", "0")
    count = min(int(total), 20) if total.isdecimal() and len(total) < 9 else 0
    rows = [_read(form, kept, f"{prefix}-{number}") for number in range(count)]
    return [row for row in rows if any(row.values())]


def _understood(formset: Any) -> list[dict[str, Any]]:
    if not formset.is_bound:
        return []
    return [form.cleaned_data for form in formset.forms if form.is_valid() or hasattr(form, "cleaned_data")]
