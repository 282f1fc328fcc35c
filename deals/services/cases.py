"""Conflict cases: opened by a person or by the terms, with evidence of all sides, and followed until they end.

Everybody locks in the same order: customers, registrations, the case, each by id.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction

from deals.enums import CaseAction, CaseResult, CaseStatus
from deals.events import (
    ConflictOpened,
    ConflictSettled,
    EvidenceAsked,
    EvidenceGiven,
    EvidenceMissed,
    EvidenceReminded,
)
from deals.models import CaseParty, ConflictCase, EndCustomer, Registration, RegistrationLine
from deals.queries import cases as queries
from deals.queries import rules as rule_queries
from deals.queries import terms as registration_terms
from deals.queries.conflicts import alike_of, conflicts_of
from deals.rules import cases as rules
from deals.rules.conflicts import Conflict
from deals.services import judging
from prm.accounts.models import Membership
from prm.approvals import services as agreement
from prm.clocks import calendars
from prm.disputes.models import WAITING as DISPUTED
from prm.disputes.models import Dispute
from prm.events.outbox import record
from prm.events.refusals import DomainError
from prm.events.service import service
from prm.tenancy.context import seeing_all_partners
from prm.tenancy.numbers import next_number

NEARLY = timedelta(days=1)
# What makes somebody want the same as another.
WANTED = frozenset(("products", "customer_name", "customer_website", "customer_tax_id", "customer_country"))


class NoConflict(DomainError):
    """There is nothing to decide between: fewer than two registrations wait or are protected."""


class InAnotherCase(DomainError):
    """One of the registrations is in a case already."""


class CaseChanged(DomainError):
    """The case is not what was on the screen: somebody decided, asked or answered meanwhile."""


class EvidenceTooLate(DomainError):
    """Nobody waits for evidence any more: it was given, its time is over, or the case is decided."""


# -- opening -------------------------------------------------------------------------------------------
@service
def open_case(
    registration: Registration, rivals: Iterable[Registration], *, by: Membership, at: datetime
) -> ConflictCase:
    """Open a case about a registration and some rivals; until it is decided none of them is approved alone.

    Raises `NoConflict` and `InAnotherCase`.
    """
    rows = _locked([registration.pk, *(rival.pk for rival in rivals)])
    rows = [row for row in rows if queries.is_standing(row)]
    if len(rows) < 2 or registration.pk not in {row.pk for row in rows}:
        raise NoConflict(registration=registration)
    taken = queries.open_parties().filter(registration__in=[row.pk for row in rows]).select_related("registration")
    if other := taken.first():
        raise InAnotherCase(registration=other.registration, number=other.number)
    return _open(rows, by=by, at=at)


def open_for_submission(registration: Registration, found: Iterable[Conflict], *, at: datetime) -> CaseParty | None:
    """Open a case for a registration that was just sent, or join one, where a rival surely wants the same."""
    ids = [conflict.rival.registration_id for conflict in found if rules.opens(conflict)]
    if not ids:
        return None
    with seeing_all_partners():
        rivals = [row for row in _locked([registration.pk, *ids]) if queries.is_standing(row)]
        if len(rivals) < 2:
            return None  # the rival has gone just now
        parties = queries.open_parties().filter(registration__in=ids).order_by("joined_at", "id")
        joined = parties.first()
        if joined is None:
            _open(rivals, by=None, at=at)
        else:
            case = ConflictCase.objects.locked(joined.case_id)
            case.move(CaseAction.JOIN)
            own = next(row for row in rivals if row.pk == registration.pk)
            _join(case, [own], at=at, by=None)
            case.save()
        return queries.open_parties().get(registration=registration)


def follow_change(registration: Registration, changed: Collection[str], *, at: datetime) -> None:
    """Let whoever is about to decide a case look again; in none yet, open or join one if the terms do that.

    The caller holds the locks of the customer and the registration.
    """
    with seeing_all_partners():
        party = queries.open_parties().filter(registration=registration).first()
        if party is not None:
            _look_again(party)
            return
        terms = registration_terms.pinned(registration.policy)
        if not terms.opens_cases or WANTED.isdisjoint(changed):
            return
        today, alike = registration_terms.today_of_vendor(at), alike_of(registration)
        families = families_of([registration.pk])[registration.pk]
        found = conflicts_of(registration, families=families, today=today, terms=terms, alike=alike)
    open_for_submission(registration, found, at=at)


def _look_again(party: CaseParty) -> None:
    """Make a case another version, and say anew which products its parties share."""
    case = ConflictCase.objects.locked(party.case_id)
    case.version += 1
    case.save()
    parties = list(CaseParty.objects.filter(case=case, is_open=True))
    families = families_of([each.registration_id for each in parties])
    for each in parties:
        others = frozenset().union(*(families[other.registration_id] for other in parties if other.pk != each.pk))
        each.families = sorted(families[each.registration_id] & others)
        each.save(update_fields=["families"])


def _open(rows: Sequence[Registration], *, by: Membership | None, at: datetime) -> ConflictCase:
    first = min(rows, key=lambda row: (row.submitted_at or at, row.pk))
    case = ConflictCase(
        number=next_number("CC", registration_terms.today_of_vendor(at).year),
        customer_id=first.customer_id,
        opened_at=at,
        opened_by_id=by.user_id if by else None,
    )
    case.save(force_insert=True)
    _join(case, rows, at=at, by=by)
    return case


def _join(case: ConflictCase, rows: Iterable[Registration], *, at: datetime, by: Membership | None) -> None:
    """Let registrations join; one that comes while evidence is asked is asked, too."""
    known = list(CaseParty.objects.filter(case=case).select_related("registration"))
    everybody = [party.registration for party in known] + list(rows)
    families = families_of([row.pk for row in everybody])
    for row in rows:
        others = frozenset().union(*(families[other.pk] for other in everybody if other.pk != row.pk))
        party = CaseParty(
            case=case,
            registration=row,
            partner_path=row.partner_path,
            number=case.number,
            status=case.status,
            families=sorted(families[row.pk] & others),
            joined_at=at,
        )
        try:
            with transaction.atomic():
                party.save(force_insert=True)
        except IntegrityError as error:
            if "one_open_case" not in str(error):
                raise
            raise InAnotherCase(registration=row, number="") from error
        record(ConflictOpened(row.pk, party.pk), on=row, by=by, at=at)
        if case.status == CaseStatus.EVIDENCE_REQUESTED and known:
            question = next((other.question for other in known if other.question), "")
            _ask(party, row, question, case.evidence_by or at, by=by, at=at)


# -- evidence ------------------------------------------------------------------------------------------
@service
def ask_for_evidence(case: ConflictCase, question: str, *, version: int, by: Membership, at: datetime) -> ConflictCase:
    """Ask all parties for evidence; the clocks of their decisions stand still until each has answered.

    Raises `CaseChanged`.
    """
    case, parties, rows = locked_case(case, version=version)
    move_case(case, CaseAction.ASK)
    terms = registration_terms.current(registration_terms.today_of_vendor(at))[1]
    case.evidence_by = calendars.in_business_days(terms.evidence_business_days, at=at)
    for party in parties:
        party.given_at = party.missed_at = party.reminded_at = party.given_by_id = None  # another round asks anew
        _ask(party, rows[party.registration_id], question, case.evidence_by, by=by, at=at)
    save(case, parties)
    return case


def _ask(
    party: CaseParty, row: Registration, question: str, evidence_by: datetime, *, by: Membership | None, at: datetime
) -> None:
    party.question, party.asked_at, party.evidence_by = question, at, evidence_by
    if row.is_waiting and party.stands_since is None:
        party.stands_since = at
        agreement.pause(row, at=at)
    party.save()
    record(EvidenceAsked(row.pk, party.pk, question, evidence_by.isoformat()), on=row, by=by, at=at)


@service
def give_evidence(
    party: CaseParty, text: str, *, letter_on: date | None = None, by: Membership, at: datetime
) -> CaseParty:
    """Bring one side's evidence, for good; its files are on the party already. Raises `EvidenceTooLate`.

    `letter_on` is the day of the letter in which the customer chooses the partner.
    """
    with seeing_all_partners():
        party, row = _locked_party(party)
        if not party.waits_for_evidence or (party.evidence_by and party.evidence_by < at):
            raise EvidenceTooLate()
        party.evidence = f"{party.evidence}\n\n{text}".strip() if party.evidence else text
        party.given_at, party.given_by_id = at, by.user_id
        party.save()
        is_letter_new = letter_on is not None and letter_on != row.letter_on
        if is_letter_new:
            row.letter_on = letter_on
            row.save()
        record(EvidenceGiven(row.pk, party.pk, text), on=row, by=by, at=at)
        _go_on(party, row, at=at)
        if is_letter_new and row.is_waiting:
            judging.judge_again(row, ["letter_on"], by=by, at=at)
            row.save()
    return party


@service
def miss(party: CaseParty, *, at: datetime) -> bool:
    """Go on without one side's evidence, whose time is over; running it again finds nothing to do."""
    party, row = _locked_party(party)
    if not party.waits_for_evidence or party.evidence_by is None or party.evidence_by >= at:
        return False
    party.missed_at = at
    party.save()
    record(EvidenceMissed(row.pk, party.pk), on=row, by=None, at=at)
    _go_on(party, row, at=at)
    return True


