from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from partners.enums import Metric, PartnerStatus, Promotion, TierReason
from partners.models import Evaluation, Outlook, TierMembership
from partners.queries import benefits, standings
from partners.rules.programs import AREA
from partners.services import achievements, evaluation, programs, tiers
from partners.tasks import evaluate_tiers
from prm.accounts.roles import Role
from prm.events.models import Event
from prm.money import Money
from prm.notifications.models import Notification
from prm.policies import versions
from prm.policies.models import PolicyVersion
from prm.tenancy.context import as_system
from tests import build
from tests.build import MONDAY
from tests.deals.services.test_races import at_once
from tests.partners.programs import levels, need, program, terms, tier

DAY = MONDAY.date()


def made(**facts):
    return terms(
        tier("Entry", 1),
        tier("Silver", 2, need(Metric.REVENUE, 100), gives={"discount_percent": Decimal(10), "protection_days": 120}),
        tier("Gold", 3, need(Metric.REVENUE, 300)),
        **facts,
    )


@pytest.fixture
def offered(vendor):
    program(terms=made())
    return levels()


def sell(firm, amount, on=DAY):
    row = achievements.bring(firm, Metric.REVENUE, Money(Decimal(amount), "EUR"), on=on, by=build.manager(), at=MONDAY)
    return row


def stands(firm):
    row = TierMembership.objects.filter(partner=firm, ends_on__isnull=True).select_related("tier").first()
    return row.tier.name if row else ""


def events_of(firm, name):
    return Event.objects.filter(subject_id=firm.pk, name=name)


def test_a_partner_enters_rises_and_its_history_says_why(offered):
    firm = build.partner()
    evaluation.evaluate(firm, at=MONDAY)
    sell(firm, 120)
    later = MONDAY + timedelta(days=1)

    found = evaluation.evaluate(firm, at=later)

    assert found.moved
    rows = TierMembership.objects.filter(partner=firm).order_by("starts_on")
    assert [(row.tier.name, row.starts_on, row.ends_on) for row in rows] == [
        ("Entry", DAY, DAY),
        ("Silver", later.date(), None),
    ]
    kept = Evaluation.objects.filter(partner=firm).latest("at")
    assert (kept.before.name, kept.tier.name, kept.policy.number, kept.reasons) == (
        "Entry",
        "Silver",
        2,
        ["meets_higher"],
    )
    assert [trace["name"] for trace in kept.traces] == ["Gold", "Silver", "Entry"]


def test_a_deal_that_is_won_on_the_day_of_the_entry_still_promotes_that_day(offered):
    firm = build.partner()
    evaluation.evaluate(firm, at=MONDAY)
    sell(firm, 120)

    evaluation.evaluate(firm, at=MONDAY + timedelta(hours=2))

    (row,) = TierMembership.objects.filter(partner=firm)
    assert (row.tier.name, row.starts_on) == ("Silver", DAY)
    assert events_of(firm, "partners.tier.changed").count() == 2


def test_evaluating_again_says_and_keeps_nothing_new(offered):
    firm = build.partner()
    evaluation.evaluate(firm, at=MONDAY)
    before = Event.objects.count()

    evaluation.evaluate(firm, at=MONDAY + timedelta(hours=3))
    evaluation.evaluate(firm, at=MONDAY + timedelta(days=1))

    assert Event.objects.count() == before
    assert Evaluation.objects.filter(partner=firm).count() == 1
    assert Outlook.objects.get(partner=firm).evaluated_on == DAY + timedelta(days=1)


def test_ten_evaluations_at_once_place_a_partner_once(committed):
    vendor = build.vendor()
    with as_system(vendor.pk):
        program(terms=made())
        firm = build.partner()
        sell(firm, 400)

    def evaluate():
        with as_system(vendor.pk):
            return evaluation.evaluate(firm, at=MONDAY).moved

    answers = at_once([evaluate] * 10)

    assert sorted(answers) == [False] * 9 + [True]
    with as_system(vendor.pk):
        assert TierMembership.objects.filter(partner=firm).count() == 1


def test_the_day_never_goes_back_whatever_the_clock_does(offered):
    firm = build.partner()
    evaluation.evaluate(firm, at=MONDAY)
    sell(firm, 120)

    evaluation.evaluate(firm, at=MONDAY - timedelta(days=5))

    assert TierMembership.objects.filter(partner=firm).on(DAY).get().tier.name == "Silver"
    assert Outlook.objects.get(partner=firm).evaluated_on == DAY


