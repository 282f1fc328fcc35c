"""Who is asking: their language and zone, and their membership of the vendor in the URL."""

from __future__ import annotations

from collections.abc import Callable
from zoneinfo import ZoneInfo

from allauth.core.exceptions import ImmediateHttpResponse, ReauthenticationRequired
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone, translation

from prm.accounts import memberships
from prm.accounts.models import NoMember
from prm.events.refusals import DomainError
from prm.tenancy.context import Actor, acting_as
from prm.ui import shell

Handler = Callable[[HttpRequest], HttpResponse]
LANGUAGES = dict(settings.LANGUAGES)


class PersonMiddleware:
    """Finds the membership, and speaks the person's language in their time zone.

    Without a choice of their own it is the browser's language and the vendor's zone.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = request.user
        request.profile, request.member, request.portals = None, NoMember(), ()
        if request.vendor:
            arrival = memberships.at_the_door(request.vendor, user)
            request.profile, request.member, request.portals = arrival.profile, arrival.member, arrival.portals
        if user.is_authenticated and user.language in LANGUAGES:
            translation.activate(user.language)
            request.LANGUAGE_CODE = translation.get_language()
        zone = (user.is_authenticated and user.time_zone) or (request.profile.time_zone if request.profile else "UTC")
        with timezone.override(ZoneInfo(zone)):
            return self.get_response(request)


class MembershipMiddleware:
    """Runs the whole request as the signed-in member, in one transaction that an error rolls back."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = request.user
        if isinstance(request.member, NoMember):
            actor = Actor(None, user_id=user.pk if user.is_authenticated else None)
        else:
            actor = request.member.actor
            request.member.user = user
        request.shell = lambda: shell.of(request)
        with acting_as(actor):
            if actor.tenant_id:
                memberships.note_visit(request.member, timezone.localdate())
            response = self.get_response(request)
            request.shell = None  # what runs after the commit may render, but no longer ask as this member
            if response.status_code >= 500:
                transaction.set_rollback(True)
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Undo what the view did; a refusal nobody caught is still told in its own words."""
        if isinstance(error, (ImmediateHttpResponse, ReauthenticationRequired)):
            return None  # not a failure: allauth leads somewhere else and still asks the database
        transaction.set_rollback(True)
        if isinstance(error, DomainError):
            return render(request, "refused.html", {"refusal": error}, status=409)
        return None
