"""Worked cases of published partner programmes: their rules are set, and the outcome comes from the expected one."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from deals.enums import Action, ActivityKind, Award, Because, Course, DealType, Review, Stage
from deals.models import Registration, Sale
from deals.queries import rules as rule_queries
from deals.rules.terms import Terms
from deals.services import decisions, directs, lists, outcomes, protection, queue, registrations
from deals.services.drafts import Activity, Content, Line
from partners.rules.programs import AREA as PROGRAM
from partners.services import partners
from prm.custom_fields.services import CustomFieldsMissing
from prm.events.models import Event
from prm.money import Money
from prm.policies import versions
from prm.policies.rulesets import Mode
from tests import build
from tests.build import MONDAY
from tests.deals.rulebook import every, matched, publish, rule, ruling, some, usd, when
from tests.prm.custom_fields.asking import ask

pytestmark = pytest.mark.usefixtures("vendor")
SIX_MONTHS = {"count": 6, "unit": "months"}


def at(year, month, day, hour=10, minute=0):
    return datetime(year, month, day, hour, minute, tzinfo=UTC)


def units(*quantities):
    """A deal with so many pieces of one product after the other."""
    family = build.family()
    lines = []
    for number, quantity in enumerate(quantities):
        product = build.catalog.add_product(family, f"SKU-{number}", f"Case {number}", unit="piece")
        lines.append(Line(family, product, quantity))
    form = build.content()
    return Content(form.fields, lines, form.activities)


def submitted(form, when_=MONDAY):
    seller = build.seller()
    draft = build.drafts.save(build.uuid7(), form, by=seller, at=when_)
    return registrations.submit(draft, form, by=seller, at=when_)


def rates(rate, on=date(2026, 1, 1)):
    """Let the programme count in dollars, with what a euro is worth."""
    newest = versions.history(PROGRAM)[0]
    body = {**newest.body, "currency": "USD"}
    body["rates"] = [{"currency": "EUR", "starts_on": on.isoformat(), "rate": rate}]
    versions.publish(PROGRAM, body, effective_on=on, at=MONDAY)


# -- Gumdrop ------------------------------------------------------------------------------------------------
ONE_SKU = {"in": "lines", "any": when("quantity", "at_least", "100")}
TOTAL_UNITS = {"total": "lines", "how": "sum", "of": "quantity", "is": "over", "value": "5000"}
STEPS = [{"key": "manager", "name": "Manager", "asked": [{"role": "channel_manager"}]}]


def gumdrop():
    publish(
        rule("No tenders", when("is_tender", "is", True), decision="refuse", reason="not_eligible"),
        rule("At least 100 of one", {"none": [ONE_SKU]}, decision="refuse", reason="not_eligible"),
        rule("Top band", TOTAL_UNITS, steps=["manager"], promise_hours="2"),
        rule("All others", promise_hours="2", protection={"count": 90, "unit": "days"}),
        steps=STEPS,
    )


def test_gumdrop_sixty_of_each_of_two_articles_are_too_few():
    gumdrop()

    registration = submitted(units(60, 60))

    assert registration.review == Review.REJECTED
    assert registration.reason_code == "not_eligible"
    assert matched(registration) == ["At least 100 of one"]


def test_gumdrop_the_top_band_goes_to_a_manager():
    gumdrop()

    registration = submitted(units(6000))

    assert registration.review == Review.SUBMITTED
    assert matched(registration) == ["Top band"]
    assert rule_queries.stipulated(registration).steps == ("manager",)


def test_gumdrop_exactly_5000_is_not_over_it():
    gumdrop()

    assert matched(submitted(units(5000))) == ["All others"]


def test_gumdrop_the_two_hours_count_from_the_complete_form():
    gumdrop()
    form = units(450)
    seller = build.seller()
    draft = build.drafts.save(build.uuid7(), form, by=seller, at=at(2026, 11, 23, 9))

    registration = registrations.submit(draft, form, by=seller, at=at(2026, 11, 23, 13))

    assert registration.decide_by == at(2026, 11, 23, 15)


def test_gumdrop_a_tender_is_never_eligible():
    gumdrop()
    form = units(450)
    tender = Content({**form.fields, "tender_published_on": date(2026, 11, 1)}, form.lines, form.activities)

    assert matched(submitted(tender)) == ["No tenders"]


def test_gumdrop_a_later_registration_for_the_same_customer_gets_half_the_first_ones_discount():
    publish(rule("All", decision="approve", contested="second", discount="16", second_share="50"))
    globex = {"customer_website": "globex.example", "customer_name": "Globex"}
    build.submitted(**globex)

    later = build.submitted(at=MONDAY + timedelta(hours=1), **globex)

    assert (later.award, rule_queries.discount_of(later)) == (Award.SECOND, Decimal(8))


# -- Sharp/NEC ----------------------------------------------------------------------------------------------
def sharp():
    publish(
        rule(
            "Projects",
            protection=SIX_MONTHS,
            protection_from="submission",
            extension=SIX_MONTHS,
            extension_limit="1",
        )
    )


def test_sharp_a_period_counts_from_the_registration_and_can_end_before_an_extension_is_asked_for():
    sharp()
    registration = build.submitted(at=at(2027, 1, 1), close_on=date(2027, 5, 1))
    approved = decisions.approve(registration, by=build.manager(), at=at(2027, 1, 3))
    assert approved.protected_until == date(2027, 7, 1)

    protection.expire(approved, today=date(2027, 7, 2), at=at(2027, 7, 2))

    approved.refresh_from_db()
    assert not approved.can(Action.ASK_EXTENSION)


def fields_of_sharp():
    """What Sharp asks of a project besides: locations with their addresses, and two declarations."""
    several = {"any": [when("custom.locations", "over", "1"), when("custom.national", "is", True)]}
    ask("Locations", "whole", is_required=True)
    ask("National", "boolean")
    ask("Addresses", "long_text", is_required=True, shown_when=several)
    ask("Elsewhere", "boolean", is_required=True)
    ask("Consultant", "boolean", is_required=True)
    publish(
        rule("With another maker", when("custom.elsewhere", "is", True), decision="refuse", reason="not_eligible"),
        rule("By a consultant", when("custom.consultant", "is", True), decision="refuse", reason="not_eligible"),
    )


def project(**custom):
    form = build.content()
    return submitted(Content(form.fields, form.lines, form.activities, custom={**SIMPLE, **custom}))


SIMPLE = {"locations": "1", "elsewhere": False, "consultant": False}


@pytest.mark.parametrize("custom", [{"locations": "2"}, {"national": True}])
def test_sharp_two_sites_or_a_national_project_need_the_list_of_addresses(custom):
    fields_of_sharp()

    with pytest.raises(CustomFieldsMissing) as refusal:
        project(**custom)
    assert refusal.value.facts["labels"] == ["Addresses"]
    assert project(**custom, addresses="Chicago\nBoston").number
    assert project().number


@pytest.mark.parametrize(
    ("custom", "name"), [({"elsewhere": True}, "With another maker"), ({"consultant": True}, "By a consultant")]
)
def test_sharp_what_a_partner_declares_decides(custom, name):
    fields_of_sharp()

    assert project().review == Review.SUBMITTED
    refused = project(**custom)
    assert (refused.review, matched(refused)) == (Review.REJECTED, [name])


def test_sharp_one_extension_and_no_second():
    sharp()
    registration = build.submitted(at=at(2027, 1, 1), close_on=date(2027, 5, 1))
    approved = decisions.approve(registration, by=build.manager(), at=at(2027, 1, 3))
    asked = protection.ask_extension(approved, progress="We won the design.", by=build.seller(), at=at(2027, 6, 20))

    extended = protection.extend(asked, by=build.manager(), at=at(2027, 6, 21))

    assert extended.protected_until == date(2028, 1, 1)
    with pytest.raises(protection.ExtensionsUsedUp):
        protection.ask_extension(extended, progress="More.", by=build.seller(), at=at(2027, 12, 1))


def test_sharp_others_may_bid_on_a_registered_deal_where_the_end_user_asks_for_it():
    wished = when("customer_letter", "is", True)
    publish(rule("The customer asks for them", wished, decision="approve", contested="second"))
    holder = build.approved(customer_website="globex.example", customer_name="Globex")
    form = build.content(customer_website="globex.example", customer_name="Globex", letter_on=MONDAY.date())
    seller = build.seller()
    draft = build.drafts.save(build.uuid7(), form, by=seller, at=MONDAY)
    build.file(draft, seller)

    bidder = registrations.submit(draft, form, by=seller, at=MONDAY + timedelta(hours=1))
    without = build.submitted(customer_website="globex.example", customer_name="Globex", at=MONDAY + timedelta(hours=2))

    assert (holder.is_protected, bidder.award, bidder.is_protected) == (True, Award.SECOND, False)
    assert without.review == Review.SUBMITTED


# -- Compliance.ai ------------------------------------------------------------------------------------------
def compliance():
    worked = {"total": "activities", "how": "count", "is": "at_least", "value": "1"}
    publish(
        rule("Only referrals", {"none": [when("type", "is", "referral")]}, decision="refuse", reason="not_eligible"),
        rule("No work shown", {"none": [worked]}, decision="refuse", reason="no_activity"),
        rule(
            "Referrals",
            promise_days="3",
            protection={"count": 60, "unit": "days"},
            extension_limit="0",
            guidance="Does the customer want this referrer, or has it bought from it before?",
        ),
    )


def referral(when_=MONDAY, **fields):
    form = build.content(type=DealType.REFERRAL, **fields)
    done = [Activity(ActivityKind.MEETING, when_.date() - timedelta(days=3), "Compliance officer")]
    return submitted(Content(form.fields, form.lines, done), when_)


def test_compliance_three_business_days_from_a_friday_end_on_wednesday():
    compliance()

    registration = referral(at(2026, 11, 20, 16))

    assert registration.decide_by == at(2026, 11, 25, 16)
    assert rule_queries.stipulated(registration).guidance.startswith("Does the customer want")


def test_compliance_a_referral_without_work_is_refused_with_its_reason():
    compliance()

    registration = build.submitted(type=DealType.REFERRAL)

    assert (registration.review, registration.reason_code) == (Review.REJECTED, "no_activity")
    assert matched(registration) == ["No work shown"]


def test_compliance_a_registration_of_june_lapses_before_august():
    compliance()
    registration = referral(at(2027, 6, 1), close_on=date(2027, 9, 1))

    approved = decisions.approve(registration, by=build.manager(), at=at(2027, 6, 1))

    assert approved.protected_until == date(2027, 7, 31)
    assert protection.expire(approved, today=date(2027, 8, 1), at=at(2027, 8, 1)) is True


def test_compliance_whom_the_vendor_works_at_itself_nobody_else_refers():
    publish(rule("Ours", when("vendor_engaged", "is", True), decision="refuse", reason="other"))
    build.direct("Globex", website="globex.example", at=MONDAY - timedelta(days=1))
    build.direct("Initech", website="initech.example", at=MONDAY + timedelta(hours=1))

    ours = build.submitted(customer_name="Globex", customer_website="globex.example")
    logged_later = build.submitted(customer_name="Initech", customer_website="initech.example")

    assert (ours.review, matched(ours)) == (Review.REJECTED, ["Ours"])
    assert logged_later.review == Review.SUBMITTED


def test_compliance_research_adds_three_business_days_to_what_was_promised_and_only_once():
    publish(rule("Referrals", promise_days="3", research_days="3"))
    registration = build.submitted(at=at(2026, 11, 20, 16))  # a Friday
    assert registration.decide_by == at(2026, 11, 25, 16)

    tuesday = at(2026, 11, 24, 11)
    researched = decisions.research(registration, note="We call the bank.", by=build.manager(), at=tuesday)

    assert researched.decide_by == at(2026, 11, 30, 16)
    assert Event.objects.get(name="deals.research.begun").payload["note"] == "We call the bank."
    with pytest.raises(decisions.NoResearch):
        decisions.research(researched, by=build.manager(), at=tuesday)


def test_compliance_nobody_takes_time_for_research_that_no_rule_gives():
    with pytest.raises(decisions.NoResearch):
        decisions.research(build.submitted(), by=build.manager(), at=MONDAY)


# -- Nightfall ----------------------------------------------------------------------------------------------
def nightfall():
    """A tender that is published before the approval is not eligible; a person has to see to that."""
    publish(
        rule("Minimum", when("value", "under", usd(6000)), decision="refuse", reason="not_eligible"),
        rule("Published tender", when("tender_published_on", "given"), decision="refuse", reason="not_eligible"),
        rule("All others", guidance="If it becomes a tender, was this approved before it was published?"),
    )


def test_nightfall_the_boundary_is_the_one_that_was_chosen():
    nightfall()

    exact = build.submitted(value_amount=Decimal(6000), value_currency="USD", tender_published_on=None)
    below = build.submitted(value_amount=Decimal("5999.99"), value_currency="USD")

    assert ruling(exact).course == Course.PERSON
    assert matched(below) == ["Minimum"]


def test_nightfall_euros_are_compared_at_a_rate_that_is_kept():
    rates("1.08")
    nightfall()

    registration = build.submitted(value_amount=Decimal(5800), value_currency="EUR")

    trace = ruling(registration).trace[0]["trace"]
    assert trace["outcome"] == "fails"
    assert trace["rates"] == [["EUR", "USD", "1.08", "2026-01-01"]]


def test_nightfall_without_a_rate_a_person_decides():
    nightfall()

    registration = build.submitted(value_amount=Decimal(5800), value_currency="EUR")

    assert registration.review == Review.SUBMITTED
    assert ruling(registration).because == Because.UNCERTAIN


def test_nightfall_a_tender_that_is_published_when_it_is_registered_is_refused():
    nightfall()

    registration = build.submitted(
        value_amount=Decimal(9000), value_currency="USD", tender_published_on=date(2026, 11, 10)
    )

    assert matched(registration) == ["Published tender"]


def test_nightfall_whoever_completes_first_is_first():
    nightfall()
    globex = {"customer_website": "globex.example", "value_currency": "USD"}
    form = build.content(**globex)
    a = build.seller()
    draft = build.drafts.save(build.uuid7(), Content({"customer_name": "Globex"}), by=a, at=at(2026, 11, 23, 9))

    b_first = build.submitted(at=at(2026, 11, 23, 10), **globex)
    a_late = registrations.submit(draft, form, by=a, at=at(2026, 11, 23, 11))

    assert b_first.submitted_at < a_late.submitted_at
    assert ruling(a_late).course == Course.PERSON
    assert Registration.objects.get(pk=b_first.pk).number < a_late.number


# -- GitLab -------------------------------------------------------------------------------------------------
def test_gitlab_only_partners_with_an_agreement_and_a_trained_person():
    publish(
        rule(
            "Not ready",
            some(when("agreements", "under", "1"), when("certified_people", "under", "1")),
            decision="refuse",
            reason="not_eligible",
        ),
        rule("Plain renewals", when("type", "is", "renewal"), decision="refuse", reason="not_eligible"),
    )

    registration = build.submitted()

    assert matched(registration) == ["Not ready"]


def test_gitlab_a_plain_renewal_does_not_qualify():
    publish(rule("Plain renewals", when("type", "is", "renewal"), decision="refuse", reason="not_eligible"))

    assert matched(build.submitted(type=DealType.RENEWAL)) == ["Plain renewals"]
    assert matched(build.submitted()) == []


def test_gitlab_ninety_days_from_the_approval_and_older_ones_keep_them():
    publish(rule("All", protection={"count": 90, "unit": "days"}, extension_limit="9"))
    old = build.submitted()
    publish(rule("All", protection={"count": 60, "unit": "days"}), on=date(2026, 11, 24))

    approved = decisions.approve(old, by=build.manager(), at=MONDAY + timedelta(days=3))
    new = build.submitted(at=MONDAY + timedelta(days=2))
    new = decisions.approve(new, by=build.manager(), at=MONDAY + timedelta(days=3))

    assert (approved.protected_until - approved.protected_from).days == 90
    assert (new.protected_until - new.protected_from).days == 60


def test_gitlab_targets_of_the_vendor_are_a_list():
    targets = lists.add("First order targets", "customers", by=build.manager(), at=MONDAY)
    lists.add_customers(targets, [("Globex Ltd", "globex.example", "", "GB")], by=build.manager(), at=MONDAY)
    on_list = when("customer_lists", "has_any", [str(targets.pk)])
    publish(rule("First order", every(when("customer_is_new", "is", True), on_list), decision="approve"))

    assert matched(build.submitted(customer_website="www.globex.example")) == ["First order"]
    assert matched(build.submitted()) == []


def test_gitlab_each_type_of_deal_has_fields_of_its_own():
    ask("Term", "whole", is_required=True, shown_when=when("type", "is", "managed"))
    ask("Fee account", is_required=True, shown_when=when("type", "is", "referral"))
    form = lambda kind, **custom: Content(  # noqa: E731
        {**build.content().fields, "type": DealType(kind)}, build.content().lines, custom=custom
    )

    assert submitted(form("resale")).number
    for kind, key in (("managed", "term"), ("referral", "fee_account")):
        with pytest.raises(CustomFieldsMissing):
            submitted(form(kind))
        assert submitted(form(kind, **{key: "36"})).custom == {key: "36"}


def test_gitlab_other_partners_get_the_lower_co_sell_discount():
    publish(rule("All", decision="approve", contested="second", discount="20", second_discount="8"))
    globex = {"customer_website": "globex.example", "customer_name": "Globex"}

    first, other = build.submitted(**globex), build.submitted(at=MONDAY + timedelta(hours=1), **globex)

    assert [rule_queries.discount_of(row) for row in (first, other)] == [Decimal(20), Decimal(8)]


def test_gitlab_every_bidder_of_a_tender_assists_and_who_was_there_before_it_earns_more():
    before = every(
        when("last_activity_on", "given"),
        {"field": "last_activity_on", "is": "under", "other": "tender_published_on"},
    )
    publish(
        rule(
            "There before the tender", every(when("is_tender", "is", True), before), discount="20", contested="shared"
        ),
        rule("Bidders", when("is_tender", "is", True), discount="8", contested="shared", decision="approve"),
    )
    tender = {"tender_published_on": date(2026, 11, 10), "customer_website": "city.example", "customer_name": "City"}
    early = build.content(**tender)
    done = [Activity(ActivityKind.MEETING, date(2026, 11, 2), "City council")]
    first = submitted(Content(early.fields, early.lines, done))

    bidders = [build.submitted(at=MONDAY + timedelta(hours=hour), **tender) for hour in (1, 2)]
    first = decisions.approve(first, by=build.manager(), at=MONDAY + timedelta(hours=3), award=Award.SHARED)

    assert [(row.award, rule_queries.discount_of(row)) for row in (first, *bidders)] == [
        (Award.SHARED, Decimal(20)),
        (Award.SHARED, Decimal(8)),
        (Award.SHARED, Decimal(8)),
    ]


def by_stage():
    """What a deal earns depends on how far the vendor's own opportunity is."""
    far = when("direct_stage", "one_of", ["technical_validation", "business_validation"])
    publish(
        rule("None of ours", when("direct_stage", "one_of", ["none", "prospect"]), discount="20"),
        rule("Assists", far, discount="10"),
        rule("Fulfils", when("direct_stage", "is", "committed"), discount="2"),
    )


