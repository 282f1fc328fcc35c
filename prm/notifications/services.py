"""Telling people what happened, the way each of them chose."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from prm.accounts.links import absolute_url, home_of, letterhead
from prm.accounts.models import Membership, User, VendorProfile
from prm.events.models import Delivery, Event
from prm.events.service import service
from prm.notifications import facts as stored_facts
from prm.notifications import kinds, mail, words
from prm.notifications.kinds import Kind
from prm.notifications.models import Channel, Notification, NotificationPreference
from prm.tenancy.context import current_tenant_id
from prm.tenancy.models import Vendor

PATH = re.compile(r"([\w-][\w./-]*([?#][\w=&%.-]*)?)?", re.ASCII)


@dataclass(frozen=True)
class Choice:
    """How one person wants to be told of one kind."""

    in_portal: bool
    by_email: Channel

    @property
    def leaves_a_row(self) -> bool:
        return self.in_portal or self.by_email == Channel.DIGEST


@service
def notify(
    users: Iterable[User],
    *,
    kind: Kind | str,
    event: Event,
    path: str,
    facts: Mapping[str, Any],
    delivery: Delivery,
) -> None:
    """Tell people of an event, each once, as they chose: in their list, by mail at once, in the daily mail.

    Called by an event's handler, with the handler's `delivery`. `path` leads from the portal's home to the record
    (`deals/<id>/`), `facts` are what the words of the kind need. Whoever is no active member here is left out.
    """
    if delivery.subject_id != event.pk:
        raise ValueError("People are told of an event by the handler of that event.")
    kind, path = kinds.of(kind), path.lstrip("/")
    if not PATH.fullmatch(path):
        raise ValueError(f"{path!r} is no path inside the portal.")
    chosen = choices_of(_active(users), kind)
    stored = stored_facts.pack(facts)
    Notification.objects.bulk_create(
        [
            Notification(
                user=user,
                event=event,
                kind=kind.code,
                facts=stored,
                path=path,
                at=event.at,
                is_in_portal=choice.in_portal,
                is_for_digest=choice.by_email == Channel.DIGEST,
            )
            for user, choice in chosen.items()
            if choice.leaves_a_row
        ],
        ignore_conflicts=True,
    )
    at_once = [user for user, choice in chosen.items() if choice.by_email == Channel.AT_ONCE]
    if at_once:
        _mail(at_once, kind, stored, path, event)


def _active(users: Iterable[User]) -> list[User]:
    """Return those who are members here and may enter, each once."""
    by_id = {user.pk: user for user in users if user.is_active}
    members = Membership.objects.filter(user_id__in=by_id, status=Membership.Status.ACTIVE)
    return [by_id[user_id] for user_id in members.order_by("user_id").values_list("user_id", flat=True)]


def choices_of(users: Iterable[User], kind: Kind) -> dict[User, Choice]:
    """Return how each person wants to be told, as chosen or else as the kind says."""
    users = list(users)
    rows = NotificationPreference.objects.filter(user__in=users, kind=kind.code)
    chosen = {row.user_id: Choice(row.in_portal, Channel(row.by_email)) for row in rows}
    return {user: chosen.get(user.pk, Choice(True, kind.default)) for user in users}


def _mail(users: list[User], kind: Kind, stored: Mapping[str, Any], path: str, event: Event) -> None:
    vendor, profile = Vendor.objects.get(pk=current_tenant_id()), VendorProfile.objects.get()
    for user in users:
        with words.in_the_way_of(user, profile):
            told = words.of(kind.code, stored)
            context = {
                "words": told,
                "subject": told.subject,
                "brand": letterhead(vendor, profile),
                "action_url": f"{home_of(vendor)}/{path}",
                "action_label": _("Open"),
                "settings_url": absolute_url("notification-settings", vendor=vendor),
            }
            mail.write(
                to=user.email,
                user=user,
                subject=told.subject,
                text=render_to_string("notifications/mail.txt", context).strip(),
                html=render_to_string("notifications/mail.html", context),
                key=f"{event.pk}:{kind.code}:{user.pk}",
            )


@service
def open_one(pk: UUID, *, by: Membership, at: datetime) -> Notification | None:
    """Mark a notification as read and return it; nothing if it is not this person's."""
    notification = Notification.objects.filter(pk=pk, user_id=by.user_id).first()
    if notification and notification.read_at is None:
        notification.read_at = at
        notification.save(update_fields=["read_at"])
    return notification


@service
def read_all(*, by: Membership, at: datetime) -> int:
    """Mark everything as read and return how much that was."""
    return Notification.objects.filter(user_id=by.user_id, read_at__isnull=True).update(read_at=at)


@service
def choose(choices: Mapping[str, Choice], *, by: Membership) -> None:
    """Keep how a person wants to be told, by the code of each kind."""
    rows = [
        NotificationPreference(user_id=by.user_id, kind=code, in_portal=choice.in_portal, by_email=choice.by_email)
        for code, choice in choices.items()
    ]
    NotificationPreference.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["tenant", "user", "kind"],
        update_fields=["in_portal", "by_email"],
    )
