"""The verdict bar and the bulk bar."""

from typing import Any

from django.forms import BoundField
from django.template import Context, Library
from django.utils.safestring import SafeString

register = Library()


@register.inclusion_tag("components/verdict.html", takes_context=True)
def verdict(
    context: Context,
    *,
    approve_url: str,
    approve_label: str,
    reject_url: str = "",
    ask_url: str = "",
    amount: BoundField | None = None,
    target: str = "#item",
) -> dict[str, Any]:
    """Amount at the left, then reject, ask, approve. Reject and ask open their own page as a dialog."""
    return {
        "approve_url": approve_url,
        "approve_label": approve_label,
        "reject_url": reject_url,
        "ask_url": ask_url,
        "amount": amount,
        "target": target,
        "csrf_token": context.get("csrf_token"),
    }


@register.simple_block_tag(takes_context=True)
def bulk(context: Context, content: str, action: str, *, currency: str = "") -> SafeString:
    """Count and sum of the ticked rows; the body holds the buttons that act on all of them."""
    assert context.template is not None
    values = {"content": content, "action": action, "currency": currency, "csrf_token": context.get("csrf_token")}
    return context.template.engine.get_template("components/bulk.html").render(context.new(values))