@pytest.mark.parametrize(
    ("phase", "name"),
    [(Stage.PROSPECT, "None of ours"), (Stage.BUSINESS_VALIDATION, "Assists"), (Stage.COMMITTED, "Fulfils")],
)
def test_gitlab_what_a_deal_earns_depends_on_the_stage_of_the_vendors_own_opportunity(phase, name):
    by_stage()
    build.direct("Globex", website="globex.example", at=MONDAY - timedelta(days=1), phase=phase)

    registration = build.submitted(customer_name="Globex", customer_website="globex.example")

    assert matched(registration) == [name]


def test_gitlab_without_an_opportunity_of_the_vendor_the_partner_earns_most_and_an_unknown_stage_is_for_a_person():
    by_stage()
    build.direct("Globex", website="globex.example", at=MONDAY - timedelta(days=1))

    assert matched(build.submitted()) == ["None of ours"]
    unknown = build.submitted(customer_name="Globex", customer_website="globex.example")
    assert (ruling(unknown).because, rule_queries.stipulated(unknown).discount) == (Because.UNCERTAIN, None)


def test_gitlab_a_stage_that_was_logged_after_the_registration_was_sent_does_not_count():
    by_stage()
    row = build.direct("Globex", website="globex.example", at=MONDAY - timedelta(days=1), phase=Stage.PROSPECT)
    ours = {"customer_name": "Globex", "customer_website": "globex.example"}
    facts = directs.Opportunity(owner=row.owner, opened_on=row.opened_on, phase=Stage.COMMITTED)
    directs.change_opportunity(row, facts, version=1, by=build.manager(), at=MONDAY + timedelta(hours=1))

    assert ruling(build.submitted(**ours)).because == Because.UNCERTAIN
    assert matched(build.submitted(**ours, at=MONDAY + timedelta(hours=2))) == ["Fulfils"]


