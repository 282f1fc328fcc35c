"""Deciding a conflict case for all of its registrations at once, and what becomes of that after an appeal."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from itertools import combinations
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from deals.enums import Action, Award, CaseAction, CaseDecision, CaseResult, CaseStatus, Review
from deals.events import ConflictDecided
from deals.models import CaseParty, ConflictCase, Protection, Registration, RegistrationLine
from deals.queries import cases as queries
from deals.queries import precedence
from deals.queries import terms as registration_terms
from deals.rules import cases as rules
from deals.rules.cases import Share, Verdict
from deals.services import check_ins, decisions, likenesses, protection, registrations
from deals.services.cases import families_of, locked_case, move_case, resume, save
from deals.services.moves import move
from prm.accounts.models import Membership
from prm.approvals import services as agreement
from prm.disputes.models import WAITING as DISPUTED
from prm.disputes.models import Dispute
from prm.events.outbox import record
from prm.events.refusals import DomainError
from prm.events.service import service
from prm.questions import services as questions


class DecisionUnfit(DomainError):
    """A decision cannot be made so; `code` says why."""


class NothingToGive(DomainError):
    """Who is to get the customer has nothing to decide about any more: withdrawn, or refused."""


@service
def decide(
    case: ConflictCase,
    verdict: Verdict,
    *,
    reason_code: str = "",
    note: str = "",
    aside: str | None = None,
    version: int,
    by: Membership,
    at: datetime,
) -> ConflictCase:
    """Decide about all registrations of a case at once; who is refused reads the reason and the note.

    That there is no conflict lets each go on, also while evidence is waited for, and tells their customers apart.

    `aside` says why it is awarded to somebody though another comes first, as in `decisions.approve`.

    Raises `CaseChanged`, `DecisionUnfit`, `decisions.NotFirst`, `NothingToGive`, and `decisions.Contested` while
    somebody outside of the case is protected. All is done or nothing.
    """
    case, parties, rows = locked_case(case, version=version)
    move_case(case, rules.action_of(verdict.decision))
    families = families_of(rows)
    try:
        registered = {party.pk: families[party.registration_id] for party in parties}
        gone = frozenset(party.pk for party in parties if not queries.is_standing(rows[party.registration_id]))
        shares = rules.shares_of(verdict, registered, gone)
    except rules.Unfit as unfit:
        raise DecisionUnfit(code=unfit.code) from unfit
    if verdict.decision == CaseDecision.AWARD and aside is not None:
        _set_aside(verdict, parties, rows, why=aside, by=by, at=at)
    case.decision, case.reason_code, case.note = verdict.decision, reason_code, note
    case.decided_at, case.decided_by_id = at, by.user_id
    said: dict[str, Any] = {"reason_code": reason_code, "note": note, "by": by, "at": at}
    for party in sorted(parties, key=lambda party: shares[party.pk].is_won):  # who loses makes room for who wins
        row, share = rows[party.registration_id], shares[party.pk]
        resume(party, row, at=at)
        if share.is_won:
            _give(row, share, case, by=by, at=at)
        elif share.is_refused:
            _take(row, share, **said)
        elif share.award:
            first = next((rows[each.registration_id] for each in parties if shares[each.pk].is_won), None)
            _give_beside(row, share.award, first, case, by=by, at=at)
        _settle(party, share, reason_code=reason_code, note=note, at=at)
        told = (share.result.value, party.reason_code, party.note)
        if share.result != CaseResult.LEFT:
            record(ConflictDecided(row.pk, party.pk, *told), on=row, by=by, at=at)
    if verdict.decision == CaseDecision.APART:
        _tell_apart(rows.values(), by=by, at=at)
    save(case, parties)
    return case


def _set_aside(
    verdict: Verdict,
    parties: Iterable[CaseParty],
    rows: Mapping[UUID, Registration],
    *,
    why: str,
    by: Membership,
    at: datetime,
) -> None:
    winner = next(rows[party.registration_id] for party in parties if party.pk == verdict.winner)
    order = precedence.order_of_case(list(rows.values()), at=at)
    first = decisions.first_before(winner, order, why=why)
    if first is not None:
        decisions.set_aside(winner, first, why=why, by=by, at=at)


def _settle(party: CaseParty, share: Share, *, reason_code: str, note: str, at: datetime) -> None:
    """Write down what a party got; the reason is told to those who got nothing."""
    party.result, party.given_families, party.decided_at = share.result, sorted(share.families), at
    party.is_open = False
    if share.is_refused:
        party.reason_code, party.note = reason_code, note


def _tell_apart(rows: Iterable[Registration], *, by: Membership, at: datetime) -> None:
    """Say of all customers that look alike that they are different companies."""
    for one, other in combinations(sorted(rows, key=lambda row: row.pk), 2):
        likenesses.tell_apart(one, other, by=by, at=at)


def _give(row: Registration, share: Share, case: ConflictCase, *, by: Membership, at: datetime) -> None:
    """Protect the partner for the families it gets; others that it registered are no part of the deal any more."""
    row = _answered(row, at=at)
    if not queries.is_standing(row):
        raise NothingToGive(registration=row)
    RegistrationLine.objects.filter(registration=row).exclude(family__in=share.families).delete()
    if row.is_waiting:
        decisions.approve(row, by=by, at=at, is_final=True, in_case=case.pk)
    else:
        Protection.objects.filter(registration=row).exclude(family__in=share.families).update(is_in_force=False)


def _give_beside(
    row: Registration,
    award: Award,
    first: Registration | None,
    case: ConflictCase,
    *,
    by: Membership,
    at: datetime,
) -> None:
    """Approve the partner beside others; who was protected alone is so no longer."""
    row = _answered(row, at=at)
    if row.is_waiting:
        decisions.approve(row, by=by, at=at, is_final=True, in_case=case.pk, award=award, first=first)
    elif row.is_protected:
        row = protection.release(row, by=by, at=at, is_shared=True)
        decisions.give_beside(row, award, first)
        row.save()
        check_ins.begin(row, at=at)


def _take(row: Registration, share: Share, *, reason_code: str, note: str, by: Membership, at: datetime) -> None:
    """Refuse what waits, take away what is protected; what has ended by itself stays as it is."""
    if row.is_protected:
        protection.revoke(row, reason_code=reason_code or "other", note=note, by=by, at=at)
    elif share.result == CaseResult.MERGED and queries.is_standing(row):
        registrations.withdraw(row, by=by, at=at, note=note)
    elif queries.is_standing(row):
        row = _answered(row, at=at)
        decisions.reject(row, reason_code=reason_code, note=note, by=by, at=at, is_final=True)


def _answered(row: Registration, *, at: datetime) -> Registration:
    """Take an open question to the partner back: the case decides without it."""
    if row.review != Review.INFO_REQUESTED:
        return row
    move(row, Action.ANSWER)
    questions.drop(row)
    agreement.resume(row, at=at)
    row.answer_by = None
    row.save()
    return row


@service
def conclude(case: ConflictCase, *, at: datetime) -> bool:
    """Make a decision final once its last day to appeal is over and no appeal waits.

    Running it again finds nothing to do.
    """
    case, parties, rows = locked_case(case)
    if case.status != CaseStatus.DECIDED or case.decided_at is None:
        return False
    if _disputes(parties).exists():
        return False  # although the case has not heard of it yet
    today, decided_on = (registration_terms.today_of_vendor(moment) for moment in (at, case.decided_at))
    days = max(registration_terms.pinned(row.policy).appeal_days for row in rows.values())
    refused = [party for party in parties if party.result == CaseResult.REFUSED]
    appealed = Dispute.objects.filter(
        subject_id__in=[party.registration_id for party in refused], raised_at__gte=case.decided_at
    )
    all_have = {row.subject_id for row in appealed} >= {party.registration_id for party in refused}
    if (today - decided_on).days <= days and refused and not all_have:
        return False
    move_case(case, CaseAction.CONCLUDE)
    save(case, parties)
    return True


def _disputes(parties: Iterable[CaseParty]) -> QuerySet[Dispute]:
    """Return the appeals about some parties that wait."""
    return Dispute.objects.filter(subject_id__in=[party.registration_id for party in parties], status__in=DISPUTED)


def turn(registration: Registration, *, by: Membership, at: datetime) -> None:
    """Turn a decision around after an appeal: who got what this partner asks for loses it, for good.

    The case is final then, unless somebody else's appeal still waits.
    """
    party = queries.decided_parties(registration).first()
    if party is None or party.result != CaseResult.REFUSED:
        return
    case, parties, rows = locked_case(party.case)
    families = families_of(rows)
    wanted = families[registration.pk]
    for other in parties:
        row = rows[other.registration_id]
        if other.pk != party.pk and row.is_protected and families[row.pk] & wanted:
            protection.revoke(row, reason_code=case.reason_code or "other", note="", by=by, at=at, is_after_appeal=True)
            other.result, other.given_families, other.note = CaseResult.REFUSED, [], ""
            other.reason_code = ""
    mine = next(each for each in parties if each.pk == party.pk)
    mine.result, mine.given_families = CaseResult.AWARDED, sorted(wanted)
    mine.reason_code = mine.note = ""
    others = [each for each in parties if each.pk != party.pk]
    if case.can(CaseAction.CONCLUDE) and not _disputes(others).exists():
        move_case(case, CaseAction.CONCLUDE)
    save(case, parties)
