"""Who is told of what happens in conflict cases, and what follows for a case from what happens to its registrations."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from deals import permissions
from deals.enums import CaseResult
from deals.events import (
    ConflictDecided,
    ConflictOpened,
    ConflictSettled,
    EvidenceAsked,
    EvidenceGiven,
    EvidenceMissed,
    EvidenceReminded,
    ProtectionExpired,
    ProtectionForfeited,
    ProtectionReleased,
    ProtectionRevoked,
    RegistrationLost,
    RegistrationRejected,
    RegistrationWithdrawn,
    RegistrationWon,
)
from deals.models import CaseParty, Registration
from deals.queries import people
from deals.services import cases
from prm.accounts.models import User
from prm.disputes.events import DisputeOverturned, DisputeRaised, DisputeUpheld, DisputeWithdrawn
from prm.events.facts import Fact
from prm.events.models import Delivery, Event
from prm.events.outbox import handles
from prm.notifications.kinds import Audience
from prm.notifications.models import Channel
from prm.notifications.news import News, code_of, declare, reason_of
from prm.notifications.services import notify
from prm.tenancy.middleware import URLCONF

TO_PARTNER: dict[type[Fact], News] = {
    ConflictOpened: News(_("A conflict case about a registration is opened")),
    EvidenceAsked: News(_("Evidence is asked for in a conflict case")),
    EvidenceReminded: News(_("The time to bring evidence is nearly over")),
    ConflictDecided: News(_("A conflict case is decided")),
    ConflictSettled: News(_("A conflict case is closed, as one side is left"), by_mail=Channel.DIGEST),
}
TO_VENDOR: dict[type[Fact], News] = {
    EvidenceGiven: News(_("A partner brings evidence in a conflict case")),
    EvidenceMissed: News(_("A partner brings no evidence in time")),
}
declare(TO_PARTNER, Audience.PARTNER)
declare(TO_VENDOR, Audience.VENDOR)
QUOTED = ("question", "answer", "note", "result")


@handles(*TO_PARTNER)
def tell_party(event: Event, delivery: Delivery) -> None:
    party = _party(event)
    path = reverse("deals:conflict", urlconf=URLCONF, args=[party.pk])
    _tell(people.of_firm(party.registration), party, path, event, delivery)


@handles(*TO_VENDOR)
def tell_managers(event: Event, delivery: Delivery) -> None:
    party = _party(event)
    path = reverse("deals:case", urlconf=URLCONF, args=[party.case_id])
    managers = people.who_decide(party.registration, permissions.can_decide.roles)
    _tell(managers, party, path, event, delivery)


@handles(
    RegistrationWithdrawn,
    RegistrationRejected,
    RegistrationWon,
    RegistrationLost,
    ProtectionReleased,
    ProtectionExpired,
    ProtectionForfeited,
    ProtectionRevoked,
)
def follow(event: Event, delivery: Delivery) -> None:
    """Close a case that has one side left."""
    cases.follow(Registration.objects.get(pk=event.subject_id), at=event.at)


@handles(DisputeRaised, DisputeUpheld, DisputeOverturned, DisputeWithdrawn)
def follow_appeal(event: Event, delivery: Delivery) -> None:
    """Let a case say that its decision is appealed, and when that is over."""
    registration = Registration.objects.filter(pk=event.subject_id).first()
    if registration is not None:
        cases.follow_appeal(registration, at=event.at)


def _party(event: Event) -> CaseParty:
    return CaseParty.objects.select_related("registration__partner", "case").get(pk=event.payload["party_id"])


def _tell(users: Iterable[User], party: CaseParty, path: str, event: Event, delivery: Delivery) -> None:
    """Tell everybody but the one who did it."""
    said = event.payload
    registration = party.registration
    facts: dict[str, Any] = {name: said[name] for name in QUOTED if said.get(name)}
    facts |= {"customer": registration.customer_name, "number": registration.number, "case": party.number}
    facts |= {"partner": registration.partner.name, "by": event.by.name if event.by else ""}
    if said.get("answer_by"):
        facts["answer_by"] = datetime.fromisoformat(said["answer_by"])
    if said.get("reason_code"):
        facts["reason"] = reason_of(said["reason_code"], "deals")
    if said.get("result"):
        facts["is_won"] = said["result"] in (CaseResult.AWARDED, CaseResult.PART, CaseResult.KEPT)
    told = [user for user in users if user.pk != event.by_id]
    notify(told, kind=code_of(event.name), event=event, path=path, facts=facts, delivery=delivery)