# -- Microsoft and ONEiO ------------------------------------------------------------------------------------
def test_microsoft_a_second_amount_is_asked_for_and_kept_exactly():
    ask("Solution value", "money", is_required=True)
    ask("Deployed from", "day")
    form = build.content()
    custom = {"solution_value": usd("18250.37"), "deployed_from": "2027-03-01"}

    registration = submitted(Content(form.fields, form.lines, custom=custom))
    assert registration.custom == custom
    with pytest.raises(CustomFieldsMissing):
        submitted(form)


def test_microsoft_a_deal_is_sent_back_as_often_as_needed():
    publish(rule("All", promise_days="5"))
    seller, manager = build.seller(), build.manager()
    registration = build.submitted(by=seller)

    for hours in (1, 3):
        decisions.ask(registration, question="Where is it deployed?", by=manager, at=MONDAY + timedelta(hours=hours))
        answer_at = MONDAY + timedelta(hours=hours + 1)
        registration = registrations.answer(registration, None, text="In Oslo.", by=seller, at=answer_at)

    assert registration.review == Review.IN_REVIEW


def test_microsoft_a_deal_may_be_registered_for_some_days_after_it_was_won():
    ask("Won on", "day")
    too_late = when("custom.won_on", "under", {"count": -30, "unit": "days"})
    publish(
        rule("Long won", too_late, decision="refuse", reason="not_eligible"),
        rule("After the win", when("custom.won_on", "given"), discount="5"),
    )
    form = build.content()
    won = lambda day: submitted(Content(form.fields, form.lines, custom={"won_on": day}))  # noqa: E731

    assert matched(won("2026-10-01")) == ["Long won"]
    assert matched(won("2026-11-10")) == ["After the win"]
    assert matched(build.submitted()) == []


