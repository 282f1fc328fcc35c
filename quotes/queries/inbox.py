"""What waits for an approver, and all a person needs beside it to decide."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

from django.db.models import (
    Count,
    DateTimeField,
    Exists,
    Max,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
)
from django.utils.translation import gettext_lazy as _

from prm.accounts.models import Membership
from prm.approvals import queries as agreed
from prm.choices import TextChoices
from prm.events.models import Event
from prm.events.outbox import UNDO_TIME
from prm.money import Money
from prm.questions.models import Question
from prm.questions.services import of as questions_of
from quotes.enums import Approval, Counted, Status, StepKind, StepStatus
from quotes.events import ApprovalRequested
from quotes.models import QuoteApprovalStep, QuoteLine, QuoteRevision
from quotes.queries import approvals, prices, pricing
from quotes.queries import terms as quote_terms
from quotes.rules import approvals as rules
from quotes.rules.approvals import Cause, Reason, Step
from quotes.rules.drift import Drift

DONE_DAYS = 14
EARLIER = 8


class View(TextChoices):
    """The tabs of the inbox."""

    MINE = "mine", _("Mine")
    TEAM = "team", _("Team")
    OTHERS = "others", _("Others")
    ASKED = "asked", _("Asked")
    DONE = "done", _("Done")


ORDER = {
    View.MINE: "decide_by",
    View.TEAM: "decide_by",
    View.OTHERS: "decide_by",
    View.ASKED: "answer_by",
    View.DONE: "-step_decided_at",
}


def rows_of(view: View, member: Membership, at: datetime) -> QuerySet[QuoteRevision]:
    """Return what a tab lists."""
    rows = QuoteRevision.objects.visible_to(member)
    decided = QuoteApprovalStep.objects.filter(revision=OuterRef("pk"), decided_by=member.user_id)
    waiting = rows.filter(status=Status.PENDING_APPROVAL)
    for_me = _is_for(member, at)
    match view:
        case View.MINE:
            mine = Q(quote__partner__channel_manager=member.user_id)
            return waiting.filter(~_is_asked(), for_me, mine)
        case View.TEAM:
            return waiting.filter(~_is_asked(), for_me)
        case View.OTHERS:
            return waiting.filter(~_is_asked(), ~for_me)
        case View.ASKED:
            question = Question.objects.filter(subject_id=OuterRef("pk"), answered_at__isnull=True)
            rows = waiting.annotate(answer_by=Subquery(question.values("answer_by")[:1], output_field=DateTimeField()))
            return rows.filter(answer_by__isnull=False)
        case View.DONE:
            latest = decided.order_by("-decided_at").values("decided_at")[:1]
            rows = rows.annotate(step_decided_at=Subquery(latest, output_field=DateTimeField()))
            return rows.filter(step_decided_at__gte=at - timedelta(days=DONE_DAYS))
    raise ValueError(view)


def _is_for(member: Membership, at: datetime) -> Q:
    """The condition that this person can decide something of it, on their own behalf or another's."""
    return Q(pk__in=agreed.waiting_for(member, at).values("subject_id"))


def _is_asked() -> Exists:
    return Exists(Question.objects.filter(subject_id=OuterRef("pk"), answered_at__isnull=True))


def counts(member: Membership, at: datetime) -> dict[View, int]:
    """Return how much work each tab holds; what is done is no work."""
    rows = QuoteRevision.objects.visible_to(member).filter(status=Status.PENDING_APPROVAL)
    rows = rows.annotate(is_asked=_is_asked())
    is_mine = _is_for(member, at)
    for_me = Q(is_asked=False) & is_mine
    found = rows.aggregate(
        mine=Count("pk", filter=for_me & Q(quote__partner__channel_manager=member.user_id)),
        team=Count("pk", filter=for_me),
        others=Count("pk", filter=Q(is_asked=False) & ~is_mine),
        asked=Count("pk", filter=Q(is_asked=True)),
    )
    return {View(name): number for name, number in found.items()}


@dataclass(frozen=True)
class Waiting:
    """How much waits for somebody, since when, and how much of it is late."""

    number: int
    oldest: datetime | None
    late: int


