"""The operator's pages: health, kept mail, deliveries, jobs."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from prm.events.models import Delivery
from prm.notifications.models import MailMessage
from prm.operator import checks, queries, rules, services
from prm.operator.guards import for_operators
from prm.operator.lists import DeliveryList, MailList

# No script, no form, no picture from outside; the page has no origin and so no cookies of ours.
HARMLESS = "sandbox; default-src 'none'; img-src data:; style-src 'unsafe-inline'; frame-ancestors 'none'"


@require_GET
@for_operators
def health(request: HttpRequest) -> HttpResponse:
    """Every part, its state and what to do about it, and the vendors."""
    state = queries.state()
    lines = [_in_words(line.tone, f"operator/lines/{line.code}.txt", {"state": state}) for line in rules.lines(state)]
    for answer in checks.answers(state.now):
        lines.append(_in_words(answer.tone, answer.template, answer.facts) | {"links": answer.links})
    context = {
        "state": state,
        "lines": lines,
        "problems": sum(line["tone"] == "bad" for line in lines),
        "vendors": queries.vendors(),
    }
    return _page(request, "health", context)


def _in_words(tone: str, template: str, facts: dict[str, Any]) -> dict[str, Any]:
    title, _line, advice = render_to_string(template, facts).strip().partition("\n")
    return {"tone": tone, "title": title, "detail": advice.strip()}


@require_GET
@for_operators
def mailbox(request: HttpRequest) -> HttpResponse:
    """Messages kept because no mail server is configured."""
    return _page(request, "mailbox", {"listing": MailList(request.GET, MailMessage.objects.all())})


@require_GET
@for_operators
def message(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One message as text."""
    return _page(request, "message", {"message": get_object_or_404(MailMessage, pk=pk)}, current="mailbox")


@require_GET
@for_operators
def message_as_sent(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The message as a mail program shows it, harmless whatever is in it."""
    message = get_object_or_404(MailMessage, pk=pk)
    response = HttpResponse(message.html, content_type="text/html; charset=utf-8")
    response["Content-Security-Policy"] = HARMLESS
    return response


@require_GET
@for_operators
def deliveries(request: HttpRequest) -> HttpResponse:
    """What waits, and what gave up."""
    rows = queries.deliveries()
    gave_up = rows.filter(status=Delivery.Status.DEAD).exists()
    return _page(request, "deliveries", {"listing": DeliveryList(request.GET, rows), "gave_up": gave_up})


@require_POST
@for_operators
def retry(request: HttpRequest, tenant_id: UUID, pk: UUID) -> HttpResponse:
    """Try one delivery again."""
    services.retry(tenant_id, pk)
    messages.success(request, _("It is tried again now"))
    return redirect("operator-deliveries")


@require_POST
@for_operators
def retry_all(request: HttpRequest) -> HttpResponse:
    """Try all deliveries that gave up again."""
    count = services.retry_all()
    told = ngettext("%(count)s delivery is tried again now", "%(count)s deliveries are tried again now", count)
    messages.success(request, told % {"count": count})
    return redirect("operator-deliveries")


@require_GET
@for_operators
def jobs(request: HttpRequest) -> HttpResponse:
    """The periodic jobs and when they last started."""
    return _page(request, "jobs", {"jobs": queries.jobs()})


def _page(request: HttpRequest, name: str, context: dict[str, Any], current: str = "") -> HttpResponse:
    pages = {
        "health": _("Health"),
        "mailbox": _("Mailbox"),
        "deliveries": _("Deliveries"),
        "jobs": _("Jobs"),
    }
    places = [
        {
            "label": label,
            "url": reverse("operator" if page == "health" else f"operator-{page}"),
            "current": page == (current or name),
        }
        for page, label in pages.items()
    ]
    return render(request, f"operator/{name}.html", {**context, "places": places})
