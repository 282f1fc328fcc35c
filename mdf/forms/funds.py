"""What is typed to set up a fund and the kinds of activity it pays for."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from mdf.enums import FundStatus, ProofKind
from mdf.models import ActivityType, FundProgram
from mdf.queries import funds as queries
from mdf.rules import funds as rules
from mdf.rules.terms import Terms
from mdf.services import activity_types
from partners.enums import PartnerType
from partners.models import Tier
from prm.accounts.text import no_control_characters
from prm.money import Money
from prm.money.amounts import currencies
from prm.money.forms import AmountField, MoneyField
from prm.ui.forms import PortalForm
from prm.ui.widgets import Switch, Ticks

PLAIN = [no_control_characters]
USUAL = ("EUR", "USD", "GBP", "CHF", "JPY", "KWD")


class FundForm(PortalForm):
    """A fund; once it is open, only what was promised to nobody can change."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    name = forms.CharField(label=_("Name"), max_length=120, validators=PLAIN)
    summary = forms.CharField(
        label=_("Summary"),
        max_length=300,
        required=False,
        validators=PLAIN,
        help_text=_("One line that tells partners what the money is for."),
    )
    starts_on = forms.DateField(label=_("First day"), widget=forms.DateInput)
    ends_on = forms.DateField(
        label=_("Last day"), widget=forms.DateInput, help_text=_("What is not used by then lapses.")
    )
    share_percent = forms.DecimalField(
        label=_("Share of the costs in percent"),
        min_value=Decimal("0.01"),
        max_value=Decimal(100),
        max_digits=5,
        decimal_places=2,
        help_text=_("A tier with a higher share gets its own."),
    )
    lead_days = forms.IntegerField(label=_("Days of notice before an activity"), min_value=0, max_value=365)
    claim_days = forms.IntegerField(label=_("Days to claim after an activity"), min_value=1, max_value=730)
    tier_ids = forms.MultipleChoiceField(label=_("Tiers"), required=False, widget=Ticks)
    partner_types = forms.MultipleChoiceField(
        label=_("Partner types"), choices=PartnerType.choices, required=False, widget=Ticks
    )
    activity_type_ids = forms.MultipleChoiceField(label=_("Kinds of activity"), required=False, widget=Ticks)

    def __init__(self, posted: Any = None, *, fund: FundProgram | None, currency: str, terms: Terms) -> None:
        status = FundStatus(fund.status) if fund else FundStatus.DRAFT
        self.fund, chosen = fund, fund.currency if fund else currency
        initial = _kept(fund) if fund else _first(terms)
        super().__init__(posted, initial=initial)
        budget = Money(queries.budget_of(fund), chosen) if fund else None
        offered = [chosen] if fund and not fund.is_draft else _offered(chosen)
        self.fields["budget"] = MoneyField(label=_("Budget"), offered=offered, initial=budget or [chosen, ""])
        for name, label in (("request_minimum", _("Smallest request")), ("request_maximum", _("Largest request"))):
            self.fields[name] = AmountField(
                label=label, currency=chosen, required=False, help_text=_("The vendor's share, in the fund's currency.")
            )
        self.fields["tier_ids"].choices = [
            (str(tier.pk), tier.name)
            for tier in Tier.objects.filter(program__is_active=True, is_offered=True).order_by("-rank")
        ]
        kinds = queries.activity_types()
        self.fields["activity_type_ids"].choices = [(str(kind.pk), kind.label) for kind in kinds]
        for name in ("tier_ids", "partner_types", "activity_type_ids"):
            self.fields[name].help_text = _("None ticked means all.")
        allowed = {*rules.changeable(status), "budget", "version"}
        for name in [name for name in self.fields if name not in allowed]:
            del self.fields[name]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        first = cleaned.get("starts_on") or (self.fund.starts_on if self.fund else None)
        last = cleaned.get("ends_on")
        if first and last and last < first:
            self.add_error("ends_on", _("The last day is before the first."))
        least, most = cleaned.get("request_minimum"), cleaned.get("request_maximum")
        if least is not None and most is not None and most < least:
            self.add_error("request_maximum", _("The largest request is smaller than the smallest."))
        return cleaned

    @property
    def values(self) -> dict[str, Any]:
        """Return the fund's columns as they were typed."""
        found = {name: self.cleaned_data[name] for name in rules.FIELDS if name in self.cleaned_data}
        for name in ("tier_ids", "activity_type_ids"):
            if name in found:
                found[name] = [UUID(pk) for pk in found[name]]
        if "starts_on" in found:
            found["currency"] = self.cleaned_data["budget"].currency
        return found

    @property
    def budget(self) -> Decimal:
        return self.cleaned_data["budget"].amount


