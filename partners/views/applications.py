"""All applications as a list and as a file."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from partners import permissions
from partners.forms.application_lists import ApplicationList
from partners.models import Application
from partners.queries import applications as queries
from partners.rules.joining import REASONS
from prm.accounts.guards import requires
from prm.inbox.forms import reasons
from prm.ui import countries


@require_GET
@requires(permissions.can_see_applications)
def listing(request: HttpRequest) -> HttpResponse:
    """List who applied, whatever became of it."""
    found = ApplicationList(request.GET, _rows(), request.member)
    context = {"listing": found, "can_decide": request.member.has(permissions.can_decide_applications)}
    return render(request, "partners/applications/list.html", context)


@require_GET
@requires(permissions.can_see_applications)
def export(request: HttpRequest) -> HttpResponse:
    """Send the filtered list as CSV."""
    found = ApplicationList(request.GET, _rows(), request.member)
    names = dict(countries.choices())
    return queries.csv_answer(
        found.matching, name="applications.csv", reasons=dict(reasons(REASONS)), countries=names, at=timezone.now()
    )


def _rows() -> QuerySet[Application]:
    return Application.objects.sent().select_related("owner", "partner")
