"""Files on a registration: uploaded one by one while the form is filled in, or together with it."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from deals import permissions
from deals.enums import Review
from deals.models import Amendment, Registration
from prm.accounts.models import Membership
from prm.events.refusals import DomainError
from prm.files import queries, services, uploads
from prm.files.subjects import can_change, can_open


@can_open("deals.registration")
def registrations(member: Membership) -> QuerySet:
    """Whoever sees a registration may open its files."""
    return Registration.objects.visible_to(member)


@can_change("deals.registration")
def is_open(registration: Registration, member: Membership) -> bool:
    """A partner's evidence stays as it was submitted; it can be added to while the vendor asks."""
    if member.is_vendor:
        return member.has(permissions.can_decide)
    is_open = registration.review in (Review.DRAFT, Review.INFO_REQUESTED)
    return is_open and registration.is_filled_in_by(member) and member.has(permissions.can_register)


@can_open("deals.amendment")
def amendments(member: Membership) -> QuerySet:
    """Whoever sees a registration may open the files of its amendments."""
    return Amendment.objects.filter(registration__in=Registration.objects.visible_to(member))


@can_change("deals.amendment")
def is_amendment_open(amendment: Amendment, member: Membership) -> bool:
    """What was asked for stays as it was; its partner takes all of it back."""
    return False


def shown(amendment: Amendment) -> list[dict[str, Any]]:
    """Return the files of an amendment as the list of files shows them; nobody takes one away."""
    return [queries.entry(file) | {"remove_url": ""} for file in queries.of(amendment)]


def entries(registration: Registration | None) -> list[dict[str, Any]]:
    """Return the files of a registration as the list of files shows them."""
    return [queries.entry(file) for file in queries.of(registration)] if registration else []


def take_one(request: HttpRequest, registration: Registration) -> HttpResponse:
    """Take one uploaded file and answer its row, or say in its place why not."""
    return uploads.take(request, on=registration)


def take_all(request: HttpRequest, registration: Registration) -> str:
    """Take the files that came with a form sent without scripts; return the first refusal's sentence."""
    for upload in request.FILES.getlist("files"):
        try:
            services.add(upload, on=registration, by=request.member, at=timezone.now())
        except DomainError as refusal:
            return refusal.sentence
    return ""
