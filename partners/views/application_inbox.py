"""Applications that wait for the vendor: the list at the left, one of them with all its facts at the right."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from partners import permissions
from partners.forms.application_decisions import OwnerForm
from partners.forms.application_lists import InboxList
from partners.forms.questionnaires import reply_in_words, wording
from partners.models import Application
from partners.queries import application_people as people
from partners.queries import applications as queries
from partners.queries.applications import Dossier, View
from partners.rules.catalogue import APPLICATION
from partners.rules.joining import REASONS
from partners.services import application_decisions as decisions
from prm.accounts.guards import requires
from prm.accounts.models import Membership
from prm.approvals import panel
from prm.audit import queries as audit
from prm.audit import words
from prm.clocks.hours import day_of
from prm.comments import showing as comments
from prm.custom_fields import panel as details
from prm.disputes import panel as disputes
from prm.inbox.desk import Desk
from prm.inbox.forms import reasons
from prm.policies import following
from prm.promises import marks
from prm.ui import countries
from prm.ui.states import State, state_of

words.SUBJECTS |= {"application": gettext_lazy("application"), "joinrequest": gettext_lazy("request to join")}
HISTORY = 8
LOOKS = {
    "submitted": ("clock", "info"),
    "asked": ("returned", "warn"),
    "approved": ("check", "ok"),
    "rejected": ("stop", "bad"),
    "undone": ("undo", ""),
    "raised": ("dispute", "info"),
    "overturned": ("dispute", "ok"),
    "upheld": ("dispute", ""),
}


@require_GET
@requires(permissions.can_decide_applications)
def inbox(request: HttpRequest) -> HttpResponse:
    """Show the list, with its first application beside it where there is room."""
    return desk.start(request)


@require_http_methods(["GET", "POST"])
@requires(permissions.can_decide_applications)
def item(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show one application, as a part of the page or the whole of it; a POST tells the applicant that review began."""
    application = find(request, pk)
    if request.method == "POST":
        decisions.open_review(application, by=request.member, at=timezone.now())
        if not request.htmx:
            return redirect(desk.address(application, listing_of(request)))
        application = find(request, pk)
    return desk.open(request, application)


def find(request: HttpRequest, pk: UUID) -> Application:
    """Return an application that was sent; what was not, the vendor does not see."""
    related = ("policy", "owner", "decided_by", "partner", "tier")
    found = Application.objects.sent().select_related(*related).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def listing_of(request: HttpRequest) -> InboxList:
    """Return the list that the address asks for."""
    return InboxList(request.GET, request.member, timezone.now())


def item_context(request: HttpRequest, listing: InboxList, application: Application) -> dict[str, Any]:
    """Return what the right side shows."""
    dossier = queries.dossier_of(application, today_of(request))
    deciders = people.deciders(permissions.can_decide_applications.roles)
    return {
        "listing": listing,
        "application": application,
        "dossier": dossier,
        "course": following.told(following.latest(application)),
        "approval": panel.of(application, request.member, at=timezone.now()),
        "answers": _answers(dossier),
        "details": details.of(APPLICATION, application, request),
        "country": countries.name_of(application.country),
        "owner_form": OwnerForm(application=application, deciders=deciders),
        "reason": dict(reasons(REASONS)).get(application.reason_code, application.reason_code),
        "history": timeline(application, request.member)[-HISTORY:],
        "appeal": disputes.of(application, request.member, at=timezone.now()),
        "writing": comments.form_for(application, request.member, back=desk.address(application, listing)),
    }


def list_context(request: HttpRequest, listing: InboxList, application: Application | None) -> dict[str, Any]:
    """Return what the left side shows; the open application is marked."""
    counts = queries.counts(request.member, timezone.now())
    return {
        "listing": listing,
        "groups": _groups(listing, application),
        "inbox_tabs": listing.tabs_with(counts, reverse("partners:applications-to-decide")),
    }


def today_of(request: HttpRequest) -> date:
    """Return the vendor's day."""
    return day_of(timezone.now(), request.profile.time_zone)


def _groups(listing: InboxList, opened: Application | None) -> list[dict[str, Any]]:
    marked = {} if listing.view == View.DONE else marks.of(listing.rows)
    return [
        {
            "label": label,
            "rows": [
                {
                    "application": row,
                    "url": desk.address(row, listing),
                    "badge": _badge(listing.view, row),
                    "mark": marked.get(row.pk),
                    "due": listing.due_of(row),
                    "current": opened is not None and row.pk == opened.pk,
                }
                for row in rows
            ],
        }
        for label, _sums, rows in listing.groups
    ]


def _badge(view: View, row: Application) -> State | None:
    return None if view in (View.MINE, View.TEAM) else state_of(row.status)


def _answers(dossier: Dossier) -> list[dict[str, Any]]:
    """Return what was asked and answered, in words, with the points."""
    return [
        {
            "question": wording(line.question),
            "reply": reply_in_words(line.question, line.reply),
            "points": line.points,
            "most": line.most,
        }
        for line in dossier.score.lines
    ]


def timeline(application: Application, member: Membership) -> list[dict[str, Any]]:
    """Return what happened to an application, oldest first."""
    known, written = dict(reasons(REASONS)), comments.written_on(application, member)
    happened = audit.timeline(application, written.rows)
    return [written.entry(entry.event) or _entry(entry, known) for entry in happened]


def _entry(entry: audit.Entry, known: dict[str, str]) -> dict[str, Any]:
    event = entry.event
    icon, tone = LOOKS.get(event.name.rpartition(".")[2], ("history", ""))
    text = words.sentence(event, reason=known.get(event.payload.get("reason_code", ""), ""))
    return {"at": event.at, "text": text, "icon": icon, "tone": tone}


def _said_of(application: Application) -> str:
    if not application.partner_id:
        return ""
    words = _("%(company)s is a partner now; its first administrator is invited")
    return words % {"company": application.company_name}


desk = Desk(
    url="partners:applications-to-decide",
    item_url="partners:application",
    templates="partners/applications",
    row="application",
    listing_of=listing_of,
    find=find,
    list_context=list_context,
    item_context=item_context,
    undo_until=queries.undo_until,
    said_of=_said_of,
)
