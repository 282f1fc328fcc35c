"""What conditions can be about: the fields, collections and effects that each app declares for an area.

A condition never reaches into a model. An app says which fields there are, gathers their facts, and the same
catalogue serves the editor, the evaluation, the sentences and the export.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

# A text, or one that is translated when it is read.
Label = object


class Kind(StrEnum):
    """What a fact is, and with it how it can be compared."""

    TEXT = "text"
    CHOICE = "choice"
    CHOICES = "choices"  # a set of them
    LISTS = "lists"  # on which of the lists that the vendor keeps it stands
    BOOLEAN = "boolean"
    NUMBER = "number"
    PERCENT = "percent"
    MONEY = "money"
    DAY = "day"
    DURATION = "duration"  # from one day to another

    __hash__ = str.__hash__  # an enumeration's own takes longer than all else about a comparison


NUMERIC = (Kind.NUMBER, Kind.PERCENT, Kind.MONEY)


@dataclass(frozen=True)
class Choice:
    key: str
    label: Label


@dataclass(frozen=True)
class Field:
    """One thing that is known about a record. A yes-or-no field reads as a claim, its `denial` as the opposite."""

    name: str
    label: Label
    kind: Kind
    unit: Label = ""
    help: Label = ""
    choices: tuple[Choice, ...] = ()  # in their order, where they have one
    denial: Label = ""
    is_whole: bool = False  # of a number: pieces, people
    is_retired: bool = False  # not asked any more: older rules keep it, new ones cannot be about it
    is_internal: bool = False  # kept from partners

    @cached_property
    def places(self) -> Mapping[str, int]:
        """Return the place of each choice, from 0."""
        return {choice.key: place for place, choice in enumerate(self.choices)}

    def label_of(self, key: str) -> Label:
        """Return what a choice is called; one that is gone is called by its key."""
        return self.choices[self.places[key]].label if key in self.places else key


@dataclass(frozen=True)
class Collection:
    """Things of one sort that belong to a record: its lines, or what a partner did before."""

    name: str
    label: Label  # plural: "lines"
    fields: tuple[Field, ...] = ()
    dated_by: str = ""  # the field with the day that a window looks at
    named_by: str = ""  # the field that tells one from another

    @cached_property
    def catalogue(self) -> Catalogue:
        """Return what a condition about a single one can be about."""
        return Catalogue(self.fields)


class Merge(StrEnum):
    """What becomes of an effect that several rules give."""

    HIGHEST = "highest"
    LOWEST = "lowest"
    FIRST = "first"
    SUM = "sum"
    UNION = "union"
    EXCLUSIVE = "exclusive"  # not combinable: two different values are a conflict


@dataclass(frozen=True)
class Effect:
    """What a rule can give, and how it is merged unless the vendor chooses otherwise."""

    field: Field
    merge: Merge = Merge.FIRST
    is_required: bool = False  # every record needs one, so there has to be a default

    @property
    def name(self) -> str:
        return self.field.name

    @property
    def merges(self) -> tuple[Merge, ...]:
        """Return the ways in which values of its kind can be merged."""
        is_ordered = self.field.kind != Kind.CHOICE or bool(self.field.choices)
        found = MERGES_OF.get(self.field.kind, ()) if is_ordered else ()
        return (*found, Merge.FIRST, Merge.EXCLUSIVE)


MERGES_OF: Mapping[Kind, tuple[Merge, ...]] = {
    **dict.fromkeys(NUMERIC, (Merge.HIGHEST, Merge.LOWEST, Merge.SUM)),
    **dict.fromkeys((Kind.CHOICE, Kind.DAY, Kind.DURATION), (Merge.HIGHEST, Merge.LOWEST)),
    **dict.fromkeys((Kind.CHOICES, Kind.LISTS), (Merge.UNION,)),
}


@dataclass(frozen=True)
class Catalogue:
    """All that the rules of an area can ask and give."""

    fields: tuple[Field, ...] = ()
    collections: tuple[Collection, ...] = ()
    effects: tuple[Effect, ...] = ()

    @cached_property
    def field(self) -> Mapping[str, Field]:
        return {field.name: field for field in self.fields}

    @cached_property
    def collection(self) -> Mapping[str, Collection]:
        return {collection.name: collection for collection in self.collections}

    @cached_property
    def effect(self) -> Mapping[str, Effect]:
        return {effect.name: effect for effect in self.effects}
