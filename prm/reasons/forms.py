"""What an administrator types about a reason."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.validators import MaxValueValidator
from django.utils.translation import gettext_lazy as _

from prm.accounts.text import no_control_characters
from prm.policies.models import ReasonCode
from prm.reasons import services
from prm.ui.forms import PortalForm
from prm.ui.widgets import Switch


class ReasonForm(PortalForm):
    """A reason; `seen` says which version of it the person started from."""

    kept: ReasonCode | None = None

    label = forms.CharField(
        label=_("In words"),
        max_length=120,
        validators=[no_control_characters],
        help_text=_("Whoever decides chooses it, and whoever is told reads it."),
    )
    code = forms.SlugField(
        label=_("Code"), max_length=40, help_text=_("Short and lasting, for rules and files: letters, digits, -.")
    )
    position = forms.IntegerField(
        label=_("Position"),
        min_value=0,
        required=False,
        validators=[MaxValueValidator(9999)],
        help_text=_("Reasons are listed by this number. Without one, this reason comes last."),
    )
    is_active = forms.BooleanField(label=_("Can be chosen"), required=False, initial=True, widget=Switch)
    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)

    @classmethod
    def of(cls, found: ReasonCode, posted: Any = None) -> ReasonForm:
        """Return the form of a reason, whose code stays, with what is kept or what was typed over it."""
        kept = {name: getattr(found, name) for name in services.VALUES}
        form = cls(posted, initial={**kept, "label": str(found), "seen": services.fingerprint(found)})
        del form.fields["code"]
        form.kept = found
        return form

    @property
    def values(self) -> dict[str, Any]:
        """Return what was typed; words that the product came with stay as they are, in each reader's language."""
        values = {name: self.cleaned_data[name] for name in services.VALUES}
        if self.kept and values["label"] == str(self.kept):
            values["label"] = self.kept.label
        return values

    def start_over_from(self, found: ReasonCode) -> None:
        """Let the next attempt replace what is kept now."""
        self.data: Any = self.data.copy()
        self.data["seen"] = services.fingerprint(found)
