"""What was sent, as the form of the page reads it: the same fields, the same checks, the same sentences."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation
from types import MappingProxyType
from typing import Any

from django import forms
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser

from prm.api.problems import ApiError
from prm.money.forms import MoneyField, typed_number

Parts = Mapping[str, tuple[str, ...]]
Lists = Mapping[str, type[forms.Form]]
MOST_ROWS = 20
UNKNOWN = "unknown"
SEVERAL = (forms.MultipleChoiceField, forms.ModelMultipleChoiceField)


class PlainJSON(JSONParser):
    """JSON of texts that can be written down again, and no deeper than anything that is asked for."""

    def parse(self, *args: Any, **kwargs: Any) -> Any:
        try:
            said = super().parse(*args, **kwargs)
            json.dumps(said, ensure_ascii=False).encode()  # half a letter (a lone surrogate) is no text
        except (RecursionError, UnicodeEncodeError) as error:
            raise ParseError(_("This JSON cannot be read.")) from error
        return said


def body_of(said: Any) -> dict[str, Any]:
    """Return the object that was sent."""
    if not isinstance(said, dict):
        raise ApiError(422, "not_valid", _("Send a JSON object."))
    return dict(said)


def typed(
    said: Mapping[str, Any], form: type[forms.Form], parts: Parts, lists: Lists = MappingProxyType({})
) -> MultiValueDict:
    """Return what was sent as a form has it, or raise `ApiError` with what no field of it can be.

    `lists` are its formsets by their prefixes, each sent as a list of objects.
    """
    found, errors = MultiValueDict[str, Any](), dict[str, list[str]]()
    flat = _flat({name: value for name, value in said.items() if name not in lists}, parts, errors)
    _read(found, form, [(place, name, name, value) for place, name, value in flat], errors)
    for name, row in lists.items():
        rows = _rows(said.get(name), name, errors)
        found[f"{name}-TOTAL_FORMS"], found[f"{name}-INITIAL_FORMS"] = str(len(rows)), "0"
        for number, each in enumerate(rows):
            inner = [(f"{name}.{number}.{key}", key, f"{name}-{number}-{key}", value) for key, value in each.items()]
            _read(found, row, inner, errors)
    if errors:
        raise ApiError(422, "not_valid", _("Some of it is not right."), errors)
    return found


def refuse(form: forms.BaseForm, parts: Parts) -> None:
    """Raise `ApiError` with what the form says, each sentence at the field as it was sent."""
    places = {name: f"{part}.{name}" for part, names in parts.items() for name in names}
    errors = {
        places.get(name, name).replace("__all__", "record"): [str(each) for each in told]
        for name, told in form.errors.items()
    }
    raise ApiError(422, "not_valid", _("Some of it is not right."), errors)


def _flat(said: Mapping[str, Any], parts: Parts, errors: dict[str, list[str]]) -> list[tuple[str, str, Any]]:
    inside = {name for names in parts.values() for name in names}
    found = []
    for name, value in said.items():
        if name not in parts:
            found.append((name, UNKNOWN if name in inside else name, value))
        elif not isinstance(value, dict):
            errors[name] = [_("A value of another kind belongs here.")]
        else:
            found += [
                (f"{name}.{inner}", inner if inner in parts[name] else UNKNOWN, each) for inner, each in value.items()
            ]
    return found


def _read(
    found: MultiValueDict,
    form: type[forms.Form],
    said: Iterable[tuple[str, str, str, Any]],
    errors: dict[str, list[str]],
) -> None:
    """Write values as they would be typed: each by its place in what was sent, its field and its typed name."""
    fields = form.base_fields  # type: ignore[attr-defined]
    for place, field, name, value in said:
        if field not in fields:
            errors[place] = [_("There is no field “%(name)s”.") % {"name": place[:80]}]
        elif value is not None and not _put(found, fields[field], name, value):
            errors[place] = [_("A value of another kind belongs here.")]


def _rows(said: Any, name: str, errors: dict[str, list[str]]) -> list[dict[str, Any]]:
    rows = [] if said is None else said
    if not isinstance(rows, list) or not all(isinstance(each, dict) for each in rows):
        errors[name] = [_("A value of another kind belongs here.")]
    elif len(rows) > MOST_ROWS:
        errors[name] = [_("At most %(most)s.") % {"most": MOST_ROWS}]
    else:
        return rows
    return []


def _put(found: MultiValueDict, field: forms.Field, name: str, value: Any) -> bool:
    """Write a value as it would be typed; say whether it can be one of this field."""
    if isinstance(field, MoneyField):
        return isinstance(value, dict) and set(value) == {"amount", "currency"} and _money(found, name, value)
    if isinstance(field, SEVERAL):
        if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
            return False
        found.setlist(name, value)
        return True
    if isinstance(field, forms.BooleanField):
        found[name] = "on" if value is True else ""
        return isinstance(value, bool)
    if isinstance(field, forms.IntegerField):
        found[name] = str(value)
        return isinstance(value, int) and not isinstance(value, bool)
    found[name] = value
    return isinstance(value, str)


def _money(found: MultiValueDict, name: str, value: Mapping[str, Any]) -> bool:
    amount, currency = value["amount"], value["currency"]
    if not isinstance(amount, str | int | float) or isinstance(amount, bool) or not isinstance(currency, str):
        return False
    try:
        number = Decimal(str(amount))
    except InvalidOperation:
        return False
    if not number.is_finite():
        return False
    found[f"{name}_amount"], found[f"{name}_currency"] = typed_number(number), currency
    return True
