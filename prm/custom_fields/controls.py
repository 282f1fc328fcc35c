"""The custom fields of a record in a form: each with the control of its type.

    custom = answers_of("deals.registration", registration, posted=request.POST, currency="EUR")
    if custom.is_valid(): … custom.given …
    custom.follow_record(registration, at)     # what is shown and required, once the record has these values

All that a person may fill is in the page; what a condition hides is only not shown, so that nothing typed is lost.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from copy import copy
from datetime import datetime
from decimal import Decimal
from typing import Any

from babel.numbers import NumberFormatError
from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from prm.accounts.text import no_control_characters, no_control_characters_but_lines
from prm.custom_fields import queries, values
from prm.custom_fields.definitions import MOST_FIELDS, Definition, FieldType
from prm.custom_fields.definitions import PREFIX as NAMES
from prm.custom_fields.kinds import KINDS, Kind
from prm.custom_fields.schemas import Followed, Schema, State
from prm.money import Money
from prm.money.forms import MoneyField, read_decimal, typed_number
from prm.policies import explanations
from prm.policies.values import Problem, Refused, body_of
from prm.ui.forms import PortalForm
from prm.ui.widgets import DateInput, Segments, Ticks

PREFIX = "custom"
MOST_TYPED = 2 * MOST_FIELDS  # money has two controls
STATE = "custom-state"
CURRENCIES = ("EUR", "USD", "GBP", "CHF", "JPY", "KWD")
FIGURE = {"inputmode": "decimal", "autocomplete": "off", "class": "input num"}
YES_NO = (("", gettext_lazy("Not said")), ("yes", gettext_lazy("Yes")), ("no", gettext_lazy("No")))


class NumberField(forms.CharField):
    """Reads a number as the reader's language writes it."""

    def clean(self, value: Any) -> Decimal | None:  # type: ignore[override]
        typed = super().clean(value)
        if not typed:
            return None
        try:
            return read_decimal(typed)
        except NumberFormatError as error:
            raise forms.ValidationError(_("Write a number in digits."), code="number") from error


class AnswersForm(PortalForm):
    """What somebody may fill; `typed` is what a draft kept of it, right or wrong."""

    use_required_attribute = False

    def __init__(
        self,
        schema: Schema,
        *,
        stored: values.Stored,
        posted: Any = None,
        typed: Any = None,
        for_vendor: bool,
        currency: str,
        only: Collection[str] | None = None,
        kind: Kind | None = None,
    ) -> None:
        super().__init__(posted, prefix=PREFIX)
        self.schema, self.stored, self.kind = schema, stored, kind
        self.states: Mapping[str, State] = {}
        self.definitions = [
            each
            for each in schema.definitions
            if not each.is_retired and (for_vendor or not each.is_internal) and (only is None or each.name in only)
        ]
        for each in self.definitions:
            field = _control(each, stored.get(each.key), currency)
            field.required, field.label, field.help_text = False, each.label, each.help
            self.fields[each.key] = field
            self.initial[each.key] = _shown(each, values.fact(each, stored), currency)
            if typed and not field.widget.value_omitted_from_data(typed, {}, self.add_prefix(each.key)):
                self.initial[each.key] = field.widget.value_from_datadict(typed, {}, self.add_prefix(each.key))

    def clean(self) -> dict[str, Any]:
        """Check each value as strictly as anything that comes from elsewhere."""
        cleaned = super().clean() or {}
        self.given: dict[str, Any] = {}
        for each in self.definitions:
            if each.key in self.errors:
                continue
            try:
                self.given[each.key] = self._body(each, cleaned.get(each.key))
            except Refused as refusal:
                self.add_error(each.key, explanations.problem(Problem((), refusal.code, refusal.facts)))
        return cleaned

    def _body(self, definition: Definition, value: Any) -> Any:
        if value in (None, "", []):
            return None
        if definition.type == FieldType.BOOLEAN:
            value = value == "yes"
        body = value if isinstance(value, list) else body_of(value)
        return values.check(definition, body, self.stored.get(definition.key))

    @property
    def answers(self) -> dict[str, Any]:
        """Return what was understood; what was not stays as it is stored."""
        self.is_valid()
        return self.given

    def follow_record(self, record: Any, at: datetime) -> bool:
        """Show and require what a record asks for with the values of the form; see `follow`."""
        assert self.kind
        if self.is_bound:
            record = copy(record)
            record.custom = values.merged(self.schema.definitions, record.custom, self.answers)
        return self.follow(queries.followed(self.kind, self.schema, [record], at)[record.pk])

    def follow(self, found: Followed) -> bool:
        """Show and require what the record asks for; return whether everything is filled and right.

        A mistake in what is hidden by now counts no more: its old value is kept.
        """
        self.states = found.states
        for each in self.definitions:
            state = found.states[each.key]
            self.fields[each.key].required = state.is_required
            if not state.is_shown:
                self.errors.pop(each.key, None)
            elif self.is_bound and state.is_required and each.key not in self.errors and not self._is_given(each.key):
                self.add_error(each.key, forms.Field.default_error_messages["required"])
        return not self.errors

    def _is_given(self, key: str) -> bool:
        return self.given.get(key) is not None

    # -- as it is drawn ----------------------------------------------------------------------------------
    @property
    def sections(self) -> list[dict[str, Any]]:
        """Return the fields under their headings."""
        rows = [{"field": self[each.key], "is_shown": self._is_shown(each), "of": each} for each in self.definitions]
        return [
            {"title": title, "rows": listed, "is_shown": any(row["is_shown"] for row in listed)}
            for title, listed in queries.by_section(rows, lambda row: row["of"].section)
        ]

    def _is_shown(self, definition: Definition) -> bool:
        return self.states[definition.key].is_shown if definition.key in self.states else True

    @property
    def has_conditions(self) -> bool:
        return any(each.shown_when is not None or each.required_when is not None for each in self.definitions)

    @property
    def state(self) -> str:
        """Return what is shown and required as a word to compare, so that a page is drawn anew only when it differs."""
        told = ((each.key, self.states.get(each.key, State())) for each in self.definitions)
        return " ".join(f"{key}{'!' if state.is_required else ''}" for key, state in told if state.is_shown)


