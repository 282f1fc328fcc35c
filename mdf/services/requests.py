"""What partners do with a request for funds, from sending it to giving it up, and what the clock does with it."""

from __future__ import annotations

from datetime import datetime

from mdf.enums import ExtensionStatus, RequestStatus
from mdf.enums import RequestAction as Action
from mdf.events import (
    FundRequestAnswered,
    FundRequestCancelled,
    FundRequestCompleted,
    FundRequestLapsed,
    FundRequestReminded,
    FundRequestSubmitted,
    FundRequestWithdrawn,
)
from mdf.models import FundRequest, FundRequestLine
from mdf.queries import appeals, checks, claims
from mdf.queries import reservations as reserved
from mdf.queries import terms as fund_terms
from mdf.rules.catalogue import AREA
from mdf.rules.eligibility import obstacles
from mdf.services import approvals, decisions, reservations
from mdf.services.drafts import Content, Stale, fill
from mdf.services.moves import lock, move
from prm.accounts.models import Membership
from prm.approvals import services as agreement
from prm.clocks import calendars
from prm.custom_fields import services as custom_fields
from prm.custom_fields.kinds import KINDS
from prm.events.outbox import record
from prm.events.refusals import DomainError
from prm.events.service import service
from prm.files import queries as files
from prm.policies import courses, following
from prm.policies.courses import Course
from prm.questions import services as questions
from prm.tenancy.numbers import next_number


class PartnerNotActive(DomainError):
    """A suspended or departed partner asks for nothing."""


class NotEligible(DomainError):
    """The fund does not pay for this; the findings say which of its conditions do not hold."""


class Incomplete(DomainError):
    """The request lacks something that whoever decides needs."""


class ClaimsRunning(DomainError):
    """A claim for the request waits for its decision, or was approved."""


NEEDED = ("fund", "activity_type", "title", "starts_on", "ends_on")


@service
def submit(
    request: FundRequest, content: Content, *, by: Membership, at: datetime, version: int | None = None
) -> FundRequest:
    """Send a draft to the vendor: it gets its number, the terms are pinned, and the rules say what comes next.

    Raises `Stale`, `PartnerNotActive`, `Incomplete`, `CustomFieldsMissing`, `NotEligible`, or `NotPossible` if it was
    sent already.
    """
    request = lock(request)
    if not request.partner.is_active:
        raise PartnerNotActive(partner=request.partner)
    move(request, Action.SUBMIT)
    if version is not None and version != request.version - 1:
        raise Stale(request=request)
    fill(request, content, at=at)
    today = fund_terms.today_of_vendor(at)
    _refuse_unfit(request, today=today)
    custom_fields.refuse_incomplete(KINDS[AREA], request, at=at)
    request.typed = {}
    request.policy, terms = fund_terms.current(today)
    request.number = next_number("FR", today.year)
    request.submitted_at = request.saved_at = at
    request.save()
    taken = approvals.judge(request, at=at)
    promise = courses.promise_in(taken.effects if taken else {}, terms.decision_business_days)
    request.decide_by = calendars.promised(promise, at=at)
    request.deemed = approvals.deemed_by(taken)
    fact = FundRequestSubmitted(request.pk, amount=str(request.asked_amount), currency=request.currency)
    record(fact, on=request, by=by, at=at)
    if taken and taken.course != Course.PERSON:
        request.save()
        return decisions.follow(request, taken, at=at)
    approvals.begin(request, taken, by=by, at=at)
    request.save()
    return request


@service
def answer(request: FundRequest, content: Content | None, *, text: str, by: Membership, at: datetime) -> FundRequest:
    """Answer the vendor's question and let its clock run again; only the fields asked for may change.

    Approvals that look at what changed are asked for again.
    """
    request = lock(request)
    move(request, Action.ANSWER)
    changed: list[str] = []
    known = request.custom
    if content is not None:
        costs = _costs(request)
        changed = [name for name, value in content.fields.items() if getattr(request, name) != value]
        fill(request, content, at=at)
        _refuse_unfit(request, today=fund_terms.today_of_vendor(request.submitted_at or at))
        if _costs(request) != costs:
            changed.append("lines")
    changed += custom_fields.tell_change(AREA, request, known, by=by, at=at)
    waited = questions.answer(request, text, answered_by=by.user_id, at=at)
    changed += ["files"] if files.of(request).filter(added_at__gte=at - waited).exists() else []
    agreement.resume(request, at=at)
    if changed:
        request.save()
        approvals.follow_change(request, changed, by=by, at=at)
    if request.decide_by:
        promise = following.promise_of(request, fund_terms.pinned(request.policy).decision_business_days)
        request.decide_by = calendars.resumed(request.decide_by, stood_since=at - waited, at=at, promise=promise)
    approvals.leave_late_to_person(request, at)
    request.answer_by = None
    request.saved_at = at
    request.save()
    record(FundRequestAnswered(request.pk, answer=text, changed=tuple(changed)), on=request, by=by, at=at)
    return request


