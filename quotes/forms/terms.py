"""What an administrator types about the terms of quotes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from prm.accounts.text import no_control_characters
from prm.money.forms import PercentField, written_number
from prm.policies.terms import Said
from prm.ui import formats
from prm.ui.forms import PortalForm
from prm.ui.widgets import ChoiceCards
from quotes.enums import Counted, StepKind
from quotes.rules.terms import DISCOUNTS, Rung, Tax, Terms, Volume

MOST = 8
COUNTED = {
    Counted.SPECIAL: _("What a partner asks for beyond your price lists, tiers and registrations."),
    Counted.EVERYTHING: _("Also what your own rules give: with a high tier, a small request goes far up."),
}
RUNGS = (("free", ""), ("manager", "channel_manager"), ("admin", "admin"))


class TermsForm(PortalForm):
    """The terms as one page; volumes and taxes are the rows below."""

    validity_days = forms.IntegerField(
        label=_("Days that prices are held"),
        min_value=1,
        max_value=365,
        help_text=_("A quote stands so long at most, and never past the end of its protection."),
    )
    decision_business_days = forms.IntegerField(label=_("Business days for an approval"), min_value=1, max_value=30)
    appeal_days = forms.IntegerField(
        label=_("Days to appeal a decision"), min_value=0, max_value=366, help_text=_("With 0 nobody can appeal.")
    )
    appeal_business_days = forms.IntegerField(
        label=_("Business days to decide about an appeal"), min_value=1, max_value=60
    )
    registration_percent = PercentField(label=_("Discount for an approved registration in percent"))
    largest_special = PercentField(label=_("Largest special discount in percent"))
    margin_floor = PercentField(
        label=_("Lowest margin without the executive in percent"),
        required=False,
        help_text=_("Counts for products whose cost stands in the price list. Empty: margins are not looked at."),
    )
    counted = forms.ChoiceField(
        label=_("What counts for the approval"), choices=Counted.choices, widget=ChoiceCards(hints=COUNTED)
    )
    free = PercentField(label=_("Nobody has to approve up to"))
    manager = PercentField(label=_("The channel manager approves up to"))
    admin = PercentField(label=_("An administrator approves up to"))
    revision = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        places = [(str(place), str(place)) for place in range(1, len(DISCOUNTS) + 1)]
        for kind in DISCOUNTS:
            self.fields[f"place_{kind}"] = forms.ChoiceField(label=kind.label, choices=places)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        steps = [cleaned.get(name) for name, _role in RUNGS]
        known = [step for step in steps if step is not None]
        if len(known) == len(RUNGS) and not known[0] < known[1] < known[2]:
            self.add_error("manager", _("Each step of the ladder is higher than the one before."))
        placed = [cleaned.get(f"place_{kind}") for kind in DISCOUNTS]
        if len(set(placed)) < len(DISCOUNTS):
            self.add_error(f"place_{DISCOUNTS[0]}", _("Give each discount a place of its own."))
        return cleaned

    @classmethod
    def initial_of(cls, terms: Terms) -> dict[str, Any]:
        """Return the terms as they are typed."""
        ladder = {rung.role: rung.up_to for rung in terms.ladder}
        floor = terms.margin_floor
        return {
            "validity_days": terms.validity_days,
            "decision_business_days": terms.decision_business_days,
            "appeal_days": terms.appeal_days,
            "appeal_business_days": terms.appeal_business_days,
            "registration_percent": written_number(terms.registration_percent),
            "largest_special": written_number(terms.largest_special),
            "margin_floor": written_number(floor) if floor is not None else "",
            "counted": terms.counted.value,
            **{name: written_number(ladder.get(role, Decimal(0))) for name, role in RUNGS},
            **{f"place_{kind}": str(terms.order.index(kind) + 1) for kind in DISCOUNTS if kind in terms.order},
        }


class VolumeForm(PortalForm):
    """From which quantity on everybody saves how much; an empty row is none."""

    marks_optional = False

    from_quantity = forms.IntegerField(label=_("From quantity"), min_value=2, max_value=999_999, required=False)
    percent = PercentField(label=_("Percent"), required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if (cleaned.get("from_quantity") is None) != (cleaned.get("percent") is None) and not self.errors:
            self.add_error("percent", _("Fill in both, or leave both empty."))
        return cleaned


class TaxForm(PortalForm):
    """A tax that partners can choose; an empty row is none."""

    marks_optional = False

    name = forms.CharField(label=_("Name"), max_length=60, required=False, validators=[no_control_characters])
    percent = PercentField(label=_("Percent"), required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if bool(cleaned.get("name")) != (cleaned.get("percent") is not None) and not self.errors:
            self.add_error("percent", _("Fill in both, or leave both empty."))
        return cleaned


Volumes = forms.formset_factory(VolumeForm, extra=2, max_num=MOST, absolute_max=MOST)
Taxes = forms.formset_factory(TaxForm, extra=2, max_num=MOST, absolute_max=MOST)


class TermsPage:
    """All of the page, from what was posted or from terms."""

    def __init__(self, terms: Terms, *, revision: int | None, posted: Any = None) -> None:
        self.base = terms
        volumes = [
            {"from_quantity": row.from_quantity, "percent": written_number(row.percent)} for row in terms.volumes
        ]
        taxes = [{"name": tax.name, "percent": written_number(tax.percent)} for tax in terms.taxes]
        self.main = TermsForm(posted, initial=TermsForm.initial_of(terms) | {"revision": revision})
        self.volumes = Volumes(posted, prefix="volumes", initial=volumes)
        self.taxes = Taxes(posted, prefix="taxes", initial=taxes)

    def is_valid(self) -> bool:
        """Check all parts, so that all errors show at once."""
        return all([self.main.is_valid(), self.volumes.is_valid(), self.taxes.is_valid()])

    @property
    def revision(self) -> int | None:
        return self.main.cleaned_data.get("revision")

    @property
    def terms(self) -> Terms:
        """Return what was typed; terms that the page does not show stay as they were."""
        said = self.main.cleaned_data
        order = sorted(DISCOUNTS, key=lambda kind: said[f"place_{kind}"])
        ladder = [Rung(said[name], role) for name, role in RUNGS]
        return replace(
            self.base,
            validity_days=said["validity_days"],
            decision_business_days=said["decision_business_days"],
            appeal_days=said["appeal_days"],
            appeal_business_days=said["appeal_business_days"],
            order=tuple(StepKind(kind) for kind in order),
            registration_percent=said["registration_percent"],
            volumes=tuple(Volume(row["from_quantity"], row["percent"]) for row in _filled(self.volumes)),
            largest_special=said["largest_special"],
            ladder=(*ladder, Rung(Decimal(100), "executive")),
            counted=Counted(said["counted"]),
            margin_floor=said["margin_floor"],
            taxes=tuple(Tax(row["name"], row["percent"]) for row in _filled(self.taxes)),
        )


def says(body: Mapping[str, Any]) -> Sequence[Said]:
    """Return what a version of the terms says, in the words of the form."""
    terms = Terms.from_body(body)
    typed = TermsForm.initial_of(terms) | {"counted": str(terms.counted.label)}
    labels = TermsForm().fields
    return [
        *(Said(name, labels[name].label, str(words)) for name, words in typed.items() if name[:6] != "place_"),
        Said("order", _("Order of the discounts"), ", ".join(str(kind.label) for kind in terms.order)),
        Said("volumes", _("Discounts for quantities"), _volumes(terms)),
        Said("taxes", _("Taxes"), _taxes(terms)),
        Said("answer_days", _("Days to answer a question"), str(terms.answer_days)),
        Said("reminder_days", _("Reminders before the end, in days"), ", ".join(map(str, terms.reminder_days))),
    ]


def _volumes(terms: Terms) -> str:
    return ", ".join(f"{row.from_quantity}: {formats.percent(row.percent)}" for row in terms.volumes)


def _taxes(terms: Terms) -> str:
    return ", ".join(f"{tax.name} {formats.percent(tax.percent)}" for tax in terms.taxes)


def _filled(rows: Any) -> list[dict[str, Any]]:
    return [form.cleaned_data for form in rows.forms if form.cleaned_data.get("percent") is not None]


class PublishForm(PortalForm):
    """From which day on the terms apply."""

    effective_on = forms.DateField(label=_("Apply from"), widget=forms.DateInput)
    revision = forms.IntegerField(widget=forms.HiddenInput)
