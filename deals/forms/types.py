"""What a vendor's administrator types about a type of registration."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.validators import MaxValueValidator
from django.utils.translation import gettext_lazy as _

from deals.models import RegistrationType
from deals.services import types
from prm.accounts.text import no_control_characters
from prm.ui.forms import PortalForm
from prm.ui.widgets import Switch

PLAIN = [no_control_characters]


class TypeForm(PortalForm):
    """A type; `seen` says which version of it the person started from."""

    kept: RegistrationType | None = None

    name = forms.CharField(label=_("Name"), max_length=60, validators=PLAIN)
    code = forms.SlugField(
        label=_("Code"), max_length=40, help_text=_("Short and lasting, for rules and files: letters, digits, -.")
    )
    summary = forms.CharField(
        label=_("Summary"),
        max_length=120,
        required=False,
        validators=PLAIN,
        help_text=_("A few words below the name, where partners choose."),
    )
    position = forms.IntegerField(
        label=_("Position"),
        min_value=0,
        required=False,
        validators=[MaxValueValidator(9999)],
        help_text=_("Types are listed by this number. Without one, this type comes last."),
    )
    is_active = forms.BooleanField(label=_("Partners can choose it"), required=False, initial=True, widget=Switch)
    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)

    @classmethod
    def of(cls, found: RegistrationType, posted: Any = None) -> TypeForm:
        """Return the form of a type, whose code stays, with what is kept or what was typed over it."""
        kept = {name: getattr(found, name) for name in types.VALUES}
        form = cls(
            posted, initial={**kept, "name": found.label, "summary": found.hint, "seen": types.fingerprint(found)}
        )
        del form.fields["code"]
        form.kept = found
        return form

    @property
    def values(self) -> dict[str, Any]:
        """Return what was typed; words that the product came with stay as they are, in each reader's language."""
        values = {name: self.cleaned_data[name] for name in types.VALUES}
        if self.kept and values["name"] == self.kept.label:
            values["name"] = self.kept.name
        if self.kept and values["summary"] == self.kept.hint:
            values["summary"] = self.kept.summary
        return values

    def start_over_from(self, found: RegistrationType) -> None:
        """Let the next attempt replace what is kept now."""
        self.data: Any = self.data.copy()
        self.data["seen"] = types.fingerprint(found)
