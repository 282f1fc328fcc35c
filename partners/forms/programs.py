"""What an administrator types about the programme.

Everything typed goes into the draft as it is, so that no click loses it; what cannot be read is said beside its
control and keeps the draft from being published. Requirements are read and written by the id of each part.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from copy import deepcopy
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.utils.dates import MONTHS
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partners.enums import Counting, Junction, Metric, Promotion, WindowKind
from partners.forms.numbers import read, written
from partners.queries import scopes
from partners.rules.checking import RHYTHMS, Problem
from partners.rules.requirements import LABELED, WINDOWED, WITH_FAMILY
from partners.rules.windows import WITH_LENGTH, WITH_START
from prm.money.amounts import currencies
from prm.ui.forms import PortalForm
from prm.ui.widgets import Switch

Tree = dict[str, Any]
ADVICE = {
    "empty": gettext_lazy("Fill this in."),
    "unknown": gettext_lazy("Choose one from the list."),
    "twice": gettext_lazy("Another tier has this name."),
    "rank": gettext_lazy("Each tier needs a rank of its own."),
    "percent": gettext_lazy("A percentage from 0 to 100."),
    "number": gettext_lazy("Write a number above zero."),
    "whole": gettext_lazy("Write a whole number."),
    "between": gettext_lazy("Write a whole number from %(least)s to %(most)s."),
    "least": gettext_lazy("Write how many: from %(least)s to %(most)s."),
    "unreadable": gettext_lazy("Choose a day."),
    "empty_group": gettext_lazy("This group is empty. Add a requirement, or remove the group."),
    "easier": gettext_lazy("%(higher)s can be reached without everything that %(lower)s asks."),
}


def advice(problem: Problem) -> str:
    """Return what is wrong and what to do."""
    return str(ADVICE[problem.code]) % problem.facts


class Parts:
    """What is wrong with each control, by the part it belongs to."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.found: dict[tuple[str, str], str] = {}
        for problem in problems:
            self.found.setdefault((problem.where, problem.name), advice(problem))

    def of(self, where: str, name: str) -> str:
        return self.found.get((where, name), "")

    def among(self, where: str, names: Mapping[str, str]) -> list[tuple[str, str]]:
        """Return the controls of a part that are wrong, each with what to do."""
        return [(control, self.of(where, name)) for control, name in names.items() if self.of(where, name)]

    def mark(self, form: forms.Form, where: str, names: Mapping[str, str]) -> None:
        """Tie each error to its control, as a screen reader reads it."""
        for control, name in names.items():
            if control in form.fields and self.of(where, name):
                form.fields[control].widget.attrs |= {
                    "aria-invalid": "true",
                    "aria-describedby": f"{form.prefix}-{control}-error",
                }


def _refreshing(node: str) -> dict[str, str]:
    """Have a part of the form drawn anew when a choice changes; quick steps of a key count as one."""
    return {
        "hx-post": "",
        "hx-vals": json.dumps({"do": f"refresh:{node}"}),
        "hx-trigger": "change delay:200ms",
        "hx-target": "#tier-form",
        "hx-swap": "outerHTML show:none",
    }


