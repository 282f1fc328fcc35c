"""Reads opportunities and touches that were pasted or uploaded, row by row, with what is wrong in each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from deals.enums import DirectStage, TouchKind
from deals.models import ProductFamily
from deals.rules import lifecycle
from deals.services.directs import Named, Opportunity
from prm.choices import TextChoices
from prm.files.pasted import rows_of
from prm.ui import countries

DATES = ("%Y-%m-%d", "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S", "%d.%m.%Y")
LONGEST = {"id": 80, "customer": 200, "website": 253, "tax_id": 40, "title": 200, "owner": 120, "note": 300}
CUSTOMER = ("id", "customer", "country", "website", "tax_id")
OPPORTUNITY = (*CUSTOMER, "products", "owner", "stage", "opened_on", "title", "phase")
TOUCH = (*CUSTOMER, "kind", "day", "note")
NAMES = {
    "id": "id",
    "customer": "customer",
    "kunde": "customer",
    "country": "country",
    "land": "country",
    "website": "website",
    "tax number": "tax_id",
    "steuernummer": "tax_id",
    "products": "products",
    "produkte": "products",
    "owner": "owner",
    "verantwortlich": "owner",
    "stage": "stage",
    "status": "stage",
    "phase": "phase",
    "how far": "phase",
    "fortschritt": "phase",
    "opened on": "opened_on",
    "opened": "opened_on",
    "eröffnet am": "opened_on",
    "title": "title",
    "titel": "title",
    "kind": "kind",
    "art": "kind",
    "day": "day",
    "tag": "day",
    "note": "note",
    "notiz": "note",
}


@dataclass(frozen=True)
class Imported:
    """One line of the text: what it says, or what is wrong with it. `facts` is what is logged."""

    number: int
    id: str
    customer: Named
    facts: Opportunity | tuple[TouchKind, date, str] | None = None
    error: str = ""


def opportunities(text: str, *, today: date) -> list[Imported]:
    """Return the lines of a text about opportunities, in their order."""
    families = {row.code.casefold(): row.pk for row in ProductFamily.objects.all()}
    families |= {row.name.casefold(): row.pk for row in ProductFamily.objects.all()}
    return _read(text, OPPORTUNITY, lambda fields: _opportunity(fields, families, today))


def touches(text: str, *, today: date) -> list[Imported]:
    """Return the lines of a text about touches, in their order."""
    return _read(text, TOUCH, lambda fields: _touch(fields, today))


def _read(text: str, columns: Sequence[str], facts_of: Any) -> list[Imported]:
    lines = list(rows_of(text))
    names, start = _columns(lines[0][1], columns) if lines else (columns, 0)
    found, seen = [], set[str]()
    for number, cells in lines[start:]:
        given = dict(zip(names, (cell.strip() for cell in cells), strict=False))
        fields = dict.fromkeys(columns, "") | given
        customer = Named(fields["customer"], fields["country"].upper(), fields["website"], fields["tax_id"])
        try:
            _refuse_misfit(fields, seen)
            facts = facts_of(fields)
            if isinstance(facts, Opportunity) and "phase" not in given:
                facts = replace(facts, keeps_phase=True)
            found.append(Imported(number, fields["id"], customer, facts))
        except ValidationError as error:
            found.append(Imported(number, fields["id"], customer, error=" ".join(error.messages)))
        seen.add(fields["id"])
    return found


def _refuse_misfit(fields: Mapping[str, str], seen: Iterable[str]) -> None:
    if not fields["id"]:
        raise ValidationError(_("The id is missing, by which it would be found again."))
    if fields["id"] in seen:
        raise ValidationError(_("This id stands further up already."))
    if not fields["customer"]:
        raise ValidationError(_("The customer is missing."))
    if any(len(fields.get(name, "")) > most for name, most in LONGEST.items()) or "\0" in "".join(fields.values()):
        raise ValidationError(_("A cell is too long, or holds what is no text."))
    if fields["country"].upper() not in {code for code, _name in countries.choices()}:
        raise ValidationError(_("The country is no code of two letters, such as DE."))


def _opportunity(fields: Mapping[str, str], families: Mapping[str, UUID], today: date) -> Opportunity:
    names = [name.strip() for name in fields["products"].replace(",", "|").split("|") if name.strip()]
    unknown = [name for name in names if name.casefold() not in families]
    if unknown:
        raise ValidationError(_("No product family is called %(name)s.") % {"name": unknown[0]})
    if not fields["owner"]:
        raise ValidationError(_("Who works at it is missing."))
    return Opportunity(
        owner=fields["owner"],
        opened_on=_day(fields["opened_on"], today),
        title=fields["title"],
        families=tuple({families[name.casefold()] for name in names}),
        stage=_word(DirectStage, fields["stage"] or DirectStage.OPEN),
        phase=_word(lifecycle.open_stages(), fields["phase"]) if fields["phase"] else None,
    )


def _touch(fields: Mapping[str, str], today: date) -> tuple[TouchKind, date, str]:
    return _word(TouchKind, fields["kind"] or TouchKind.OTHER), _day(fields["day"], today), fields["note"]


def _word(words: Iterable[Any], typed: str) -> Any:
    """Return what a word means, as its code or as the reader's language has it."""
    words = list(words)
    found: dict[str, TextChoices] = {word.value.casefold(): word for word in words}
    found |= {str(word.label).casefold(): word for word in words}
    if typed.casefold() not in found:
        known = ", ".join(str(word.value) for word in words)
        raise ValidationError(_("%(typed)s is none of these: %(known)s.") % {"typed": typed, "known": known})
    return found[typed.casefold()]


def _day(typed: str, today: date) -> date:
    day: date = forms.DateField(input_formats=DATES, error_messages={"required": _("The day is missing.")}).clean(typed)
    if day > today:
        raise ValidationError(_("This day is still to come."))
    return day


def _columns(first: list[str], columns: Sequence[str]) -> tuple[Sequence[str], int]:
    """Return the columns by the names in the first line, and where the rows start."""
    named = [NAMES.get(cell.strip().lstrip("\ufeff").casefold(), "") for cell in first]
    return (named, 1) if "id" in named and "customer" in named else (columns, 0)
