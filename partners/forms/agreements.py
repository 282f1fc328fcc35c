"""What is typed to accept or decline an agreement, to write one, and to publish it; the filters of their list."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from partners.enums import AgreementStatus, PartnerType
from partners.models import AgreementText
from partners.queries import search
from partners.rules.agreements import Wording
from partners.services.agreement_texts import Content
from prm.accounts.text import no_control_characters, no_control_characters_but_lines
from prm.ui.forms import PortalForm
from prm.ui.lists import FilterForm, Listing, OfferedField
from prm.ui.widgets import ChoiceCardsMultiple, Switch

LINE: dict[str, Any] = {"validators": [no_control_characters]}
LINES: dict[str, Any] = {"validators": [no_control_characters_but_lines]}
LONGEST = 60_000


class AgreementFilter(FilterForm):
    """What the vendor's list of agreements can be narrowed by."""

    q = forms.CharField(label=_("Partner"), max_length=100)
    status = forms.MultipleChoiceField(label=_("Status"), choices=AgreementStatus.choices)
    text = OfferedField(lambda: AgreementText.objects.order_by("name").values_list("pk", "name"), label=_("Agreement"))
    lookups = {"status": "status__in", "text": "text"}

    def narrow_q(self, rows: QuerySet, text: str) -> QuerySet:
        return rows.filter(partner__in=search.partners(text))


class AgreementList(Listing):
    """Agreements of all partners, the latest first."""

    filters = AgreementFilter
    sorts = {"partner": "partner__name", "offered": "offered_at", "until": "accept_by", "answered": "decided_at"}
    first_sort = "-offered"


class AcceptanceForm(PortalForm):
    """Who signs, as what, and that they accept; which text was on the page goes with it."""

    sha256 = forms.CharField(widget=forms.HiddenInput, max_length=64)
    language = forms.CharField(widget=forms.HiddenInput, max_length=8, required=False)
    name = forms.CharField(label=_("Your full name"), max_length=120, **LINE)
    title = forms.CharField(
        label=_("Your position"),
        max_length=120,
        help_text=_("What entitles you to sign, such as: managing director."),
        **LINE,
    )
    is_accepted = forms.BooleanField(
        label=_("I have read this agreement and accept it for my company."),
        error_messages={"required": _("Tick that you accept the agreement.")},
    )

    def reads(self, sha256: str, language: str) -> None:
        """Say which text the page shows, whatever was sent before, and take the tick away."""
        self.data: Any = {**self.data.dict(), "sha256": sha256, "language": language}
        self.data.pop("is_accepted", None)


class DeclineForm(PortalForm):
    note = forms.CharField(
        label=_("Reason"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("The vendor reads it, and can offer you another version."),
        **LINES,
    )


class AgreementTextForm(PortalForm):
    """An agreement in every language; `seen` says which state of it the person started from."""

    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)
    name = forms.CharField(
        label=_("Name"),
        max_length=120,
        help_text=_("How you call it among yourselves. Partners read the title."),
        **LINE,
    )
    partner_types = forms.MultipleChoiceField(
        label=_("For these partners"),
        choices=PartnerType.choices,
        required=False,
        widget=ChoiceCardsMultiple(columns=3),
        help_text=_("Choose none to offer it to every partner."),
    )
    is_active = forms.BooleanField(label=_("New partners are offered it"), required=False, initial=True, widget=Switch)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for code, _name in settings.LANGUAGES:
            self.fields[f"title_{code}"] = forms.CharField(label=_("Title"), max_length=160, required=False, **LINE)
            self.fields[f"text_{code}"] = forms.CharField(
                label=_("Text"),
                max_length=LONGEST,
                required=False,
                widget=forms.Textarea(attrs={"rows": 18, "lang": code}),
                **LINES,
            )
            self.fields[f"title_{code}"].widget.attrs["lang"] = code

    @classmethod
    def of(cls, text: AgreementText, posted: Any = None) -> AgreementTextForm:
        """Return the form with what is kept, or with what was typed over it."""
        kept: dict[str, Any] = {
            "seen": text.revision,
            "name": text.name,
            "partner_types": text.partner_types,
            "is_active": text.is_active,
        }
        for code, wording in text.by_language.items():
            kept |= {f"title_{code}": wording.title, f"text_{code}": wording.text}
        return cls(posted, initial=kept)

    @property
    def written(self) -> list[tuple[Any, Any, Any]]:
        """The fields of each language with its name."""
        return [(language, self[f"title_{code}"], self[f"text_{code}"]) for code, language in settings.LANGUAGES]

    @property
    def content(self) -> Content:
        """What was typed; raises `NotWritten`."""
        typed = self.cleaned_data
        wordings = {
            code: Wording(typed[f"title_{code}"], typed[f"text_{code}"].replace("\r\n", "\n"))
            for code, _name in settings.LANGUAGES
        }
        return Content(typed["name"], wordings, tuple(typed["partner_types"]), typed["is_active"])

    def start_over_from(self, text: AgreementText) -> None:
        """Let the next attempt replace what is kept now."""
        self.data: Any = self.data.copy()
        self.data["seen"] = text.revision


class PublicationForm(PortalForm):
    """From which day a version is in force, and whether partners are asked to accept it."""

    seen = forms.IntegerField(widget=forms.HiddenInput)
    effective_on = forms.DateField(
        label=_("In force from"), help_text=_("From that day on new partners are offered this version.")
    )
    is_sent = forms.BooleanField(
        label=_("Ask the partners it concerns to accept it now"), required=False, widget=Switch, initial=True
    )
    accept_by = forms.DateField(
        label=_("To be accepted until"),
        required=False,
        help_text=_("They are reminded 7, 3 and 1 days before. What they accepted before stays in force meanwhile."),
    )

    def __init__(self, *args: Any, today: date, seen: int, **kwargs: Any) -> None:
        super().__init__(*args, initial={"effective_on": today, "seen": seen}, **kwargs)
        self.today = today

    def clean_accept_by(self) -> date | None:
        chosen: date | None = self.cleaned_data["accept_by"]
        if chosen and chosen < self.today:
            raise forms.ValidationError(_("Choose today or a later day."))
        return chosen
