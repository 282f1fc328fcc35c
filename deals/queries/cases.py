"""Conflict cases as those who decide see them, and as each party may."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Prefetch, Q, QuerySet

from deals.enums import CaseStatus, ProtectionState, Review
from deals.events import (
    AmendmentApproved,
    InformationAnswered,
    PrecedenceOverridden,
    RegistrationAmended,
    RegistrationSubmitted,
)
from deals.models import CaseParty, ConflictCase, ProductFamily, Registration, RegistrationLine
from deals.models.cases import UNDECIDED
from deals.models.registrations import PROTECTED
from prm.accounts.models import Membership
from prm.audit.models import Seal
from prm.events.models import Event

STANDING = (Review.SUBMITTED, Review.IN_REVIEW, Review.INFO_REQUESTED)


def open_parties() -> QuerySet[CaseParty]:
    """Return those about whom nothing is decided outside of their case."""
    return CaseParty.objects.filter(is_open=True)


def decided_with(registration: Registration) -> QuerySet[CaseParty]:
    """Return the case that made the latest decision about a registration, if one did."""
    return CaseParty.objects.filter(
        registration=registration, decided_at=registration.decided_at, decided_at__isnull=False
    )


def of_registration(registration: Registration) -> QuerySet[CaseParty]:
    """Return the cases of a registration, the latest first."""
    return CaseParty.objects.filter(registration=registration).order_by("-joined_at", "-id")


def is_standing(registration: Registration) -> bool:
    """Say whether there is something to decide about a registration: it waits, or it is protected."""
    return registration.review in STANDING or registration.protection in PROTECTED


def standing() -> Q:
    """The condition that there is something to decide about a registration."""
    return Q(review__in=STANDING) | Q(protection__in=(ProtectionState.ACTIVE, ProtectionState.EXPIRING))


def cases() -> QuerySet[ConflictCase]:
    """Return the cases with all that a list shows of them."""
    parties = CaseParty.objects.select_related("registration__partner").order_by("joined_at", "id")
    rows = ConflictCase.objects.select_related("customer", "decided_by")
    return rows.prefetch_related(Prefetch("parties", queryset=parties))


def waiting_for_decision() -> QuerySet[ConflictCase]:
    """Return the cases in which everybody has been heard."""
    return ConflictCase.objects.filter(status=CaseStatus.OPEN)


def undecided() -> QuerySet[ConflictCase]:
    return ConflictCase.objects.filter(status__in=UNDECIDED)


def waiting_for_evidence(parties: QuerySet[CaseParty]) -> QuerySet[CaseParty]:
    """Return those whose evidence is waited for."""
    return parties.filter(is_open=True, asked_at__isnull=False, given_at__isnull=True, missed_at__isnull=True)


def evidence_asked_of(member: Membership) -> QuerySet[CaseParty]:
    """Return a partner's conflicts that wait for its evidence, the first to end first."""
    rows = waiting_for_evidence(CaseParty.objects.visible_to(member)).select_related("registration")
    return rows.filter(registration__partner=member.partner_id).order_by("evidence_by", "id")


def parties_of(case: ConflictCase) -> list[CaseParty]:
    """Return the parties in the order in which their registrations arrived."""
    lines = RegistrationLine.objects.select_related("family", "product").order_by("family__position", "id")
    rows = CaseParty.objects.filter(case=case).select_related(
        "registration__partner", "registration__owner", "registration__policy", "given_by"
    )
    rows = rows.prefetch_related(Prefetch("registration__lines", queryset=lines), "registration__activities")
    return list(rows.order_by("registration__submitted_at", "registration_id"))


def families_of(parties: Iterable[CaseParty]) -> dict[UUID, str]:
    """Return the names of all families that the parties registered."""
    found = {}
    for party in parties:
        for line in party.registration.lines.all():
            found[line.family_id] = line.family.name
    return found


def names_of(families: Iterable[UUID]) -> list[str]:
    """Return the names of product families."""
    rows = ProductFamily.objects.filter(pk__in=list(families)).order_by("position", "name")
    return list(rows.values_list("name", flat=True))


def asides_of(parties: Iterable[CaseParty]) -> list[str]:
    """Return why another one was preferred to who comes first by the terms."""
    ids = [party.registration_id for party in parties if party.result]
    said = Event.objects.filter(subject_id__in=ids, name=PrecedenceOverridden.name).order_by("at", "id")
    return [event.payload["why"] for event in said] if ids else []


# -- the provable order of arrival -----------------------------------------------------------------------
@dataclass(frozen=True)
class Arrival:
    """When a registration was sent and its place in the sealed chain, which comes some seconds later."""

    at: datetime
    position: int | None
    digest: str


def arrivals(registrations: Sequence[UUID]) -> dict[UUID, Arrival]:
    """Return when each registration arrived, with the seal that proves it."""
    events = Event.objects.filter(subject_id__in=registrations, name=RegistrationSubmitted.name)
    found = {event.subject_id: event for event in events.order_by("-at")}
    seals = {seal.event_id: seal for seal in Seal.objects.filter(event__in=[event.pk for event in found.values()])}
    return {
        pk: Arrival(
            event.at,
            seals[event.pk].position if event.pk in seals else None,
            seals[event.pk].short_digest if event.pk in seals else "",
        )
        for pk, event in found.items()
    }


# -- both sides by time ----------------------------------------------------------------------------------
@dataclass(frozen=True)
class Moment:
    """Something that one side did."""

    at: datetime
    kind: str  # activity, sent, evidence, file, changed
    text: str = ""
    is_day: bool = False  # only the day is known
    is_late: bool = False  # of a change: evidence was asked before


def changes_of(parties: Iterable[CaseParty]) -> dict[UUID, list[tuple[datetime, list[str]]]]:
    """Return when facts of the registrations changed since they are in the case, and which, by registration."""
    since = {party.registration_id: party.joined_at for party in parties}
    names = (InformationAnswered.name, RegistrationAmended.name, AmendmentApproved.name)
    found: dict[UUID, list[tuple[datetime, list[str]]]] = {}
    for event in Event.objects.filter(subject_id__in=since, name__in=names).order_by("at", "id"):
        said = event.payload.get("changed") or [change[0] for change in event.payload.get("changes", ())]
        if said and event.at >= since[event.subject_id]:
            found.setdefault(event.subject_id, []).append((event.at, list(said)))
    return found


def moments_of(
    party: CaseParty, files: Iterable[tuple[datetime, str]], changes: Iterable[tuple[datetime, str]], zone: ZoneInfo
) -> list[Moment]:
    """Return what one side did, the first first."""
    registration = party.registration
    found = [
        Moment(
            _start(activity.held_on, zone),
            "activity",
            f"{activity.get_kind_display()}. {activity.note}".strip(" ."),
            True,
        )
        for activity in registration.activities.all()
    ]
    if registration.submitted_at:
        found.append(Moment(registration.submitted_at, "sent"))
    if party.given_at:
        found.append(Moment(party.given_at, "evidence", party.evidence))
    found += [Moment(at, "file", name) for at, name in files]
    found += [
        Moment(at, "changed", fields, is_late=bool(party.asked_at and at >= party.asked_at)) for at, fields in changes
    ]
    return sorted(found, key=lambda moment: moment.at)


def _start(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time.min, zone)


def decided_parties(registration: Registration) -> QuerySet[CaseParty]:
    """Return the decided cases of a registration, the latest first."""
    rows = CaseParty.objects.filter(registration=registration, decided_at__isnull=False).select_related("case")
    return rows.order_by("-decided_at", "-id")
