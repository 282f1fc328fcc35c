"""What a person says about two customers that look like one."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from deals import permissions
from deals.services import likenesses
from deals.views import inbox
from deals.views.finding import find
from prm.accounts.guards import requires


@require_POST
@requires(permissions.can_decide)
def verdict(request: HttpRequest, pk: UUID, rival_pk: UUID) -> HttpResponse:
    """Tell the customers of two registrations apart, or take that back, and go on with the first."""
    registration, rival = find(request, pk), find(request, rival_pk)
    say = likenesses.untell if request.POST.get("verdict") == "undo" else likenesses.tell_apart
    say(registration, rival, by=request.member, at=timezone.now())
    if say is likenesses.tell_apart:
        messages.success(request, _("They are no longer rivals"))
    return redirect(inbox.item_url(registration, inbox.listing_of(request)))
