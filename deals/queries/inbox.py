"""What waits for the vendor's decision, and all a person needs beside it to decide."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet, prefetch_related_objects
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from deals.enums import Award, CountsFrom, ExtensionStatus, KeyKind, Review
from deals.models import CaseParty, CustomerLikeness, Extension, PreSalesActivity, Registration, RegistrationLine
from deals.queries import cases, clock, engagements, precedence, queue, registrations, rules
from deals.queries import terms as registration_terms
from deals.queries.conflicts import COMPETING, contender_of, kept_alike, likely
from deals.queries.engagements import Around
from deals.queries.precedence import Order
from deals.queries.registrations import Rival
from deals.queries.rules import Explained
from deals.rules import conflicts, trace
from deals.rules.conflicts import Conflict, Verdict
from deals.rules.engagement import Stipulated
from deals.rules.matching.classes import Likeness
from deals.rules.terms import Grant, Terms
from deals.rules.trace import Finding
from partners.models import TierMembership
from prm import together
from prm.accounts.models import Membership
from prm.approvals import queries as approvals
from prm.approvals.models import Approval, ApprovalDecision
from prm.choices import TextChoices
from prm.events.models import Event
from prm.events.outbox import UNDO_TIME
from prm.questions import services as questions
from prm.questions.models import Question

DONE_DAYS = 14
RIVALS_AT_MOST = 500
APART_AT_MOST = 20


class View(TextChoices):
    """The tabs of the inbox."""

    MINE = "mine", _("Mine")
    TEAM = "team", _("Team")
    ASKED = "asked", _("Asked")
    EXTENSIONS = "extensions", _("Extend")
    AMENDMENTS = "amendments", _("Changes")
    DONE = "done", _("Done")


ORDER = {
    View.MINE: "decide_by",
    View.TEAM: "decide_by",
    View.ASKED: "answer_by",
    View.EXTENSIONS: "protected_until",
    View.AMENDMENTS: "amend_by",
    View.DONE: "-decided_at",
}


def waiting_for(member: Membership, at: datetime, *, decides: bool) -> Q:
    """The condition that a registration waits for this person.

    Either an approval step asks for it, or nobody is asked and it is for whoever `decides` and looks after the partner.
    """
    is_asked = Q(pk__in=approvals.waiting_for(member, at).values("subject_id"))
    looks_after = Q(partner__channel_manager=member.user_id) & ~Q(entered_by=member.user_id)
    return is_asked | looks_after & ~has_steps() if decides else is_asked


def has_steps() -> Exists:
    """The condition that a registration waits for those whom its steps ask."""
    return Exists(Approval.objects.filter(subject_id=OuterRef("pk"), status=Approval.Status.WAITING))


def rows_of(view: View, member: Membership, at: datetime, *, decides: bool = True) -> QuerySet[Registration]:
    """Return what a tab lists."""
    rows = Registration.objects.visible_to(member)
    match view:
        case View.MINE:
            return rows.waiting().filter(waiting_for(member, at, decides=decides))
        case View.TEAM:
            return rows.waiting()
        case View.ASKED:
            return rows.filter(review=Review.INFO_REQUESTED)
        case View.EXTENSIONS:
            return rows.protected().filter(Exists(_waiting_extensions().filter(registration=OuterRef("pk"))))
        case View.AMENDMENTS:
            return rows.filter(amend_by__isnull=False)
        case View.DONE:
            since = at - timedelta(days=DONE_DAYS)
            agreed = ApprovalDecision.objects.filter(by=member.user_id, is_stale=False, at__gte=since)
            steps = Exists(agreed.filter(approval__subject_id=OuterRef("pk")))
            return rows.filter(Q(decided_by=member.user_id) | steps, decided_at__gte=since)
    raise ValueError(view)


def counts(member: Membership, at: datetime) -> dict[View, int]:
    """Return how much work each tab holds for somebody who decides; what is done is no work."""
    rows = Registration.objects.visible_to(member)
    questions: dict[str, QuerySet] = {
        View.MINE: rows.waiting().filter(waiting_for(member, at, decides=True)),
        View.TEAM: rows.waiting(),
        View.ASKED: rows.filter(review=Review.INFO_REQUESTED),
        View.EXTENSIONS: _waiting_extensions(),
        View.AMENDMENTS: rows.filter(amend_by__isnull=False),
    }
    return {View(name): number for name, number in together.ask(questions).items()}


def partners_and_countries(rows: QuerySet[Registration]) -> list[tuple[UUID, str, str]]:
    """Return whose registrations of which countries a tab holds, for its filters."""
    return list(
        rows.order_by("partner__name").values_list("partner_id", "partner__name", "customer_country").distinct()
    )


def having_family(family_id: UUID) -> Exists:
    """The condition that a registration is about a product family."""
    return Exists(RegistrationLine.objects.filter(registration=OuterRef("pk"), family=family_id))


def having_rivals() -> Exists | Q:
    """The condition that another registration competes for the same customer or one alike; old ones count too."""
    same = Q(customer=OuterRef("customer"))
    for column in ("tax_key", "domain_key", "name_key"):
        same |= Q(**{column: OuterRef(column)}) & ~Q(**{column: ""})
    rivals = Registration.objects.filter(review__in=COMPETING)
    return Exists(rivals.filter(same).exclude(pk=OuterRef("pk"))) | _alike("one", "other") | _alike("other", "one")


def _alike(mine: str, theirs: str) -> Exists:
    """The condition that a customer on the other side of a likeness has registrations that compete."""
    rivals = Registration.objects.filter(customer=OuterRef(theirs), review__in=COMPETING)
    return Exists(likely().filter(Exists(rivals), **{mine: OuterRef("customer")}))


@dataclass(frozen=True)
class Match(Rival):
    """A rival beside the registration it rivals, with what both have in common."""

    ours: Registration

    @property
    def same_tax_id(self) -> bool:
        return KeyKind.TAX_ID in self.conflict.reasons

    @property
    def same_domain(self) -> bool:
        return KeyKind.DOMAIN in self.conflict.reasons

    @property
    def same_name(self) -> bool:
        return KeyKind.NAME in self.conflict.reasons and self.ours.name_key == self.registration.name_key

    @property
    def is_known_as_one(self) -> bool:
        """Nothing written is the same, but the vendor knows both as one customer."""
        return not (self.same_tax_id or self.same_domain or self.same_name or self.conflict.likeness)

    @property
    def same_country(self) -> bool:
        return bool(self.ours.customer_country) and self.ours.customer_country == self.registration.customer_country

    @property
    def came_first(self) -> bool:
        ours, theirs = self.ours.submitted_at, self.registration.submitted_at
        return ours is not None and theirs is not None and theirs < ours


# -- rivals, for many rows at once ---------------------------------------------------------------------
def rivals_by_row(
    rows: Sequence[Registration],
    today: date,
    alike: Mapping[UUID, dict[UUID, Likeness]] | None = None,
    *,
    zone: str = "",
) -> dict[UUID, list[Match]]:
    """Return the rivals of each row, in a few queries whatever the number of rows. The rows carry their lines.

    `zone` is that of the vendor, for whoever knows it.
    """
    alike = kept_alike(row.customer_id for row in rows if row.customer_id) if alike is None else alike
    candidates = {row.pk: row for row in _candidates(rows, {pk for theirs in alike.values() for pk in theirs})}
    zone = zone or registration_terms.zone_of_vendor()
    contenders = [contender_of(row, _families(row), zone) for row in candidates.values()]
    found = {}
    for row in rows:
        names = {line.family_id: line.family.name for line in row.lines.all()}
        terms = registration_terms.pinned(row.policy)
        clashes = conflicts.find(
            contender_of(row, _families(row), zone),
            contenders,
            today=today,
            look_back_days=terms.look_back_days,
            alike=alike.get(row.customer_id, {}) if row.customer_id else {},
        )
        found[row.pk] = [
            Match(c, candidates[c.rival.registration_id], tuple(sorted(names[pk] for pk in c.families)), row)
            for c in clashes
        ]
    return found


def verdict_of(rivals: Iterable[Rival]) -> Verdict:
    """Return the strongest word on a registration."""
    return conflicts.overall(rival.conflict for rival in rivals)


def told_apart_from(registration: Registration) -> QuerySet[Registration]:
    """Return the registrations of customers that look like this one's, but a person said are other companies."""
    apart, mine = CustomerLikeness.objects.filter(told_apart_at__isnull=False), registration.customer_id
    theirs = Q(customer__in=apart.filter(one=mine).values("other")) | Q(
        customer__in=apart.filter(other=mine).values("one")
    )
    rows = Registration.objects.filter(theirs, review__in=COMPETING).select_related("partner")
    return rows.order_by("submitted_at", "id")[:APART_AT_MOST]


