"""What waits for approvers, and for those who work on orders."""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from prm import together
from prm.ui import navigation
from prm.ui.navigation import Visit
from quotes import permissions
from quotes.models import Order, QuoteApprovalStep
from quotes.queries import home as queries
from quotes.queries import inbox
from quotes.views.home import rows
from quotes.views.home.rows import Row


@navigation.attention
def vendor_quotes(visit: Visit) -> list[Row]:
    """Return the approvals that wait for this person with the age of the oldest, and the new orders."""
    member = visit.member
    steps = (
        inbox.waiting_steps(member, visit.at)
        if member.has(permissions.can_approve)
        else QuoteApprovalStep.objects.none()
    )
    orders = queries.new_orders(member) if member.has(permissions.can_move_orders) else Order.objects.none()
    together.fetch(steps, orders)
    waiting = inbox.judge(steps, visit.at)
    found = [_approvals(waiting, visit)] if waiting.number else []
    return [*found, *(_orders(queries.NewOrders(*row), visit) for row in orders)]


def _approvals(waiting: inbox.Waiting, visit: Visit) -> Row:
    title = ngettext(
        "%(count)s quote waits for your approval", "%(count)s quotes wait for your approval", waiting.number
    )
    tone = "bad" if waiting.late else "warn"
    text = _since(waiting.oldest, visit)
    if waiting.late:
        late = ngettext("%(count)s is late.", "%(count)s are late.", waiting.late) % {"count": waiting.late}
        text = f"{text} {late}"
    return rows.row(tone, "quote", title % {"count": waiting.number}, text, reverse("quotes:inbox"), _("Decide"))


def _orders(orders: queries.NewOrders, visit: Visit) -> Row:
    title = ngettext("%(count)s order is new", "%(count)s orders are new", orders.number) % {"count": orders.number}
    url = f"{reverse('quotes:orders')}?view=new"
    return rows.row("info", "check", title, _since(orders.oldest, visit), url, _("Acknowledge"))


def _since(oldest: datetime | None, visit: Visit) -> str:
    hours = int((visit.at - oldest).total_seconds() // 3600) if oldest else 0
    if hours < 24:
        return _("The oldest waits since today.") if hours < 12 else _("The oldest waits since yesterday.")
    days = hours // 24
    return ngettext("The oldest waits for %(count)s day.", "The oldest waits for %(count)s days.", days) % {
        "count": days
    }