class NeedForm(forms.Form):
    """The controls of one requirement; only those that its metric and window ask for."""

    metric = forms.ChoiceField(label=gettext_lazy("What counts"), choices=Metric.choices)
    label = forms.CharField(label=gettext_lazy("What it is"), max_length=80)
    counting = forms.ChoiceField(label=gettext_lazy("How it counts"), choices=Counting.choices)
    target = forms.CharField(label=gettext_lazy("At least"), max_length=20)
    window = forms.ChoiceField(label=gettext_lazy("Over which time"), choices=WindowKind.choices)
    length = forms.CharField(label=gettext_lazy("How many"), max_length=4)
    starts_day = forms.ChoiceField(label=gettext_lazy("Day"), choices=[(n, n) for n in range(1, 32)])
    starts_month = forms.ChoiceField(label=gettext_lazy("Month"), choices=[(n, MONTHS[n]) for n in range(1, 13)])
    family = forms.ChoiceField(label=gettext_lazy("Product family"))
    certification = forms.ChoiceField(label=gettext_lazy("Certification"))
    role = forms.ChoiceField(label=gettext_lazy("Role"))

    def __init__(self, need: Tree, parts: Parts, choices: Mapping[str, list[tuple[str, str]]]) -> None:
        month, day = (*need.get("starts", ()), 1, 1)[:2]
        initial = need | {"target": _shown(need.get("target")), "starts_month": month, "starts_day": day}
        super().__init__(initial=initial, prefix=need["id"])
        for name, offered in choices.items():
            self.fields[name].choices = offered  # type: ignore[attr-defined]
        for name in ("target", "length"):
            self.fields[name].widget.attrs |= {"inputmode": "decimal", "autocomplete": "off", "class": "num"}
        for name in ("metric", "window"):
            self.fields[name].widget.attrs |= _refreshing(need["id"])
        for name in self._idle(need):
            del self.fields[name]
        names = {name: "starts" if name.startswith("starts") else name for name in self.fields}
        parts.mark(self, need["id"], names)
        self.mistakes = parts.among(need["id"], names)

    @staticmethod
    def _idle(need: Tree) -> list[str]:
        """Return the controls that say nothing for this metric and window."""
        metric, window = need.get("metric"), need.get("window")
        asks = {
            "label": metric in LABELED,
            "counting": metric == Metric.FIGURE,
            "target": metric != Metric.CONFIRMED,
            "window": metric in WINDOWED,
            "length": metric in WINDOWED and window in WITH_LENGTH,
            "starts_day": metric in WINDOWED and window in WITH_START,
            "starts_month": metric in WINDOWED and window in WITH_START,
            "family": metric in WITH_FAMILY,
            "certification": metric == Metric.CERTIFIED,
            "role": metric == Metric.CERTIFIED,
        }
        return [name for name, is_asked in asks.items() if not is_asked]


class GroupForm(forms.Form):
    """How many parts of a group are wanted."""

    junction = forms.ChoiceField(label=gettext_lazy("How many have to be met"), choices=Junction.choices)
    least = forms.CharField(label=gettext_lazy("At least"), max_length=2)

    def __init__(self, group: Tree, parts: Parts) -> None:
        super().__init__(initial=group, prefix=group["id"])
        self.fields["least"].widget.attrs |= {"inputmode": "numeric", "class": "num"}
        self.fields["junction"].widget.attrs |= _refreshing(group["id"])
        if group.get("junction") != Junction.LEAST:
            del self.fields["least"]
        parts.mark(self, group["id"], {"least": "least"})
        self.mistakes = [
            (name, parts.of(group["id"], name)) for name in ("least", "parts") if parts.of(group["id"], name)
        ]


