"""Our words for pictures, so that one picture means one thing everywhere."""

import re
from functools import cache

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from lucide.templatetags.lucide import lucide

ICONS = {
    # things
    "home": "house",
    "inbox": "inbox",
    "deal": "briefcase",
    "customer": "store",
    "lead": "funnel",
    "fund": "wallet",
    "claim": "receipt-text",
    "quote": "file-text",
    "payout": "coins",
    "bank": "landmark",
    "price": "tag",
    "product": "package",
    "learn": "graduation-cap",
    "library": "book-open",
    "agreement": "signature",
    "checklist": "list-checks",
    "team": "users",
    "person": "user",
    "invite": "user-plus",
    "tier": "award",
    "partner": "building-2",
    "region": "map-pin",
    "report": "chart-column",
    "rules": "sliders-horizontal",
    "policy": "scale",
    "dispute": "gavel",
    "shield": "shield",
    "key": "key-round",
    "lock": "lock",
    "webhook": "webhook",
    "database": "database",
    "audit": "scroll-text",
    "settings": "settings",
    "brand": "palette",
    "calendar": "calendar",
    "clock": "clock",
    "history": "history",
    "globe": "globe",
    "mail": "mail",
    "message": "message-square",
    "bell": "bell",
    "file": "file",
    "image": "image",
    "link": "link",
    "device": "monitor-smartphone",
    "health": "activity",
    "view": "bookmark",
    # states
    "ok": "circle-check",
    "check": "check",
    "warn": "triangle-alert",
    "stop": "octagon-x",
    "info": "info",
    "returned": "corner-up-left",
    "pause": "pause",
    "star": "star",
    # actions
    "search": "search",
    "plus": "plus",
    "minus": "minus",
    "x": "x",
    "next": "chevron-right",
    "back": "chevron-left",
    "up": "arrow-up",
    "down": "arrow-down",
    "updown": "chevrons-up-down",
    "open": "external-link",
    "upload": "upload",
    "download": "download",
    "print": "printer",
    "copy": "copy",
    "edit": "pencil",
    "remove": "trash-2",
    "archive": "archive",
    "undo": "undo-2",
    "retry": "refresh-cw",
    "send": "send",
    "merge": "merge",
    "split": "split",
    "compare": "git-compare",
    "filter": "list-filter",
    "sort": "arrow-up-down",
    "table": "table",
    "menu": "menu",
    "more": "ellipsis",
    "help": "circle-question-mark",
    "logout": "log-out",
    "sun": "sun",
    "moon": "moon",
    "system": "monitor",
    "keyboard": "keyboard",
    "eye": "eye",
    "play": "play",
}


class UnknownIcon(Exception):
    """This word has no picture in `ICONS`."""


@cache
def drawing(name: str) -> SafeString:
    """The shapes of an icon. Cached, because the package parses XML at every call."""
    if name not in ICONS:
        raise UnknownIcon(f"There is no icon {name!r}; add it to prm/ui/icons.py.")
    svg = lucide(ICONS[name], size=None)
    shapes = re.sub(r"^\s*<svg[^>]*>|</svg>\s*$|\s+(?=<)|\s+(?=/>)", "", svg)
    return mark_safe(shapes)


@cache
def icon(name: str, small: bool = False, label: str = "") -> SafeString:
    """An icon as inline SVG: silent beside text, or an image with a name."""
    return format_html(
        '<svg class="{}" viewBox="0 0 24 24" {}>{}</svg>',
        "i i--s" if small else "i",
        format_html('role="img" aria-label="{}"', label) if label else mark_safe('aria-hidden="true"'),
        drawing(name),
    )
