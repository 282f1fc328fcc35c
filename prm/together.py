"""Several questions in one statement, for what a page shows beside its rows.

Each question is an ordinary query set of whoever acts now, so both walls stand; the database answers each as a list of
its own beside the others, and Django makes of it what it would have made of the rows of a statement.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import DateField, Field, JSONField, QuerySet
from django.utils.dateparse import parse_datetime


def ask(questions: Mapping[str, QuerySet]) -> dict[str, Any]:
    """Return the answers by name: rows of `values_list()` themselves, of any other query set their number."""
    is_counted = {name: rows._fields is None for name, rows in questions.items()}
    asked = {name: _ids(rows) if is_counted[name] else rows.all() for name, rows in questions.items()}
    answers = _answers([(rows, is_counted[name]) for name, rows in asked.items()])
    return dict(zip(asked, answers, strict=True))


def fetch(*asked: QuerySet) -> tuple[QuerySet, ...]:
    """Load the rows of all these query sets and return them; each then holds its own, as if it had been asked alone."""
    _answers([(rows, False) for rows in asked if rows._result_cache is None])
    return asked


def _ids(rows: QuerySet) -> QuerySet:
    """Return what has to be counted; the order matters only where it decides which rows there are."""
    rows = rows.select_related(None).prefetch_related(None)
    return (rows if rows.query.is_sliced else rows.order_by()).values("pk")


def _answers(questions: list[tuple[QuerySet, bool]]) -> list[Any]:
    """Return the rows of each query set, which keeps them, or their number if they are only counted."""
    parts: list[str] = []
    facts: list[Any] = []
    compilers: list[Any] = []
    for rows, is_counted in questions:
        compiler = rows.query.get_compiler(connection=connection)
        try:
            sql, params = compiler.as_sql()
        except EmptyResultSet:
            compilers.append(None)
            continue
        compilers.append(compiler)
        parts.append(f"SELECT count(*) FROM ({sql}) counted" if is_counted else _as_list(sql, _fields(compiler)))
        facts += params
    texts = iter(_one_statement(parts, facts))
    answers: list[Any] = []
    for (rows, is_counted), compiler in zip(questions, compilers, strict=True):
        text = next(texts) if compiler else "0" if is_counted else "[]"
        answers.append(int(text) if is_counted else _filled(rows, compiler, text))
    return answers


def _one_statement(parts: list[str], facts: list[Any]) -> tuple[str, ...]:
    if not parts:
        return ()
    with connection.cursor() as cursor:
        cursor.execute("SELECT " + ", ".join(f"({part})::text" for part in parts), facts)
        return cursor.fetchone()


def _fields(compiler: Any) -> list[Field]:
    return [expression.output_field for expression, _sql, _alias in compiler.select]


def _as_list(sql: str, fields: list[Field]) -> str:
    names = [f"c{number}" for number in range(len(fields))]
    pairs = zip(names, fields, strict=True)
    values = [f"{name}::text" if isinstance(field, JSONField) else name for name, field in pairs]
    return f"SELECT coalesce(json_agg(json_build_array({', '.join(values)})), '[]') FROM ({sql}) t({', '.join(names)})"


def _filled(rows: QuerySet, compiler: Any, text: str) -> list[Any]:
    """Let Django read a list as if it were what a cursor returned; numbers stay exact."""
    if compiler is None:
        rows._result_cache = []
        return []
    fields = _fields(compiler)
    found = [
        tuple(_from_database(value, field) for value, field in zip(row, fields, strict=True))
        for row in json.loads(text, parse_float=Decimal)
    ]
    compiler.execute_sql = lambda *args, **kwargs: [found]
    rows.query.get_compiler = lambda *args, **kwargs: compiler
    try:
        rows._fetch_all()
    finally:
        del rows.query.get_compiler
    return rows._result_cache


def _from_database(value: Any, field: Field) -> Any:
    """Return a value as the driver does, before Django's own converters see it."""
    if value is None or isinstance(field, JSONField):
        return value
    if isinstance(field, DateField) and isinstance(value, str) and "T" in value:
        return parse_datetime(value)  # months cut off a day are instants, too, until Django converts them
    return field.to_python(value)