def test_a_tier_is_lost_only_at_the_review_after_the_warning_and_the_grace(offered):
    firm = build.partner()
    sell(firm, 120, on=DAY - timedelta(days=300))
    evaluation.evaluate(firm, at=MONDAY)
    lapse = MONDAY + timedelta(days=66)

    evaluation.evaluate(firm, at=lapse)
    warned = Outlook.objects.get(partner=firm)
    evaluation.evaluate(firm, at=datetime(2027, 3, 31, 12, tzinfo=UTC))
    kept = stands(firm)
    evaluation.evaluate(firm, at=datetime(2027, 4, 1, 12, tzinfo=UTC))

    assert (warned.outcome, warned.warned_on, warned.demotes_on) == ("warned", lapse.date(), date(2027, 4, 1))
    assert (kept, stands(firm)) == ("Silver", "Entry")
    assert TierMembership.objects.get(partner=firm, ends_on__isnull=True).reason == TierReason.DEMOTION
    assert [event.payload["reasons"] for event in events_of(firm, "partners.tier.changed").order_by("at")] == [
        ["meets"],
        ["falls_short", "grace_over"],
    ]


def test_new_revenue_lifts_the_warning(offered):
    firm = build.partner()
    sell(firm, 120, on=DAY - timedelta(days=300))
    evaluation.evaluate(firm, at=MONDAY)
    evaluation.evaluate(firm, at=MONDAY + timedelta(days=66))
    sell(firm, 100)

    evaluation.evaluate(firm, at=MONDAY + timedelta(days=67))

    assert Outlook.objects.get(partner=firm).warned_on is None
    assert events_of(firm, "partners.tier.secured").count() == 1


def test_an_exception_keeps_its_tier_until_its_end(offered):
    firm, gold = build.partner(), offered[2]
    until = DAY + timedelta(days=30)
    facts = {"reason": TierReason.EXCEPTION, "by": build.manager(), "at": MONDAY, "held_until": until}
    tiers.place(firm, gold, starts_on=DAY, note="Launch partner", **facts)

    evaluation.evaluate(firm, at=MONDAY + timedelta(days=30))
    held = (stands(firm), Outlook.objects.get(partner=firm).outcome)
    evaluation.evaluate(firm, at=MONDAY + timedelta(days=31))

    assert held == ("Gold", "held")
    assert stands(firm) == "Entry"


def test_a_waived_requirement_counts_as_met_until_its_day(offered):
    firm = build.partner()
    _version, in_force = standings.programs.in_force(DAY)
    asked = in_force.ranked[1].requirement.parts[0].id
    achievements.waive(firm, asked, ends_on=DAY + timedelta(days=5), reason="First year", by=build.manager(), at=MONDAY)

    evaluation.evaluate(firm, at=MONDAY)

    assert stands(firm) == "Silver"
    card = standings.card_of(firm, DAY + timedelta(days=6), DAY)
    assert not card.results[str(offered[1].pk)].holds


def test_a_proposal_waits_for_a_person_who_accepts_or_declines_it(vendor):
    program(terms=made(promotion=Promotion.PROPOSED))
    firm, other, manager = build.partner(), build.partner(), build.manager()
    for partner in (firm, other):
        evaluation.evaluate(partner, at=MONDAY)
        sell(partner, 120)
        evaluation.evaluate(partner, at=MONDAY)

    assert stands(firm) == "Entry"
    tiers.accept(firm, by=manager, at=MONDAY)
    tiers.decline(other, note="Too early", by=manager, at=MONDAY)
    evaluation.evaluate(other, at=MONDAY)

    assert (stands(firm), stands(other)) == ("Silver", "Entry")
    with pytest.raises(tiers.NothingProposed):
        tiers.accept(firm, by=manager, at=MONDAY)
    with pytest.raises(tiers.NothingProposed):
        tiers.accept(other, by=manager, at=MONDAY)
    assert Outlook.objects.get(partner=other).declined_until == date(2027, 1, 1)


def test_only_active_partners_are_evaluated(offered):
    assert evaluation.evaluate(build.partner(status=PartnerStatus.ONBOARDING), at=MONDAY) is None


