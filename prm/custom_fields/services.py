"""Defining what is asked, and keeping what was answered."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from typing import Any

from prm.accounts.models import Membership, VendorProfile
from prm.custom_fields import queries, values
from prm.custom_fields.definitions import (
    MOST_FIELDS,
    MOST_OPTIONS,
    WITH_OPTIONS,
    Definition,
    new_key,
)
from prm.custom_fields.events import (
    CustomFieldAdded,
    CustomFieldChanged,
    CustomFieldRetired,
    CustomFieldReturned,
    CustomValuesChanged,
)
from prm.custom_fields.kinds import KINDS, Kind
from prm.custom_fields.models import CustomField
from prm.custom_fields.schemas import Schema
from prm.events.outbox import record
from prm.events.refusals import DomainError
from prm.events.service import service
from prm.policies.values import Invalid, Problem
from prm.tenancy.models import TenantModel

CHANGED = "custom"  # what approval steps that look at the fields name
ADDRESSES = ("new", "preview")  # pages beside those of the fields
ASKED = ("label", "help", "type", "section", "is_internal", "is_required", "required_when", "shown_when")


class FieldKeyTaken(DomainError):
    """Another field has the key, or one that every portal has."""


class TooManyFields(DomainError):
    """There are as many fields as anybody fills in."""


class FieldChangedMeanwhile(DomainError):
    """Somebody saved the field after this page was opened."""


class FieldTypeInUse(DomainError):
    """Values or rules are of the type that the field has; `records` says how many, `rules` which."""


class ChoiceInUse(DomainError):
    """A choice was chosen or is asked for by a rule, so that it cannot be taken away."""


class ChoicesMissing(DomainError):
    """There is nothing to choose from."""


class ConditionUnfit(DomainError):
    """A condition of the field cannot be followed; `problems` says why."""

    @property
    def problems(self) -> tuple[Problem, ...]:
        return self.facts["problems"]  # type: ignore[return-value]


class ValuesChangedMeanwhile(DomainError):
    """Somebody changed the values after this page was opened."""


class CustomFieldsMissing(DomainError):
    """Something that has to be filled is not; `labels` says what."""


# -- what is asked ---------------------------------------------------------------------------------------
@service
def add(kind: Kind, definition: Definition, *, by: Membership, at: datetime) -> CustomField:
    """Ask something more, after all else; without a key, it gets one like its label.

    Raises `FieldKeyTaken`, `TooManyFields`, `ChoicesMissing` and `ConditionUnfit`.
    """
    profile = _lock()
    schema = queries.schema_of(kind)
    built_in = queries.catalogue_of(kind)
    taken = {*schema.by_key, *built_in.field, *built_in.collection, *ADDRESSES}
    definition = replace(definition, key=definition.key or new_key(definition.label, taken))
    if definition.key in taken:
        raise FieldKeyTaken(key=definition.key)
    if len(schema.definitions) >= MOST_FIELDS:
        raise TooManyFields(most=MOST_FIELDS)
    definition = _with_keys(definition)
    _refuse_if_unfit(kind, definition, schema)
    row = CustomField(kind=kind.key, key=definition.key, position=len(schema.definitions), **_columns(definition))
    row.save(force_insert=True)
    if kind.key not in profile.asks_more_of:
        profile.asks_more_of = [*profile.asks_more_of, kind.key]
        profile.save(update_fields=["asks_more_of"])
    record(CustomFieldAdded(kind.key, row.label), on=row, by=by, at=at)
    return row


@service
def change(
    field: CustomField, definition: Definition, *, revision: int | None = None, by: Membership, at: datetime
) -> CustomField:
    """Ask it otherwise; the key stays. `revision` is that of the field which the person looked at.

    Raises `FieldChangedMeanwhile`, `FieldTypeInUse`, `ChoiceInUse`, `ChoicesMissing` and `ConditionUnfit`.
    """
    _lock()
    field = _looked_at(field, revision)
    kind, before = KINDS[field.kind], field.definition
    definition = _with_keys(replace(definition, key=field.key, is_retired=before.is_retired))
    if definition.type != before.type:
        _refuse_if_type_in_use(kind, before)
    elif definition.type in WITH_OPTIONS:
        _refuse_if_choice_in_use(kind, before, definition)
    _refuse_if_unfit(kind, definition, queries.schema_of(kind))
    changes = _changes(before, definition)
    if changes:
        for name, value in _columns(definition).items():
            setattr(field, name, value)
        field.revision += 1
        field.save()
        record(CustomFieldChanged(field.kind, field.label, changes), on=field, by=by, at=at)
    return field


@service
def retire(field: CustomField, *, by: Membership, at: datetime) -> CustomField:
    """Ask it no more; what was answered stays on its records. Again, nothing happens."""
    field = CustomField.objects.locked(field.pk)
    if field.retired_at is None:
        field.retired_at, field.revision = at, field.revision + 1
        field.save()
        record(CustomFieldRetired(field.kind, field.label), on=field, by=by, at=at)
    return field


@service
def bring_back(field: CustomField, *, by: Membership, at: datetime) -> CustomField:
    """Ask it again. Again, nothing happens."""
    field = CustomField.objects.locked(field.pk)
    if field.retired_at is not None:
        field.retired_at, field.revision = None, field.revision + 1
        field.save()
        record(CustomFieldReturned(field.kind, field.label), on=field, by=by, at=at)
    return field


@service
def arrange(kind: Kind, keys: Iterable[str]) -> None:
    """Put the fields in this order; those that are not named follow as they were."""
    _lock()
    order = {key: place for place, key in enumerate(keys)}
    rows = list(CustomField.objects.filter(kind=kind.key).order_by("position", "id").select_for_update())
    rows.sort(key=lambda row: order.get(row.key, len(order)))
    for place, row in enumerate(rows):
        row.position = place
    CustomField.objects.bulk_update(rows, ["position"])


@service
def move(field: CustomField, by_places: int) -> None:
    """Move a field up or down among those of its kind that are asked."""
    rows = CustomField.objects.filter(kind=field.kind).order_by("position", "id")
    keys = [row.key for row in rows if row.retired_at is None]
    place = keys.index(field.key) if field.key in keys else -1
    if place >= 0 and 0 <= place + by_places < len(keys):
        keys.insert(place + by_places, keys.pop(place))
        arrange(KINDS[field.kind], keys)


def _lock() -> VendorProfile:
    """Let one person at a time define fields: they depend on each other."""
    return VendorProfile.objects.select_for_update().get()


def _looked_at(field: CustomField, revision: int | None) -> CustomField:
    field = CustomField.objects.locked(field.pk)
    if revision is not None and field.revision != revision:
        raise FieldChangedMeanwhile(label=field.label)
    return field


def _with_keys(definition: Definition) -> Definition:
    """Return a definition whose choices all have keys; only what is chosen from has choices."""
    if definition.type not in WITH_OPTIONS:
        return replace(definition, options=())
    taken = {option.key for option in definition.options if option.key}
    found = []
    for option in definition.options:
        key = option.key or new_key(option.label, taken, "choice")
        taken.add(key)
        found.append(replace(option, key=key))
    if not any(option.is_offered for option in found) or len(found) > MOST_OPTIONS:
        raise ChoicesMissing(most=MOST_OPTIONS)
    return replace(definition, options=tuple(found))


def _columns(definition: Definition) -> dict[str, Any]:
    return {name: getattr(definition, name) for name in ASKED} | {
        "options": [option.body() for option in definition.options]
    }


def _changes(before: Definition, after: Definition) -> tuple[tuple[str, Any, Any], ...]:
    old, new = _columns(before), _columns(after)
    return tuple((name, old[name], new[name]) for name in old if old[name] != new[name])


def _refuse_if_unfit(kind: Kind, definition: Definition, schema: Schema) -> None:
    if definition.shown_when is None and definition.required_when is None:
        return
    problems = replace(schema, catalogue=queries.catalogue_of(kind)).problems_of(definition)
    if problems:
        raise ConditionUnfit(problems=tuple(problems))


def _refuse_if_type_in_use(kind: Kind, definition: Definition) -> None:
    number = queries.number_with_value(kind, definition.key)
    rules = sorted({name for name, _node in queries.naming(kind, definition.key)})
    if number or rules:
        raise FieldTypeInUse(number=number, rules=rules)


def _refuse_if_choice_in_use(kind: Kind, before: Definition, after: Definition) -> None:
    kept = {option.key for option in after.options}
    gone = [option for option in before.options if option.key not in kept]
    asked = queries.naming(kind, before.key) if gone else []
    for option in gone:
        number = queries.chosen(kind, before, option.key)
        rules = sorted({name for name, node in asked if _names(node.get("value"), option.key)})
        if number or rules:
            raise ChoiceInUse(choice=option.label, number=number, rules=rules)


def _names(value: Any, key: str) -> bool:
    return key in value if isinstance(value, list) else value == key


# -- what was answered -----------------------------------------------------------------------------------
def refuse_incomplete(kind: Kind, row: Any, *, at: datetime, for_vendor: bool = False) -> None:
    """Raise `CustomFieldsMissing` unless everything is filled that has to be."""
    schema = queries.schema_of(kind)
    found = queries.followed(kind, schema, [row], at)[row.pk]
    missing = schema.lacking(row.custom, found, for_vendor=for_vendor)
    if missing:
        raise CustomFieldsMissing(labels=[definition.label for definition in missing])


@service
def answer(
    kind: Kind, row: TenantModel, given: values.Stored, *, seen: values.Stored, by: Membership, at: datetime
) -> Any:
    """Change values of a record; nothing takes one away. Raises `ValuesChangedMeanwhile` unless they are as `seen`.

    Whoever may see a field learns of its change: a change of fields that are kept from partners is told apart.
    """
    found: Any = kind.model.objects.locked(row.pk)
    if found.custom != seen:
        raise ValuesChangedMeanwhile
    definitions = queries.definitions_of(kind.key)
    before, found.custom = found.custom, values.merged(definitions, found.custom, given)
    found.save(update_fields=["custom"])
    tell(found, definitions, before, by=by, at=at)
    if kind.changed and found.custom != before:
        kind.changed(found, before, by=by, at=at)
    return found


def fill(kind: str, row: Any, given: values.Stored) -> None:
    """Write values onto a record; what is not named stays. The caller saves the row. Raises `Invalid`."""
    if given:
        row.custom = values.merged(queries.definitions_of(kind), row.custom, given)


def carried(source: str, target: str, stored: values.Stored) -> dict[str, Any]:
    """Return the values that a record made from another one has from the start: of fields that both kinds have.

    Such fields have the same key and type. What only the vendor sees comes only to where only the vendor sees it.
    """
    wanted = {each.key: each for each in queries.definitions_of(target)}
    found: dict[str, Any] = {}
    for each in queries.definitions_of(source):
        same = wanted.get(each.key)
        if each.key in stored and same and same.type == each.type and same.is_internal >= each.is_internal:
            with suppress(Invalid):
                found = values.merged([same], found, {each.key: stored[each.key]})
    return found


def tell_change(kind: str, row: Any, before: Mapping[str, Any], *, by: Membership | None, at: datetime) -> list[str]:
    """Record what an answer changed; return how approval steps call it, nothing if nothing changed."""
    if row.custom == before:
        return []
    tell(row, queries.definitions_of(kind), before, by=by, at=at)
    return [CHANGED]


def tell(
    row: Any, definitions: Iterable[Definition], before: Mapping[str, Any], *, by: Membership | None, at: datetime
) -> None:
    """Record what changed in the values of a record."""
    changed = [each for each in definitions if before.get(each.key) != row.custom.get(each.key)]
    for is_internal in (False, True):
        changes = tuple(
            (each.label, before.get(each.key), row.custom.get(each.key))
            for each in changed
            if each.is_internal == is_internal
        )
        if changes:
            record(CustomValuesChanged(row.pk, changes), on=row, by=by, at=at, is_internal=is_internal)
