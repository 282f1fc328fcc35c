"""What is typed about an absence."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from prm.accounts.forms import RefusableMixin
from prm.accounts.models import Membership
from prm.ui.forms import PortalForm

LONGEST = 366  # days; who is away for longer has left


class AbsenceForm(RefusableMixin, PortalForm):
    """From when to when somebody is away, and who stands in; administrators say it for others too."""

    member = forms.ChoiceField(label=gettext_lazy("Who is away"))
    stand_in = forms.ChoiceField(label=gettext_lazy("Who stands in"))
    starts_on = forms.DateField(label=gettext_lazy("First day"), widget=forms.DateInput)
    ends_on = forms.DateField(label=gettext_lazy("Last day"), widget=forms.DateInput)

    def __init__(
        self, *args: Any, member: Membership, staff: Sequence[Membership], for_others: bool, today: date, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.own, self.today = member, today
        self.staff = {str(each.pk): each for each in staff}
        choices = [(str(each.pk), f"{each.user.name} ({each.get_role_display()})") for each in staff]
        self.fields["member"].choices = choices  # type: ignore[attr-defined]
        self.fields["member"].initial = str(member.pk)
        if not for_others:
            del self.fields["member"]
            choices = [choice for choice in choices if choice[0] != str(member.pk)]
        self.fields["stand_in"].choices = [("", _("Choose a colleague")), *choices]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        starts_on, ends_on = cleaned.get("starts_on"), cleaned.get("ends_on")
        if ends_on and ends_on < self.today:
            self.add_error("ends_on", _("This day is over."))
        elif starts_on and ends_on and ends_on < starts_on:
            self.add_error("ends_on", _("The last day is before the first."))
        elif starts_on and ends_on and (ends_on - starts_on).days >= LONGEST:
            self.add_error("ends_on", _("This is longer than a year."))
        if cleaned.get("stand_in") and cleaned["stand_in"] == cleaned.get("member", str(self.own.pk)):
            self.add_error("stand_in", _("Choose somebody else: nobody stands in for themselves."))
        return cleaned

    @property
    def absence(self) -> dict[str, Any]:
        """Return the absence as it was typed."""
        said = self.cleaned_data
        away = self.staff[said["member"]] if "member" in said else self.own
        days = {name: said[name] for name in ("starts_on", "ends_on")}
        return {"member": away, "stand_in": self.staff[said["stand_in"]], **days}
