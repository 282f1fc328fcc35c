"""What claims and payments add to the shell: their pages, and how much work waits there."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from mdf import permissions
from mdf.queries import claim_home
from mdf.views import claim_home as first_page  # noqa: F401
from prm.accounts.models import Membership
from prm.ui import navigation
from prm.ui.navigation import Group

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


@navigation.waiting
def waiting(member: Membership) -> dict[str, QuerySet]:
    if member.has(permissions.can_decide_claims):
        return {"mdf:claim-inbox": claim_home.waiting_for(member)}
    if member.has(permissions.can_claim):
        return {"mdf:claims": claim_home.waiting_for_answer(member)}
    return {}
