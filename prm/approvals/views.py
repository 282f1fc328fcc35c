"""Where people say that they are away and who stands in; administrators for others too."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from prm.accounts.guards import requires
from prm.approvals import people, permissions, standing_in
from prm.approvals.forms import AbsenceForm
from prm.approvals.models import StandIn
from prm.events.refusals import DomainError
from prm.ui.submissions import once


@require_http_methods(["GET", "POST"])
@requires(permissions.can_be_away)
@once
def absences(request: HttpRequest) -> HttpResponse:
    """Show who is away, and say it of oneself or, as an administrator, of others."""
    at = timezone.now()
    staff = people.staff(at)
    form = AbsenceForm(
        request.POST or None,
        member=request.member,
        staff=sorted(staff.members, key=lambda member: member.user.name),
        for_others=_keeps_all(request),
        today=staff.day,
    )
    if form.is_valid():
        try:
            standing_in.set_absence(**form.absence, by=request.member, at=at)
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("Absence saved"))
            return redirect("absences")
    rows = [{"row": row, "is_now": row.starts_on <= staff.day} for row in _rows(request)]
    context = {"form": form, "rows": rows, "keeps_all": _keeps_all(request)}
    return render(request, "approvals/absences.html", context, status=422 if form.errors else 200)


@require_POST
@requires(permissions.can_be_away)
def absence_removal(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Let nobody stand in any more."""
    rows = StandIn.objects.select_related("user", "stand_in")
    row = get_object_or_404(rows if _keeps_all(request) else rows.filter(user=request.member.user_id), pk=pk)
    standing_in.end_absence(row, by=request.member, at=timezone.now())
    messages.success(request, _("Absence removed"))
    return redirect("absences")


def _keeps_all(request: HttpRequest) -> bool:
    return bool(request.member.has(permissions.can_keep_absences))


def _rows(request: HttpRequest) -> QuerySet[StandIn]:
    """Return the absences that concern this person: its own, and those in which it stands in."""
    rows = standing_in.rows(request.profile.day_of(timezone.now()))
    own = request.member.user_id
    return rows if _keeps_all(request) else rows.filter(Q(user=own) | Q(stand_in=own))
