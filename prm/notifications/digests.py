"""The daily mail: at eight in the morning of each person's zone, what they did not want to be told one by one."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import datetime, time
from uuid import UUID
from zoneinfo import ZoneInfo

from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import ngettext

from prm.accounts.links import absolute_url, home_of, letterhead
from prm.accounts.models import Membership, User, VendorProfile
from prm.events.schedule import every
from prm.notifications import mail, words
from prm.notifications.models import Notification, OutgoingMail
from prm.tenancy.context import as_system
from prm.tenancy.models import Vendor

logger = logging.getLogger(__name__)

HOUR = time(8)
SHOWN = 50


@every(minutes=5)
def send_digests() -> None:
    """Write the daily mail of everybody for whom it is eight o'clock or later and who has not got today's."""
    now = timezone.now()
    for tenant_id, user_id in waiting():
        try:
            with as_system(tenant_id):
                write_digest(user_id, now)
        except Exception:
            logger.exception("digest failed", extra={"tenant": str(tenant_id), "user": str(user_id)})


def waiting() -> Iterator[tuple[UUID, UUID]]:
    """Yield who has something for the daily mail, at which vendor; seen by the role that may look across tenants."""
    rows = Notification.across_tenants.using("system").filter(is_for_digest=True)
    yield from rows.order_by().values_list("tenant_id", "user_id").distinct()


def write_digest(user_id: UUID, now: datetime) -> bool:
    """Write a person's mail of today; False if it is too early, was written already, or there is nothing."""
    user, profile = User.objects.get(pk=user_id), VendorProfile.objects.get()
    eight = eight_o_clock(now, ZoneInfo(user.time_zone or profile.time_zone))
    key = f"digest:{user_id}:{eight.date()}"
    if now < eight or OutgoingMail.objects.filter(pk=mail.id_of(key)).exists():
        return False
    rows = Notification.objects.filter(user_id=user_id, is_for_digest=True, at__lt=eight)
    due = list(rows.order_by("at", "id").select_for_update())
    Notification.objects.filter(pk__in=[row.pk for row in due]).update(is_for_digest=False)
    if not due or not _may_enter(user):
        return False
    _write(user, profile, due, key)
    return True


def eight_o_clock(now: datetime, zone: ZoneInfo) -> datetime:
    """Return eight o'clock of the day it is in a zone."""
    return datetime.combine(now.astimezone(zone).date(), HOUR, tzinfo=zone)


def _may_enter(user: User) -> bool:
    is_member = Membership.objects.filter(user=user, status=Membership.Status.ACTIVE).exists()
    return user.is_active and is_member


def _write(user: User, profile: VendorProfile, due: list[Notification], key: str) -> None:
    vendor = Vendor.objects.get(pk=profile.tenant_id)
    with words.in_the_way_of(user, profile):
        subject = ngettext("%(count)s thing happened", "%(count)s things happened", len(due)) % {"count": len(due)}
        context = {
            "subject": subject,
            "lines": [_line(row, home_of(vendor)) for row in due[:SHOWN]],
            "more": max(0, len(due) - SHOWN),
            "brand": letterhead(vendor, profile),
            "list_url": absolute_url("notifications", vendor=vendor),
            "settings_url": absolute_url("notification-settings", vendor=vendor),
        }
        mail.write(
            to=user.email,
            user=user,
            subject=subject,
            text=render_to_string("notifications/digest.txt", context).strip(),
            html=render_to_string("notifications/digest.html", context),
            key=key,
        )


def _line(row: Notification, home: str) -> dict[str, str]:
    return {"text": words.of(row.kind, row.facts).subject, "url": f"{home}/{row.path}"}