@service
def remind(party: CaseParty, *, at: datetime) -> bool:
    """Tell one side once that its time is nearly over; running it again finds nothing to do."""
    party = CaseParty.objects.locked(party.pk)
    if not party.waits_for_evidence or party.reminded_at or party.evidence_by is None:
        return False
    if not at <= party.evidence_by < at + NEARLY:
        return False
    party.reminded_at = at
    party.save()
    fact = EvidenceReminded(party.registration_id, party.pk, party.evidence_by.isoformat())
    record(fact, on=party.registration, by=None, at=at)
    return True


def _go_on(party: CaseParty, row: Registration, *, at: datetime) -> None:
    """Let the clock of a decision run again, and the case go on once nobody is waited for."""
    resume(party, row, at=at)
    case = ConflictCase.objects.locked(party.case_id)
    waiting = queries.waiting_for_evidence(CaseParty.objects.filter(case=case))
    if case.can(CaseAction.GO_ON) and not waiting.exists():
        case.move(CaseAction.GO_ON)
        case.save()
        CaseParty.objects.filter(case=case).update(status=case.status)


def stand_on(registration: Registration, *, at: datetime) -> None:
    """Let the clock stand still for evidence that is waited for, now that it no longer does for a question."""
    with seeing_all_partners():
        party = queries.open_parties().filter(registration=registration).first()
        if party is not None and party.waits_for_evidence and party.stands_since is None:
            party.stands_since = at
            party.save(update_fields=["stands_since"])
            agreement.pause(registration, at=at)


