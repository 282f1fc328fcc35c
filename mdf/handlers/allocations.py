"""Who is told of what happens to a partner's share of a fund, and to the ledger."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from mdf.events import (
    AllocationAdjusted,
    AllocationForfeited,
    AllocationMade,
    AllocationReinstated,
    AllocationReminded,
    AllocationTransferred,
    BalanceDiffered,
)
from mdf.handlers.news import said_in, tell
from mdf.models import FundAllocation
from mdf.queries import people
from prm.accounts.roles import Role
from prm.events.facts import Fact
from prm.events.models import Delivery, Event
from prm.events.outbox import handles
from prm.notifications.kinds import Audience, kind
from prm.notifications.news import News, code_of, declare
from prm.notifications.services import notify
from prm.tenancy.middleware import URLCONF

STATEMENT = "mdf:statement"
TO_PARTNER: dict[type[Fact], News] = {
    AllocationMade: News(_("Marketing money is allocated"), STATEMENT),
    AllocationAdjusted: News(_("An allocation is adjusted"), STATEMENT),
    AllocationTransferred: News(_("Marketing money is transferred"), STATEMENT),
    AllocationReminded: News(_("Marketing money lapses soon"), STATEMENT),
    AllocationForfeited: News(_("Marketing money has lapsed"), STATEMENT),
    AllocationReinstated: News(_("Lapsed marketing money is given back"), STATEMENT),
}
declare(TO_PARTNER, Audience.PARTNER)
DIFFERENCE = kind("mdf.balance_differed", _("A balance of the ledger does not add up"), Audience.VENDOR)


@handles(*TO_PARTNER)
def tell_partner(event: Event, delivery: Delivery) -> None:
    """Tell the partner what happened to its share of a fund."""
    share = FundAllocation.objects.select_related("fund", "partner").get(pk=event.subject_id)
    facts = {"partner": share.partner.name, "fund": share.fund.name}
    tell(people.of_firm(share.partner_id), code_of(event.name), event, STATEMENT, share.pk, facts, delivery)


@handles(BalanceDiffered)
def raise_alarm(event: Event, delivery: Delivery) -> None:
    """Tell the vendor's administrators and finance that a balance does not add up."""
    path = reverse("mdf:fund-ledger", urlconf=URLCONF, args=[event.subject_id])
    told = people.with_roles({Role.ADMIN, Role.FINANCE})
    notify(told, kind=DIFFERENCE.code, event=event, path=path, facts=said_in(event), delivery=delivery)
