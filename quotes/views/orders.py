"""Orders for both sides: a list, a page, and the moves of the vendor."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET, require_http_methods

from deals.enums import Action as DealAction
from prm.accounts.guards import requires
from prm.accounts.models import Membership
from prm.events.refusals import DomainError
from prm.files import queries as files
from prm.files.models import File
from prm.policies.models import ReasonCode
from prm.ui.submissions import once
from quotes import permissions
from quotes.enums import OrderAction, OrderStatus
from quotes.forms.actions import AcknowledgementForm, CancellationForm, OrderForm, ScheduleForm
from quotes.forms.orders import OrderList
from quotes.models import Order
from quotes.queries import orders as queries
from quotes.services import orders
from quotes.views import timeline
from quotes.views.finding import find_order

VIEWS = ("open", "new", "fulfilled", "cancelled", "all")
MOVES = {
    OrderAction.ACKNOWLEDGE: "quotes:order-acknowledgement",
    OrderAction.SCHEDULE: "quotes:order-schedule",
    OrderAction.SHIP: "quotes:order-shipment",
    OrderAction.FULFIL: "quotes:order-fulfilment",
    OrderAction.CANCEL: "quotes:order-cancellation",
}


@require_GET
@requires(permissions.can_see_orders)
def listing(request: HttpRequest) -> HttpResponse:
    """List the orders this person sees."""
    view = _view(request)
    found = OrderList(request.GET, queries.listed(_rows(request.member, view)))
    context = {
        "listing": found,
        "views": [
            {"label": label, "url": f"?view={code}", "current": code == view} for code, label in _labels().items()
        ],
        "accuracy": queries.accuracy(request.member),
    }
    return render(request, "quotes/orders/list.html", context)


@require_GET
@requires(permissions.can_see_orders)
def export(request: HttpRequest) -> HttpResponse:
    """Send the filtered list as CSV."""
    found = OrderList(request.GET, queries.listed(_rows(request.member, _view(request))))
    return queries.csv_answer(found.matching, name="orders.csv")


@require_GET
@requires(permissions.can_see_orders)
def detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show an order: what was ordered, where it stands, and whether it is what was quoted."""
    order = find_order(request, pk)
    lines = queries.lines_of(order)
    reason = ReasonCode.objects.filter(code=order.reason_code, area="quotes.cancellation").first()
    context: dict[str, Any] = {
        "order": order,
        "quote": order.quote,
        "lines": lines,
        "is_as_quoted": not any(line.is_changed for line in lines),
        "files": [files.entry(file) for file in files.of(order).filter(status=File.Status.CLEAN)],
        "timeline": timeline.entries(order, request.member),
        "moves": _moves(order, request.member),
        "win_url": win_url(order, request.member),
        "reason": reason,
    }
    return render(request, "quotes/orders/detail.html", context)


def win_url(order: Order, member: Membership) -> str:
    """Return where the partner marks the deal won with the order's amount; nothing if that is not to be done."""
    registration = order.quote.registration
    is_own = order.partner_id == member.partner_id and member.has(permissions.can_quote)
    if registration is None or not is_own or not registration.can(DealAction.WIN):
        return ""
    query = urlencode({"amount": order.net.rounded().amount, "currency": order.currency})
    return f"{reverse('deals:registration-win', args=[registration.pk])}?{query}"


@require_http_methods(["GET", "POST"])
@requires(permissions.can_move_orders)
@once
def acknowledgement(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take an order, with the quantities that can be delivered."""
    order = find_order(request, pk)
    lines = [line.row for line in queries.lines_of(order)]
    form = AcknowledgementForm(_posted(request), lines=lines, initial={"version": order.version})
    return _act(request, order, form, orders.acknowledge, title=_("Acknowledge this order"), button=_("Acknowledge"))


@require_http_methods(["GET", "POST"])
@requires(permissions.can_move_orders)
@once
def schedule(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Say when it will be delivered."""
    order = find_order(request, pk)
    form = ScheduleForm(_posted(request), initial={"version": order.version, "day": order.deliver_on})
    return _act(request, order, form, orders.schedule, title=_("Schedule the delivery"), button=_("Schedule"))


@require_http_methods(["GET", "POST"])
@requires(permissions.can_move_orders)
@once
def shipment(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Say that a part has left."""
    order = find_order(request, pk)
    return _act(request, order, _plain(request, order), orders.ship, title=_("Ship a part"), button=_("Part shipped"))


@require_http_methods(["GET", "POST"])
@requires(permissions.can_move_orders)
@once
def fulfilment(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Say that everything has left."""
    order = find_order(request, pk)
    form = _plain(request, order)
    return _act(request, order, form, orders.fulfil, title=_("Ship the rest"), button=_("All shipped"))


@require_http_methods(["GET", "POST"])
@requires(permissions.can_move_orders)
@once
def cancellation(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Cancel it with a reason."""
    order = find_order(request, pk)
    form = CancellationForm(_posted(request), initial={"version": order.version})
    return _act(request, order, form, orders.cancel, title=_("Cancel this order"), button=_("Cancel order"))


def _act(
    request: HttpRequest,
    order: Order,
    form: OrderForm,
    work: Callable[..., Order],
    *,
    title: str,
    button: str,
) -> HttpResponse:
    """Show a small form, or move the order and go back to it; a refusal is said above the form."""
    context: dict[str, Any] = {"order": order, "quote": order.quote, "form": form, "title": title, "button": button}
    if request.method == "GET":
        return render(request, "quotes/orders/action.html", context)
    status = 422
    if form.is_valid():
        try:
            work(order, **form.cleaned_data, by=request.member, at=timezone.now())
        except DomainError as refusal:
            context["refusal"], status = refusal, 409
        else:
            messages.success(request, _("Order updated"))
            return redirect("quotes:order", order.pk)
    return render(request, "quotes/orders/action.html", context, status=status)


def _plain(request: HttpRequest, order: Order) -> OrderForm:
    return OrderForm(_posted(request), initial={"version": order.version})


def _posted(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _moves(order: Order, member: Membership) -> list[dict[str, str]]:
    """Return what the vendor can do with the order now, the likeliest first."""
    if not member.has(permissions.can_move_orders):
        return []
    labels = {
        OrderAction.ACKNOWLEDGE: (_("Acknowledge"), "check"),
        OrderAction.SCHEDULE: (_("Schedule"), "calendar"),
        OrderAction.SHIP: (_("Ship a part"), "send"),
        OrderAction.FULFIL: (_("Ship the rest"), "check"),
        OrderAction.CANCEL: (_("Cancel order"), "x"),
    }
    return [
        {"label": label, "icon": icon, "url": reverse(MOVES[action], args=[order.pk])}
        for action, (label, icon) in labels.items()
        if order.can(action)
    ]


def _view(request: HttpRequest) -> str:
    asked = request.GET.get("view", "")
    return asked if asked in VIEWS else "open"


def _rows(member: Membership, view: str) -> QuerySet[Order]:
    rows = Order.objects.visible_to(member)
    match view:
        case "open":
            return rows.filter(status__in=queries.OPEN)
        case "new":
            return rows.filter(status=OrderStatus.REQUESTED)
        case "fulfilled":
            return rows.filter(status=OrderStatus.FULFILLED)
        case "cancelled":
            return rows.filter(status=OrderStatus.CANCELLED)
    return rows


def _labels() -> dict[str, str]:
    return {
        "open": pgettext("state", "Open"),
        "new": _("New"),
        "fulfilled": _("Fulfilled"),
        "cancelled": _("Cancelled"),
        "all": _("All"),
    }
