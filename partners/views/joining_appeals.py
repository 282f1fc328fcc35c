"""Appealing the rejection of an application, through its secret address: its people have no login."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from partners.enums import LinkPurpose
from partners.models import Application
from partners.services import application_links as links
from partners.views.joining import HOUR, SENDS, nothing, public
from prm import limits
from prm.disputes import panel as disputes
from prm.disputes import services
from prm.disputes.forms import AnswerForm, AppealForm
from prm.disputes.panel import Panel
from prm.events.refusals import DomainError

Done = Callable[..., object]


@require_http_methods(["GET", "POST"])
@public
def appeal(request: HttpRequest, secret: str) -> HttpResponse:
    """Ask that somebody else looks at the application again."""
    application, panel = _opened(request, secret)
    if application is None:
        return nothing(request)
    if panel is None or not panel.may_appeal:
        return redirect("partners:application-status", secret)
    facts = {"heading": _("Appeal the decision"), "button": _("Send appeal"), "done": _("Appeal sent")}
    words = ngettext(
        "Somebody who had no part in the decision looks at everything again, within one business day, and decides for "
        "good.",
        "Somebody who had no part in the decision looks at everything again, within %(days)s business days, and "
        "decides for good.",
        panel.days,
    )

    def send(**typed: Any) -> object:
        limits.count(request, "appeal", most=SENDS, seconds=HOUR)
        return services.appeal(application, **typed)

    form, text = AppealForm(request.POST or None), words % {"days": panel.days}
    return _act(request, secret, application, form, send, text, facts)


@require_http_methods(["GET", "POST"])
@public
def answer(request: HttpRequest, secret: str) -> HttpResponse:
    """Answer the question about the appeal."""
    application, panel = _opened(request, secret)
    if application is None:
        return nothing(request)
    if panel is None or panel.dispute is None or panel.question is None:
        return redirect("partners:application-status", secret)
    dispute, form = panel.dispute, AnswerForm(request.POST or None)
    facts = {"heading": _("Answer the question"), "button": _("Send answer"), "done": _("Answer sent")}
    work: Done = lambda **typed: services.answer(dispute, **typed)  # noqa: E731
    return _act(request, secret, application, form, work, panel.question.text, facts)


@require_http_methods(["GET", "POST"])
@public
def withdrawal(request: HttpRequest, secret: str) -> HttpResponse:
    """Take the appeal back."""
    application, panel = _opened(request, secret)
    if application is None:
        return nothing(request)
    if panel is None or panel.dispute is None or not panel.dispute.is_waiting:
        return redirect("partners:application-status", secret)
    dispute, form = panel.dispute, Form(request.POST or None)
    facts = {"heading": _("Withdraw the appeal"), "button": _("Withdraw appeal"), "done": _("Appeal withdrawn")}
    text = _("The decision then stands for good: it cannot be appealed again.")
    work: Done = lambda **typed: services.withdraw(dispute, **typed)  # noqa: E731
    return _act(request, secret, application, form, work, text, facts)


def _opened(request: HttpRequest, secret: str) -> tuple[Application | None, Panel | None]:
    application = links.opened_by(secret, LinkPurpose.STATUS, at=timezone.now())
    panel = disputes.of_visitor(application, at=timezone.now()) if application else None
    return application, panel


def _act(
    request: HttpRequest,
    secret: str,
    application: Application,
    form: Form,
    work: Done,
    text: str,
    facts: dict[str, str],
) -> HttpResponse:
    """Show a small form, or do its work and go back to where the application stands."""
    context, status = {"application": application, "secret": secret, "form": form, "text": text, **facts}, 200
    if request.method == "POST":
        form.is_bound, status = True, 422
        if form.is_valid():
            try:
                work(**form.cleaned_data, by=None, at=timezone.now())
                messages.success(request, facts["done"])
                return redirect("partners:application-status", secret)
            except DomainError as refusal:
                form.add_error(None, refusal.sentence)
                status = 409
    return render(request, "partners/joining/appeal.html", context, status=status)
