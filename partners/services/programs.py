"""The vendor's programme: its first version, drafts of the next, and putting versions into force."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import override

from partners.enums import Metric
from partners.events import ProgramPublished
from partners.models import Program, Tier
from partners.queries import programs as queries
from partners.queries.days import today_of_vendor
from partners.rules import checking
from partners.rules.programs import AREA, ProgramTerms, TierBenefits, TierTerms
from partners.rules.requirements import Group, Need
from prm.accounts.models import Membership, VendorProfile
from prm.events.outbox import record
from prm.events.refusals import DomainError
from prm.events.service import service
from prm.money.amounts import currencies
from prm.policies import versions
from prm.policies.models import PolicyDraft, PolicyVersion
from prm.tenancy.fields import uuid7


class NotReady(DomainError):
    """Something in the draft is wrong; `number` says how many things."""


@service
def prepare(at: datetime) -> PolicyVersion:
    """Give a new vendor a programme with sensible tiers; doing it again changes nothing."""
    version = PolicyVersion.objects.filter(area=AREA).order_by("number").first()
    if version is None:
        profile = VendorProfile.objects.get()
        with override(profile.language):
            terms = first_terms(_("Partner program"), profile.currency)
        version = versions.publish(AREA, terms.body(), effective_on=today_of_vendor(at), at=at)
    if not Program.objects.exists():
        Program(name=version.body["name"], starts_on=version.effective_on).save(force_insert=True)
    mirror(version)
    return version


def first_terms(name: str, currency: str) -> ProgramTerms:
    """Return three tiers, each asking two to three times as much as the one before."""
    silver = (_need(Metric.REVENUE, 50_000), _need(Metric.REGISTRATIONS, 3))
    gold = (_need(Metric.REVENUE, 150_000), _need(Metric.WON_DEALS, 5), _need(Metric.CERTIFIED, 2))
    return ProgramTerms(
        name,
        currency,
        (
            _tier(1, _("Registered"), (), TierBenefits(Decimal(5))),
            _tier(2, _("Silver"), silver, TierBenefits(Decimal(10), None, Decimal(50))),
            _tier(3, _("Gold"), gold, TierBenefits(Decimal(20), 120, Decimal(60))),
        ),
    )


@service
def save_draft(body: Mapping[str, Any], *, revision: int | None, by: Membership, at: datetime) -> PolicyDraft:
    """Keep the next version while somebody works on it; raises `DraftChanged` for a draft that was not looked at."""
    return versions.save_draft(AREA, body, revision=revision, by=by, at=at)


@service
def discard_draft(*, revision: int | None = None) -> None:
    """Throw the draft away; raises `DraftChanged` if it is not the one that was looked at."""
    draft = PolicyDraft.objects.select_for_update().filter(area=AREA).first()
    if draft and revision is not None and draft.revision != revision:
        raise versions.DraftChanged(by=draft.saved_by)
    versions.discard_draft(AREA)


@service
def publish(*, effective_on: date, revision: int, by: Membership, at: datetime) -> PolicyVersion:
    """Publish the draft: from that day on partners are evaluated under it.

    Raises `NothingDrafted`, `DraftChanged`, `NotReady`, `InThePast` and `ScheduledLater`.
    """
    draft = versions.looked_at(AREA, revision)
    if problems := checking.problems_of(draft.body, currencies()):
        raise NotReady(number=len(problems))
    body = ProgramTerms.from_body(draft.body).body()
    version = _put_into_force(body, effective_on=effective_on, by=by, at=at)
    versions.discard_draft(AREA)
    return version


@service
def adopt(body: Mapping[str, Any], *, effective_on: date, by: Membership, at: datetime) -> PolicyVersion:
    """Publish a programme that came as a file; a draft that somebody works on stays.

    Its tiers are known at once, so that rules can name them. Raises `InThePast` and `ScheduledLater`.
    """
    terms = ProgramTerms.from_body(body)
    program = queries.program()
    for tier in terms.tiers:
        facts = {"program": program, "name": tier.name, "rank": tier.rank, "is_offered": False}
        Tier.objects.get_or_create(pk=UUID(tier.id), defaults=facts)
    return _put_into_force(terms.body(), effective_on=effective_on, by=by, at=at)


def _put_into_force(body: Mapping[str, Any], *, effective_on: date, by: Membership, at: datetime) -> PolicyVersion:
    version = versions.schedule(AREA, body, effective_on=effective_on, at=at, by=by)
    if effective_on == today_of_vendor(at):
        mirror(version)
    fact = ProgramPublished(version.number, effective_on.isoformat())
    record(fact, on=queries.program(), by=by, at=at)
    return version


def mirror(version: PolicyVersion) -> None:
    """Let the tiers show the names and ranks of a version that is in force; part of other use cases.

    Partners stand in tiers by their id, so a tier that was renamed is still the same, and one that is gone is history.
    """
    if Program.objects.filter(is_active=True, version=version.number).exists():
        return
    program = Program.objects.select_for_update().filter(is_active=True).order_by("starts_on", "id")[0]
    terms = ProgramTerms.from_body(version.body)
    Tier.objects.filter(program=program).update(is_offered=False)
    for tier in terms.tiers:
        facts = {"program": program, "name": tier.name, "rank": tier.rank, "is_offered": True}
        Tier.objects.update_or_create(pk=UUID(tier.id), defaults=facts)
    program.name, program.version = terms.name, version.number
    program.save(update_fields=["name", "version"])


def _tier(rank: int, name: str, parts: tuple[Need, ...], benefits: TierBenefits) -> TierTerms:
    return TierTerms(str(uuid7()), name, rank, requirement=Group(new_id(), parts=parts), benefits=benefits)


def _need(metric: Metric, target: int) -> Need:
    return Need(new_id(), metric, Decimal(target))


def new_id() -> str:
    """Return the id of a new requirement."""
    return uuid7().hex[-12:]
