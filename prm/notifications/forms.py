"""How a person wants to be told, for all kinds at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from prm.notifications.kinds import Kind
from prm.notifications.models import Channel
from prm.notifications.services import Choice
from prm.ui.forms import PortalForm


class ChoicesForm(PortalForm):
    """Two fields for each kind; their names are the kind's code with a suffix."""

    marks_optional = False

    def __init__(self, data: Any, *, kinds: Iterable[Kind], chosen: Mapping[str, Choice]) -> None:
        super().__init__(data)
        self.kinds = list(kinds)
        for kind in self.kinds:
            now = chosen.get(kind.code, Choice(True, kind.default))
            self.fields[f"{kind.code}:portal"] = forms.BooleanField(
                label=_("In the portal"), required=False, initial=now.in_portal
            )
            self.fields[f"{kind.code}:email"] = forms.ChoiceField(
                label=_("By e-mail"), choices=Channel.choices, initial=now.by_email
            )

    @property
    def rows(self) -> list[dict[str, Any]]:
        """One row for each kind: its label and its two fields."""
        return [
            {"kind": kind, "portal": self[f"{kind.code}:portal"], "email": self[f"{kind.code}:email"]}
            for kind in self.kinds
        ]

    @property
    def choices(self) -> dict[str, Choice]:
        """What was chosen, by the code of each kind."""
        return {
            kind.code: Choice(
                self.cleaned_data[f"{kind.code}:portal"], Channel(self.cleaned_data[f"{kind.code}:email"])
            )
            for kind in self.kinds
        }