class TierForm(PortalForm):
    """A tier's name and what it gives."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=60)
    is_by_invitation = forms.BooleanField(
        label=gettext_lazy("Only by invitation"),
        required=False,
        widget=Switch,
        help_text=gettext_lazy("Figures alone never lead into this tier; a person places partners in it."),
    )
    discount_percent = forms.CharField(label=gettext_lazy("Discount in percent"), max_length=10, required=False)
    protection_days = forms.CharField(
        label=gettext_lazy("Days of protection"),
        max_length=10,
        required=False,
        help_text=gettext_lazy("Only what is more than the terms of registrations give counts."),
    )
    fund_share_percent = forms.CharField(
        label=gettext_lazy("Share of marketing costs in percent"), max_length=10, required=False
    )

    def __init__(self, tier: Tree, parts: Parts) -> None:
        given = tier.get("benefits", {})
        shown = {name: _shown(given.get(name)) for name in BENEFITS}
        super().__init__(
            initial={"name": tier.get("name"), "is_by_invitation": tier.get("is_by_invitation"), **shown}, prefix="tier"
        )
        for name in BENEFITS:
            self.fields[name].widget.attrs |= {"inputmode": "decimal", "autocomplete": "off"}
        parts.mark(self, tier["id"], {name: name for name in self.fields})
        self.mistakes = {name: parts.of(tier["id"], name) for name in self.fields}


BENEFITS = ("discount_percent", "protection_days", "fund_share_percent")


def typed_tier(tier: Tree, posted: Mapping[str, str]) -> Tree:
    """Return a tier of the draft with what was typed."""
    tier = deepcopy(tier)
    if "tier-name" in posted:
        tier["name"] = posted["tier-name"].strip()
        tier["is_by_invitation"] = bool(posted.get("tier-is_by_invitation"))
        for name in BENEFITS:
            typed = posted.get(f"tier-{name}", "").strip()
            value: Any = _number(typed) if typed else None
            tier["benefits"][name] = _whole(value) if name == "protection_days" and value is not None else value
        if tier["benefits"]["discount_percent"] is None:
            tier["benefits"]["discount_percent"] = "0"
    _type_into(tier["requirement"], posted)
    return tier


def _type_into(node: Tree, posted: Mapping[str, str]) -> None:
    key = node["id"]
    if "metric" in node:
        for name in ("metric", "label", "counting", "window", "family", "certification", "role"):
            if f"{key}-{name}" in posted:
                node[name] = posted[f"{key}-{name}"].strip()
        if f"{key}-target" in posted:
            node["target"] = _number(posted[f"{key}-target"])
        if node["metric"] == Metric.CONFIRMED:
            node["target"] = "1"
        if f"{key}-length" in posted:
            node["length"] = _whole(_number(posted[f"{key}-length"]))
        if f"{key}-starts_month" in posted:
            starts = (posted[f"{key}-starts_month"], posted.get(f"{key}-starts_day", ""))
            node["starts"] = [int(part) if part.isdecimal() else 0 for part in starts]
    for name in ("junction", "least"):
        if "parts" in node and f"{key}-{name}" in posted:
            typed = posted[f"{key}-{name}"].strip()
            node[name] = _whole(typed) if name == "least" else typed
    for part in node.get("parts", ()):
        _type_into(part, posted)


class TermsForm(PortalForm):
    """How the programme works as a whole."""

    name = forms.CharField(label=gettext_lazy("Name of the program"), max_length=120, required=False)
    currency = forms.ChoiceField(label=gettext_lazy("Currency"), help_text=gettext_lazy("Revenue is counted in it."))
    promotion = forms.ChoiceField(
        label=gettext_lazy("A partner that meets a higher tier"), choices=Promotion.choices, widget=forms.RadioSelect
    )
    review_months = forms.TypedChoiceField(label=gettext_lazy("Reviews"), coerce=int)
    review_from = forms.TypedChoiceField(
        label=gettext_lazy("Counted from"),
        coerce=int,
        choices=[(n, MONTHS[n]) for n in range(1, 13)],
        help_text=gettext_lazy("Reviews are on the first of the month. Only then a partner can fall."),
    )
    grace_days = forms.CharField(
        label=gettext_lazy("Days of grace"),
        max_length=4,
        help_text=gettext_lazy("So long after the warning a partner keeps its tier at least."),
    )
    warning_days = forms.CharField(
        label=gettext_lazy("Days ahead"),
        max_length=4,
        help_text=gettext_lazy("What lapses within this time counts as at risk."),
    )

    def __init__(self, body: Mapping[str, Any], parts: Parts) -> None:
        super().__init__(initial=dict(body), prefix="terms")
        self.fields["currency"].choices = [(code, code) for code in sorted(currencies())]  # type: ignore[attr-defined]
        self.fields["review_months"].choices = rhythms()  # type: ignore[attr-defined]
        parts.mark(self, "", {name: name for name in self.fields})
        self.mistakes = {name: parts.of("", name) for name in self.fields}


def rhythms() -> list[tuple[int, str]]:
    """Return how often partners can be reviewed."""
    words = {1: _("every month"), 3: _("every quarter"), 6: _("every half year"), 12: _("every year")}
    return [(months, words[months]) for months in RHYTHMS]


class RateForm(forms.Form):
    """What another currency is worth in the programme's from a day on."""

    currency = forms.ChoiceField(label=gettext_lazy("Currency"), required=False)
    starts_on = forms.CharField(label=gettext_lazy("From"), required=False)
    rate = forms.CharField(label=gettext_lazy("Worth"), required=False)

    def __init__(self, number: int, rate: Mapping[str, Any], parts: Parts) -> None:
        where = f"rate-{number}"
        super().__init__(initial={**rate, "rate": _shown(rate.get("rate"))}, prefix=where)
        codes = [("", "–"), *((code, code) for code in sorted(currencies()))]
        self.fields["currency"].choices = codes  # type: ignore[attr-defined]
        self.fields["starts_on"].widget = forms.DateInput(attrs={"type": "date"})
        self.fields["rate"].widget.attrs |= {"inputmode": "decimal", "class": "num", "autocomplete": "off"}
        parts.mark(self, where, {name: name for name in self.fields})
        self.mistakes = parts.among(where, {name: name for name in self.fields})