def test_microsoft_a_deal_that_is_won_48_hours_after_it_was_registered_is_marked():
    publish(rule("All", decision="approve"), terms=Terms(win_after_hours=72))
    seller = build.seller()
    early, late = build.submitted(by=seller), build.submitted(by=seller)

    outcomes.win(early, Money(Decimal(1), "EUR"), by=seller, at=MONDAY + timedelta(hours=48))
    outcomes.win(late, Money(Decimal(1), "EUR"), by=seller, at=MONDAY + timedelta(hours=72))

    said = {event.subject_id: event.payload for event in Event.objects.filter(name="deals.registration.won")}
    assert (said[early.pk]["early_hours"], said[early.pk]["least_hours"]) == (48, 72)
    assert said[late.pk]["early_hours"] is None


def test_microsoft_an_early_win_is_not_possible_where_the_terms_say_so():
    publish(rule("All", decision="approve"), terms=Terms(win_after_hours=72, refuses_early_win=True))
    seller = build.seller()
    registration = build.submitted(by=seller)

    with pytest.raises(outcomes.TooEarlyToWin) as refusal:
        outcomes.win(registration, Money(Decimal(1), "EUR"), by=seller, at=MONDAY + timedelta(hours=48))

    assert refusal.value.sentence == "A deal is won no sooner than 72 hours after it was registered."
    registration.refresh_from_db()
    assert (registration.stage, registration.is_protected) == (Stage.PROSPECT, True)


