"""Which custom fields there are, and what is known of records by them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby
from typing import Any
from uuid import UUID

from babel.numbers import format_decimal

from prm.custom_fields import values
from prm.custom_fields.definitions import PREFIX, Definition, FieldType
from prm.custom_fields.kinds import KINDS, Kind, all_kinds
from prm.custom_fields.models import CustomField
from prm.custom_fields.schemas import Followed, Schema
from prm.policies import named
from prm.policies.evaluation import Facts
from prm.policies.fields import Catalogue, Field
from prm.ui import formats


def definitions_of(kind: str) -> tuple[Definition, ...]:
    """Return the fields of a kind in their order, retired ones too."""
    rows = CustomField.objects.filter(kind=kind).order_by("position", "id")
    return tuple(row.definition for row in rows)


def schema_of(kind: Kind) -> Schema:
    """Return the fields of a kind with what their conditions can be about."""
    definitions = definitions_of(kind.key)
    has_conditions = any(each.shown_when or each.required_when for each in definitions)
    return Schema(definitions, catalogue_of(kind)) if has_conditions else Schema(definitions)


def catalogue_of(kind: Kind) -> Catalogue:
    """Return what conditions of fields can be about beside other fields of the kind."""
    found = kind.catalogue()
    return replace(found, fields=(*found.fields, *(each for each in _of_partner(kind) if not each.is_internal)))


def rule_fields(area: str) -> tuple[Field, ...]:
    """Return the fields that rules of an area can be about: those of its kind of record, and those of its partner.

    Records of an area that is no kind belong to partners.
    """
    kind = KINDS.get(area)
    own = (definition.field for definition in definitions_of(area)) if kind else ()
    return (*own, *_of_partner(kind))


def _outside(kind: Kind | None) -> list[Kind]:
    return [other for other in all_kinds() if other.outside] if kind is None or kind.is_of_partner else []


def _of_partner(kind: Kind | None) -> Iterator[Field]:
    for other in _outside(kind):
        for each in definitions_of(other.key):
            label = str(other.outside_label) % {"label": each.label}
            yield replace(each.field, name=other.outside + each.key, label=label)


def followed(kind: Kind, schema: Schema, records: Sequence[Any], at: datetime) -> dict[UUID, Followed]:
    """Return what becomes of the fields of each record."""
    facts = kind.facts(records, schema.asked, at) if schema.asked else {}
    nothing = Facts({}, at.date())
    return {record.pk: schema.follow(record.custom, facts.get(record.pk, nothing)) for record in records}


def gathered(
    kind: str,
    records: Sequence[Any],
    asked: frozenset[str],
    at: datetime,
    gather: Callable[[frozenset[str]], Mapping[UUID, Facts]],
) -> dict[UUID, Facts]:
    """Return what is known of records, with the custom fields that are asked for; `gather` returns all else.

    It is also asked for what has to be known to tell whether a field counts.
    """
    own = schema_of(KINDS[kind]) if any(name.startswith(PREFIX) for name in asked) else None
    asked |= own.asked if own else frozenset()
    found = dict(gather(asked))
    if KINDS[kind].is_of_partner:
        beside = known_of_partners({record.partner_id for record in records}, asked, at)
        for record in records if beside else ():
            facts = found[record.pk]
            found[record.pk] = replace(facts, values={**facts.values, **beside[record.partner_id]})
    if own is None:
        return found
    return {record.pk: own.follow(record.custom, found[record.pk]).facts for record in records}


def known_of_partners(ids: set[UUID], asked: frozenset[str], at: datetime) -> dict[UUID, dict[str, Any]]:
    """Return the values that partners have by their own custom fields; nothing if none of those is asked for."""
    found: dict[UUID, dict[str, Any]] = {}
    for kind in _outside(None):
        if not any(name.startswith(kind.outside) for name in asked):
            continue
        partners = list(kind.model.objects.filter(pk__in=ids))
        for pk, each in followed(kind, schema_of(kind), partners, at).items():
            found.setdefault(pk, {}).update(
                {
                    kind.outside + name.removeprefix(PREFIX): value
                    for name, value in each.facts.values.items()
                    if name.startswith(PREFIX)
                }
            )
    return found


def differs(kind: Kind, record: Any, before: values.Stored, asked: frozenset[str], at: datetime) -> bool:
    """Say whether something that is asked for differs from what it was with the values before."""
    names = frozenset(name for name in asked if name.startswith(PREFIX))
    if not names:
        return False
    earlier = copy(record)
    earlier.custom = before
    was, now = (kind.facts([each], names, at)[record.pk].values for each in (earlier, record))
    return any(was.get(name) != now.get(name) for name in names)


def askable(kind: Kind, record: Any, at: datetime) -> list[tuple[str, str]]:
    """Return the fields that a partner may be asked for again, by the names that a question keeps."""
    schema = schema_of(kind)
    if not schema.definitions:
        return []
    states = followed(kind, schema, [record], at)[record.pk].states
    asked = (each for each in schema.definitions if not each.is_internal and not each.is_retired)
    return [(each.name, each.label) for each in asked if states[each.key].is_shown]


# -- what is known of records ----------------------------------------------------------------------------
@dataclass(frozen=True)
class Known:
    """A value of a record: typed exactly as `value`, and as it is stored and sent as `body`."""

    definition: Definition
    value: Any
    body: Any

    @property
    def label(self) -> str:
        return self.definition.label

    @property
    def labels(self) -> list[str]:
        """Return what is chosen, in the order of the choices."""
        chosen = {self.value} if isinstance(self.value, str) else self.value
        return [str(choice.label) for choice in self.definition.field.choices if choice.key in chosen]

    @property
    def number(self) -> str:
        """Return a number as the reader's language writes it, with all its decimals."""
        return format_decimal(self.value, "#,##0.########", locale=formats.locale())


