"""Who gets how much of a fund: one partner, some tiers, everybody, or a pasted list."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from mdf.models import FundProgram
from mdf.queries import funds as queries
from mdf.services.allocations import Grant
from partners.models import Partner, Tier
from prm.accounts.text import no_control_characters, no_control_characters_but_lines
from prm.money import Money, split
from prm.money.forms import AmountField
from prm.tenancy.fields import uuid7
from prm.ui.forms import PortalForm
from prm.ui.widgets import ChoiceCards, Ticks

ONE, TIERS, LIST = "one", "tiers", "list"
EACH, TOGETHER = "each", "together"
HOW_MANY_LINES = 500


class SourceForm(PortalForm):
    """A form that moves money once, however often it is sent."""

    source = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["source"].initial = uuid7

    @property
    def cause(self) -> UUID:
        """Return what names this movement."""
        return self.cleaned_data.get("source") or uuid7()


class AllocationForm(SourceForm):
    """The partners and the amount; a list brings an amount for each partner."""

    marks_optional = False

    to = forms.ChoiceField(
        label=_("Who gets it"),
        choices=[(ONE, _("One partner")), (TIERS, _("Partners by tier")), (LIST, _("A list with amounts"))],
        initial=ONE,
    )
    partner = forms.ModelChoiceField(
        label=_("Partner"),
        queryset=Partner.across_tenants.none(),
        required=False,
        empty_label=_("Choose a partner"),
        help_text=_("For “One partner”. Only partners the fund is for are offered."),
    )
    tiers = forms.MultipleChoiceField(
        label=_("Tiers"), required=False, widget=Ticks, help_text=_("For “Partners by tier”. None ticked means all.")
    )
    split = forms.ChoiceField(
        label=_("How it is meant"),
        choices=[(EACH, _("Each of them gets the amount")), (TOGETHER, _("They share the amount equally"))],
        initial=EACH,
        widget=forms.RadioSelect,
    )
    lines = forms.CharField(
        label=_("List"),
        required=False,
        max_length=60_000,
        widget=forms.Textarea(attrs={"rows": 6, "spellcheck": "false"}),
        validators=[no_control_characters_but_lines],
        help_text=_(
            "For “A list with amounts”: a partner and an amount on each line, with a semicolon or tab between."
        ),
    )

    def __init__(self, *args: Any, fund: FundProgram, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fund, self.today = fund, today
        self.fields["to"].widget = ChoiceCards(
            hints={
                ONE: _("A share for a single partner."),
                TIERS: _("All partners that the fund is for, or those of some tiers."),
                LIST: _("Pasted from a spreadsheet."),
            },
            columns=3,
        )
        self.fields["to"].widget.choices = self.fields["to"].choices
        self.eligible = queries.eligible_partners(fund, today)
        pks = [partner.pk for partner in self.eligible]
        self.fields["partner"].queryset = Partner.objects.filter(pk__in=pks).order_by("name")
        tiers = Tier.objects.filter(program__is_active=True, is_offered=True).order_by("-rank")
        self.fields["tiers"].choices = [(str(tier.pk), tier.name) for tier in tiers]
        if not tiers:
            del self.fields["tiers"]
        self.fields["amount"] = AmountField(
            label=_("Amount, %(currency)s") % {"currency": fund.currency}, currency=fund.currency, required=False
        )
        self.order_fields(["source", "to", "partner", "tiers", "amount", "split", "lines"])
        self.grants: list[Grant] = []

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        match cleaned.get("to"):
            case "one":
                self._one(cleaned)
            case "tiers":
                self._tiers(cleaned)
            case "list":
                self._list(cleaned.get("lines") or "")
        return cleaned

    def _amount(self, cleaned: dict[str, Any]) -> Decimal | None:
        amount = cleaned.get("amount")
        if not amount and "amount" not in self.errors:
            self.add_error("amount", _("Enter an amount above zero."))
        return amount or None

    def _one(self, cleaned: dict[str, Any]) -> None:
        amount, partner = self._amount(cleaned), cleaned.get("partner")
        if partner is None and "partner" not in self.errors:
            self.add_error("partner", _("Choose the partner that gets it."))
        if amount and partner:
            self.grants = [Grant(partner, amount)]

    def _tiers(self, cleaned: dict[str, Any]) -> None:
        amount = self._amount(cleaned)
        wanted = [UUID(pk) for pk in cleaned.get("tiers") or []]
        partners = queries.eligible_partners(self.fund, self.today, tiers=wanted)
        if not partners:
            self.add_error("to", _("No active partner of these tiers is one the fund is for."))
        elif amount:
            self.grants = granted(partners, Money(amount, self.fund.currency), is_each=cleaned.get("split") == EACH)

    def _list(self, text: str) -> None:
        by_name = {partner.name.casefold().strip(): partner for partner in self.eligible}
        grants, problems = read_list(text, by_name, self.fields["amount"])
        if not grants and not problems:
            problems = [str(_("Paste at least one line with a partner and an amount."))]
        for problem in problems[:10]:
            self.add_error("lines", problem)
        self.grants = grants


def granted(partners: Sequence[Partner], amount: Money, *, is_each: bool) -> list[Grant]:
    """Return what each partner gets: the amount, or an equal part of it that adds up to the last cent."""
    if is_each:
        return [Grant(partner, amount.amount) for partner in partners]
    parts = split(amount, [1] * len(partners))
    return [Grant(partner, part.amount) for partner, part in zip(partners, parts, strict=True) if part.amount]


def read_list(text: str, by_name: dict[str, Partner], field: forms.Field) -> tuple[list[Grant], list[str]]:
    """Read lines of a partner's name and an amount; what cannot be read is said with its line."""
    grants: dict[UUID, Grant] = {}
    problems: list[str] = []
    for number, cells in _cells(text):
        partner = by_name.get(cells[0].casefold())
        if partner is None:
            problems.append(
                _("Line %(number)s: no partner that the fund is for is called “%(name)s”.")
                % {"number": number, "name": cells[0][:80]}
            )
            continue
        if partner.pk in grants:
            problems.append(_("Line %(number)s: %(name)s is there twice.") % {"number": number, "name": partner.name})
            continue
        try:
            amount = field.clean(cells[1] if len(cells) > 1 else "")
        except forms.ValidationError as error:
            problems.append(_("Line %(number)s: %(problem)s") % {"number": number, "problem": error.messages[0]})
            continue
        if amount:
            grants[partner.pk] = Grant(partner, amount)
        else:
            problems.append(_("Line %(number)s: the amount is missing.") % {"number": number})
    return list(grants.values()), problems


