"""What is sent with the file of a programme."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from prm.accounts.forms import RefusableMixin
from prm.programme import yaml
from prm.programme.wording import unreadable
from prm.ui.forms import PortalForm


class BringForm(PortalForm):
    """A file; it has to be readable, what it says is looked at afterwards."""

    file = forms.FileField(
        label=gettext_lazy("File"), help_text=gettext_lazy("A .yaml file that was exported here or at another vendor.")
    )

    def clean_file(self) -> str:
        file = self.cleaned_data["file"]
        if file.size > yaml.LARGEST:
            raise forms.ValidationError(unreadable(yaml.Unreadable("large", most=yaml.LARGEST // 1_000_000)))
        try:
            text: str = file.read().decode("utf-8-sig")
            yaml.read(text)
        except UnicodeDecodeError:
            raise forms.ValidationError(_("This is no text in UTF-8.")) from None
        except yaml.Unreadable as error:
            raise forms.ValidationError(unreadable(error)) from None
        self.name = file.name
        return text


class TakeForm(RefusableMixin, PortalForm):
    """From which day the rules of the file apply; `mark` says which trial the person saw."""

    mark = forms.CharField(widget=forms.HiddenInput, required=False)
    effective_on = forms.DateField(
        label=gettext_lazy("Rules apply from"),
        help_text=gettext_lazy("What is decided already keeps its rules. Everything but rules changes at once."),
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, initial={"effective_on": today}, **kwargs)
        self.today = today

    def clean_effective_on(self) -> date:
        day: date = self.cleaned_data["effective_on"]
        if day < self.today:
            raise forms.ValidationError(_("Rules cannot apply from a day that is over."))
        return day
