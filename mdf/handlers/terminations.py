"""What ends when the work with a partner ends, and who is told of it."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from mdf import permissions
from mdf.enums import RequestStatus
from mdf.queries import people
from mdf.queries import terminations as ending
from mdf.services import terminations
from partners.events import PartnerTerminated
from partners.models import Partner
from partners.queries import terminations as asked
from prm.accounts.models import Membership
from prm.accounts.roles import Role
from prm.events.models import Delivery, Event
from prm.events.outbox import handles
from prm.notifications.kinds import Audience, kind
from prm.notifications.services import notify
from prm.tenancy.middleware import URLCONF

ENDED = kind("mdf.fund_requests_ended", _("Fund requests end with the work with a partner"), Audience.VENDOR)

asked.asks(ending.endings_of)


@handles(PartnerTerminated)
def end_requests(event: Event, delivery: Delivery) -> None:
    """End what the partner had asked for, and tell whoever looked after it once, of all of it."""
    partner, by = Partner.objects.get(pk=event.subject_id), Membership.get_or_none(user_id=event.by_id)
    rows = ending.open_requests(partner).order_by("allocation_id", "id")
    became = [terminations.end(row, by=by, at=event.at) for row in rows]
    facts = {
        "partner": partner.name,
        "by": event.by.name if event.by else "",
        "withdrawn": became.count(RequestStatus.WITHDRAWN),
        "freed": became.count(RequestStatus.CANCELLED) + became.count(RequestStatus.COMPLETED),
        "claimed": became.count(None),
    }
    if became:
        who_look_after = people.who_decide(partner, permissions.can_decide.roles - {Role.FINANCE})
        told = [user for user in who_look_after if user.pk != event.by_id]
        path = f"{reverse('mdf:requests', urlconf=URLCONF)}?view=all&partner={partner.pk}"
        notify(told, kind=ENDED, event=event, path=path, facts=facts, delivery=delivery)