def resume(party: CaseParty, row: Registration, *, at: datetime) -> None:
    """Let the clock of a decision run again that stood still for the evidence."""
    if party.stands_since is None:
        return
    if row.is_waiting:
        agreement.resume(row, at=at)
        if row.decide_by:
            promise = rule_queries.stipulated(row).promise
            row.decide_by = calendars.resumed(row.decide_by, stood_since=party.stands_since, at=at, promise=promise)
            row.save()
    party.stands_since = None
    party.save()


# -- afterwards ----------------------------------------------------------------------------------------
@service
def follow(registration: Registration, *, at: datetime) -> bool:
    """Close the case if a registration has left it and nobody is left to decide between.

    Running it again finds nothing to do.
    """
    party = queries.open_parties().filter(registration=registration).first()
    if party is None or queries.is_standing(registration):
        return False
    case, parties, rows = locked_case(party.case)
    if not case.is_undecided:
        return False
    gone = [party for party in parties if not queries.is_standing(rows[party.registration_id])]
    left = [party for party in parties if party not in gone]
    for party in gone:
        party.is_open, party.result, party.stands_since = False, CaseResult.LEFT, None
    if len(left) < 2:
        move_case(case, CaseAction.SETTLE)
        for party in left:
            row = rows[party.registration_id]
            resume(party, row, at=at)
            party.is_open = False
            record(ConflictSettled(row.pk, party.pk), on=row, by=None, at=at)
    elif case.can(CaseAction.GO_ON) and not any(party.waits_for_evidence for party in left):
        move_case(case, CaseAction.GO_ON)
    save(case, parties)
    return True


