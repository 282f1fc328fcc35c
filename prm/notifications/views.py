"""What a person was told, and how they want to be told.

Opening an entry is a POST that marks it as read and goes on to the record. A plain link could not do that: pages
are prefetched while the pointer rests on a link, so reading a page must not change anything.
"""

from __future__ import annotations

from functools import cached_property
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from prm.accounts.actions import ENTER
from prm.accounts.guards import requires
from prm.notifications import kinds, queries, services
from prm.notifications.forms import ChoicesForm
from prm.notifications.models import Channel, NotificationPreference
from prm.notifications.services import Choice
from prm.ui.lists import Listing


class NotificationList(Listing):
    """Newest first."""

    sorts = {"at": "at"}
    first_sort = "-at"

    @cached_property
    def sort(self) -> str:
        return self.first_sort


@require_GET
@requires(ENTER)
def index(request: HttpRequest) -> HttpResponse:
    """A person's list, by day."""
    listing = NotificationList(request.GET, queries.list_of(request.member))
    context = {
        "listing": listing,
        "days": queries.by_day(listing.rows),
        "new": queries.unread(request.member),
    }
    return render(request, "notifications/index.html", context)


@require_POST
@requires(ENTER)
def opening(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Mark an entry as read and go to its record."""
    notification = services.open_one(pk, by=request.member, at=timezone.now())
    if notification is None:
        raise Http404
    return redirect(reverse("home") + notification.path.lstrip("/"))


@require_POST
@requires(ENTER)
def reading(request: HttpRequest) -> HttpResponse:
    """Mark everything as read."""
    services.read_all(by=request.member, at=timezone.now())
    return redirect("notifications")


@require_http_methods(["GET", "HEAD", "POST"])
@requires(ENTER)
def choices(request: HttpRequest) -> HttpResponse:
    """How a person wants to be told of each kind."""
    offered = [kind for kind in kinds.KINDS.values() if kind.is_for(request.member)]
    rows = NotificationPreference.objects.filter(user_id=request.member.user_id)
    chosen = {row.kind: Choice(row.in_portal, Channel(row.by_email)) for row in rows}
    form = ChoicesForm(request.POST or None, kinds=offered, chosen=chosen)
    if form.is_bound and form.is_valid():
        services.choose(form.choices, by=request.member)
        messages.success(request, _("Notification settings saved"))
        return redirect("notification-settings")
    return render(request, "notifications/settings.html", {"form": form}, status=422 if form.is_bound else 200)