def test_oneio_a_holds_the_registration_and_b_whom_the_customer_picks_closes_and_is_paid():
    publish(rule("All", decision="approve", contested="second"))
    globex = {"customer_website": "globex.example", "customer_name": "Globex"}
    a, seller = build.submitted(**globex), build.seller()
    b = build.submitted(at=MONDAY + timedelta(hours=1), by=seller, **globex)

    won = outcomes.win(b, Money(Decimal(1), "EUR"), by=seller, at=MONDAY + timedelta(days=1))
    outcomes.end_others(won, at=MONDAY + timedelta(days=1))

    a.refresh_from_db()
    assert (a.stage, Sale.objects.get().partner_id) == (Stage.LOST, b.partner_id)
    assert Event.objects.get(name="deals.registration.lost").payload["is_others"] is True


def test_oneio_several_partners_of_a_customer_are_all_co_sellers():
    publish(rule("All", contested="shared"))
    globex = {"customer_website": "globex.example", "customer_name": "Globex"}
    rows = [build.submitted(at=MONDAY + timedelta(hours=hour), **globex) for hour in (0, 1)]

    done = [decisions.approve(row, by=build.manager(), at=MONDAY, award=Award.SHARED) for row in rows]

    assert [(row.award, row.is_protected) for row in done] == [(Award.SHARED, False)] * 2


