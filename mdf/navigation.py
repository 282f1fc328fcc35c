"""What this app adds to the shell: its pages, and how much work waits there."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mdf import permissions
from mdf.queries import claim_home, home
from mdf.services.vendors import REASONS
from mdf.views import claim_home as first_page_of_claims  # noqa: F401
from mdf.views import disputes, health, search  # noqa: F401
from mdf.views import home as first_page  # noqa: F401
from prm.accounts.models import Membership
from prm.reasons import lists
from prm.ui import navigation
from prm.ui.navigation import Group

navigation.page(
    _("Request funds"),
    "mdf:request-new",
    "plus",
    permissions.can_request,
    for_vendor=False,
    is_action=True,
    order=60,
)
navigation.page(_("Marketing funds"), "mdf:funds", "fund", permissions.can_see, group=Group.MONEY, order=10)
navigation.page(_("Fund requests"), "mdf:requests", "file", permissions.can_see, group=Group.MONEY, order=20)
navigation.page(
    _("Fund requests"),
    "mdf:inbox",
    "fund",
    permissions.can_decide,
    for_partners=False,
    group=Group.TO_DECIDE,
    order=30,
)
navigation.page(_("Claims"), "mdf:claims", "claim", permissions.can_see, for_vendor=False, group=Group.MONEY, order=30)
navigation.page(
    _("Claims"),
    "mdf:claim-inbox",
    "claim",
    permissions.can_decide_claims,
    for_partners=False,
    group=Group.TO_DECIDE,
    order=20,
)
navigation.page(
    _("All claims"), "mdf:claims", "claim", permissions.can_see, for_partners=False, group=Group.MONEY, order=35
)
navigation.page(
    _("Payments"), "mdf:payments", "payout", permissions.can_pay, for_partners=False, group=Group.MONEY, order=40
)
navigation.page(
    _("Fund terms"), "mdf:terms", "rules", permissions.can_keep_funds, for_partners=False, group=Group.SETUP, order=60
)
navigation.page(
    _("Funded activities"),
    "mdf:activity-types",
    "calendar",
    permissions.can_keep_funds,
    for_partners=False,
    group=Group.SETUP,
    order=61,
)

navigation.page(
    _("Paying accounts"),
    "mdf:paying-accounts",
    "bank",
    permissions.can_keep_paying_accounts,
    for_partners=False,
    group=Group.SETUP,
    order=62,
)


@navigation.waiting
def waiting(member: Membership) -> dict[str, QuerySet]:
    found: dict[str, QuerySet] = {}
    if member.has(permissions.can_decide):
        found["mdf:inbox"] = home.waiting_for_decision(member, timezone.now())
    elif member.has(permissions.can_request):
        found["mdf:requests"] = home.waiting_for_answer(member)
    if member.has(permissions.can_decide_claims):
        found["mdf:claim-inbox"] = claim_home.waiting_for(member, timezone.now())
    elif member.has(permissions.can_claim):
        found["mdf:claims"] = claim_home.waiting_for_answer(member)
    return found


lists.declare("mdf.request", _("The refusal of a fund request"), REASONS["mdf.request"], order=30)
lists.declare("mdf.claim", _("The refusal of a claim"), REASONS["mdf.claim"], order=31)
lists.declare("mdf.clawback", _("Money that is claimed back"), REASONS["mdf.clawback"], order=32)