def _families(row: Registration) -> frozenset[UUID]:
    return frozenset(line.family_id for line in row.lines.all())


def _candidates(rows: Sequence[Registration], alike: set[UUID]) -> Iterable[Registration]:
    same = Q(customer__in=alike | {row.customer_id for row in rows if row.customer_id})
    for kind, column in ((KeyKind.TAX_ID, "tax_key"), (KeyKind.DOMAIN, "domain_key"), (KeyKind.NAME, "name_key")):
        same |= Q(**{f"{column}__in": {row.keys[kind] for row in rows if kind in row.keys}})
    if not rows:
        return []
    return registrations.with_lines(Registration.objects.filter(same, review__in=COMPETING))[:RIVALS_AT_MOST]


# -- one registration under decision -------------------------------------------------------------------
@dataclass(frozen=True)
class Dossier:
    """A registration with everything that belongs on one screen to decide about it."""

    registration: Registration
    lines: list[RegistrationLine]
    activities: list[PreSalesActivity]
    questions: list[Question]
    extension: Extension | None
    rivals: list[Match]
    order: Order
    told_apart: list[Registration]
    turn: Event | None
    around: Around
    case: CaseParty | None
    trace: list[Finding]
    stipulated: Stipulated
    explained: Explained | None
    grant: Grant
    until: date
    tier: str

    @property
    def terms(self) -> Terms:
        return self.stipulated.terms

    @property
    def blocker(self) -> Match | None:
        """The protected rival that an approval would run into."""
        return next((rival for rival in self.rivals if rival.conflict.blocks_approval), None)

    @property
    def can_research(self) -> bool:
        """The rules give time for research, which nobody has taken, and no evidence is waited for."""
        if self.case is not None and self.case.stands_since is not None:
            return False
        return bool(self.stipulated.research_days) and not clock.researches_of(self.registration).exists()

    @property
    def is_next(self) -> bool:
        """Its turn came since somebody else's protection ended, and nobody is protected against it."""
        return self.turn is not None and self.registration.is_waiting and self.blocker is None

    @property
    def comes_first(self) -> bool:
        """Nobody comes before it by the order of the terms."""
        return self.order.is_first(self.registration)

    @property
    def award(self) -> Award:
        """What an approval would give: by the rules perhaps a place beside others."""
        if self.case is not None:
            return Award.SOLE
        found = [rival.conflict for rival in self.rivals]
        return precedence.award_for(self.stipulated.contested, found)

    @property
    def can_open_case(self) -> bool:
        """Another partner waits for the same customer or is protected, and no case is open."""
        rivals = (match for match in self.rivals if not match.conflict.is_own)
        return self.case is None and any(cases.is_standing(match.registration) for match in rivals)

    @property
    def can_start_review(self) -> bool:
        return self.registration.review == Review.SUBMITTED

    @property
    def extended_until(self) -> date | None:
        """The last day after the extension that waits."""
        ends = self.registration.protected_until
        return ends + timedelta(days=self.extension.days) if ends and self.extension else None


