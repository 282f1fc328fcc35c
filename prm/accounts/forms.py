"""The shape of what people type about themselves, their colleagues and their portal."""

from __future__ import annotations

from typing import Any
from zoneinfo import available_timezones

from babel.numbers import get_currency_name
from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import get_language, to_locale
from django.utils.translation import gettext_lazy as _

from prm.accounts.models import User, VendorProfile
from prm.accounts.roles import PARTNER_ROLES, VENDOR_ROLES, Role
from prm.accounts.text import no_control_characters
from prm.accounts.vendors import SETTINGS, fingerprint
from prm.events.refusals import DomainError
from prm.money.amounts import currencies
from prm.ui.forms import PortalForm, PortalModelForm
from prm.ui.widgets import ChoiceCards, Segments, Switch

ROLE_HINTS = {
    Role.ADMIN: _("Everything: people, rules, brand, and all decisions."),
    Role.CHANNEL_MANAGER: _("Decides on registrations, requests and applications."),
    Role.FINANCE: _("Approves and pays claims, sees the ledger."),
    Role.EXECUTIVE: _("Reads everything, changes nothing."),
    Role.PARTNER_ADMIN: _("Invites colleagues, signs agreements, sees everything of the firm."),
    Role.PARTNER_SALES: _("Registers deals and writes quotes."),
    Role.PARTNER_MARKETING: _("Requests funds and claims them."),
}


def roles_for(*, is_partner: bool) -> list[tuple[str, Any]]:
    """Return the roles somebody at a vendor, or at a partner, can have."""
    wanted = PARTNER_ROLES if is_partner else VENDOR_ROLES
    return [(role.value, role.label) for role in Role if role in wanted]


def time_zones() -> list[tuple[str, str]]:
    """Return the zones by name, without the short and historic ones."""
    areas = ("Africa/", "America/", "Antarctica/", "Arctic/", "Asia/", "Atlantic/", "Australia/", "Europe/", "Indian/")
    names = [name for name in available_timezones() if name.startswith((*areas, "Pacific/")) or name == "UTC"]
    return [(name, name.replace("_", " ")) for name in sorted(names)]


class RefusableMixin:
    """A form that can show why a service said no."""

    def refuse(self, refusal: DomainError, field: str | None = None) -> None:
        self.add_error(field, refusal.sentence)  # type: ignore[attr-defined]


