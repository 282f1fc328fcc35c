"""Rows of the queue, and the lists they lead to."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.urls import reverse
from django.utils.http import urlencode

from deals.models import Registration
from deals.queries import home as queries

FEW = 3  # more than these of a kind become one row

Row = dict[str, Any]


def few(
    deals: Sequence[Registration], row: Callable[[Registration], Row], many: Callable[[str, int], Row]
) -> list[Row]:
    """Return a row for each deal, or one row for all of them when they are many, as urgent as the first."""
    if len(deals) <= FEW:
        return [row(deal) for deal in deals]
    count = f"{len(deals) - 1}+" if len(deals) == queries.MOST else str(len(deals))
    return [many(count, len(deals)) | {"at": row(deals[0]).get("at")}]


def row(tone: str, icon: str, title: str, text: str, url: str, action: str, **more: Any) -> Row:
    return {"tone": tone, "icon": icon, "title": title, "text": text, "url": url, "action": action, **more}


def leading_to_list(tone: str, icon: str, title: str, text: str, view: str, action: str, **filters: str) -> Row:
    return row(tone, icon, title, text, list_url(view, **filters), action)


def list_url(view: str, **filters: str) -> str:
    """Return the address of the list of deals in one of its views."""
    return f"{reverse('deals:registrations')}?{urlencode({'view': view, **filters})}"
