"""Which period, and whose promises."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from prm.accounts.models import Membership
from prm.ui.forms import PortalForm

USUAL = timedelta(days=89)
LONGEST = timedelta(days=3 * 366)


class PeriodForm(PortalForm):
    """From one day to another, both included; for the vendor also one partner's. What is mistaken is left out."""

    marks_optional = False

    since = forms.DateField(label=_("From"), required=False)
    until = forms.DateField(label=_("Until"), required=False)
    partner = forms.ChoiceField(label=_("Partner"), required=False)

    def __init__(self, asked: QueryDict, *, member: Membership, today: date) -> None:
        shown: dict[str, Any] = asked.dict()
        super().__init__(shown)
        self.today = today
        if member.is_partner:
            del self.fields["partner"]
        else:
            rows = Membership.objects.exclude(partner_id=None).order_by("firm", "partner_path")
            choices = dict(rows.values_list("partner_path", "firm"))
            self.fields["partner"].choices = [("", _("All")), *choices.items()]  # type: ignore[attr-defined]
        self.is_valid()
        shown["since"], shown["until"] = (day.isoformat() for day in self.period)  # what is counted is what is shown

    @property
    def period(self) -> tuple[date, date]:
        """Return the first and the last day: what was asked for, or the last ninety days."""
        until = min(self.cleaned_data.get("until") or self.today, self.today)
        since = self.cleaned_data.get("since") or until - USUAL
        return max(min(since, until), until - LONGEST), until

    @property
    def partner_path(self) -> str:
        return str(self.cleaned_data.get("partner") or "")
