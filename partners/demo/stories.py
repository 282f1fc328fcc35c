"""How the vendor's people, its programme and its partners came to be here."""

from __future__ import annotations

from collections.abc import Iterable

from partners.demo import firms, people
from partners.demo.firms import Firm
from partners.demo.people import Person
from partners.enums import PartnerStatus, TierReason
from partners.models import Partner, Tier
from partners.services import partners, tiers
from prm.accounts import members
from prm.accounts.models import Membership
from prm.accounts.roles import Role
from prm.demo.clock import Story
from prm.demo.filling import chapter
from prm.demo.people import meet
from prm.demo.scenes import Scene


@chapter
def stories(scene: Scene) -> Iterable[Story]:
    yield opening(scene)
    for firm in firms.of(scene.vendor.slug):
        yield joining(scene, firm)
    yield inviting(scene)


def opening(scene: Scene) -> Story:
    """The vendor's people come first, and start the programme."""
    yield scene.at(scene.ago(firms.OPENED), 8)
    for person in people.at_vendor(scene.vendor.slug):
        _join(scene, person, None, firms.OPENED)
    name, levels = firms.PROGRAMS[scene.vendor.slug]
    tiers.open_program(name, levels, starts_on=scene.ago(firms.OPENED))


def joining(scene: Scene, firm: Firm) -> Story:
    """A firm is enrolled, its people come, and it moves through the tiers."""
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
    yield from _climbing(scene, firm, partner)
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


def _climbing(scene: Scene, firm: Firm, partner: Partner) -> Story:
    rank = 0
    for name, days in firm.tiers:
        at = scene.at(scene.ago(days), 11)
        yield at
        tier = Tier.objects.get(name=name)
        reason = (
            TierReason.EARNED if rank and tier.rank > rank else TierReason.DEMOTION if rank else TierReason.MIGRATION
        )
        tiers.place(partner, tier, starts_on=scene.ago(days), reason=reason, by=scene.member(firm.manager), at=at)
        rank = tier.rank


def _join(scene: Scene, person: Person, partner: Partner | None, days: int) -> None:
    user = meet(person.email, person.name, language=person.language)
    sees = Membership.Sees.OWN if person.sees_own_only else Membership.Sees.FIRM
    membership = partners.join(user, Role(person.role), partner=partner, sees=sees)
    seen = scene.ago(scene.dice.choice((0, 1, 1, 3, 6, 20)))
    # When somebody joined is written by the clock of the machine, which knows nothing of the story.
    Membership.objects.filter(pk=membership.pk).update(joined_at=scene.at(scene.ago(days), 12), last_seen_on=seen)
