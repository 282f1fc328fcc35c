"""What the platform itself adds to the shell; loading it also declares what it lets people do."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from prm.accounts import actions, events  # noqa: F401
from prm.accounts.models import Invitation, Membership, VendorProfile
from prm.events.models import Event
from prm.ui import navigation
from prm.ui.navigation import Group, Visit

navigation.page(_("People"), "people", "team", actions.MANAGE_PEOPLE, group=Group.COMPANY, for_vendor=False, order=60)
navigation.page(_("People"), "people", "team", actions.MANAGE_PEOPLE, group=Group.SETUP, for_partners=False, order=60)
navigation.page(_("Roles and permissions"), "roles", "shield", actions.READ_ROLES, group=Group.SETUP, order=61)
navigation.page(_("Brand and calendar"), "brand", "brand", actions.CHANGE_BRAND, group=Group.SETUP, order=62)
navigation.page(_("Invite a colleague"), "invitation-new", "invite", actions.MANAGE_PEOPLE, is_action=True, order=60)


@navigation.setup_step
def brand(visit: Visit) -> dict[str, Any] | None:
    """Ask for the vendor's own colour; somebody who saved the settings has decided on ours."""
    if not visit.member.has(actions.CHANGE_BRAND):
        return None
    ours = VendorProfile()
    has_own = visit.profile.brand_color != ours.brand_color or visit.profile.support_email
    return {
        "title": gettext("Choose your color, calendar and currency"),
        "detail": gettext("Partners see your name and color on every page, in mails and on documents."),
        "url": reverse("brand"),
        "done": bool(has_own) or Event.objects.filter(subject_id=visit.profile.pk),
        "order": 10,
    }


@navigation.setup_step
def colleagues(visit: Visit) -> dict[str, Any] | None:
    if not visit.member.has(actions.MANAGE_PEOPLE) or visit.member.is_partner:
        return None
    others = Membership.objects.filter(partner_id__isnull=True).exclude(pk=visit.member.pk)
    invited = Invitation.objects.filter(partner_id__isnull=True)
    return {
        "title": gettext("Invite your colleagues"),
        "detail": gettext("Who decides on registrations and claims, and who pays."),
        "url": reverse("people"),
        "done": others.exists() or invited.exists(),
        "order": 70,
    }
