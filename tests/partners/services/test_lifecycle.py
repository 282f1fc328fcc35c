from datetime import date

import pytest

from partners.enums import AgreementStatus, Industry, PartnerStatus, TaskKind, TaskStatus, TierReason
from partners.models import Tier, TierMembership
from partners.queries import profiles as queries
from partners.rules.checklists import PlannedTask
from partners.services import partners, profiles, tiers
from partners.services.partners import NotPossible
from partners.services.profiles import IdentityChangedMeanwhile, ProfileChangedMeanwhile
from prm.accounts.models import Invitation, Membership
from prm.accounts.roles import Role
from tests import build
from tests.build import MONDAY
from tests.partners import build as made


def test_termination_ends_entry_invitations_offers_and_the_tier(vendor):
    firm = build.partner()
    admin = made.administrator(firm)
    build.invitation(admin)
    offer = made.offered(firm)
    tiers.place(
        firm,
        Tier.objects.earliest("rank"),
        starts_on=date(2026, 1, 1),
        reason=TierReason.EARNED,
        by=build.manager(),
        at=MONDAY,
    )

    partners.terminate(firm, reason="Insolvent", by=build.member(Role.ADMIN), at=MONDAY)

    firm.refresh_from_db()
    offer.refresh_from_db()
    assert (firm.status, offer.status) == (PartnerStatus.TERMINATED, AgreementStatus.WITHDRAWN)
    assert Membership.objects.get(pk=admin.pk).status == Membership.Status.SUSPENDED
    assert Invitation.objects.get(partner_id=firm.pk).status == Invitation.Status.REVOKED
    assert TierMembership.objects.get(partner=firm).ends_on == MONDAY.date()


def test_a_terminated_partner_never_comes_back(vendor):
    firm, admin = build.partner(), build.member(Role.ADMIN)
    partners.terminate(firm, reason="Insolvent", by=admin, at=MONDAY)

    for act in (partners.suspend, partners.restore):
        with pytest.raises(NotPossible):
            act(firm, by=admin, at=MONDAY)
    with pytest.raises(NotPossible):
        partners.terminate(firm, reason="Again", by=admin, at=MONDAY)


FULL = {
    "address": "Hafenstraße 12",
    "city": "Hamburg",
    "website": "northlight.example",
    "phone": "+49 40 1234",
    "description": "We install networks.",
    "regions": ["DE"],
    "industries": [Industry.ENERGY],
}


def test_a_complete_profile_completes_the_task(vendor):
    firm = build.partner(status=PartnerStatus.ONBOARDING)
    task = made.task(firm, PlannedTask(TaskKind.PROFILE))
    admin = made.administrator(firm)
    start = queries.facts_of(firm, queries.of(firm))

    profiles.edit(firm, FULL | {"phone": ""}, seen=queries.fingerprint(start), by=admin, at=MONDAY)
    task.refresh_from_db()
    firm.refresh_from_db()
    assert (task.status, queries.completeness_of(firm).missing) == (TaskStatus.OPEN, ("phone",))
    seen = queries.fingerprint(queries.facts_of(firm, queries.of(firm)))
    profiles.edit(firm, FULL, seen=seen, by=admin, at=MONDAY)

    task.refresh_from_db()
    assert task.status == TaskStatus.ACCEPTED


def test_of_two_people_who_edit_the_profile_the_second_is_told(vendor):
    firm = build.partner()
    admin = made.administrator(firm)
    seen = queries.fingerprint(queries.facts_of(firm, queries.of(firm)))
    profiles.edit(firm, FULL, seen=seen, by=admin, at=MONDAY)

    with pytest.raises(ProfileChangedMeanwhile):
        profiles.edit(firm, FULL | {"city": "Bremen"}, seen=seen, by=admin, at=MONDAY)


def test_a_new_name_reaches_the_people_named_after_it(vendor):
    firm = build.partner("Northlight AB")
    admin = made.administrator(firm)
    build.invitation(admin)
    seen = queries.fingerprint(profiles.identity_of(firm))
    facts = {"name": "Northlight Group AB", "tax_id": "SE556000475501", "country": "SE"}

    profiles.identify(firm, facts, seen=seen, by=build.manager(), at=MONDAY)

    assert Membership.objects.get(pk=admin.pk).firm == "Northlight Group AB"
    assert Invitation.objects.get(partner_id=firm.pk).firm == "Northlight Group AB"
    with pytest.raises(IdentityChangedMeanwhile):
        profiles.identify(firm, facts | {"name": "X"}, seen=seen, by=build.manager(), at=MONDAY)
