"""Small forms of what can be done with a request."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from prm.accounts.text import no_control_characters_but_lines
from prm.ui.forms import PortalForm

TEXT: dict[str, Any] = {
    "max_length": 2000,
    "widget": forms.Textarea,
    "validators": [no_control_characters_but_lines],
}


class NoteForm(PortalForm):
    """A note that may be empty."""

    note = forms.CharField(label=_("Note"), required=False, **TEXT)


class AnswerForm(PortalForm):
    """The answer to a question, beside the fields that reopened."""

    answer = forms.CharField(label=_("Your answer"), **TEXT)
