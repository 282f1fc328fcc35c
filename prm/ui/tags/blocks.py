"""Parts with a body: panel, card, callout, empty state, dialog, group, pair."""

from itertools import count
from typing import Any

from django.template import Context, Library
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = Library()

_TONE_ICONS = {"ok": "ok", "warn": "warn", "bad": "stop", "info": "info"}


def _fill(context: Context, template: str, **values: Any) -> SafeString:
    """Render a component with nothing but the given values."""
    assert context.template is not None
    return context.template.engine.get_template(f"components/{template}.html").render(context.new(values))


def _heading_id(context: Context, own: str | None) -> str:
    """An id for `aria-labelledby` that is unique on the page."""
    if own:
        return f"{own}-title"
    numbers = context.render_context.setdefault("portal_heading_ids", count(1))
    return f"title-{next(numbers)}"


@register.simple_block_tag(takes_context=True)
def panel(
    context: Context,
    content: str,
    title: str,
    *,
    id: str = "",
    note: str = "",
    link: str = "",
    link_label: str = "",
) -> SafeString:
    """A section of a page: heading, quiet note or link at its end, content."""
    heading = _heading_id(context, id)
    return _fill(
        context,
        "panel",
        content=content,
        title=title,
        id=id,
        heading=heading,
        note=note,
        link=link,
        link_label=link_label,
    )


@register.simple_block_tag(takes_context=True)
def card(
    context: Context,
    content: str,
    title: str = "",
    *,
    id: str = "",
    label: str = "",
    note: str = "",
    foot: str = "",
    foot_link: str = "",
    foot_label: str = "",
    flush: bool = False,
) -> SafeString:
    """A bordered part with an optional head and foot; `flush=True` lets rows and tables reach its border."""
    return _fill(
        context,
        "card",
        content=content,
        title=title,
        id=id,
        heading=_heading_id(context, id) if title else "",
        label=label,
        note=note,
        foot=foot,
        foot_link=foot_link,
        foot_label=foot_label,
        flush=flush,
    )


@register.simple_block_tag(takes_context=True)
def callout(context: Context, content: str, tone: str, title: str, *, icon: str = "", id: str = "") -> SafeString:
    """A fact, its reason and the way forward, in a tone."""
    picture = icon or _TONE_ICONS.get(tone, "info")
    return _fill(context, "callout", content=content, tone=tone, title=title, icon=picture, id=id)


@register.simple_block_tag(takes_context=True)
def empty_state(
    context: Context, content: str, title: str, *, icon: str = "", link: str = "", link_label: str = ""
) -> SafeString:
    """What will appear here and one action. Not `empty`, which belongs to `{% for %}`."""
    return _fill(context, "empty_state", content=content, title=title, icon=icon, link=link, link_label=link_label)


@register.simple_block_tag(takes_context=True)
def dialog(context: Context, content: str, id: str, title: str) -> SafeString:
    """A dialog that a button with `data-open` opens."""
    return _fill(context, "dialog", content=content, id=id, title=title)


@register.simple_block_tag(takes_context=True)
def group(
    context: Context, content: str, title: str, *, number: int = 0, done: bool = False, optional: bool = False
) -> SafeString:
    """Fields that belong together, numbered on long forms."""
    return _fill(context, "group", content=content, title=title, number=number, done=done, optional=optional)


@register.simple_block_tag
def pair(content: str) -> SafeString:
    """Two fields side by side, below each other on phones."""
    return format_html('<div class="pair">{}</div>', content)
