"""The terms for marketing funds in the words of their form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _

from mdf.forms.funds import TermsForm
from mdf.rules.terms import Terms
from prm.policies.terms import Said
from prm.ui import formats


def says(body: Mapping[str, Any]) -> Sequence[Said]:
    """Return what a version of the terms says."""
    terms = Terms.from_body(body)
    labels = {name: field.label for name, field in TermsForm.base_fields.items()}
    labels["reminder_days"] = _("Reminders before a deadline, in days")
    return [Said(name, label, _words(name, getattr(terms, name))) for name, label in labels.items()]


def _words(name: str, value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, tuple):
        return ", ".join(map(str, value))
    if name == "share_percent":
        return formats.percent(value)
    if isinstance(value, Decimal) and value == value.to_integral():
        value = int(value)
    return number_format(value, force_grouping=True)
