"""The first page of a portal: what needs this person, then the figures."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from prm.accounts import actions
from prm.accounts.guards import requires
from prm.ui import navigation

navigation.page(_("Home"), "home", "home", actions.ENTER, order=0)


@require_GET
@requires(actions.ENTER)
def home(request: HttpRequest) -> HttpResponse:
    return render(request, "ui/home.html")
