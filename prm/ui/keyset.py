"""Where a page of a sorted list starts: after the sort value and the id of a row.

Empty values sort last in both directions. `beyond_clauses` is the rule as data, `beyond` the same for the database.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

from django.core import signing
from django.db.models import Q

SALT = "prm.ui.keyset"

_WRITERS = {datetime: "t", date: "d", Decimal: "n", UUID: "u", float: "f", str: "s", int: "i", bool: "b"}
_READERS: dict[str, Callable[[str], Any]] = {
    "t": datetime.fromisoformat,
    "d": date.fromisoformat,
    "n": Decimal,
    "u": UUID,
    "f": float,
    "s": str,
    "i": int,
    "b": lambda text: text == "True",
}


class Cursor(NamedTuple):
    """The sort value and the id of a row."""

    value: Any
    id: Any


@dataclass(frozen=True)
class Clause:
    """One comparison: `target` is `value` or `id`, `op` is `gt`, `lt`, `exact` or `isnull`."""

    target: str
    op: str
    operand: Any


def beyond_clauses(
    cursor: Cursor, *, sorted_by_value: bool, descending: bool, backwards: bool
) -> list[tuple[Clause, ...]]:
    """The rows on the far side of the cursor, as alternatives of clauses that all hold."""
    way = "lt" if descending != backwards else "gt"
    past_id = Clause("id", way, cursor.id)
    if not sorted_by_value:
        return [(past_id,)]
    if cursor.value is None:
        among_empty = (Clause("value", "isnull", True), past_id)
        return [among_empty, (Clause("value", "isnull", False),)] if backwards else [among_empty]
    same = (Clause("value", "exact", cursor.value), past_id)
    further = (Clause("value", way, cursor.value),)
    return [further, same] if backwards else [further, same, (Clause("value", "isnull", True),)]


def beyond(column: str, cursor: Cursor, *, descending: bool, backwards: bool) -> Q:
    """The same as a condition on a query set."""
    names = {"value": column, "id": "pk"}
    condition = Q(pk__in=())
    for clauses in beyond_clauses(cursor, sorted_by_value=bool(column), descending=descending, backwards=backwards):
        condition |= Q(*(Q(**{f"{names[clause.target]}__{clause.op}": clause.operand}) for clause in clauses))
    return condition


def value_of(row: Any, column: str) -> Any:
    """What a row holds in a column, which may reach through relations."""
    value = row
    for name in column.split("__") if column else ():
        value = getattr(value, name, None)
    return value if column else None


def _pack(value: Any) -> Any:
    if value is None:
        return None
    kind = next((letter for kind, letter in _WRITERS.items() if type(value) is kind), "s")
    return [kind, value.isoformat() if kind in "td" else str(value)]


def _unpack(packed: Any) -> Any:
    if packed is None:
        return None
    kind, text = packed
    return _READERS[kind](text)


def write(cursor: Cursor, sort: str) -> str:
    """The cursor as an opaque text, valid for this order only."""
    return signing.Signer(salt=SALT).sign_object([sort, _pack(cursor.value), _pack(cursor.id)])


def read(token: str, sort: str) -> Cursor | None:
    """The cursor of a text; nothing when it was changed, is of another order, or is nonsense."""
    if not token or len(token) > 2000:
        return None
    try:
        made_for, value, id_ = signing.Signer(salt=SALT).unsign_object(token)
        return Cursor(_unpack(value), _unpack(id_)) if made_for == sort else None
    except (signing.BadSignature, ValueError, TypeError, KeyError, ArithmeticError):
        return None