@service
def withdraw(
    request: FundRequest,
    *,
    by: Membership | None,
    at: datetime,
    note: str = "",
    is_lapsed: bool = False,
    is_terminated: bool = False,
) -> FundRequest:
    """Take a request back before it is decided.

    Nobody answering a question in time does it too, and so does the end of the work with the partner.
    """
    request = lock(request)
    move(request, Action.WITHDRAW)
    request.answer_by = None
    request.saved_at = request.closed_at = at
    request.save()
    agreement.recall(request, by=by, at=at)
    fact = FundRequestWithdrawn(request.pk, note=note, is_lapsed=is_lapsed, is_terminated=is_terminated)
    record(fact, on=request, by=by, at=at)
    return request


@service
def lapse_unanswered(request: FundRequest, *, at: datetime) -> bool:
    """Withdraw it because nobody answered the question in time; running it again finds nothing to do."""
    row = lock(request)
    if row.status != RequestStatus.INFO_REQUESTED or row.answer_by is None or row.answer_by >= at:
        return False
    withdraw(row, by=None, at=at, is_lapsed=True)
    return True


@service
def cancel(
    request: FundRequest, *, by: Membership | None, at: datetime, note: str = "", is_terminated: bool = False
) -> FundRequest:
    """Give an approved request up: the reserved money is free again. Raises `ClaimsRunning` once it was claimed for.

    What an appeal may still get stays reserved, unless the work with the partner ends: then no appeal gets any more.
    """
    request = lock(request)
    move(request, Action.CANCEL)
    is_disputed = not is_terminated and appeals.are_disputed(request)
    if reserved.has_running_claims(request) or reserved.consumed_by(request) or is_disputed:
        raise ClaimsRunning(request=request)
    _end(request, by=by, at=at)
    fact = FundRequestCancelled(request.pk, note=note, is_terminated=is_terminated)
    record(fact, on=request, by=by, at=at)
    return request


@service
def complete(request: FundRequest, *, by: Membership | None, at: datetime) -> FundRequest:
    """End a request whose last claim is decided: what it did not need is free again."""
    request = lock(request)
    move(request, Action.COMPLETE)
    _end(request, by=by, at=at)
    record(FundRequestCompleted(request.pk), on=request, by=by, at=at)
    return request


@service
def lapse_unclaimed(request: FundRequest, *, at: datetime) -> bool:
    """End an approved request after its deadline for claims; what was claimed in time is decided first.

    Running it again finds nothing to do.
    """
    request = lock(request)
    today = fund_terms.today_of_vendor(at)
    if request.status != RequestStatus.APPROVED or request.claim_by is None or request.claim_by >= today:
        return False
    if reserved.has_running_claims(request) or _waits_for_extension(request) or appeals.are_disputed(request):
        return False
    if reserved.consumed_by(request):
        complete(request, by=None, at=at)
        return True
    move(request, Action.LAPSE)
    rest = _end(request, by=None, at=at)
    fact = FundRequestLapsed(
        request.pk, until=request.claim_by.isoformat(), amount=str(rest), currency=request.currency
    )
    record(fact, on=request, by=None, at=at)
    return True


@service
def remind(request: FundRequest, *, at: datetime) -> bool:
    """Tell the partner that the deadline for its claim comes near, once per mark of the terms."""
    request = FundRequest.objects.select_related("policy").locked(request.pk)
    today = fund_terms.today_of_vendor(at)
    if request.status != RequestStatus.APPROVED or request.claim_by is None or request.claim_by < today:
        return False
    days_left = (request.claim_by - today).days
    mark = fund_terms.pinned(request.policy).reminder_due(days_left, request.reminded_days)
    if mark is None or reserved.has_running_claims(request):
        return False
    request.reminded_days = mark
    request.save(update_fields=["reminded_days"])
    fact = FundRequestReminded(request.pk, days_left=days_left, until=request.claim_by.isoformat())
    record(fact, on=request, by=None, at=at)
    return True


def _waits_for_extension(request: FundRequest) -> bool:
    extension = claims.extension_of(request)
    return extension is not None and extension.status == ExtensionStatus.PENDING


def _refuse_unfit(request: FundRequest, *, today: object) -> None:
    missing = tuple(name for name in NEEDED if not getattr(request, name))
    if missing or request.asked_amount <= 0:
        raise Incomplete(missing=missing or ("lines",))
    if request.ends_on < request.starts_on:  # type: ignore[operator]
        raise Incomplete(missing=("ends_on",))
    standing = obstacles(checks.findings_of(request, today=today))  # type: ignore[arg-type]
    if standing:
        raise NotEligible(findings=standing)


def _costs(request: FundRequest) -> list[tuple[str, object]]:
    rows = FundRequestLine.objects.filter(request=request).order_by("position")
    return list(rows.values_list("what", "planned_amount"))


def _end(request: FundRequest, *, by: Membership | None, at: datetime) -> object:
    rest = reservations.release_rest(request, by=by, at=at)
    request.saved_at = request.closed_at = at
    request.save()
    return rest.amount