def values_of(
    kind: Kind, records: Sequence[Any], *, for_vendor: bool, at: datetime, schema: Schema | None = None
) -> dict[UUID, list[Known]]:
    """Return the values of records by custom fields: those that are shown, and for partners those they may see.

    A few queries for however many records, for pages, exports and whatever else reads records.
    """
    schema = schema or schema_of(kind)
    states = followed(kind, schema, [record for record in records if record.custom], at)
    return {
        record.pk: list(_known(schema, record.custom, states[record.pk], for_vendor)) if record.custom else []
        for record in records
    }


def _known(schema: Schema, stored: values.Stored, found: Followed, for_vendor: bool) -> Iterator[Known]:
    for definition in schema.definitions:
        value = values.fact(definition, stored)
        is_told = for_vendor or not definition.is_internal
        if value is not None and is_told and found.states[definition.key].is_shown:
            yield Known(definition, value, stored[definition.key])


def sections(known: Iterable[Known]) -> list[tuple[str, list[Known]]]:
    """Return values under the heading of their section, which keeps the place of its first field."""
    return by_section(known, lambda each: each.definition.section)


def by_section(things: Iterable[Any], section_of: Any) -> list[tuple[str, list[Any]]]:
    """Return things under their headings, in the order in which the headings come up."""
    listed = list(things)
    places: dict[str, int] = {}
    for thing in listed:
        places.setdefault(section_of(thing), len(places))
    listed.sort(key=lambda thing: places[section_of(thing)])
    return [(title, list(group)) for title, group in groupby(listed, section_of)]


# -- where fields are in use -----------------------------------------------------------------------------
def number_with_value(kind: Kind, key: str) -> int:
    """Return how many records have a value of a field."""
    return kind.model.objects.filter(custom__has_key=key).count()


def chosen(kind: Kind, definition: Definition, option: str) -> int:
    """Return how many records have a choice of a field."""
    body = [option] if definition.type == FieldType.CHOICES else option
    return kind.model.objects.filter(custom__contains={definition.key: body}).count()


def naming(kind: Kind, key: str) -> list[tuple[str, Any]]:
    """Return what asks for a field, by name, and each comparison that does: rules of any version, and other fields."""
    inside, outside = PREFIX + key, kind.outside and kind.outside + key
    found: list[tuple[str, Any]] = []
    fields = CustomField.objects.exclude(kind=kind.key, key=key)
    for row in fields if outside else fields.filter(kind=kind.key):
        name = inside if row.kind == kind.key else outside
        found += [(row.label, node) for body in (row.shown_when, row.required_when) for node in _about(name, body)]
    if kind.area or outside:
        asked = {} if outside else {"area": kind.area}
        for rule in (rule for body in named.bodies(**asked) for rule in named.rules_in(body)):
            found += [(str(rule.get("name", "")), node) for node in _about(outside or inside, rule.get("when"))]
    return found


def _about(name: str, body: Any) -> Iterator[Mapping[str, Any]]:
    if isinstance(body, Mapping):
        if name in (body.get("field"), body.get("other")):
            yield body
        for inner in body.values():
            yield from _about(name, inner)
    elif isinstance(body, list):
        for inner in body:
            yield from _about(name, inner)
