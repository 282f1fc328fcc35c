"""What somebody tells who wants to become a partner, or to join one."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from copy import copy
from datetime import datetime
from functools import cached_property
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from partners.enums import PartnerType
from partners.forms.questionnaires import PREFIX, field_of, reply_of, typed_as
from partners.models import Application
from partners.rules.questionnaires import Question
from partners.services.applications import Content
from prm import companies
from prm.accounts.text import no_control_characters, no_control_characters_but_lines
from prm.custom_fields import controls
from prm.custom_fields.controls import AnswersForm
from prm.ui import countries
from prm.ui.forms import PortalForm
from prm.ui.widgets import ChoiceCards

TYPE_HINTS = {
    PartnerType.SALES_AGENT: _("You win the order, the vendor sells and invoices."),
    PartnerType.RESELLER: _("You buy and sell on under your own name."),
    PartnerType.VAR: _("You sell it with services of your own on top."),
    PartnerType.SYSTEM_INTEGRATOR: _("You make it work with the customer’s other systems."),
    PartnerType.DISTRIBUTOR: _("You supply resellers, with stock and credit."),
    PartnerType.OEM: _("You build it into a product of your own."),
    PartnerType.MSP: _("You run it for customers, for a monthly fee."),
    PartnerType.ISV: _("Your software works together with it."),
    PartnerType.REFERRAL: _("You name customers and leave the rest to others."),
}
COMPANY = ("company_name", "website", "country", "city", "address", "tax_id")
CONTACT = ("contact_name", "contact_email")
CHECKED = ("company_name", "website", "country", "tax_id", "contact_email")
LINE = [no_control_characters]


class TypeForm(PortalForm):
    """As what somebody applies."""

    type = forms.ChoiceField(
        label=_("How would you work with us?"),
        choices=PartnerType.choices,
        widget=ChoiceCards(hints=TYPE_HINTS, columns=3),
        error_messages={"required": _("Choose how you would work with us.")},
    )


def is_trapped(posted: QueryDict) -> bool:
    """Say whether a machine filled in the field that no person sees: see `partners/joining/_trap.html`."""
    return bool(posted.get("fax"))


class ApplicationForm(PortalForm):
    """The company, who speaks for it, and the vendor's questions for its type; `only` leaves out all other fields."""

    company_name = forms.CharField(label=_("Company name"), max_length=200, validators=LINE)
    website = forms.CharField(label=_("Website"), max_length=253, validators=LINE)
    country = forms.ChoiceField(label=_("Country"))
    city = forms.CharField(label=_("City"), max_length=120, validators=LINE)
    address = forms.CharField(label=_("Street, number and postal code"), max_length=300, validators=LINE)
    tax_id = forms.CharField(
        label=_("Tax number"),
        max_length=40,
        required=False,
        validators=LINE,
        help_text=_("VAT number or another official number of the company."),
    )
    contact_name = forms.CharField(label=_("Your name"), max_length=120, validators=LINE)
    contact_email = forms.EmailField(
        label=_("Work e-mail"), max_length=254, validators=LINE, help_text=_("We send a link there to confirm it.")
    )

    def __init__(
        self,
        *args: Any,
        questions: Collection[Question],
        custom: AnswersForm,
        only: Collection[str] | None = None,
        check_url: str = "",
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.custom = custom
        self.questions = [q for q in questions if only is None or f"{PREFIX}{q.code}" in only]
        self.fields["country"].choices = [("", _("Choose a country")), *countries.choices()]  # type: ignore[attr-defined]
        for name in [name for name in self.fields if only is not None and name not in only]:
            del self.fields[name]
        for question in self.questions:
            self.fields[f"{PREFIX}{question.code}"] = field_of(question)
        for name, token in (("company_name", "organization"), ("contact_name", "name"), ("contact_email", "email")):
            if name in self.fields:
                self.fields[name].widget.attrs["autocomplete"] = token
        for name in CHECKED if check_url else ():
            self.fields[name].widget.attrs |= _live_check(check_url)

    def clean_website(self) -> str:
        website = self.cleaned_data["website"]
        if not companies.domain_key(website):
            raise forms.ValidationError(_("Write an address such as example.com."))
        return str(website)

    def clean_company_name(self) -> str:
        name = self.cleaned_data["company_name"]
        if not companies.name_key(name, "XX"):
            raise forms.ValidationError(_("Write the name of the company."))
        return str(name)

    def clean_contact_email(self) -> str:
        return str(self.cleaned_data["contact_email"]).lower()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        country = cleaned.get("country") or self.initial.get("country", "")
        if cleaned.get("tax_id") and companies.tax_id_is_valid(cleaned["tax_id"], country) is False:
            self.add_error("tax_id", _("This is no tax number of the country. Check it, or leave it out."))
        return cleaned

    @property
    def content(self) -> Content:
        """Return what was understood."""
        facts = {name: self.cleaned_data[name] for name in (*COMPANY, *CONTACT) if name in self.cleaned_data}
        replies = {q.code: reply_of(q, self.cleaned_data.get(f"{PREFIX}{q.code}")) for q in self.questions}
        return Content(
            facts, {code: reply for code, reply in replies.items() if reply is not None}, self.custom.answers
        )

    def has_custom(self, application: Application, at: datetime) -> bool:
        """Show and require custom fields for the application as typed; say whether all is filled and right."""
        typed = copy(application)
        for name in COMPANY:
            setattr(typed, name, self[name].value() or "" if name in self.fields else getattr(application, name))
        self.custom.is_valid()
        return self.custom.follow_record(typed, at)

    @cached_property
    def progress(self) -> tuple[int, int]:
        """Return how many of the required fields are filled in, and how many there are."""
        required = [name for name, field in self.fields.items() if field.required]
        filled = [name for name in required if str(self[name].value() or "").strip()]
        return len(filled), len(required)

    def is_done(self, names: Collection[str]) -> bool:
        """Say whether all required fields of a part are filled in."""
        return all(str(self[n].value() or "").strip() for n in names if n in self.fields and self.fields[n].required)

    @property
    def company_is_done(self) -> bool:
        return self.is_done(COMPANY)

    @property
    def contact_is_done(self) -> bool:
        return self.is_done(CONTACT)

    @property
    def questions_are_done(self) -> bool:
        return self.is_done([field.name for field in self.question_fields])

    @property
    def question_fields(self) -> list[forms.BoundField]:
        return [self[f"{PREFIX}{question.code}"] for question in self.questions]


def typed_of(posted: QueryDict) -> dict[str, str | list[str]]:
    """Return what was typed into the form, right or wrong, without what is no field of it."""
    names = {*COMPANY, *CONTACT} | {name for name in posted if name.startswith(PREFIX)}
    typed: dict[str, str | list[str]] = {name: posted[name] for name in sorted(names)[:100] if posted.get(name)}
    custom = sorted(name for name in posted if name.startswith(f"{controls.PREFIX}-") and name != controls.STATE)
    return typed | {name: posted.getlist(name)[:200] for name in custom[: controls.MOST_TYPED]}


def custom_typed(application: Application) -> QueryDict:
    """Return what was typed into custom fields, as if it had just been posted."""
    typed = QueryDict(mutable=True)
    for name, values in application.typed.items():
        if isinstance(values, list):
            typed.setlist(name, values)
    return typed


def initial_of(application: Application, questions: Collection[Question]) -> Mapping[str, Any]:
    """Return what the form shows of an application: what was typed last, else what was understood."""
    facts = {name: getattr(application, name) for name in (*COMPANY, *CONTACT)}
    replies = {
        f"{PREFIX}{q.code}": typed_as(q, application.answers[q.code])
        for q in questions
        if q.code in application.answers
    }
    return {**facts, **replies, **application.typed}


def _live_check(url: str) -> dict[str, str]:
    """Let a field ask, a moment after it changed, whether the company may be known already."""
    return {
        "hx-post": url,
        "hx-trigger": "input changed delay:350ms, change",
        "hx-params": ",".join(CHECKED),
        "hx-target": "#known",
        "hx-swap": "innerHTML",
        "hx-sync": "closest form:replace",
    }


class JoinForm(PortalForm):
    """Who wants to join which company."""

    name = forms.CharField(label=_("Your name"), max_length=120, validators=LINE)
    email = forms.EmailField(
        label=_("Work e-mail"), max_length=254, validators=LINE, help_text=_("We send a link there to confirm it.")
    )
    company_name = forms.CharField(label=_("Company name"), max_length=200, validators=LINE)
    website = forms.CharField(label=_("Website"), max_length=253, required=False, validators=LINE)
    country = forms.ChoiceField(label=_("Country"))
    message = forms.CharField(
        label=_("Message to your colleagues"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        validators=[no_control_characters_but_lines],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["country"].choices = [("", _("Choose a country")), *countries.choices()]  # type: ignore[attr-defined]
        self.fields["name"].widget.attrs["autocomplete"] = "name"
        self.fields["email"].widget.attrs["autocomplete"] = "email"


class AnswerForm(PortalForm):
    """The answer to the vendor's question in words."""

    answer = forms.CharField(
        label=_("Your answer"), max_length=2000, widget=forms.Textarea, validators=[no_control_characters_but_lines]
    )


class WithdrawalForm(PortalForm):
    note = forms.CharField(
        label=_("Why? It helps us"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        validators=[no_control_characters_but_lines],
    )
