"""What the kinds of activity and the funds are in the file of a vendor's programme; money stays where it is."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mdf.enums import FundStatus
from mdf.forms.funds import ActivityTypeForm
from mdf.models import ActivityType, FundProgram
from mdf.queries import funds as queries
from mdf.rules import funds as rules
from mdf.services import activity_types, funds
from partners.enums import PartnerType
from partners.models import Tier
from prm.money.amounts import currencies
from prm.programme.sections import Taking, rows


def _save(kind: ActivityType | None, form: ActivityTypeForm, taking: Taking) -> None:
    if kind is None:
        activity_types.add(form.values, by=taking.by, at=taking.at)
    else:
        activity_types.change(kind, form.values, version=kind.version, by=taking.by, at=taking.at)


rows(
    "activity_types",
    gettext_lazy("Kinds of marketing activity"),
    order=40,
    keys=("code",),
    values=("code", "name", "help", "proofs_all", "proofs_any", "is_active"),
    kept=lambda: list(ActivityType.objects.order_by("position", "code")),
    form=ActivityTypeForm,
    save=_save,
    ids=lambda: dict(ActivityType.objects.values_list("pk", "code")),
)


@dataclass(frozen=True)
class FundRow:
    """A fund as the file has it: its terms, but neither its budget nor what was spent of it."""

    fund: FundProgram
    tiers: tuple[str, ...]
    activity_types: tuple[str, ...]

    def __getattr__(self, name: str) -> Any:
        return getattr(self.fund, name)


class FundForm(forms.Form):
    """The terms of a fund. One that is open keeps what partners may have relied on."""

    kept: FundRow | None = None

    name = forms.CharField(max_length=120)
    summary = forms.CharField(max_length=300, required=False)
    currency = forms.RegexField("[A-Z]{3}")
    starts_on = forms.DateField(input_formats=["%Y-%m-%d"])
    ends_on = forms.DateField(input_formats=["%Y-%m-%d"])
    share_percent = forms.DecimalField(
        min_value=Decimal("0.01"), max_value=100, max_digits=5, decimal_places=2, initial=Decimal(50)
    )
    request_minimum = forms.DecimalField(min_value=0, max_digits=19, decimal_places=4, required=False)
    request_maximum = forms.DecimalField(min_value=0, max_digits=19, decimal_places=4, required=False)
    lead_days = forms.IntegerField(min_value=0, max_value=365, initial=14)
    claim_days = forms.IntegerField(min_value=1, max_value=730, initial=60)
    tiers = forms.MultipleChoiceField(required=False)
    partner_types = forms.MultipleChoiceField(choices=PartnerType.choices, required=False)
    activity_types = forms.MultipleChoiceField(required=False)

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        self.tiers = dict(Tier.objects.filter(program__is_active=True).values_list("name", "pk"))
        self.kinds = dict(ActivityType.objects.values_list("code", "pk"))
        self.fields["tiers"].choices = [(name, name) for name in self.tiers]  # type: ignore[attr-defined]
        self.fields["activity_types"].choices = [(code, code) for code in self.kinds]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        first, last = cleaned.get("starts_on"), cleaned.get("ends_on")
        if first and last and last < first:
            self.add_error("ends_on", _("The last day is before the first."))
        least, most = cleaned.get("request_minimum"), cleaned.get("request_maximum")
        if least is not None and most is not None and most < least:
            self.add_error("request_maximum", _("The largest request is smaller than the smallest."))
        code = cleaned.get("currency")
        if code and code not in currencies():
            self.add_error("currency", _("“%(code)s” is no currency in use.") % {"code": code})
        fund = self.kept.fund if self.kept else None
        if fund and not self.errors:
            allowed, values = rules.changeable(FundStatus(fund.status)), self.values
            if any(getattr(fund, name) != value for name, value in values.items() if name not in allowed):
                self.add_error(None, _("This fund is open: not all of it can change any more."))
        return cleaned

    @property
    def values(self) -> dict[str, Any]:
        """Return the fields of the fund."""
        said = {name: self.cleaned_data[name] for name in self.fields if name not in ("tiers", "activity_types")}
        tiers: list[UUID] = [self.tiers[name] for name in self.cleaned_data["tiers"]]
        return said | {
            "tier_ids": tiers,
            "activity_type_ids": [self.kinds[code] for code in self.cleaned_data["activity_types"]],
        }


def _funds() -> list[FundRow]:
    """Return the funds that are not over."""
    tiers = dict(Tier.objects.values_list("pk", "name"))
    kinds = dict(ActivityType.objects.values_list("pk", "code"))
    rows = FundProgram.objects.exclude(status=FundStatus.CLOSED).order_by("starts_on", "name")
    return [
        FundRow(
            fund,
            tuple(tiers[pk] for pk in fund.tier_ids if pk in tiers),
            tuple(kinds[pk] for pk in fund.activity_type_ids if pk in kinds),
        )
        for fund in rows
    ]


def _save_fund(row: FundRow | None, form: FundForm, taking: Taking) -> None:
    if row is None:
        funds.draft(form.values, Decimal(0), by=taking.by, at=taking.at)
    else:
        budget = queries.budget_of(row.fund)
        funds.change(row.fund, form.values, budget, version=row.fund.version, by=taking.by, at=taking.at)


rows(
    "funds",
    gettext_lazy("Marketing funds"),
    order=58,
    keys=("name",),
    values=(
        *("name", "summary", "currency", "starts_on", "ends_on", "share_percent", "request_minimum"),
        *("request_maximum", "lead_days", "claim_days", "tiers", "partner_types", "activity_types"),
    ),
    kept=_funds,
    form=FundForm,
    save=_save_fund,
    ids=lambda: dict(FundProgram.objects.values_list("pk", "name")),
)
