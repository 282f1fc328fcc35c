"""What this app adds to the shell: its pages, and how much work waits there."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from deals import permissions
from deals.models import Product
from deals.queries import cases, home
from deals.services.vendors import REASONS
from deals.views import disputes, search  # noqa: F401
from deals.views import home as first_page  # noqa: F401
from prm.accounts.models import Membership
from prm.reasons import lists
from prm.ui import navigation
from prm.ui.navigation import Group, Visit

navigation.page(
    _("Register a deal"),
    "deals:registration-new",
    "plus",
    permissions.can_register,
    for_vendor=False,
    is_action=True,
    key="n",
)
navigation.page(_("Deals"), "deals:registrations", "deal", permissions.can_see, order=10)
navigation.page(
    _("Registrations"),
    "deals:inbox",
    "inbox",
    permissions.can_decide,
    for_partners=False,
    group=Group.TO_DECIDE,
    order=10,
)
navigation.page(
    _("End customers"), "deals:customers", "customer", permissions.can_see_customers, for_partners=False, order=45
)
navigation.page(
    _("Conflict cases"),
    "deals:cases",
    "dispute",
    permissions.can_decide,
    for_partners=False,
    group=Group.TO_DECIDE,
    order=12,
)
navigation.page(_("Products"), "deals:catalog", "product", permissions.can_see_catalog, for_vendor=False, order=40)
navigation.page(
    _("Catalog"), "deals:catalog", "product", permissions.can_see_catalog, for_partners=False, group=Group.SETUP
)

navigation.page(_("Types of deals"), "deals:types", "deal", permissions.can_edit_rules, group=Group.SETUP, order=56)
navigation.page(_("Lists"), "deals:lists", "filter", permissions.can_edit_rules, group=Group.SETUP, order=57)


navigation.page(_("Direct business"), "deals:directs", "deal", permissions.can_see_direct, for_partners=False, order=90)


@navigation.waiting
def waiting(member: Membership) -> dict[str, QuerySet]:
    if member.has(permissions.can_decide):
        cases_to_decide = cases.waiting_for_decision()
        return {"deals:inbox": home.waiting_for_decision(member, timezone.now()), "deals:cases": cases_to_decide}
    if member.has(permissions.can_register):
        return {"deals:registrations": home.waiting_for_answer(member)}
    return {}


@navigation.setup_step
def catalog(visit: Visit) -> dict[str, Any] | None:
    if not visit.member.has(permissions.can_keep_catalog):
        return None
    return {
        "title": gettext("Fill the catalog"),
        "detail": gettext("Product families say who may be protected where; products are what quotes are made of."),
        "url": reverse("deals:catalog"),
        "done": Product.objects.all(),
        "order": 20,
    }


for order, (area, label) in enumerate(
    {
        "deals.registration": _("The refusal of a registration"),
        "deals.amendment": _("The refusal of a change of facts"),
        "deals.extension": _("The refusal of an extension"),
        "deals.revocation": _("A protection that is revoked"),
        "deals.transfer": _("The transfer of a deal"),
        "deals.loss": _("A deal that was lost"),
    }.items(),
    10,
):
    lists.declare(area, label, REASONS[area], order=order)
