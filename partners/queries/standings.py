"""Where partners stand: the tier, how safe it is, and what stands between them and the next one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from partners.enums import Outcome, PartnerStatus, TierReason
from partners.models import Evaluation, Outlook, Partner, TierMembership
from partners.queries import programs, records
from partners.rules import tiers as rules
from partners.rules.programs import ProgramTerms, TierTerms
from partners.rules.records import Entry, Record
from partners.rules.requirements import Result
from partners.rules.tiers import Decision, Standing
from prm.policies.models import PolicyVersion

NEEDS_ATTENTION = (Outcome.PROPOSED, Outcome.WARNED, Outcome.AT_RISK)


def latest_of(partner: Partner) -> TierMembership | None:
    """Return the tier a partner was placed in last, be it from a later day on."""
    rows = TierMembership.objects.filter(partner=partner).select_related("tier")
    return rows.order_by("-starts_on").first()


def standing_from(membership: TierMembership | None, outlook: Outlook | None) -> Standing:
    """Return where a partner stands, as the rules want it."""
    return Standing(
        tier_id=str(membership.tier_id) if membership else None,
        is_exception=membership is not None and membership.reason == TierReason.EXCEPTION,
        held_until=membership.held_until if membership else None,
        warned_on=outlook.warned_on if outlook else None,
        declined_until=outlook.declined_until if outlook else None,
    )


@dataclass(frozen=True)
class Card:
    """A partner, the programme, and each tier's requirements with how far the partner is, on one day."""

    partner: Partner
    version: PolicyVersion
    terms: ProgramTerms
    record: Record
    on: date
    standing: Standing
    outlook: Outlook | None
    membership: TierMembership | None

    @cached_property
    def results(self) -> dict[str, Result]:
        return rules.evaluate(self.terms, self.record, on=self.on)

    @cached_property
    def decision(self) -> Decision:
        """Return what the evaluation would come to on that day."""
        return rules.decide(self.terms, self.standing, self.results, on=self.on)

    @property
    def tier(self) -> TierTerms | None:
        return self.terms.tier(self.standing.tier_id)

    @property
    def next(self) -> TierTerms | None:
        """Return the next tier above; whoever has reached the highest has none."""
        return self.terms.above(self.tier)

    @property
    def own_result(self) -> Result | None:
        return self.results[self.tier.id] if self.tier else None

    @property
    def next_result(self) -> Result | None:
        return self.results[self.next.id] if self.next else None

    @property
    def earned(self) -> TierTerms | None:
        """Return the tier its figures are enough for, whatever the rules do about it."""
        return rules.earned(self.terms, self.results, self.tier)

    def supposing(self, entries: Iterable[Entry], people: int) -> Card:
        """Return the same card as it would be with more achieved."""
        return replace(self, record=self.record.supposing(entries, people, on=self.on))


def card_of(partner: Partner, on: date, today: date) -> Card:
    """Return a partner's card for a day; its tier is the one it stands in today."""
    version, terms = programs.in_force(on)
    membership = TierMembership.objects.on(today).filter(partner=partner).select_related("tier").first()
    outlook = Outlook.objects.filter(partner=partner).select_related("proposed").first()
    standing = standing_from(membership, outlook)
    return Card(partner, version, terms, records.record_of(partner), on, standing, outlook, membership)


def evaluations_of(partner: Partner) -> QuerySet[Evaluation]:
    """Return the evaluations that were kept, the latest first."""
    rows = Evaluation.objects.filter(partner=partner).select_related("policy", "before", "tier")
    return rows.order_by("-at", "-id")


def due(today: date) -> QuerySet[Partner]:
    """Return the active partners that were not evaluated today, or not under the version in force."""
    version, _terms = programs.in_force(today)
    is_done = Outlook.objects.filter(
        Q(evaluated_on=today, policy=version) | Q(evaluated_on__gt=today),
        tenant_id=OuterRef("tenant_id"),
        partner_id=OuterRef("pk"),
    )
    return active().filter(~Exists(is_done))


def active() -> QuerySet[Partner]:
    """Return the partners that are evaluated."""
    return Partner.objects.filter(status=PartnerStatus.ACTIVE).order_by("id")


def outlooks(*outcomes: Outcome) -> QuerySet[Outlook]:
    """Return where partners stand that need somebody's attention, those that lose their tier first."""
    rows = Outlook.objects.filter(outcome__in=outcomes or NEEDS_ATTENTION, partner__status=PartnerStatus.ACTIVE)
    return rows.select_related("partner", "proposed")


def proposals(manager_id: UUID | None = None) -> QuerySet[Outlook]:
    """Return the promotions that wait for a person, perhaps only those of one channel manager's partners."""
    rows = outlooks(Outcome.PROPOSED)
    return rows.filter(partner__channel_manager=manager_id) if manager_id else rows


@dataclass(frozen=True)
class Foreseen:
    """What a version of the programme would do about one partner."""

    partner: Partner
    before: TierTerms | None
    before_name: str
    after: TierTerms | None
    decision: Decision
    result: Result | None  # of the tier that decides: the one it comes to, or the one it falls short of


def foreseen(partners: Iterable[Partner], terms: ProgramTerms, on: date) -> list[Foreseen]:
    """Return what would happen to each partner under some terms, without changing anything; a few queries in all."""
    rows = list(partners)
    known = records.records_of(rows)
    memberships = TierMembership.objects.on(on).filter(partner__in=[row.pk for row in rows]).select_related("tier")
    stands = {row.partner_id: row for row in memberships}
    outlooks = {row.partner_id: row for row in Outlook.objects.filter(partner__in=[row.pk for row in rows])}
    found = []
    for row in rows:
        membership = stands.get(row.pk)
        standing = standing_from(membership, outlooks.get(row.pk))
        results = rules.evaluate(terms, known[row.pk], on=on)
        decision = rules.decide(terms, standing, results, on=on)
        before, after = terms.tier(standing.tier_id), terms.tier(decision.proposed_id or decision.tier_id)
        deciding = after if decision.moves or decision.proposed_id else before
        if "falls_short" in decision.reasons:
            deciding = before
        name = membership.tier.name if membership else ""
        result = results[deciding.id] if deciding else None
        found.append(Foreseen(row, before, name, after, decision, result))
    return found


def all_outlooks() -> QuerySet[Outlook]:
    """Return where all active partners stand."""
    return Outlook.objects.filter(partner__status=PartnerStatus.ACTIVE).select_related("partner", "proposed")


def with_tier(rows: QuerySet[Outlook], today: date) -> QuerySet[Outlook]:
    """Add the tier each partner stands in: `tier_id` and `tier_name`."""
    standing = TierMembership.objects.on(today).filter(tenant_id=OuterRef("tenant_id"), partner=OuterRef("partner"))
    return rows.annotate(
        tier_id=Subquery(standing.values("tier_id")[:1]), tier_name=Subquery(standing.values("tier__name")[:1])
    )