def waiting_steps(member: Membership, at: datetime) -> QuerySet:
    """Return what tells of the quotes that wait for somebody since when they do, and until when that is promised."""
    steps = QuoteApprovalStep.objects.filter(status=StepStatus.WAITING, revision__status=Status.PENDING_APPROVAL)
    steps = steps.filter(revision__in=agreed.waiting_for(member, at).values("subject_id"))
    steps = steps.exclude(Exists(Question.objects.filter(subject_id=OuterRef("revision"), answered_at__isnull=True)))
    return steps.values_list("revision_id", "asked_at", "decide_by")


def judge(steps: Iterable[tuple[UUID, datetime, datetime | None]], at: datetime) -> Waiting:
    """Return how many quotes these steps are of, and how many of them are late."""
    found = {pk: (asked_at, decide_by is not None and decide_by < at) for pk, asked_at, decide_by in steps}
    oldest = min((asked_at for asked_at, _late in found.values()), default=None)
    return Waiting(len(found), oldest, sum(is_late for _asked, is_late in found.values()))


def partners_of(rows: QuerySet[QuoteRevision]) -> list[tuple[UUID, str]]:
    """Return whose quotes a tab holds, for its filter."""
    return list(
        rows.order_by("quote__partner__name").values_list("quote__partner_id", "quote__partner__name").distinct()
    )


def foremost_reasons(rows: Sequence[QuoteRevision]) -> dict[UUID, Reason]:
    """Return what weighs most in each row, of what was asked last, in one query."""
    asked: dict[UUID, dict[int, list[Step]]] = {}
    for step in QuoteApprovalStep.objects.filter(revision__in=[row.pk for row in rows]):
        asked.setdefault(step.revision_id, {}).setdefault(step.round, []).append(approvals.step_of(step))
    found = {pk: rules.foremost(rounds[max(rounds)]) for pk, rounds in asked.items()}
    return {pk: reason for pk, reason in found.items() if reason is not None}


# -- one quote under decision --------------------------------------------------------------------------
@dataclass(frozen=True)
class Stair:
    """A step of the waterfall as it is shown: what it took off, and the price of one unit after it."""

    kind: StepKind
    percent: Decimal | None
    after: Money


@dataclass(frozen=True)
class Item:
    """A line with its waterfall, its margin, and what was approved of it before."""

    line: QuoteLine
    steps: list[Stair]
    total: Money
    percent: Decimal
    margin: Decimal | None
    is_low: bool
    before: Reason | None
    was_seen: bool

    @property
    def is_changed(self) -> bool:
        """Say whether the line is other than when it was approved last."""
        return self.before is not None and (
            self.before.quantity != self.line.quantity
            or (self.before.counted == Counted.EVERYTHING and self.before.percent != self.percent)
            or self.before.special_percent != self.line.special_percent
        )

    @property
    def is_new(self) -> bool:
        """Say whether a special discount was asked on it for the first time, after others had been decided."""
        return self.was_seen and self.before is None and self.line.special_percent > 0


@dataclass(frozen=True)
class Asked:
    """A step with its reasons, and whether this person decides it."""

    row: QuoteApprovalStep
    reasons: tuple[Reason, ...]
    is_mine: bool


@dataclass(frozen=True)
class Dossier:
    """A quote with everything that belongs on one screen to decide about its discounts."""

    revision: QuoteRevision
    items: list[Item]
    steps: list[Asked]
    earlier: list[QuoteRevision]
    questions: list[Question]
    drifts: list[Drift]
    margin: Decimal | None
    margin_floor: Decimal | None
    counted: Counted
    percent: Decimal
    note: str
    requester: str
    requested_at: datetime | None

    @property
    def waiting(self) -> list[Asked]:
        return [step for step in self.steps if step.row.status == StepStatus.WAITING]

    @property
    def mine(self) -> list[Asked]:
        """The steps this person decides with one press."""
        return [step for step in self.waiting if step.is_mine]

    @property
    def left_over(self) -> list[Asked]:
        """The steps somebody else still decides afterwards."""
        return [step for step in self.waiting if not step.is_mine]

    @property
    def is_asked(self) -> bool:
        return any(question.answered_at is None for question in self.questions)

    @property
    def open_question(self) -> Question | None:
        return next((question for question in self.questions if question.answered_at is None), None)

    @property
    def has_been_decided_before(self) -> bool:
        return any(item.was_seen for item in self.items)


