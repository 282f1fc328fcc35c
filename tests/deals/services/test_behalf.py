"""Registering on behalf of a partner: whose the deal is, who is told, and who does not decide about it."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from deals.enums import EnteredAs, Review
from deals.models import Registration
from deals.queries import behalf, checks, home, people
from deals.rules.terms import Terms
from deals.services import amendments, decisions, drafts, registrations
from deals.services.decisions import OwnEntry
from deals.services.drafts import Content, NotForThem, NotYours
from partners.enums import PartnerStatus
from prm.accounts.models import Membership, VendorProfile
from prm.accounts.roles import Role
from prm.approvals import queries as approvals
from prm.approvals import standing_in
from prm.drafts import services as discarding
from prm.drafts.kinds import KINDS
from prm.events import outbox
from prm.events.models import Event
from prm.notifications.models import Notification
from prm.tenancy.context import acting_as, as_system
from prm.tenancy.fields import uuid7
from tests import build
from tests.build import MONDAY
from tests.deals.rulebook import eur, publish, rule, when


@pytest.fixture
def distributor(vendor):
    return build.partner("Nordic Distribution", type="distributor")


@pytest.fixture
def firm(distributor):
    return build.partner("Below Ltd", distributor=distributor)


@pytest.fixture
def owner(firm):
    return build.member(Role.PARTNER_SALES, of=firm, name="Ole Lund")


@pytest.fixture
def above(distributor, owner):
    return build.member(Role.PARTNER_SALES, of=distributor, name="Dora Quist")


@pytest.fixture
def is_let(vendor):
    publish(rule("All"), terms=Terms(distributors_register=True))


def entered(by: Membership, firm, *, at=MONDAY, **fields) -> Registration:
    form = build.content(**fields)
    draft = drafts.save(uuid7(), form, by=by, at=at, partner=firm)
    return registrations.submit(draft, form, by=by, at=at)


def told(member: Membership) -> list[str]:
    with as_system(member.tenant_id):
        return [row.kind for row in Notification.objects.filter(user=member.user).order_by("event__recorded_at")]


def seen_by(member: Membership) -> list[Registration]:
    with acting_as(member.actor):
        return list(Registration.objects.visible_to(member))


def test_whoever_entered_it_agrees_to_no_step_that_begins_with_a_change_nor_does_their_stand_in(owner, firm):
    step = {"key": "sales", "name": "Sales", "asked": [{"role": "channel_manager"}]}
    large = rule("Large", when("value", "at_least", eur(90000)), decision="approve", steps=["sales"])
    publish(large, steps=[step])
    manager, deputy = build.manager(), build.manager()
    registration = entered(manager, firm, value_amount=Decimal(50000), value_currency="EUR")
    days = {"starts_on": MONDAY.date(), "ends_on": MONDAY.date()}
    standing_in.set_absence(manager, deputy, **days, by=manager, at=MONDAY)

    with acting_as(owner.actor):
        content = Content({"value_amount": Decimal(95000), "value_currency": "EUR"})
        amendments.propose(registration, content, by=owner, at=MONDAY)

    assert approvals.current_of(registration) is not None
    assert not approvals.waiting_for(manager, MONDAY).exists()
    assert approvals.waiting_for(deputy, MONDAY).count() == 1  # in their own name


def test_what_the_vendor_enters_is_the_partners(owner, firm):
    manager = build.manager()

    registration = entered(manager, firm)

    assert (registration.partner, registration.partner_path) == (firm, firm.partner_path)
    assert (registration.owner_id, registration.entered_by_id) == (owner.user_id, manager.user_id)
    assert registration.entered_as == EnteredAs.VENDOR
    assert registration.submitted_at == MONDAY
    assert {line.partner_path for line in registration.lines.all()} == {firm.partner_path}
    event = Event.objects.get(subject_id=registration.pk, name="deals.registration.submitted")
    assert (event.by, event.payload["is_on_behalf"]) == (manager.user, True)


def test_a_draft_on_behalf_is_seen_by_whoever_began_it_alone(firm, owner, above, is_let):
    manager = build.manager()
    for member in (manager, above):
        drafts.save(uuid7(), build.content(), by=member, at=MONDAY, partner=firm)

    assert [row.entered_by_id for row in seen_by(manager)] == [manager.user_id]
    assert [row.entered_by_id for row in seen_by(above)] == [above.user_id]
    own_only = build.member(Role.PARTNER_SALES, of=firm, sees=Membership.Sees.OWN)
    boss = build.member(Role.PARTNER_ADMIN, of=firm)
    for other in (owner, own_only, boss, build.manager(), build.seller(above and firm.distributor)):
        assert seen_by(other) == []
    later = MONDAY + timedelta(days=3)
    with acting_as(owner.actor):
        assert not home.forgotten_drafts(owner, later).exists()
    with acting_as(above.actor):
        assert home.forgotten_drafts(above, later).count() == 1


def test_nobody_else_goes_on_with_a_draft_on_behalf(firm, owner, above, is_let):
    draft = drafts.save(uuid7(), build.content(), by=build.manager(), at=MONDAY, partner=firm)

    for other in (owner, above, build.manager()):
        with acting_as(other.actor), pytest.raises(NotYours):
            drafts.save(draft.pk, Content(), by=other, at=MONDAY)


def test_a_draft_on_behalf_is_thrown_away_and_put_back_by_whoever_began_it(firm, owner):
    manager = build.manager()
    draft = drafts.save(uuid7(), build.content(), by=manager, at=MONDAY, partner=firm)
    kind = KINDS["deals.registration"]

    with pytest.raises(discarding.NotFound):
        discarding.throw_away(kind, draft.pk, by=owner, at=MONDAY)
    discarding.throw_away(kind, draft.pk, by=manager, at=MONDAY)
    assert seen_by(manager) == []
    discarding.put_back(kind, draft.pk, by=manager, at=MONDAY)

    assert seen_by(manager) == [draft]


def test_once_sent_the_partner_sees_it_and_its_owner_may_withdraw_it(firm, owner):
    registration = entered(build.manager(), firm)

    with acting_as(owner.actor):
        assert seen_by(owner) == [registration]
        registrations.withdraw(registration, by=owner, at=MONDAY)

    registration.refresh_from_db()
    assert registration.review == Review.WITHDRAWN


def test_whoever_entered_it_neither_approves_nor_rejects_it(firm, owner):
    manager = build.manager()
    registration = entered(manager, firm)

    with pytest.raises(OwnEntry):
        decisions.approve(registration, by=manager, at=MONDAY)
    with pytest.raises(OwnEntry):
        decisions.reject(registration, reason_code="other", note="No.", by=manager, at=MONDAY)
    registration.refresh_from_db()
    assert registration.review == Review.SUBMITTED

    assert decisions.approve(registration, by=build.manager(), at=MONDAY).review == Review.APPROVED


def test_rules_decide_on_what_is_entered_on_behalf_as_on_anything(firm, owner):
    publish(
        rule("Entered by us", when("entered_as", "is", "vendor"), decision="refuse", reason="other"),
        rule("All", decision="approve"),
    )

    assert entered(build.manager(), firm).review == Review.REJECTED
    assert build.submitted(by=owner).review == Review.APPROVED


def test_others_are_asked_to_decide_where_the_channel_manager_entered_it(firm, owner):
    manager, colleague = build.manager(), build.manager()
    firm.channel_manager = manager.user
    firm.save()
    roles = frozenset({Role.CHANNEL_MANAGER})

    assert people.who_decide(build.submitted(by=owner), roles) == [manager.user]
    assert people.who_decide(entered(manager, firm), roles) == [colleague.user]


def test_the_partner_is_told_of_what_is_entered_for_it_and_the_distributor_how_it_was_decided(
    firm, owner, above, is_let
):
    boss = build.member(Role.PARTNER_ADMIN, of=firm, name="Zoe Zander")  # after the seller, who is its owner then
    with acting_as(above.actor):
        registration = entered(above, firm)
    decisions.approve(registration, by=build.manager(), at=MONDAY)
    outbox.deliver_due(firm.tenant_id, now=lambda: timezone.now() + timedelta(minutes=1))

    both = ["deals.registration_entered", "deals.registration_approved"]
    assert told(owner) == told(boss) == both
    assert told(above) == ["deals.registration_approved"]


def test_a_distributor_that_sees_nothing_below_any_more_is_told_nothing(firm, owner, above, is_let):
    with acting_as(above.actor):
        registration = entered(above, firm)
    Membership.objects.filter(pk=above.pk).update(reaches_below=False)

    assert people.who_entered(registration) == []


def test_a_distributor_registers_for_a_partner_below_where_the_vendor_lets_it(firm, owner, above):
    with acting_as(above.actor):
        assert not behalf.partners_for(above, MONDAY.date()).exists()
        with pytest.raises(NotForThem):
            drafts.save(uuid7(), Content(), by=above, at=MONDAY, partner=firm)

    publish(rule("All"), terms=Terms(distributors_register=True))
    with acting_as(above.actor):
        assert list(behalf.partners_for(above, MONDAY.date())) == [firm]
        registration = entered(above, firm)
    assert (registration.entered_as, registration.partner_path) == (EnteredAs.DISTRIBUTOR, firm.partner_path)


def test_a_distributor_registers_for_nobody_beside_it(firm, owner, above, is_let):
    elsewhere = build.seller(build.partner("Beside", distributor=build.partner(type="distributor")))
    direct = build.seller()

    with acting_as(above.actor):
        for other in (elsewhere, direct):
            assert not behalf.is_let(above, other.partner_id, MONDAY.date())
    for other in (elsewhere, direct):
        partner = build.partners.Partner.objects.get(pk=other.partner_id)
        with pytest.raises(NotForThem):
            drafts.save(uuid7(), Content(), by=above, at=MONDAY, partner=partner)


def test_a_reseller_registers_for_nobody_else(firm, owner, is_let):
    sibling = build.partner(distributor=firm.distributor)
    build.seller(sibling)

    with pytest.raises(NotForThem):
        drafts.save(uuid7(), Content(), by=owner, at=MONDAY, partner=sibling)


def test_nobody_registers_for_a_partner_where_nobody_works_on_deals_or_that_is_not_active(vendor, firm):
    manager = build.manager()
    assert not behalf.partners_for(manager, MONDAY.date()).exists()
    build.seller(firm)
    assert list(behalf.partners_for(manager, MONDAY.date())) == [firm]

    draft = drafts.save(uuid7(), build.content(), by=manager, at=MONDAY, partner=firm)
    firm.status = PartnerStatus.SUSPENDED
    firm.save()

    assert not behalf.partners_for(manager, MONDAY.date()).exists()
    with pytest.raises(NotForThem):
        registrations.submit(draft, build.content(), by=manager, at=MONDAY)
    draft.refresh_from_db()
    assert draft.review == Review.DRAFT


def test_the_distributor_that_entered_it_answers_for_the_partner_and_for_no_other_deal(firm, owner, above, is_let):
    with acting_as(above.actor):
        registration = entered(above, firm)
    colleague = build.seller(firm.distributor)

    assert registration.is_filled_in_by(owner)
    assert registration.is_filled_in_by(colleague)
    assert not registration.is_filled_in_by(build.seller())
    assert not build.submitted(by=owner).is_filled_in_by(above)
    assert not entered(build.manager(), firm).is_filled_in_by(above)

    decisions.ask(registration, question="Who decides?", by=build.manager(), at=MONDAY)
    with acting_as(above.actor):
        registrations.answer(registration, None, text="Their CFO.", by=above, at=MONDAY)
    registration.refresh_from_db()
    assert registration.is_waiting


def test_what_is_entered_on_behalf_counts_for_the_partner(firm, owner):
    waits = when("review", "is", "submitted")
    publish(
        rule("One open", {"in": "registrations", "any": waits}, decision="refuse", reason="other"),
        rule("All"),
    )

    assert entered(build.manager(), firm).review == Review.SUBMITTED
    assert build.submitted(by=owner).review == Review.REJECTED
    assert build.submitted().review == Review.SUBMITTED


def test_the_check_stays_masked_and_is_counted_per_person_whoever_it_is_for(firm, owner, above, is_let):
    publish(rule("All"), terms=Terms(distributors_register=True, checks_per_minute=2))
    build.approved(customer_website="rival.example")
    asked = {"name": "", "website": "rival.example", "tax_id": "", "country": "DE", "own_id": uuid7()}
    facts = {**asked, "by": above, "today": MONDAY.date()}

    with acting_as(above.actor):
        own, other = checks.precheck(**facts), checks.precheck(**facts, partner_id=firm.pk)
        assert own == other
        with pytest.raises(checks.TooManyChecks):
            checks.precheck(**facts, partner_id=firm.pk)


def test_both_walls_keep_what_a_distributor_entered_from_others(firm, owner, above, is_let):
    with acting_as(above.actor):
        registration = entered(above, firm)
    sibling = build.seller(build.partner(distributor=firm.distributor))
    beside = build.member(Role.PARTNER_ADMIN, of=build.partner(type="distributor"))

    for stranger in (sibling, beside, build.seller()):
        with acting_as(stranger.actor):
            assert not Registration.objects.filter(pk=registration.pk).exists()
            assert not Registration.across_tenants.filter(pk=registration.pk).exists()
    VendorProfile.objects.update(lets_distributors_see_below=False)
    Membership.objects.update(reaches_below=False)
    above.refresh_from_db()
    with acting_as(above.actor):
        assert not Registration.across_tenants.filter(pk=registration.pk).exists()
