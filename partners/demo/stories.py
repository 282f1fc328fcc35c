"""How the vendor's people, its programme and its partners came to be here."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from decimal import Decimal

from partners.demo import firms, people, program
from partners.demo.firms import Firm
from partners.demo.people import Person
from partners.enums import Metric, PartnerStatus, TierReason
from partners.models import Outlook, Partner, Tier
from partners.queries import programs as queries
from partners.queries import standings
from partners.rules.programs import AREA
from partners.rules.tiers import Move
from partners.services import achievements, evaluation, partners, programs, tiers
from prm.accounts import members
from prm.accounts.models import Membership
from prm.accounts.roles import Role
from prm.demo import hours
from prm.demo.clock import Story
from prm.demo.filling import chapter
from prm.demo.people import meet
from prm.demo.scenes import Scene
from prm.demo.vendors import VENDORS
from prm.money import Money
from prm.policies import versions


@chapter
def stories(scene: Scene) -> Iterable[Story]:
    yield opening(scene)
    for firm in firms.of(scene.vendor.slug):
        yield joining(scene, firm)
    yield inviting(scene)
    yield nights(scene)
    yield inviting_up(scene)


def opening(scene: Scene) -> Story:
    """The vendor's people come first, say when they work, and start the programme."""
    yield scene.at(scene.ago(firms.OPENED), 8)
    for person in people.at_vendor(scene.vendor.slug):
        _join(scene, person, None, firms.OPENED)
    at = scene.at(scene.ago(firms.OPENED), 8)
    hours.keep(scene, by=Membership.objects.get(role=Role.ADMIN), at=at)
    programs.mirror(versions.publish(AREA, program.terms_of(scene).body(), effective_on=scene.ago(firms.OPENED), at=at))


def joining(scene: Scene, firm: Firm) -> Story:
    """A firm is enrolled with the tier it had, and its people come."""
    at = scene.at(scene.ago(firm.joined), 10)
    yield at
    manager = scene.member(firm.manager)
    partner = partners.enroll(
        firm.name,
        type=firm.type,
        country=firm.country,
        city=firm.city,
        website=firm.website,
        joined_on=scene.ago(firm.joined),
        status=PartnerStatus.ONBOARDING if firm.joined < firms.ONBOARDING else PartnerStatus.ACTIVE,
        distributor=Partner.objects.filter(name=firm.distributor).first(),
        channel_manager_id=manager.user_id,
        by=manager,
        at=at,
    )
    for person in people.of_partner(scene.vendor.slug, firm.name):
        _join(scene, person, partner, firm.joined - 1)
    if firm.tier:
        placing(scene, firm, partner, at)
    yield from _reporting(scene, firm, partner)
    if firm.name in firms.SUSPENDED:
        at = scene.at(scene.ago(firms.SUSPENDED[firm.name]), 15)
        yield at
        partners.suspend(partner, by=manager, at=at)


def inviting(scene: Scene) -> Story:
    """An administrator of a partner has invited a colleague, who has not answered yet."""
    address, name, inviter = people.INVITED[scene.vendor.slug]
    at = scene.at(scene.ago(3), 13)
    yield at
    by = scene.member(inviter)
    members.invite(address, name, Role.PARTNER_SALES, place=members.place_of(by), by=by, at=at)


def _reporting(scene: Scene, firm: Firm, partner: Partner) -> Story:
    """What the firm sold before, or without the portal, is counted as soon as somebody tells of it."""
    manager, currency = scene.member(firm.manager), str(VENDORS[scene.vendor.slug][1]["currency"])
    for thousands, days in sorted(firm.reported, key=lambda deal: -deal[1]):
        at = scene.at(scene.ago(min(days, firm.joined)), 11)
        yield at
        value, day = Money(Decimal(thousands) * 1000, currency), scene.ago(days)
        for metric, amount in ((Metric.REVENUE, value), (Metric.WON_DEALS, 1), (Metric.REGISTRATIONS, 1)):
            achievements.bring(partner, metric, amount, on=day, by=manager, at=at)


def placing(scene: Scene, firm: Firm, partner: Partner, at: datetime) -> None:
    """A firm comes with the tier it had before there was a portal."""
    tier = Tier.objects.get(name=firm.tier, is_offered=True)
    day, manager = scene.ago(firm.joined), scene.member(firm.manager)
    tiers.place(partner, tier, starts_on=day, reason=TierReason.MIGRATION, by=manager, at=at)


def nights(scene: Scene) -> Story:
    """On the first of each month, and today, tiers follow what the partners achieved."""
    for days in range(firms.OPENED - 1, -1, -1):
        day = scene.ago(days)
        if days and day.day != 1:
            continue
        at = min(scene.at(day, 0, 10), scene.now)
        yield at
        _version, terms = queries.in_force(day)
        known = dict(Outlook.objects.values_list("partner_id", "outcome"))
        for seen in standings.foreseen(standings.active(), terms, day):
            is_news = seen.decision.move != Move.KEEP or seen.decision.outcome != known.get(seen.partner.pk)
            if is_news or not days:
                evaluation.evaluate(seen.partner, at=at)


def inviting_up(scene: Scene) -> Story:
    """Into the highest tier of the one vendor leads an invitation; an exception is made by the other."""
    if scene.vendor.slug == "halyard":
        at = scene.at(scene.ago(210), 14)
        yield at
        manager = scene.member("tomas.ferreira@halyard.example")
        partner = Partner.objects.get(name="Meridian Distribution B.V.")
        plan = "Joint business plan"
        achievements.confirm(partner, plan, ends_on=scene.today + timedelta(days=155), by=manager, at=at)
        platinum = Tier.objects.get(name="Platinum", is_offered=True)
        tiers.place(
            partner,
            platinum,
            starts_on=scene.ago(210),
            reason=TierReason.EARNED,
            note="Invited after the yearly talks.",
            by=manager,
            at=at,
        )
        evaluation.evaluate(partner, at=at)
    else:
        at = scene.at(scene.ago(70), 14)
        yield at
        manager = scene.member("aylin.yildiz@ostwerk.example")
        partner = Partner.objects.get(name="Dalmatinska Toplina d.o.o.")
        tier = Tier.objects.get(name="Fachpartner", is_offered=True)
        tiers.place(
            partner,
            tier,
            starts_on=scene.ago(70),
            reason=TierReason.EXCEPTION,
            held_until=scene.today + timedelta(days=40),
            note="Baut den Vertrieb in Kroatien auf; so vereinbart.",
            by=manager,
            at=at,
        )
        evaluation.evaluate(partner, at=at)


def _join(scene: Scene, person: Person, partner: Partner | None, days: int) -> None:
    user = meet(person.email, person.name, language=person.language)
    sees = Membership.Sees.OWN if person.sees_own_only else Membership.Sees.FIRM
    membership = partners.join(user, Role(person.role), partner=partner, sees=sees)
    seen = scene.ago(scene.dice.choice((0, 1, 1, 3, 6, 20)))
    # When somebody joined is written by the clock of the machine, which knows nothing of the story.
    Membership.objects.filter(pk=membership.pk).update(joined_at=scene.at(scene.ago(days), 12), last_seen_on=seen)
