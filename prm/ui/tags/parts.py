"""Small parts without a body: badge, clock, avatar, meters, keys, crumbs, toasts."""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from itertools import accumulate
from typing import Any

from django.contrib.messages import constants, get_messages
from django.template import Context, Library
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from prm.ui import formats
from prm.ui.states import State, state_of

register = Library()

Number = int | float | Decimal

MESSAGE_ICONS = {constants.SUCCESS: "check", constants.WARNING: "warn", constants.ERROR: "stop"}


@register.inclusion_tag("components/badge.html")
def badge(state: Any = None, *, tone: str = "", icon: str = "", label: str = "") -> dict[str, Any]:
    """The badge of a status code or of anything with `tone`, `icon` and `label`; a label given here wins."""
    look = state_of(state) if isinstance(state, str) and state else state or State(tone, icon, label)
    return {"tone": tone or look.tone, "icon": icon or look.icon, "label": label or look.label}


@register.inclusion_tag("components/badge.html")
def clock(due: datetime | None, *, paused: bool = False) -> dict[str, Any]:
    """Until when an answer is promised: warns on the last day, bad when late, nothing without a promise."""
    if paused:
        return {"tone": "", "icon": "pause", "label": _("Clock paused")}
    if due is None:
        return {"label": ""}
    now = timezone.now()
    words = formats.due(due, now, timezone.get_current_timezone())
    if due < now:
        return {"tone": "bad", "icon": "clock", "label": _("Late since %(when)s") % {"when": words}}
    is_today = formats.as_day(due) == timezone.localdate()
    return {"tone": "warn" if is_today else "info", "icon": "clock", "label": words}


@register.simple_tag
def avatar(name: str, *, round: bool = False, large: bool = False) -> SafeString:
    """Initials; hidden from screen readers, because the name stands beside them."""
    classes = "avatar" + (" avatar--round" if round else "") + (" avatar--l" if large else "")
    return format_html('<span class="{}" aria-hidden="true">{}</span>', classes, formats.initials(str(name)))


@register.simple_tag
def key(letter: str) -> SafeString:
    """The hint of a keyboard shortcut."""
    return format_html('<kbd aria-hidden="true">{}</kbd>', letter)


@register.inclusion_tag("components/crumb.html")
def crumb(label: str, url: str = "") -> dict[str, Any]:
    """One step of the breadcrumb; the last one has no address."""
    return {"label": label, "url": url}


def _share(value: Number, of: Number, scale: int = 100) -> str:
    """How far along a bar of `scale` units a value is, never outside of it."""
    share = Decimal(str(value)) / Decimal(str(of)) if of else Decimal(0)
    return f"{min(max(share, Decimal(0)), Decimal(1)) * scale:.1f}"


@register.inclusion_tag("components/meter.html")
def meter(
    value: Number, *, of: Number = 100, label: str = "", tone: str = "", thick: bool = False, top: bool = False
) -> dict[str, Any]:
    """A bar; without a label it is decoration beside text that says the same."""
    return {"width": _share(value, of), "label": label, "tone": tone, "thick": thick, "top": top}


@register.inclusion_tag("components/meter_parts.html")
def meter_parts(
    parts: Iterable[tuple[str, Any]], *, of: Any, label: str, legend: bool = False, free: str = ""
) -> dict[str, Any]:
    """A bar of up to three amounts of a whole; amounts are numbers or money."""
    named = list(parts)[:3]
    amounts = [_number(amount) for _label, amount in named]
    whole = _number(of)
    starts = [Decimal(0), *accumulate(amounts)]
    rest = type(of)(whole - starts[-1], of.currency) if hasattr(of, "currency") else whole - starts[-1]
    return {
        "parts": [
            {"label": name, "amount": amount, "x": _share(start, whole, 300), "width": _share(number, whole, 300)}
            for (name, amount), number, start in zip(named, amounts, starts, strict=False)
        ],
        "label": label,
        "legend": legend,
        "free": free,
        "rest": rest,
    }


def _number(value: Any) -> Decimal:
    return Decimal(str(getattr(value, "amount", value)))


@register.inclusion_tag("components/goal.html")
def goal(label: str, value: Number, *, of: Number, text: str = "", tone: str = "") -> dict[str, Any]:
    """A label, how far it is, and a bar; turns good by itself when it is reached."""
    return {
        "label": label,
        "text": text or f"{value} / {of}",
        "width": _share(value, of),
        "tone": tone or ("ok" if value >= of else ""),
    }


SOON = 14


@register.inclusion_tag("components/time_left.html")
def time_left(until: date | None, *, since: date | None = None, waiting: str = "") -> dict[str, Any]:
    """The days until a last day as a sentence and a bar; warns in the last two weeks."""
    if until is None:
        return {"sentence": waiting, "width": "0", "tone": ""}
    today, until = timezone.localdate(), formats.as_day(until)
    left = (until - today).days
    whole = (until - formats.as_day(since)).days if since else 90
    tone = "bad" if left < 0 else "warn" if left <= SOON else ""
    return {"sentence": formats.days_left(until, today), "width": _share(left, whole), "tone": tone}


@register.inclusion_tag("components/toast.html")
def toast(
    text: str, *, icon: str = "check", undo_url: str = "", on_page: bool = False, oob: bool = False
) -> dict[str, Any]:
    """What was done, with Undo; `on_page` if undoing leads to a page, `oob` inside an htmx answer for another part."""
    return {"text": text, "icon": icon, "undo_url": undo_url, "on_page": on_page, "oob": oob}


@register.inclusion_tag("components/toasts.html", takes_context=True)
def toasts(context: Context, *, oob: bool = False) -> dict[str, Any]:
    """Every pending message as a toast; the tag of a message says where it is undone."""
    request = context.get("request")
    waiting = get_messages(request) if request else []
    return {
        "oob": oob,
        "toasts": [
            {
                "text": str(entry),
                "icon": MESSAGE_ICONS.get(entry.level, "info"),
                "undo_url": entry.extra_tags or "",
            }
            for entry in waiting
        ],
    }


@register.inclusion_tag("components/toasts.html", takes_context=True)
def toasts_oob(context: Context) -> dict[str, Any]:
    """Every pending message, for an htmx answer."""
    return toasts(context, oob=True)