def _offered(first: str) -> list[str]:
    rest = [code for code in USUAL if code != first]
    return [first, *rest, *sorted(currencies() - {first, *rest})]


def _kept(fund: FundProgram) -> dict[str, Any]:
    kept = {name: getattr(fund, name) for name in rules.FIELDS}
    kept |= {name: [str(pk) for pk in kept[name]] for name in ("tier_ids", "activity_type_ids")}
    return {**kept, "version": fund.version}


def _first(terms: Terms) -> dict[str, Any]:
    return {
        "share_percent": terms.share_percent,
        "lead_days": terms.lead_days,
        "claim_days": terms.claim_days,
    }


class ActivityTypeForm(PortalForm):
    """A kind of activity and the documents that prove it."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    name = forms.CharField(label=_("Name"), max_length=120, validators=PLAIN)
    code = forms.SlugField(
        label=_("Code"), max_length=40, help_text=_("Short and lasting, for files and the API: letters, digits, -.")
    )
    help = forms.CharField(label=_("What it may pay for"), max_length=300, required=False, validators=PLAIN)
    proofs_all = forms.MultipleChoiceField(
        label=_("All of these are needed"), choices=ProofKind.choices, required=False, widget=Ticks
    )
    proofs_any = forms.MultipleChoiceField(
        label=_("At least one of these is needed"), choices=ProofKind.choices, required=False, widget=Ticks
    )
    is_active = forms.BooleanField(label=_("Partners can choose it"), required=False, initial=True, widget=Switch)

    @classmethod
    def of(cls, kind: ActivityType | None, posted: Any = None) -> ActivityTypeForm:
        """Return the form with what is kept, or with what was typed over it."""
        if kind is None:
            return cls(posted)
        kept = {name: getattr(kind, name) for name in activity_types.FIELDS}
        return cls(posted, initial={**kept, "version": kind.version})

    @property
    def values(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in activity_types.FIELDS}


class TermsForm(PortalForm):
    """The next version of the terms; amounts are in the fund's currency."""

    lead_days = forms.IntegerField(label=_("Days of notice before an activity"), min_value=0, max_value=365)
    decision_business_days = forms.IntegerField(
        label=_("Business days to a decision"), min_value=1, max_value=60, help_text=_("What partners are promised.")
    )
    answer_days = forms.IntegerField(
        label=_("Days to answer a question"), min_value=1, max_value=90, help_text=_("Then the request is withdrawn.")
    )
    appeal_days = forms.IntegerField(
        label=_("Days to appeal a decision"), min_value=0, max_value=366, help_text=_("With 0 nobody can appeal.")
    )
    appeal_business_days = forms.IntegerField(
        label=_("Business days to decide about an appeal"), min_value=1, max_value=60
    )
    claim_days = forms.IntegerField(label=_("Days to claim after an activity"), min_value=1, max_value=730)
    first_claim_days = forms.IntegerField(label=_("More days for a partner’s first claim"), min_value=0, max_value=365)
    extension_days = forms.IntegerField(
        label=_("Days of an extension"), min_value=1, max_value=365, help_text=_("A partner may ask once.")
    )
    payment_days = forms.IntegerField(
        label=_("Days to a payment"), min_value=1, max_value=365, help_text=_("From the approval of the claim.")
    )
    share_percent = forms.DecimalField(
        label=_("Share of the costs in percent"),
        min_value=Decimal("0.01"),
        max_value=Decimal(100),
        max_digits=5,
        decimal_places=2,
        help_text=_("What a new fund starts with."),
    )
    one_approver_to = forms.DecimalField(
        label=_("One approval is enough up to"),
        min_value=Decimal(0),
        max_digits=15,
        decimal_places=2,
        required=False,
        help_text=_("In the fund's currency. Without a limit one is always enough."),
    )
    finance_above = forms.DecimalField(
        label=_("Finance approves too, above"),
        min_value=Decimal(0),
        max_digits=15,
        decimal_places=2,
        required=False,
        help_text=_("In the fund's currency. Without a limit finance is never asked."),
    )

    @classmethod
    def of(cls, terms: Terms, posted: Any = None) -> TermsForm:
        return cls(posted, initial={name: getattr(terms, name) for name in cls.base_fields})

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        first, second = cleaned.get("one_approver_to"), cleaned.get("finance_above")
        if first is not None and second is not None and second < first:
            self.add_error("finance_above", _("Finance comes after the second approver: enter the higher limit here."))
        return cleaned

    def terms(self, base: Terms) -> Terms:
        """Return the terms with what was typed; what the form does not show stays."""
        return Terms.from_body({**base.body(), **self.cleaned_data})


class PublicationForm(PortalForm):
    """The first day of the next version."""

    effective_on = forms.DateField(label=_("Apply from"), widget=forms.DateInput)

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["effective_on"].initial = today