def dossier_of(registration: Registration, today: date, *, zone: str = "") -> Dossier:
    """Return a registration's dossier; `zone` is that of the vendor, for whoever knows it."""
    lines = RegistrationLine.objects.select_related("family", "product").order_by("family__position", "id")
    prefetch_related_objects([registration], registrations.Prefetch("lines", queryset=lines))
    alike = kept_alike([registration.customer_id]) if registration.customer_id else {}
    rivals = rivals_by_row([registration], today, alike, zone=zone)[registration.pk]
    activity_rows, latest, apart, conflicts_open, turns = together.fetch(
        registrations.activities_of(registration),
        rules.rulings_of(registration)[:1],
        told_apart_from(registration),
        cases.open_parties().filter(registration=registration),
        queue.turns_of(registration)[:1],
    )
    activities = list(activity_rows)
    explained = rules.explained(next(iter(latest), None))
    stipulated = rules.stipulated(registration, explained.ruling if explained else None)
    grant = _grant(registration, stipulated, today)
    until = grant.until(today)
    return Dossier(
        registration=registration,
        lines=list(registration.lines.all()),
        activities=activities,
        questions=questions.of(registration),
        extension=registrations.waiting_extension(registration) if registration.is_protected else None,
        rivals=rivals,
        order=_order(registration, rivals, stipulated.terms),
        told_apart=list(apart),
        turn=next(iter(turns), None),
        case=next(iter(conflicts_open), None),
        around=engagements.around(
            registration,
            families=_families(registration),
            today=today,
            terms=stipulated.terms,
            alike=alike.get(registration.customer_id, {}),
        ),
        trace=_trace(
            registration, [rival.conflict for rival in rivals], activities, today, _last_day(registration, until), grant
        ),
        stipulated=stipulated,
        explained=explained,
        grant=grant,
        until=until,
        tier=_tier_of(registration, today),
    )