def test_oneio_an_approved_deal_entitles_to_sales_support():
    publish(rule("All", decision="approve", entitlement="Sales support by a named engineer"))

    registration = build.submitted()

    assert rule_queries.stipulated(registration).entitlement == "Sales support by a named engineer"


def test_oneio_an_extension_needs_proof_and_the_old_end_stays_on_record():
    publish(rule("All", protection=SIX_MONTHS, protection_from="submission", extension=SIX_MONTHS, extension_limit="3"))
    registration = build.submitted(close_on=date(2027, 5, 1))
    approved = decisions.approve(registration, by=build.manager(), at=MONDAY)
    first_end = approved.protected_until

    asked = protection.ask_extension(approved, progress="Two demonstrations.", by=build.seller(), at=MONDAY)
    extended = protection.extend(asked, by=build.manager(), at=MONDAY)

    assert extended.protected_until > first_end
    assert extended.extension_requests.get().progress == "Two demonstrations."


# -- what several programmes share --------------------------------------------------------------------------
def test_all_rules_that_match_are_merged_as_the_vendor_says():
    publish(
        rule("Gold", when("value", "over", usd(1)), protection={"count": 120, "unit": "days"}),
        rule("Any", protection={"count": 90, "unit": "days"}, promise_days="1"),
        mode=Mode.ALL,
    )
    registration = build.submitted(value_currency="USD")

    stipulated = rule_queries.stipulated(registration)

    assert (stipulated.protection.count, stipulated.promise.amount) == (120, 1)


