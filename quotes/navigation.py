"""What this app adds to the shell: its pages, and how much work waits there."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from prm.accounts.models import Membership
from prm.reasons import lists
from prm.ui import navigation
from prm.ui.navigation import Group, Judged
from quotes import permissions
from quotes.queries import home, inbox
from quotes.services.vendors import REASONS
from quotes.views import disputes, search  # noqa: F401
from quotes.views import home as first_page  # noqa: F401

navigation.page(_("Quotes"), "quotes:quotes", "quote", permissions.can_see, order=20)
navigation.page(
    _("Quote approvals"),
    "quotes:inbox",
    "quote",
    permissions.can_approve,
    for_partners=False,
    group=Group.TO_DECIDE,
    order=20,
)
navigation.page(_("Orders"), "quotes:orders", "product", permissions.can_see_orders, order=25)
navigation.page(
    _("Price lists"), "quotes:price-lists", "price", permissions.can_see_prices, for_partners=False, group=Group.SETUP
)
navigation.page(
    _("Terms of quotes"), "quotes:terms", "policy", permissions.can_keep_terms, for_partners=False, group=Group.SETUP
)


@navigation.waiting
def waiting(member: Membership) -> dict[str, QuerySet | Judged]:
    if member.has(permissions.can_approve):
        at = timezone.now()
        return {"quotes:inbox": Judged(inbox.waiting_steps(member, at), lambda steps: inbox.judge(steps, at).number)}
    if member.has(permissions.can_quote):
        return {"quotes:quotes": home.waiting_for_partner(member)}
    return {}


lists.declare("quotes.approval", _("The refusal of a discount"), REASONS["quotes.approval"], order=40)
lists.declare("quotes.decline", _("An offer that the customer declines"), REASONS["quotes.decline"], order=41)
lists.declare("quotes.cancellation", _("An order that is cancelled"), REASONS["quotes.cancellation"], order=42)
