"""The controls of a rule: one small form for each part of its condition, and one for each thing that it gives."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from babel.dates import get_month_names
from babel.numbers import format_decimal
from django import forms
from django.utils.translation import gettext_lazy as _

from prm.money.amounts import currencies
from prm.policies.conditions import (
    OPERATORS,
    ORDERED,
    REFERABLE,
    REFERRING,
    WITH_SEVERAL,
    WITHOUT_VALUE,
    How,
    Junction,
    Operator,
)
from prm.policies.fields import Catalogue, Field, Kind
from prm.policies.periods import MONTHS, ROLLING, Unit, WindowKind
from prm.policies.screens.editing import Node
from prm.policies.screens.typing import countable
from prm.ui import formats

JUNCTIONS = (
    (Junction.ALL.value, _("all of these")),
    (Junction.ANY.value, _("any of these")),
    (Junction.NONE.value, _("none of these")),
    (Junction.AT_LEAST.value, _("at least so many of these")),
)
OF_THINGS = (
    (Junction.ANY.value, _("at least one of the")),
    (Junction.ALL.value, _("all of the")),
    (Junction.NONE.value, _("none of the")),
    (Junction.AT_LEAST.value, _("at least so many of the")),
)
OPERATOR_WORDS: Mapping[Operator, Any] = {
    Operator.IS: _("is"),
    Operator.IS_NOT: _("is not"),
    Operator.ONE_OF: _("is one of"),
    Operator.NONE_OF: _("is none of"),
    Operator.CONTAINS: _("contains"),
    Operator.STARTS_WITH: _("begins with"),
    Operator.HAS_ANY: _("has any of"),
    Operator.HAS_ALL: _("has all of"),
    Operator.HAS_NONE: _("has none of"),
    Operator.OVER: _("is over"),
    Operator.AT_LEAST: _("is at least"),
    Operator.UNDER: _("is under"),
    Operator.AT_MOST: _("is at most"),
    Operator.BETWEEN: _("is between"),
    Operator.GIVEN: _("is given"),
    Operator.NOT_GIVEN: _("is not given"),
}
DAY_WORDS: Mapping[Operator, Any] = {
    **OPERATOR_WORDS,
    Operator.OVER: _("is after"),
    Operator.AT_LEAST: _("is no earlier than"),
    Operator.UNDER: _("is before"),
    Operator.AT_MOST: _("is no later than"),
}
HOWS = (
    (How.COUNT.value, _("how many")),
    (How.DISTINCT.value, _("how many different")),
    (How.SUM.value, _("sum of")),
    (How.HIGHEST.value, _("highest")),
)
UNITS = (
    (Unit.DAYS.value, _("days")),
    (Unit.BUSINESS_DAYS.value, _("business days")),
    (Unit.MONTHS.value, _("months")),
)
WINDOWS = (
    ("", _("at any time")),
    (WindowKind.ROLLING_DAYS.value, _("in the last days")),
    (WindowKind.ROLLING_MONTHS.value, _("in the last months")),
    (WindowKind.MONTH.value, _("in a month")),
    (WindowKind.QUARTER.value, _("in a quarter")),
    (WindowKind.YEAR.value, _("in a year")),
)
YES_NO = (("yes", _("yes")), ("no", _("no")))
FIGURE = {"inputmode": "decimal", "autocomplete": "off", "class": "num"}


class Part(forms.Form):
    """The controls of one part of a condition, with the values that it has now."""

    def __init__(self, node: Node, at: str, catalogue: Catalogue, *, refresh: str, currency: str) -> None:
        super().__init__(prefix=at)
        self.node, self.at, self.catalogue = node, at, catalogue
        self.refresh, self.currency = refresh, currency
        match node["node"]:
            case "field":
                self._comparison()
            case "total":
                self._total()
            case "unknown":
                self._hidden("raw", json.dumps(node["raw"]))
            case _other:
                self._group()
        self._hidden("node", node["node"])

    def mark(self, problems: Iterable[str]) -> None:
        """Tie what is wrong with this part to its controls, as a screen reader reads it."""
        if list(problems):
            for field in self.fields.values():
                field.widget.attrs |= {"aria-invalid": "true", "aria-describedby": f"{self.at}-error"}

    def _group(self) -> None:
        is_of_things = self.node["node"] == "each"
        words = OF_THINGS if is_of_things else JUNCTIONS
        self._choice("junction", _("How many have to hold"), words, self.node["junction"])
        if self.node["junction"] == Junction.AT_LEAST:
            self._text("least", _("At least"), self.node["least"], **FIGURE)
        if is_of_things:
            self._collection("in", self.node["in"])

    def _comparison(self) -> None:
        node, field = self.node, self.catalogue.field.get(self.node["field"])
        fields = [found for found in self.catalogue.fields if not found.is_retired or found.name == node["field"]]
        offered = [(found.name, found.label) for found in fields]
        self._choice("subject", _("What is compared"), offered, node["field"])
        self._hidden("was", node["field"])
        operators = OPERATORS[field.kind] if field else tuple(Operator)
        self._compared(field, operators)

    def _total(self) -> None:
        node = self.node
        self._choice("how", _("Which figure"), HOWS, node.get("how"))
        collection = self.catalogue.collection.get(node["total"])
        fields = countable(collection, str(node.get("how")))
        if node.get("how") != How.COUNT:
            self._choice("of", _("Of what"), [(field.name, field.label) for field in fields], node.get("of"))
        self._collection("subject", node["total"])
        if collection is None or collection.dated_by:
            self._window(node.get("window") or {})
        of = next((field for field in fields if field.name == node.get("of")), None)
        is_count = of is None or node.get("how") in (How.COUNT, How.DISTINCT)
        self._compared(Field("", "", Kind.NUMBER, is_whole=True) if is_count else of, ORDERED)

    def _window(self, window: Any) -> None:
        window = window if isinstance(window, Mapping) else {}
        kind = window.get("kind", "")
        self._choice("window", _("Over which time"), WINDOWS, kind)
        if kind in ROLLING:
            self._text("length", _("How long"), window.get("length", 12), **FIGURE)
        elif kind in MONTHS:
            self._text("back", _("How many periods ago, 0 for the current one"), window.get("back", 0), **FIGURE)
            months = get_month_names("wide", "stand-alone", formats.locale())
            self._choice("year_starts_in", _("First month of the year"), months.items(), window.get("year_starts_in"))

    def _collection(self, name: str, chosen: Any) -> None:
        offered = [(found.name, found.label) for found in self.catalogue.collections]
        self._choice(name, _("Of which things"), offered, chosen)
        self._hidden("was", chosen)

    def _compared(self, about: Field | None, operators: tuple[Operator, ...]) -> None:
        node = self.node
        words = DAY_WORDS if about and about.kind == Kind.DAY else OPERATOR_WORDS
        self._choice("is", _("How it is compared"), [(word.value, words[word]) for word in operators], node.get("is"))
        operator = node.get("is")
        if operator in WITHOUT_VALUE:
            return
        if about is None:
            self._hidden("raw", json.dumps(node.get("value")))
            return
        if about.kind in REFERABLE and operator in REFERRING and node["node"] == "field":
            others = [(found.name, found.label) for found in self.catalogue.fields if found.kind == about.kind]
            others = [(name, label) for name, label in others if name != about.name]
            if others:
                self._choice("other", _("With what"), [("", _("this value")), *others], node.get("other", ""))
            if node.get("other"):
                return
        low, high = node.get("value"), None
        if operator == Operator.BETWEEN:
            low, high = (*low, "", "")[:2] if isinstance(low, list) else (low, "")
            self._value("value", _("From"), about, low)
            self._value("end", _("To"), about, high)
        else:
            self._value("value", _("Value"), about, low, is_several=operator in WITH_SEVERAL)

    def _value(self, name: str, label: Any, about: Field, kept: Any, *, is_several: bool = False) -> None:
        offered = value_controls(name, label, about, kept, currency=self.currency, is_several=is_several)
        for key, (control, shown) in offered.items():
            self.fields[key], self.initial[key] = control, shown

    def _choice(self, name: str, label: Any, offered: Iterable[tuple[Any, Any]], chosen: Any) -> None:
        choices = [(str(key), said) for key, said in offered]
        kept = "" if chosen is None else str(chosen)
        if kept not in dict(choices):
            choices.insert(0, (kept, kept or "—"))
        widget = forms.Select(attrs=self._refreshing() if name != "year_starts_in" else {})
        self.fields[name] = forms.ChoiceField(label=label, choices=choices, required=False, widget=widget)
        self.initial[name] = kept

    def _text(self, name: str, label: Any, shown: Any, **attrs: str) -> None:
        self.fields[name] = forms.CharField(label=label, required=False, widget=forms.TextInput(attrs=attrs))
        self.initial[name] = shown

    def _hidden(self, name: str, kept: Any) -> None:
        self.fields[name] = forms.CharField(required=False, widget=forms.HiddenInput)
        self.initial[name] = kept

    def _refreshing(self) -> dict[str, str]:
        """Have the form drawn anew when a choice changes; quick steps of a key count as one."""
        return {
            "hx-post": self.refresh,
            "hx-vals": json.dumps({"do": f"refresh:{self.at}"}),
            "hx-trigger": "change delay:400ms",
            "hx-target": "#rule-form",
            "hx-swap": "outerHTML show:none",
        }


class Given(forms.Form):
    """The controls of the effects of a rule, or of the default; what is left empty is not given."""

    def __init__(self, effects: Iterable[Field], kept: Mapping[str, Any], *, prefix: str, currency: str) -> None:
        super().__init__(prefix=prefix)
        self.rows: list[dict[str, Any]] = []
        for field in effects:
            if field.kind == Kind.CHOICES and not field.choices and not kept.get(field.name):
                continue  # there is nothing to choose from
            given = kept.get(field.name, "")
            offered = value_controls(field.name, field.label, field, given, currency=currency, can_be_empty=True)
            for key, (control, shown) in offered.items():
                self.fields[key], self.initial[key] = control, shown
            keys = list(offered)
            self.rows.append({"field": field, "keys": keys, "name": field.name})

    def lines(self, problems: Mapping[str, list[str]]) -> list[dict[str, Any]]:
        """Return each effect with its controls and what is wrong with them."""
        lines = []
        for row in self.rows:
            wrong = problems.get(row["name"], [])
            for key in row["keys"] if wrong else ():
                about = {"aria-invalid": "true", "aria-describedby": f"{self.prefix}-{row['name']}-error"}
                self.fields[key].widget.attrs |= about
            controls = [self[key] for key in row["keys"]]
            is_group = len(controls) > 1 or isinstance(controls[0].field.widget, forms.CheckboxSelectMultiple)
            lines.append(row | {"controls": controls, "is_group": is_group, "problems": wrong})
        return lines


def value_controls(
    name: str,
    label: Any,
    about: Field,
    kept: Any,
    *,
    currency: str,
    is_several: bool = False,
    can_be_empty: bool = False,
) -> dict[str, tuple[forms.Field, Any]]:
    """Return the controls for a value of a field, each with what it shows; several for money and durations."""
    facts = {"label": label, "required": False}
    empty = [("", "—")] if can_be_empty or kept in ("", None) else []
    if is_several or about.kind in (Kind.CHOICES, Kind.LISTS):
        chosen = [str(key) for key in kept] if isinstance(kept, list) else []
        if not about.choices:
            widget = forms.Textarea(attrs={"rows": 3})
            return {name: (forms.CharField(widget=widget, **facts, help_text=_("One a line.")), "\n".join(chosen))}
        return {name: (_ticks(about, chosen, **facts), chosen)}
    match about.kind:
        case Kind.BOOLEAN:
            choices = [*empty, *YES_NO]
            shown = {True: "yes", False: "no"}.get(kept, "") if isinstance(kept, bool) else ""
            return {name: (forms.ChoiceField(choices=choices, **facts), shown)}
        case Kind.CHOICE if about.choices:
            known = [(choice.key, choice.label) for choice in about.choices]
            gone = [(kept, kept)] if isinstance(kept, str) and kept and kept not in about.places else []
            return {name: (forms.ChoiceField(choices=[*empty, *gone, *known], **facts), kept)}
        case Kind.MONEY:
            money = kept if isinstance(kept, Mapping) else {"amount": kept or ""}
            codes = [(code, code) for code in sorted(currencies())]
            return {
                name: (_text(**facts), _written(money.get("amount"))),
                f"{name}-currency": (
                    forms.ChoiceField(label=_("Currency"), choices=codes, required=False),
                    money.get("currency") or currency,
                ),
            }
        case Kind.DURATION:
            span = kept if isinstance(kept, Mapping) else {}
            return {name: (_text(**facts), span.get("count", "")), **_unit(name, span)}
        case Kind.DAY:
            is_span = isinstance(kept, Mapping)
            day = forms.CharField(widget=forms.DateInput(attrs={"type": "date"}), **facts)
            away = _text(label=_("or so far from today, negative for earlier"), required=False)
            span = kept if is_span else {}
            return {
                name: (day, "" if is_span else kept),
                f"{name}-count": (away, span.get("count", "")),
                **_unit(name, span),
            }
        case Kind.NUMBER | Kind.PERCENT:
            return {name: (_text(**facts), _written(kept))}
    return {name: (forms.CharField(max_length=500, **facts), kept)}


def _ticks(about: Field, chosen: list[str], **facts: Any) -> forms.MultipleChoiceField:
    known = [(choice.key, choice.label) for choice in about.choices]
    gone = [(key, key) for key in chosen if key not in about.places]
    return forms.MultipleChoiceField(choices=[*gone, *known], widget=forms.CheckboxSelectMultiple, **facts)


def _text(**facts: Any) -> forms.CharField:
    return forms.CharField(widget=forms.TextInput(attrs=FIGURE), **facts)


def _unit(name: str, span: Mapping[str, Any]) -> dict[str, tuple[forms.Field, Any]]:
    return {f"{name}-unit": (forms.ChoiceField(label=_("Counted in"), choices=UNITS, required=False), span.get("unit"))}


def _written(number: Any) -> Any:
    """Return a stored number as the reader's language writes it, or what was typed if it is none."""
    try:
        return (
            format_decimal(Decimal(number), locale=formats.locale(), decimal_quantization=False) if number else number
        )
    except (InvalidOperation, TypeError, ValueError):
        return number