def dossier_of(revision: QuoteRevision, member: Membership, on: date, *, mine: Collection[str]) -> Dossier:
    """Return a quote's dossier for one of the vendor's people, who decides the steps that are `mine`."""
    lines = pricing.lines_of(revision.pk)
    rows = approvals.steps_of(revision)
    terms = quote_terms.pinned(revision.policy)
    request = _request_of(revision)
    costs = prices.costs_of(revision.price_version_id, [line.product_id for line in lines])
    return Dossier(
        revision=revision,
        items=_items(revision, lines, costs, terms.margin_floor),
        steps=[Asked(row, approvals.step_of(row).reasons, row.key in mine) for row in rows],
        earlier=earlier_quotes(revision, member),
        questions=questions_of(revision),
        drifts=pricing.drift_of(revision, lines, on) if revision.status in (Status.PENDING_APPROVAL,) else [],
        margin=prices.margin_of_total(lines, costs),
        margin_floor=terms.margin_floor,
        counted=terms.counted,
        percent=rules.taken_off(revision.list_total, revision.net_total),
        note=request.payload.get("note", "") if request else "",
        requester=request.by.name if request and request.by else "",
        requested_at=request.at if request else None,
    )


def _items(
    revision: QuoteRevision, lines: list[QuoteLine], costs: dict[UUID, Decimal], floor: Decimal | None
) -> list[Item]:
    before, was_seen = _approved_before(revision)
    found = []
    for line, asked in zip(lines, approvals.ladder_lines(revision, lines, costs), strict=True):
        margin = rules.margin_of(line.net_unit, costs.get(line.product_id))
        found.append(
            Item(
                line,
                _stairs(line, revision.quote.currency),
                Money(line.net_total, revision.quote.currency),
                asked.percent,
                margin,
                is_low=margin is not None and floor is not None and margin < floor,
                before=before.get(asked.key),
                was_seen=was_seen,
            )
        )
    return found


def _stairs(line: QuoteLine, currency: str) -> list[Stair]:
    steps = pricing.steps_of(line)
    return [Stair(step.kind, step.percent, Money(step.after, currency).rounded()) for step in steps]


def _approved_before(revision: QuoteRevision) -> tuple[dict[str, Reason], bool]:
    """Return what was approved last of each line, also in older revisions, and whether anything was."""
    rows = QuoteApprovalStep.objects.filter(
        revision__quote=revision.quote_id, status__in=(StepStatus.APPROVED, StepStatus.STALE)
    ).order_by("decided_at")
    if revision.status != Status.PENDING_APPROVAL:
        latest = QuoteApprovalStep.objects.filter(revision=revision).aggregate(last=Max("round"))["last"]
        rows = rows.exclude(revision=revision, round=latest)
    reasons = [reason for row in rows for reason in approvals.step_of(row).reasons]
    return {reason.key: reason for reason in reasons if reason.cause == Cause.LINE}, bool(reasons)


def earlier_quotes(revision: QuoteRevision, member: Membership) -> list[QuoteRevision]:
    """Return what this customer was quoted before, by whichever partner, the latest first."""
    quote = revision.quote
    same = Q(quote__customer_name=quote.customer_name) & ~Q(quote__customer_name="")
    if quote.registration_id and quote.registration.customer_id:
        same |= Q(quote__registration__customer=quote.registration.customer_id)
    rows = QuoteRevision.objects.visible_to(member).filter(same).exclude(pk=revision.pk)
    return list(rows.select_related("quote__partner").order_by("-saved_at", "-id")[:EARLIER])


def undo_until(revision: QuoteRevision, member: Membership) -> datetime | None:
    """Return until when this person may take their last decision on a quote back."""
    event = Event.objects.filter(subject_id=revision.quote_id).order_by("-at", "-id").first()
    is_own = event is not None and event.by_id == member.user_id and "was" in event.payload
    return event.at + UNDO_TIME if event is not None and is_own else None


def _request_of(revision: QuoteRevision) -> Event | None:
    rows = Event.objects.filter(subject_id=revision.quote_id, name=ApprovalRequested.name).select_related("by")
    return next((e for e in rows.order_by("-at", "-id") if e.payload["revision"] == revision.number), None)


def is_decided(revision: QuoteRevision) -> bool:
    """Say whether the approval came to an end."""
    return revision.approval in (Approval.APPROVED, Approval.REJECTED)
