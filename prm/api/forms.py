"""What somebody says about a key."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from prm.accounts.forms import ROLE_HINTS, RefusableMixin, roles_for
from prm.accounts.roles import Role
from prm.accounts.text import no_control_characters
from prm.api.resources import AREAS, READ, WRITE
from prm.ui.forms import PortalForm
from prm.ui.widgets import ChoiceCards, Segments, Ticks

AREA_LABELS = {
    "partners": _("Partners and applications"),
    "deals": _("Deals, customers and direct business"),
    "mdf": _("Marketing funds"),
    "quotes": _("Quotes"),
}
DAYS = (30, 90, 365)
READS, WRITES = _("%(area)s: read"), _("%(area)s: add and change")


def scopes() -> list[tuple[str, str]]:
    """Return what a key can be allowed, in words."""
    return [(f"{area}:{way}", scope_label(area, way)) for area in AREAS for way in (READ, WRITE)]


def scope_label(area: str, way: str) -> str:
    """Return one thing a key can be allowed."""
    return str(READS if way == READ else WRITES) % {"area": AREA_LABELS[area]}


class KeyForm(RefusableMixin, PortalForm):
    """Which program, as what, and how much of the portal it opens."""

    name = forms.CharField(
        label=_("Name of the program"),
        max_length=80,
        validators=[no_control_characters],
        help_text=_("Timelines and the audit log say it: whatever comes in by this key is done by it."),
    )
    role = forms.ChoiceField(
        label=_("Role"), widget=ChoiceCards(hints=ROLE_HINTS), help_text=_("It may do what a person of this role may.")
    )
    scopes = forms.MultipleChoiceField(
        label=_("Opens"), choices=scopes, widget=Ticks, help_text=_("Choose as little as the program needs.")
    )
    days = forms.ChoiceField(label=_("Valid for"), widget=Segments, initial="90")

    def __init__(self, *args: Any, is_partner: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = roles_for(is_partner=is_partner)  # type: ignore[attr-defined]
        spans = [(str(days), ngettext_lazy("%(n)s day", "%(n)s days", days) % {"n": days}) for days in DAYS]
        self.fields["days"].choices = self.fields["days"].widget.choices = spans  # type: ignore[attr-defined]

    def facts(self, at: datetime) -> dict[str, Any]:
        """Return what `keys.make` asks for."""
        said = self.cleaned_data
        return {
            "name": said["name"],
            "role": Role(said["role"]),
            "scopes": said["scopes"],
            "expires_at": at + timedelta(days=int(said["days"])),
        }