class InvitationForm(RefusableMixin, PortalForm):
    """Whom to invite, and as what."""

    name = forms.CharField(label=_("Name"), max_length=120, validators=[no_control_characters])
    email = forms.EmailField(label=_("Work e-mail"), max_length=254, validators=[no_control_characters])
    role = forms.ChoiceField(label=_("Role"), widget=ChoiceCards(hints=ROLE_HINTS))

    def __init__(self, *args: Any, is_partner: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = roles_for(is_partner=is_partner)  # type: ignore[attr-defined]
        self.fields["name"].widget.attrs["autocomplete"] = "off"
        self.fields["email"].widget.attrs["autocomplete"] = "off"

    def clean_email(self) -> str:
        return self.cleaned_data["email"].lower()


class RoleForm(RefusableMixin, PortalForm):
    """Another role for somebody."""

    role = forms.ChoiceField(label=_("Role"), widget=ChoiceCards(hints=ROLE_HINTS))

    def __init__(self, *args: Any, is_partner: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = roles_for(is_partner=is_partner)  # type: ignore[attr-defined]


class NewLoginForm(RefusableMixin, PortalForm):
    """What somebody without a login chooses when accepting an invitation."""

    name = forms.CharField(
        label=_("Your name"),
        max_length=120,
        validators=[no_control_characters],
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    password = forms.CharField(
        label=_("Password"),
        strip=False,
        max_length=1000,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("At least 10 characters. A few words you remember are better than one with symbols."),
    )

    def __init__(self, *args: Any, email: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.email = email

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if password := cleaned.get("password"):
            try:
                validate_password(password, User(email=self.email, name=cleaned.get("name", "")))
            except forms.ValidationError as error:
                self.add_error("password", error)
        return cleaned


class PreferencesForm(PortalModelForm):
    """How somebody wants the portal to speak to them; the last two are kept by the browser."""

    theme = forms.ChoiceField(
        label=_("Appearance"),
        choices=[("", _("System")), ("light", _("Light")), ("dark", _("Dark"))],
        required=False,
        widget=Segments,
    )
    density = forms.ChoiceField(
        label=_("Density"),
        choices=[("", _("Comfortable")), ("compact", _("Compact"))],
        required=False,
        widget=Segments,
        help_text=_("Appearance and density are kept in this browser."),
    )
    marks_optional = False

    class Meta:
        model = User
        fields = ["name", "language", "time_zone", "has_shortcuts"]
        widgets = {"has_shortcuts": Switch}
        help_texts = {
            "has_shortcuts": _("J and K move in lists, A approves, Z undoes. They never work while you type.")
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].validators.append(no_control_characters)
        language = [("", _("As the browser asks")), *settings.LANGUAGES]
        self.fields["language"] = forms.ChoiceField(label=_("Language"), choices=language, required=False)
        zones = [("", _("As the vendor's")), *time_zones()]
        if self.instance.time_zone and self.instance.time_zone not in dict(zones):
            zones.append((self.instance.time_zone, self.instance.time_zone))
        self.fields["time_zone"] = forms.ChoiceField(label=_("Time zone"), choices=zones, required=False)


class BrandForm(RefusableMixin, PortalModelForm):
    """A vendor's look, calendar, currency and rules of entry."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = VendorProfile
        fields = SETTINGS
        widgets = {
            "brand_color": forms.TextInput(attrs={"type": "color"}),
            "demands_second_factor": Switch,
            "lets_distributors_see_below": Switch,
        }
        labels = {
            "brand_color": _("Brand color"),
            "brand_tint": _("Tint of the grays"),
            "brand_radius": _("Roundness"),
            "support_email": _("Support e-mail"),
            "demands_second_factor": _("Everybody needs a second factor"),
            "lets_distributors_see_below": _("Distributors see the records of their resellers"),
        }
        help_texts = {
            "brand_color": _("Any color. Texts and buttons made from it stay readable, in light and dark."),
            "brand_tint": _("A hue from 0 to 360 that warms or cools the grays."),
            "brand_radius": _("Corners of buttons and fields, from 0 to 12 pixels."),
            "support_email": _("Shown to partners who need help with signing in."),
            "demands_second_factor": _("Whoever has none is led to set one up before anything else opens."),
            "lets_distributors_see_below": _("Resellers themselves never see their distributor's records."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["brand_color"] = forms.RegexField(
            r"^#[0-9a-fA-F]{6}$",
            label=self._meta.labels["brand_color"],
            help_text=self._meta.help_texts["brand_color"],
            error_messages={"invalid": _("Write a color like #0e6c86.")},
            widget=forms.TextInput(attrs={"type": "color", "data-brand": "color"}),
        )
        for name, highest, part in (("brand_tint", 360, "tint"), ("brand_radius", 12, "radius")):
            self.fields[name] = forms.IntegerField(
                label=self._meta.labels[name],
                help_text=self._meta.help_texts[name],
                min_value=0,
                max_value=highest,
                widget=forms.NumberInput(attrs={"data-brand": part}),
            )
        self.fields["time_zone"] = forms.ChoiceField(label=_("Time zone"), choices=time_zones())
        self.fields["language"] = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
        self.fields["currency"] = forms.ChoiceField(label=_("Currency"), choices=_currency_choices())
        self.initial["seen"] = fingerprint(self.instance)


def _currency_choices() -> list[tuple[str, str]]:
    locale = to_locale(get_language() or "en")
    return [(code, f"{code} – {get_currency_name(code, locale=locale)}") for code in sorted(currencies())]
