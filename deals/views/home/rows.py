"""Rows of the queue, and the lists they lead to."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from django.urls import reverse
from django.utils.http import urlencode

from deals.queries import home as queries

FEW = 3  # more than these of a kind become one row

Row = dict[str, Any]
Record = TypeVar("Record")


def few(records: Sequence[Record], row: Callable[[Record], Row], many: Callable[[str, int], Row]) -> list[Row]:
    """Return a row for each record, or one row for all of them when they are many, as urgent as the first."""
    if len(records) <= FEW:
        return [row(record) for record in records]
    count = f"{len(records) - 1}+" if len(records) == queries.MOST else str(len(records))
    return [many(count, len(records)) | {"at": row(records[0]).get("at")}]


def row(tone: str, icon: str, title: str, text: str, url: str, action: str, **more: Any) -> Row:
    return {"tone": tone, "icon": icon, "title": title, "text": text, "url": url, "action": action, **more}


def leading_to_list(tone: str, icon: str, title: str, text: str, view: str, action: str, **filters: str) -> Row:
    return row(tone, icon, title, text, list_url(view, **filters), action)


def list_url(view: str, **filters: str) -> str:
    """Return the address of the list of deals in one of its views."""
    return f"{reverse('deals:registrations')}?{urlencode({'view': view, **filters})}"
