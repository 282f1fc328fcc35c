"""An inbox in the browser: the list with one of its rows beside it, and what follows a decision.

Without scripts, and on a phone, the list, a row and each form are pages of their own.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django_htmx.http import push_url, reswap, retarget, trigger_client_event

from prm.accounts.models import Membership
from prm.events.refusals import DomainError
from prm.inbox.forms import DecisionForm
from prm.inbox.lists import Inbox, Place

CLOSE_DIALOG = "portal:close"


@dataclass(frozen=True, kw_only=True)
class Desk:
    """Where one kind of row is decided: its addresses, and what the list and the row show."""

    url: str  # of the list
    item_url: str  # of a row
    templates: str  # their folder
    row: str  # how they call a row
    listing_of: Callable[[HttpRequest], Any]
    find: Callable[[HttpRequest, UUID], Any]  # raises `Http404` for what this person may not see
    list_context: Callable[[HttpRequest, Any, Any], dict[str, Any]]
    item_context: Callable[[HttpRequest, Any, Any], dict[str, Any]]
    undo_until: Callable[[Any, Membership], datetime | None]  # how long this person can take back what was decided
    said_of: Callable[[Any], str] = lambda row: ""  # what is said of a decision that can't be undone
    more_about: Callable[[Any], dict[str, Any]] = lambda row: {}  # what else words about a row need

    def about(self, row: Any) -> dict[str, Any]:
        """Return what words about a row need."""
        return {self.row: row} | self.more_about(row)

    def both(self, request: HttpRequest, listing: Any, row: Any | None) -> dict[str, Any]:
        """Return what both sides show."""
        context = self.list_context(request, listing, row)
        return context | (self.item_context(request, listing, row) if row else {})

    def address(self, row: Any | None, listing: Inbox) -> str:
        """Return where a row is within this list, or the list."""
        return (reverse(self.item_url, args=[row.pk]) if row else reverse(self.url)) + listing.tail

    # -- pages ------------------------------------------------------------------------------------
    def start(self, request: HttpRequest) -> HttpResponse:
        """Answer the list, with its first row beside it where there is room."""
        listing = self.listing_of(request)
        return self.page(request, listing, self.find(request, listing.rows[0].pk) if listing.rows else None)

    def open(self, request: HttpRequest, row: Any, part: str = "") -> HttpResponse:
        """Answer one row: as a part of the page, which may be a template of its own, or as the whole of it."""
        listing = self.listing_of(request)
        if not is_fragment(request):
            return self.page(request, listing, row, opened="item")
        context = self.item_context(request, listing, row)
        return _by_kind_of_request(render(request, part or f"{self.templates}/_item.html", context))

    def page(
        self,
        request: HttpRequest,
        listing: Any,
        row: Any | None,
        *,
        opened: str = "list",
        status: int = 200,
        **more: Any,
    ) -> HttpResponse:
        """Answer the whole inbox with one row open, or none."""
        decided = self._decided(request)
        if decided and row is None:
            opened = "item"  # the last one is decided: on a phone, that is what to see
        context = self.both(request, listing, row) | {"opened": opened, "decided": decided} | more
        return _by_kind_of_request(render(request, f"{self.templates}/inbox.html", context, status=status))

    def _decided(self, request: HttpRequest) -> dict[str, Any] | None:
        """What the person has just decided without scripts, while it can be undone."""
        try:
            row = self.find(request, UUID(request.GET["decided"]))
        except (KeyError, ValueError, Http404):
            return None
        until = self.undo_until(row, request.member)
        return self.about(row) if until and timezone.now() <= until else None

    # -- answers ----------------------------------------------------------------------------------
    def decide(
        self, request: HttpRequest, row: Any, form: DecisionForm, service: Callable[..., Any], *, done: str = ""
    ) -> HttpResponse:
        """Show a dialog, or decide as its form says and go on to the next row."""
        if request.method != "POST" or not form.is_valid():
            return self.dialog(request, row, form)
        listing = self.listing_of(request)
        place = listing.place_of(row)
        try:
            service(row, **form.facts, by=request.member, at=timezone.now())
        except DomainError as refusal:
            return self.dialog(request, row, form, refusal=refusal)
        return self.go_on(request, listing, place, row, done=done)

    def undo(self, request: HttpRequest, row: Any, service: Callable[..., Any]) -> HttpResponse:
        """Take one's own last decision back while nobody was told."""
        listing = self.listing_of(request)
        try:
            service(row, by=request.member, at=timezone.now())
        except DomainError as refusal:
            return _in_the_corner(request, refusal) if request.htmx else self.refuse(request, listing, row, refusal)
        if not request.htmx:
            messages.success(request, _("Decision undone"))
            return redirect(self.address(row, listing))
        context = self.both(request, listing, self.find(request, row.pk))
        return push_url(render(request, f"{self.templates}/_undone.html", context), self.address(row, listing))

    def go_on(self, request: HttpRequest, listing: Any, place: Place, decided: Any, *, done: str = "") -> HttpResponse:
        """Go on to the row after the one just decided, saying what was done and offering to undo it.

        `done` is said of what can't be undone.
        """
        decided = self.find(request, decided.pk)
        done = done or self.said_of(decided)
        following = listing.next_to(place)
        following = self.find(request, following.pk) if following else None
        url = self.address(following, listing)
        if not request.htmx:
            if done:
                messages.success(request, done)
            return redirect(url if done else f"{url}&decided={decided.pk}")
        context = self.both(request, listing, following) | {"done": done, "takes_focus": True}
        context["decided"] = self.about(decided)
        response = render(request, f"{self.templates}/_next.html", context)
        response = reswap(retarget(push_url(response, url), "#item"), "outerHTML")
        return trigger_client_event(response, CLOSE_DIALOG)

    def refuse(
        self, request: HttpRequest, listing: Any, row: Any, reason: DomainError | str, *, status: int = 409
    ) -> HttpResponse:
        """Show the row as it is now, with the reason why nothing was done above it."""
        row = self.find(request, row.pk)
        sentence = reason if isinstance(reason, str) else said_to_vendor(reason)
        if not request.htmx:
            return self.page(request, listing, row, opened="item", status=status, refusal=sentence)
        context = self.both(request, listing, row) | {"refusal": sentence}
        response = render(request, f"{self.templates}/_next.html", context, status=status)
        return reswap(retarget(response, "#item"), "outerHTML")

    def dialog(
        self, request: HttpRequest, row: Any, form: DecisionForm, *, refusal: DomainError | None = None, **more: Any
    ) -> HttpResponse:
        """Show a form as a dialog, or as a page of its own; after a refusal the row behind it is renewed."""
        listing = self.listing_of(request)
        status = 422 if form.is_bound else 200
        if refusal:
            row, status = self.find(request, row.pk), 409
            form.data = form.data.copy()
            form.data["version"] = row.version  # whoever sends it again has seen what changed
            form.add_error(None, said_to_vendor(refusal))
        form.take_focus()
        context = self.about(row) | {"form": form, "path": request.path, "tail": listing.tail} | more
        if not is_fragment(request):
            return render(request, f"{self.templates}/dialog.html", context, status=status)
        context["is_in_inbox"] = (request.htmx.current_url_abs_path or "").startswith(reverse(self.url))
        if refusal and context["is_in_inbox"]:
            context = self.both(request, listing, row) | context | {"renews": True}
        response = render(request, f"{self.templates}/_dialog.html", context, status=status)
        return reswap(retarget(response, "#dialog"), "innerHTML")


def is_fragment(request: HttpRequest) -> bool:
    """Say whether only a part of the page was asked for."""
    return bool(request.htmx) and not request.htmx.history_restore_request


def said_to_vendor(refusal: DomainError) -> str:
    """Return a refusal as the vendor's own people may read it: with names that partners don't read."""
    refusal.facts["for_vendor"] = True
    return refusal.sentence


def _in_the_corner(request: HttpRequest, refusal: DomainError) -> HttpResponse:
    """Say a refusal in place of the toast it was asked from."""
    response = render(request, "components/said.html", {"sentence": said_to_vendor(refusal)}, status=409)
    return reswap(retarget(response, "closest .toast"), "outerHTML")


def _by_kind_of_request(response: HttpResponse) -> HttpResponse:
    patch_vary_headers(response, ["HX-Request"])
    return response