@service
def follow_appeal(registration: Registration, *, at: datetime) -> bool:
    """Say that a decision is appealed, or what became of that; running it again finds nothing to do."""
    party = queries.decided_parties(registration).exclude(status=CaseStatus.FINAL).first()
    if party is None:
        return False
    case, parties, _rows = locked_case(party.case)
    about = Dispute.objects.filter(subject_id__in=[party.registration_id for party in parties])
    is_open = about.filter(status__in=DISPUTED).exists()
    if is_open and case.status == CaseStatus.DECIDED:
        move_case(case, CaseAction.APPEAL)
    elif not is_open and case.status == CaseStatus.APPEALED:
        move_case(case, CaseAction.STAND)
    else:
        return False
    save(case, parties)
    return True


# -- rows ----------------------------------------------------------------------------------------------
def _locked(ids: Iterable[UUID]) -> list[Registration]:
    """Lock the customers and then the registrations, each in the order of their ids, and return the registrations."""
    pks = sorted(set(ids))
    customers = Registration.objects.filter(pk__in=pks).values_list("customer_id", flat=True)
    for customer_id in sorted({pk for pk in customers if pk}):
        EndCustomer.objects.locked(customer_id)
    return [Registration.objects.locked(pk) for pk in pks]


def locked_case(
    case: ConflictCase, *, version: int | None = None
) -> tuple[ConflictCase, list[CaseParty], dict[UUID, Registration]]:
    """Lock all of a case and return it with its parties and, by id, their registrations. Raises `CaseChanged`."""
    ids = CaseParty.objects.filter(case=case).values_list("registration_id", flat=True)
    rows = {row.pk: row for row in _locked(ids)}
    case = ConflictCase.objects.locked(case.pk)
    if version is not None and case.version != version:
        raise CaseChanged(case=case)
    parties = list(CaseParty.objects.filter(case=case).order_by("joined_at", "id"))
    if {party.registration_id for party in parties} - set(rows):
        raise CaseChanged(case=case)  # somebody joined while we waited
    return case, parties, rows


def _locked_party(party: CaseParty) -> tuple[CaseParty, Registration]:
    row = _locked([party.registration_id])[0]
    return CaseParty.objects.locked(party.pk), row


def move_case(case: ConflictCase, action: CaseAction) -> None:
    """Move a case, or raise `CaseChanged`."""
    try:
        case.move(action)
    except rules.NotAllowed as error:
        raise CaseChanged(case=case) from error


def save(case: ConflictCase, parties: Iterable[CaseParty]) -> None:
    """Save a case, and tell each party where it stands."""
    case.save()
    for party in parties:
        party.status = case.status
        party.save()


def families_of(ids: Iterable[UUID]) -> dict[UUID, frozenset[UUID]]:
    """Return the product families of registrations by their ids."""
    found: dict[UUID, set[UUID]] = {pk: set() for pk in ids}
    lines = RegistrationLine.objects.filter(registration__in=list(found))
    for registration_id, family_id in lines.values_list("registration_id", "family_id"):
        found[registration_id].add(family_id)
    return {pk: frozenset(families) for pk, families in found.items()}
