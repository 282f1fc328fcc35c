"""One queue over all vendors, for somebody who works with several.

Each portal is asked as its own member and behind its own walls, so nobody's rows can come from anywhere else. One
that cannot be asked does not keep the others from answering.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from allauth.mfa.utils import is_mfa_enabled
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import get_script_prefix, get_urlconf, set_script_prefix, set_urlconf
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from prm.accounts import memberships
from prm.accounts.guards import for_signed_in
from prm.accounts.memberships import Portal
from prm.accounts.models import User, VendorProfile
from prm.tenancy.context import acting_as
from prm.tenancy.middleware import URLCONF
from prm.ui.brand import Brand, brand_of
from prm.ui.home import queue, situation, urgency
from prm.ui.navigation import Visit

logger = logging.getLogger(__name__)

Row = dict[str, Any]


@dataclass(frozen=True)
class Desk:
    """One vendor's part: what waits there, or why it was not asked."""

    portal: Portal
    look: Brand
    rows: tuple[Row, ...] = ()
    problem: str = ""

    @property
    def sign(self) -> dict[str, str]:
        """Return what marks a row as this vendor's."""
        return {"name": self.portal.vendor.name, "color": self.look.color, "on_color": self.look.on_color}


@require_GET
@for_signed_in
def all_vendors(request: HttpRequest) -> HttpResponse:
    desks = [desk_of(portal, request.user) for portal in memberships.portals_of(request.user)]
    rows = sorted(
        ((urgency(row, "UTC"), row | {"vendor": desk.sign}) for desk in desks for row in desk.rows),
        key=lambda entry: entry[0],
    )
    context = {"desks": desks, "needs": [row for _when, row in rows], "situation": situation(len(rows))}
    return render(request, "ui/all_vendors.html", context)


def desk_of(portal: Portal, user: User) -> Desk:
    """Ask one vendor's portal what waits for somebody, as the member they are there."""
    profile = memberships.profile_of(portal.vendor.pk)
    look = brand_of(profile)
    if profile.demands_second_factor and not is_mfa_enabled(user):
        return Desk(portal, look, problem=_("Asks for a second factor before it shows anything."))
    try:
        return Desk(portal, look, tuple(_rows(portal, profile, user)))
    except Exception:
        logger.exception("a vendor's queue failed", extra={"vendor": portal.vendor.slug})
        return Desk(portal, look, problem=_("Could not be asked just now. Open it to see what waits."))


def _rows(portal: Portal, profile: VendorProfile, user: User) -> list[Row]:
    member = portal.membership
    member.user = user
    zone = ZoneInfo(user.time_zone or profile.time_zone)
    with acting_as(member.actor), inside(portal), timezone.override(zone):
        return queue(Visit(member, profile, timezone.now()))


@contextmanager
def inside(portal: Portal) -> Iterator[None]:
    """Let addresses be those of a vendor's portal."""
    prefix, urlconf = get_script_prefix(), get_urlconf()
    set_script_prefix(portal.url)
    set_urlconf(URLCONF)
    try:
        yield
    finally:
        set_script_prefix(prefix)
        set_urlconf(urlconf)