def answers_of(
    kind: str,
    record: Any = None,
    *,
    posted: Any = None,
    typed: Any = None,
    for_vendor: bool = False,
    currency: str,
    only: Collection[str] | None = None,
) -> AnswersForm:
    """Return the fields of a record as a form, empty for none; `only` are those that a question named."""
    is_asked = only is None or any(name.startswith(NAMES) for name in only)
    return AnswersForm(
        queries.schema_of(KINDS[kind]) if is_asked else Schema(),
        stored=record.custom if record else {},
        posted=posted,
        typed=typed,
        for_vendor=for_vendor,
        currency=currency,
        only=only,
        kind=KINDS[kind],
    )


def _control(definition: Definition, stored: Any, currency: str) -> forms.Field:
    longest = values.LONGEST.get(definition.type)
    match definition.type:
        case FieldType.LONG_TEXT:
            return forms.CharField(
                widget=forms.Textarea, max_length=longest, validators=[no_control_characters_but_lines]
            )
        case FieldType.WHOLE | FieldType.DECIMAL:
            return NumberField(widget=forms.TextInput(attrs=FIGURE), max_length=60)
        case FieldType.MONEY:
            known = stored.get("currency") if isinstance(stored, Mapping) else None
            return MoneyField(offered=list(dict.fromkeys([currency, *CURRENCIES, *([known] if known else [])])))
        case FieldType.DAY:
            return forms.DateField(widget=DateInput())
        case FieldType.BOOLEAN:
            return forms.ChoiceField(choices=YES_NO, widget=Segments(choices=YES_NO))
        case FieldType.CHOICE:
            return forms.ChoiceField(choices=[("", _("Not said")), *_offered(definition, [stored])])
        case FieldType.CHOICES:
            return forms.MultipleChoiceField(choices=_offered(definition, stored or []), widget=Ticks)
        case FieldType.URL:
            widget = forms.TextInput(attrs={"inputmode": "url", "autocomplete": "off"})
            return forms.CharField(max_length=longest, validators=[no_control_characters], widget=widget)
        case FieldType.EMAIL:
            return forms.EmailField(max_length=longest, validators=[no_control_characters])
    return forms.CharField(max_length=longest, validators=[no_control_characters])


def _offered(definition: Definition, chosen: Any) -> list[tuple[str, str]]:
    return [(each.key, each.label) for each in definition.options if each.is_offered or each.key in chosen]


def _shown(definition: Definition, value: Any, currency: str) -> Any:
    """Return a value as its control shows it."""
    match value:
        case None:
            return [currency, ""] if definition.type == FieldType.MONEY else None
        case bool():
            return "yes" if value else "no"
        case Decimal():
            return typed_number(value)
        case Money():
            return [value.currency, typed_number(value.amount)]
        case frozenset():
            return sorted(value)
    return value