def test_a_suspended_partner_registers_nothing():
    seller = build.seller()
    partner = seller and partners.Partner.objects.get(pk=seller.partner_id)
    draft = build.draft(by=seller)
    partner.status = "suspended"
    partner.save()

    with pytest.raises(registrations.PartnerNotActive):
        registrations.submit(draft, build.content(), by=seller, at=MONDAY)


# -- GitLab -------------------------------------------------------------------------------------------------
def test_gitlab_the_other_registrations_are_reconsidered_in_order_of_submission():
    same = {"customer_website": "globex.example", "customer_name": "Globex"}
    seller = build.seller()
    engaged = build.approved(by=seller, **same)
    others = [build.submitted(at=MONDAY + timedelta(hours=hour), **same) for hour in (3, 1, 2)]
    for other in others:
        decisions.reject(other, reason_code="duplicate", note="", by=build.manager(), at=MONDAY + timedelta(hours=4))

    released = protection.release(engaged, by=seller, at=MONDAY + timedelta(days=1))
    first = queue.reconsider(released, after=build.uuid7(), at=MONDAY + timedelta(days=1))

    assert first == others[1]
    again = queue.ask_again(others[0], by=build.seller(of=others[0].partner), at=MONDAY + timedelta(days=2))
    assert again.submitted_at == MONDAY + timedelta(days=2)