def rate_forms(body: Mapping[str, Any], parts: Parts) -> list[RateForm]:
    """Return a row for each rate, and an empty one."""
    rates = [*body.get("rates", ()), {}]
    return [RateForm(number, rate, parts) for number, rate in enumerate(rates)]


def typed_terms(body: Mapping[str, Any], posted: Mapping[str, str]) -> dict[str, Any]:
    """Return the draft with what was typed about the programme as a whole; an empty row is no rate."""
    found: dict[str, Any] = {**body}
    for name in ("name", "currency", "promotion"):
        found[name] = posted.get(f"terms-{name}", str(found.get(name, ""))).strip()
    for name in ("review_months", "review_from", "grace_days", "warning_days"):
        if f"terms-{name}" in posted:
            found[name] = _whole(_number(posted[f"terms-{name}"]))
    rates = []
    for number in range(len(body.get("rates", ())) + 1):
        row = {name: posted.get(f"rate-{number}-{name}", "").strip() for name in ("currency", "starts_on", "rate")}
        if any(row.values()):
            rates.append(row | {"rate": _number(row["rate"])})
    found["rates"] = rates
    return found


class PublicationForm(PortalForm):
    """From which day on the draft is in force."""

    effective_on = forms.DateField(
        label=gettext_lazy("In force from"),
        help_text=gettext_lazy("Until then partners are evaluated by the version before. What was decided stays."),
    )
    revision = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, today: date, revision: int, **kwargs: Any) -> None:
        super().__init__(*args, initial={"effective_on": today, "revision": revision}, **kwargs)
        self.fields["effective_on"].widget.attrs["min"] = today.isoformat()


def choices() -> dict[str, list[tuple[str, str]]]:
    """Return what the requirements of all tiers can be narrowed to."""
    return {
        "family": [("", _("all products")), *scopes.families()],
        "certification": [("", _("any certification")), *scopes.certifications()],
        "role": [("", _("any role")), *scopes.roles()],
    }


def _number(typed: str) -> str:
    """Return a number as it is stored, or what was typed if it is none."""
    number = read(typed) if typed.strip() else None
    return f"{number:f}" if number is not None else typed.strip()[:40]


def _whole(typed: Any) -> Any:
    return int(typed) if str(typed).isdecimal() and len(str(typed)) < 9 else typed


def _shown(stored: Any) -> Any:
    """Return a stored number as the reader's language writes it."""
    if stored in (None, ""):
        return ""
    try:
        number = Decimal(str(stored))
    except InvalidOperation:
        return stored
    return written(number) if number.is_finite() else stored
