"""What was sent, as the form of the page reads it: the same fields, the same checks, the same sentences."""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser

from prm.api.problems import ApiError
from prm.money.forms import MoneyField, typed_number

Parts = Mapping[str, tuple[str, ...]]
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


def typed(said: Mapping[str, Any], form: type[forms.Form], parts: Parts) -> MultiValueDict:
    """Return what was sent as a form has it, or raise `ApiError` with what no field of it can be."""
    fields = form.base_fields  # type: ignore[attr-defined]
    found, errors = MultiValueDict[str, Any](), dict[str, list[str]]()
    for place, name, value in _flat(said, parts, errors):
        if name not in fields:
            errors[place] = [_("There is no field “%(name)s”.") % {"name": place[:80]}]
        elif value is not None and not _put(found, fields[name], name, value):
            errors[place] = [_("A value of another kind belongs here.")]
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
