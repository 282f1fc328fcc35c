"""Small forms of what can be done with a claim or its deadline."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from mdf.forms.actions import TEXT
from prm.ui.forms import PortalForm


class ExtensionForm(PortalForm):
    """Why the deadline should be later."""

    reason = forms.CharField(
        label=_("Why do you need more time?"),
        help_text=_("What is missing, and when will it be there? The channel manager decides on this."),
        **TEXT,
    )