def _order(registration: Registration, rivals: list[Match], terms: Terms) -> Order:
    """Return in which order those come who want the same, while it waits for a decision."""
    if not registration.is_waiting:
        return Order()
    found = [rival.conflict for rival in rivals]
    return precedence.rivals_in_order(registration, found, terms=terms, at=timezone.now())


def undo_until(registration: Registration, member: Membership) -> datetime | None:
    """Return until when this person may take the decision on a registration back."""
    if registration.review == Review.INFO_REQUESTED:
        question = questions.open_one(registration)
        return question.asked_at + UNDO_TIME if question and question.asked_by_id == member.user_id else None
    if registration.decided_at and registration.decided_by_id == member.user_id:
        return registration.decided_at + UNDO_TIME
    agreed = ApprovalDecision.objects.filter(approval__subject_id=registration.pk, by=member.user_id, is_stale=False)
    latest = agreed.order_by("-at").first() if registration.is_waiting else None
    return latest.at + UNDO_TIME if latest else None


FACTS = (
    "customer_name",
    "customer_country",
    "contact_name",
    "contact_email",
    "value_amount",
    "close_on",
    "reason_to_buy",
)


def _trace(
    registration: Registration,
    found: list[Conflict],
    activities: list[PreSalesActivity],
    today: date,
    until: date,
    grant: Grant,
) -> list[Finding]:
    missing = [name for name in FACTS if not getattr(registration, name)]
    if not registration.customer_website and not registration.customer_tax_id:
        missing.append("customer_website")
    return trace.follow(
        conflicts=found,
        missing=missing,
        activity_days=[activity.held_on for activity in activities],
        close_on=registration.close_on,
        today=today,
        until=until,
        grant=grant,
    )


def _last_day(registration: Registration, until: date) -> date:
    """The last protected day: the one it has, or the one an approval would give."""
    return registration.protected_until if registration.is_protected and registration.protected_until else until


def _grant(registration: Registration, stipulated: Stipulated, today: date) -> Grant:
    """What an approval gave, or would give today."""
    if registration.protection_days is None:
        submitted_on = None
        if stipulated.counts_from == CountsFrom.SUBMISSION and registration.submitted_at:
            submitted_on = registration_terms.today_of_vendor(registration.submitted_at)
        return registration_terms.granted(registration.partner, stipulated, today, submitted_on)
    return Grant(registration.protection_days, registration.protection_tier, registration.program_version)


def _tier_of(registration: Registration, today: date) -> str:
    row = TierMembership.objects.on(today).filter(partner=registration.partner_id).select_related("tier").first()
    return row.tier.name if row else ""


def _waiting_extensions() -> QuerySet[Extension]:
    return Extension.objects.filter(status=ExtensionStatus.PENDING)
