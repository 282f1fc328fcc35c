"""Custom fields as columns of a file for spreadsheets."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from itertools import islice
from typing import Any

from django.utils.translation import gettext as _

from prm.custom_fields import queries
from prm.custom_fields.definitions import FieldType
from prm.custom_fields.kinds import Kind
from prm.custom_fields.queries import Known

CHUNK = 500


class Columns:
    """One for each field that the reader may see, retired ones too; money has a second one for its currency."""

    def __init__(self, kind: Kind, *, for_vendor: bool, at: datetime) -> None:
        self.kind, self.for_vendor, self.at = kind, for_vendor, at
        self.schema = queries.schema_of(kind)
        self.definitions = [each for each in self.schema.definitions if for_vendor or not each.is_internal]

    @property
    def head(self) -> list[str]:
        found: list[str] = []
        for each in self.definitions:
            found += [each.label, f"{each.label} ({_('Currency')})"] if each.type == FieldType.MONEY else [each.label]
        return found

    def beside(self, records: Iterable[Any], cells: Callable[[Any], Iterable[Any]]) -> Iterator[list[Any]]:
        """Yield the cells of each record with those of its custom fields after them."""
        waiting = iter(records)
        while chunk := list(islice(waiting, CHUNK)):
            known = queries.values_of(self.kind, chunk, for_vendor=self.for_vendor, at=self.at, schema=self.schema)
            for record in chunk:
                yield [*cells(record), *self._cells(known[record.pk])]

    def _cells(self, known: list[Known]) -> Iterator[Any]:
        by_key = {each.definition.key: each for each in known}
        for definition in self.definitions:
            found = by_key.get(definition.key)
            yield from _cell(definition.type, found) if found else [""] * (1 + (definition.type == FieldType.MONEY))


def _cell(of: FieldType, known: Known) -> list[Any]:
    match of:
        case FieldType.MONEY:
            return [known.value.amount, known.value.currency]
        case FieldType.BOOLEAN:
            return [_("Yes") if known.value else _("No")]
        case FieldType.CHOICE | FieldType.CHOICES:
            return ["; ".join(known.labels)]
    return [known.value]