def test_a_version_takes_effect_on_its_day_and_renames_what_stands(offered):
    firm = build.partner()
    evaluation.evaluate(firm, at=MONDAY)
    body = PolicyVersion.objects.get(area=AREA, number=2).body
    body["tiers"][0]["name"] = "Member"
    starts = DAY + timedelta(days=10)
    versions.publish(AREA, body, effective_on=starts, at=MONDAY)

    evaluation.evaluate(firm, at=MONDAY + timedelta(days=9))
    before = stands(firm)
    evaluation.evaluate(firm, at=MONDAY + timedelta(days=10))

    assert (before, stands(firm)) == ("Entry", "Member")


def test_a_tier_that_is_gone_is_replaced_and_stays_in_the_history(offered):
    firm = build.partner()
    sell(firm, 120)
    evaluation.evaluate(firm, at=MONDAY)
    body = PolicyVersion.objects.get(area=AREA, number=2).body
    body["tiers"] = [row for row in body["tiers"] if row["name"] != "Silver"]
    versions.publish(AREA, body, effective_on=DAY + timedelta(days=1), at=MONDAY)

    evaluation.evaluate(firm, at=MONDAY + timedelta(days=1))

    assert stands(firm) == "Entry"
    assert [level.name for level in levels()] == ["Entry", "Gold"]
    assert TierMembership.objects.filter(partner=firm, tier__name="Silver").exists()


def test_benefits_are_those_of_the_tier_by_the_version_in_force(offered):
    firm = build.partner()
    sell(firm, 120)
    evaluation.evaluate(firm, at=MONDAY)

    held = benefits.held_by(firm, DAY)

    assert (held.tier_name, held.program_version) == ("Silver", 2)
    assert (held.discount_percent, held.protection_days, held.fund_share_percent) == (10, 120, None)
    assert benefits.held_by(build.partner(), DAY) == benefits.NONE


def test_a_deal_of_a_partner_whose_tier_gives_more_days_is_protected_longer_and_says_why(offered):
    seller = build.seller()
    sell(standings.Partner.objects.get(pk=seller.partner_id), 120)
    evaluation.evaluate(standings.Partner.objects.get(pk=seller.partner_id), at=MONDAY)

    deal = build.approved(by=seller)

    assert deal.protected_until == DAY + timedelta(days=120)
    assert (deal.protection_days, deal.protection_tier, deal.program_version) == (120, "Silver", 2)
    assert build.approved().protection_tier == ""


def test_the_clock_evaluates_everybody_once_a_day(offered, time_machine):
    firms = [build.partner(), build.partner()]
    time_machine.move_to(MONDAY)

    evaluate_tiers()
    assert {stands(firm) for firm in firms} == {"Entry"}
    assert list(standings.due(DAY)) == []
    assert set(standings.due(DAY + timedelta(days=1))) == set(firms)


def test_both_sides_are_told_of_what_happens_to_a_tier(offered, vendor):
    from prm.events import outbox

    firm = build.partner()
    owner, manager = build.member(Role.PARTNER_ADMIN, of=firm), build.manager()
    evaluation.evaluate(firm, at=MONDAY)
    sell(firm, 120)
    evaluation.evaluate(firm, at=MONDAY + timedelta(days=1))
    outbox.deliver_due(vendor.pk)

    told = Notification.objects.filter(user=owner.user).values_list("kind", flat=True)
    assert set(told) == {"partners.tier_promoted"}
    assert "partners.partner_moved" in Notification.objects.filter(user=manager.user).values_list("kind", flat=True)


def test_publishing_refuses_what_is_wrong_or_comes_too_late(vendor):
    program(terms=made())
    admin = build.member(Role.ADMIN)
    with pytest.raises(versions.NothingDrafted):
        programs.publish(effective_on=DAY, revision=1, by=admin, at=MONDAY)

    draft = programs.save_draft({**made().body(), "tiers": []}, revision=None, by=admin, at=MONDAY)
    with pytest.raises(programs.NotReady):
        programs.publish(effective_on=DAY, revision=draft.revision, by=admin, at=MONDAY)

    draft = programs.save_draft(made().body(), revision=draft.revision, by=admin, at=MONDAY)
    with pytest.raises(versions.InThePast):
        programs.publish(effective_on=DAY - timedelta(days=1), revision=draft.revision, by=admin, at=MONDAY)
    with pytest.raises(versions.DraftChanged):
        programs.publish(effective_on=DAY, revision=draft.revision + 1, by=admin, at=MONDAY)
    assert programs.publish(effective_on=DAY, revision=draft.revision, by=admin, at=MONDAY).number == 3
