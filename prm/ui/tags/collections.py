"""Lists of things that look alike: rows, figures, checks, steps, timeline, files, pairs."""

from collections.abc import Iterable
from typing import Any

from django.template import Library

register = Library()

_CHECK_ICONS = {"ok": "ok", "warn": "warn", "bad": "stop", "info": "clock"}
_WORST_FIRST = ["bad", "warn", "info", "ok"]


def _part(item: Any, name: str) -> Any:
    return item.get(name) if isinstance(item, dict) else getattr(item, name, None)


@register.inclusion_tag("components/attention.html", takes_context=True)
def attention(context: dict[str, Any], items: Iterable[Any]) -> dict[str, Any]:
    """What needs doing: icon in its tone, what happened, why and by when, one button that leads there or does it."""
    return {"items": items, "csrf_token": context.get("csrf_token")}


@register.inclusion_tag("components/strip.html")
def strip(figures: Iterable[Any]) -> dict[str, Any]:
    """At most four figures with one line of context each."""
    return {"figures": list(figures)[:4]}


@register.inclusion_tag("components/checks.html")
def checks(items: Iterable[Any]) -> dict[str, Any]:
    """A rule's reasons in words, problems first; `links` lead to where one looks closer."""
    rows = [
        {
            "tone": _part(item, "tone") or "ok",
            "icon": _part(item, "icon") or _CHECK_ICONS.get(_part(item, "tone") or "ok", "info"),
            "title": _part(item, "title"),
            "detail": _part(item, "detail"),
            "links": _part(item, "links"),
        }
        for item in items
    ]
    return {"items": sorted(rows, key=lambda row: _WORST_FIRST.index(row["tone"]))}


@register.inclusion_tag("components/steps.html")
def steps(items: Iterable[Any]) -> dict[str, Any]:
    """Where a process or a checklist stands."""
    return {"items": items}


@register.inclusion_tag("components/timeline.html")
def timeline(entries: Iterable[Any]) -> dict[str, Any]:
    """Newest last: what the system did is one line, what people wrote has a body."""
    return {"entries": entries}


@register.inclusion_tag("components/files.html")
def files(items: Iterable[Any]) -> dict[str, Any]:
    """One row per file."""
    return {"files": items}


@register.inclusion_tag("components/terms.html")
def terms(pairs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    """Label and value below each other."""
    return {"pairs": pairs}


@register.inclusion_tag("components/facts.html")
def facts(pairs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    """Label and value in one line."""
    return {"pairs": pairs}


@register.inclusion_tag("components/views.html")
def views(items: Iterable[Any], *, label: str = "") -> dict[str, Any]:
    """Saved looks on a list as tabs."""
    return {"items": items, "label": label}


@register.inclusion_tag("components/lines.html")
def lines(steps: Iterable[Any], *, total: Any = None, total_label: str = "") -> dict[str, Any]:
    """Amount by amount to a total: the price waterfall."""
    return {"steps": steps, "total": total, "total_label": total_label}


@register.inclusion_tag("components/inbox_row.html")
def inbox_row(
    *,
    url: str,
    title: str,
    sum: Any = "",
    text: str = "",
    badge: Any = None,
    mark: Any = None,
    due: str = "",
    id: Any = None,
    amount: Any = None,
    current: bool = False,
) -> dict[str, Any]:
    """One record of an inbox list; with an id it can be ticked, and `amount` is what the bulk bar adds up."""
    return {
        "url": url,
        "title": title,
        "sum": sum,
        "text": text,
        "badge": badge,
        "mark": mark,
        "due": due,
        "id": id,
        "amount": amount,
        "current": current,
    }
