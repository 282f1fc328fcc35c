"""Several small questions in one statement, for what a page shows beside its rows.

Each question is an ordinary query set of whoever acts now, so both walls stand; the database answers it as a list of
its own beside the others.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet


def ask(questions: Mapping[str, QuerySet]) -> dict[str, Any]:
    """Return the answers by name: rows of `values_list()` themselves, of any other query set their number."""
    answers: dict[str, Any] = {name: [] if _wants_values(rows) else 0 for name, rows in questions.items()}
    asked, parts, facts = [], [], []
    for name, rows in questions.items():
        try:
            sql, params, columns = _question(rows)
        except EmptyResultSet:
            continue
        asked.append((name, columns))
        parts.append(f"({sql})::text")
        facts += params
    if not asked:
        return answers
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(parts)}", facts)
        found = cursor.fetchone()
    for (name, columns), text in zip(asked, found, strict=True):
        answers[name] = _read(text, columns) if columns else int(text)
    return answers


def _wants_values(rows: QuerySet) -> bool:
    return rows._fields is not None


def _question(rows: QuerySet) -> tuple[str, list[Any], list[Any]]:
    """Return a query set as SQL that gives one value, its facts, and the fields of the columns in that value."""
    if not _wants_values(rows):
        rows = rows.select_related(None).prefetch_related(None)
        rows = (rows if rows.query.is_sliced else rows.order_by()).values("pk")
        sql, params = rows.query.get_compiler(connection=connection).as_sql()
        return f"SELECT count(*) FROM ({sql}) counted", list(params), []
    compiler = rows.query.get_compiler(connection=connection)
    sql, params = compiler.as_sql()
    names = [f"c{number}" for number in range(len(compiler.select))]
    listed = ", ".join(names)
    wrapped = f"SELECT coalesce(json_agg(json_build_array({listed})), '[]') FROM ({sql}) answer({listed})"
    return wrapped, list(params), [expression.output_field for expression, _sql, _alias in compiler.select]


def _read(text: str, fields: list[Any]) -> list[tuple[Any, ...]]:
    """Return rows with the values that Django would have given them; numbers stay exact."""
    rows = json.loads(text, parse_float=Decimal)
    return [tuple(field.to_python(value) for field, value in zip(fields, row, strict=True)) for row in rows]
