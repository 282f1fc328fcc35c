"""Which period, and whose promises."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from prm.accounts.forms import RefusableMixin
from prm.accounts.models import Membership
from prm.accounts.roles import VENDOR_ROLES, Role
from prm.promises.settings import Shares
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


class TellingForm(RefusableMixin, PortalForm):
    """At which shares of a promised time who is told."""

    revision = forms.IntegerField(widget=forms.HiddenInput, required=False)
    warn_percent = forms.IntegerField(
        label=_("Warn those who decide at"),
        help_text=_("Percent of the promised time that passed without a decision."),
        min_value=1,
        max_value=100,
    )
    escalate_percent = forms.IntegerField(
        label=_("Tell their superiors at"),
        help_text=_("At 100 percent a decision is late."),
        min_value=1,
        max_value=100,
    )
    escalate_to = forms.ChoiceField(
        label=_("Their superiors are"),
        choices=[(role.value, role.label) for role in Role if role in VENDOR_ROLES],
        help_text=_("Everybody with this role, or all administrators while nobody has it."),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        warn, escalate = cleaned.get("warn_percent"), cleaned.get("escalate_percent")
        if warn and escalate and escalate < warn:
            self.add_error("escalate_percent", gettext("Those who decide are warned first: not below their share."))
        return cleaned

    @property
    def shares(self) -> Shares:
        """Return what was typed."""
        said = self.cleaned_data
        return Shares(said["warn_percent"], said["escalate_percent"], said["escalate_to"])