def _cells(text: str) -> Iterable[tuple[int, list[str]]]:
    for number, line in enumerate(text.splitlines()[:HOW_MANY_LINES], 1):
        if not line.strip():
            continue
        delimiter = "\t" if "\t" in line else ";"
        cells = [cell.strip() for cell in next(csv.reader([line], delimiter=delimiter), [""])]
        yield number, cells


def summary(grants: Sequence[Grant]) -> str:
    """Return how many partners get something."""
    count = len(grants)
    return ngettext("%(count)s partner", "%(count)s partners", count) % {"count": count}


class ReasonedForm(SourceForm):
    """A movement with a reason that the partner reads."""

    note = forms.CharField(
        label=_("Reason"), max_length=500, validators=[no_control_characters], help_text=_("The partner reads it.")
    )

    def __init__(self, *args: Any, fund: FundProgram, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["amount"] = AmountField(
            label=_("Amount, %(currency)s") % {"currency": fund.currency}, currency=fund.currency
        )
        self.order_fields(["source", "way", "partner", "amount", "until", "note"])

    def clean_amount(self) -> Decimal:
        amount = self.cleaned_data["amount"]
        if not amount:
            raise forms.ValidationError(_("Enter an amount above zero."))
        return amount

    @property
    def facts(self) -> dict[str, Any]:
        return {"note": self.cleaned_data["note"], "source": self.cause}


class AdjustmentForm(ReasonedForm):
    """More for a partner, or less."""

    way = forms.ChoiceField(
        label=_("What happens"),
        choices=[("more", _("Give more")), ("less", _("Take back"))],
        initial="more",
        widget=forms.RadioSelect,
    )

    @property
    def change(self) -> Decimal:
        amount = self.cleaned_data["amount"]
        return amount if self.cleaned_data["way"] == "more" else -amount


class TransferForm(ReasonedForm):
    """From one partner to another."""

    partner = forms.ModelChoiceField(
        label=_("To"), queryset=Partner.across_tenants.none(), empty_label=_("Choose a partner")
    )

    def __init__(self, *args: Any, fund: FundProgram, today: date, but: UUID, **kwargs: Any) -> None:
        super().__init__(*args, fund=fund, **kwargs)
        pks = [partner.pk for partner in queries.eligible_partners(fund, today) if partner.pk != but]
        self.fields["partner"].queryset = Partner.objects.filter(pk__in=pks).order_by("name")


class ReinstatementForm(ReasonedForm):
    """Lapsed money, given back until a day."""

    until = forms.DateField(label=_("To be used until"), widget=forms.DateInput)
