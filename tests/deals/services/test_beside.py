"""Approved beside others: as second partner or as a co-seller, what that gives, and what a win does to the others."""

from datetime import timedelta
from decimal import Decimal

import pytest

from deals.enums import Award, CaseDecision, CaseResult, Criterion, Review, Stage
from deals.models import Protection, Registration
from deals.queries import cases as case_queries
from deals.queries import rules as rule_queries
from deals.rules.cases import Unfit, Verdict, shares_of
from deals.rules.engagement import Stipulated
from deals.rules.terms import Terms
from deals.services import amendments, case_decisions, cases, decisions, outcomes, overturning, registrations
from deals.services.decisions import AwardUnfit, Contested, NotBeside
from prm.events.models import Event
from prm.money import Money
from prm.tenancy.context import acting_as
from tests import build
from tests.build import MONDAY
from tests.deals.rulebook import publish, rule

pytestmark = pytest.mark.usefixtures("vendor")
SAME = {"customer_website": "globex.example", "customer_name": "Globex"}
EUROS = Money(Decimal(1000), "EUR")


def hours(count):
    return MONDAY + timedelta(hours=count)


def fresh(*rows):
    return [Registration.objects.get(pk=row.pk) for row in rows]


def test_a_second_partner_is_approved_beside_a_protected_one_without_a_protection():
    publish(rule("All", decision="approve", contested="second", discount="20", second_share="50", points="100"))
    first = build.submitted(**SAME)

    second = build.submitted(at=hours(1), **SAME)

    assert (first.is_protected, first.points, first.award) == (True, 100, Award.SOLE)
    assert (second.review, second.is_protected, second.award) == (Review.APPROVED, False, Award.SECOND)
    assert (second.award_percent, second.points) == (Decimal(10), None)
    assert rule_queries.discount_of(second) == Decimal(10)
    assert Protection.objects.filter(registration=second).count() == 0


@pytest.mark.parametrize(
    ("effects", "percent"),
    [
        ({"second_discount": "5", "second_share": "50"}, "10"),
        ({"second_discount": "5", "second_share": "50", "second_combined": "added"}, "15"),
        ({"second_discount": "90", "second_share": "100", "second_combined": "added"}, "100"),
        ({}, "0"),
    ],
)
def test_the_discounts_of_a_second_partner_are_merged_as_the_rules_say(effects, percent):
    first = Stipulated(effects={"discount": "20"})

    assert Stipulated(effects=effects).percent_beside(Award.SECOND, first) == Decimal(percent)


def test_a_share_of_a_discount_that_no_rule_gives_is_none():
    assert Stipulated(effects={"second_share": "50"}).percent_beside(Award.SECOND, Stipulated()) == 0


def test_nobody_is_approved_beside_others_where_the_rules_do_not_say_so():
    build.approved(**SAME)
    late = build.submitted(at=hours(1), **SAME)

    with pytest.raises(NotBeside):
        decisions.approve(late, by=build.manager(), at=hours(2), award=Award.SECOND)
    with pytest.raises(Contested):
        decisions.approve(late, by=build.manager(), at=hours(2))


def test_a_person_approves_a_second_partner_and_takes_it_back():
    publish(rule("All", contested="second", second_discount="7", second_points="3"))
    build.approved(**SAME)
    late, manager = build.submitted(at=hours(1), **SAME), build.manager()

    late = decisions.approve(late, by=manager, at=hours(2), award=Award.SECOND)
    assert (late.award_percent, late.points) == (Decimal(7), 3)
    late = decisions.undo(late, by=manager, at=hours(2))

    assert (late.review, late.award, late.award_percent, late.points) == (Review.SUBMITTED, "", None, None)


def test_co_sellers_are_approved_side_by_side_and_nobody_is_protected():
    publish(rule("All", decision="approve", contested="shared", discount="12"))
    publish(rule("Wait", decision="person"), on=MONDAY.date() - timedelta(days=9))
    waiting = build.submitted(**SAME)
    publish(rule("All", decision="approve", contested="shared", discount="12"), on=MONDAY.date())

    second, third = (build.submitted(at=hours(hour), **SAME) for hour in (1, 2))

    assert waiting.review == Review.SUBMITTED
    assert [(row.award, row.is_protected, row.award_percent) for row in (second, third)] == [
        (Award.SHARED, False, Decimal(12))
    ] * 2


def test_nobody_becomes_a_co_seller_of_one_who_is_protected_alone_without_a_person():
    publish(rule("All", decision="approve", contested="shared"))
    holder = build.submitted(**SAME)
    late = build.submitted(at=hours(1), **SAME)

    assert (holder.is_protected, late.review) == (True, Review.SUBMITTED)
    decided = decisions.approve(late, by=build.manager(), at=hours(2), award=Award.SHARED)
    assert (decided.award, fresh(holder)[0].is_protected) == (Award.SHARED, True)


# -- cases ---------------------------------------------------------------------------------------------
def case_of(*rows):
    return cases.open_case(rows[0], rows[1:], by=build.manager(), at=hours(3))


def party(case, row):
    return case.parties.get(registration=row)


def test_a_case_is_shared_among_all_and_who_was_protected_alone_is_so_no_longer():
    holder, late = build.approved(**SAME), build.submitted(at=hours(1), **SAME)
    case = case_of(holder, late)

    verdict = Verdict(CaseDecision.SHARE)
    case_decisions.decide(case, verdict, version=case.version, by=build.manager(), at=hours(4))

    rows = fresh(holder, late)
    assert [(row.review, row.award, row.is_protected) for row in rows] == [
        (Review.APPROVED, Award.SHARED, False),
        (Review.APPROVED, Award.SHARED, False),
    ]
    assert {found.result for found in case.parties.all()} == {CaseResult.SHARED}
    assert not Protection.objects.filter(is_in_force=True).exists()


def test_a_case_is_awarded_to_one_and_the_others_are_second_partners():
    publish(rule("All", discount="20", second_share="25", points="10", second_points="4"))
    one, other = build.submitted(**SAME), build.submitted(at=hours(1), **SAME)
    case = case_of(one, other)

    verdict = Verdict(CaseDecision.AWARD, winner=party(case, one).pk, is_beside=True)
    case_decisions.decide(case, verdict, version=case.version, by=build.manager(), at=hours(4))

    one, other = fresh(one, other)
    assert (one.is_protected, one.points) == (True, 10)
    assert (other.review, other.award, other.award_percent, other.points) == (
        Review.APPROVED,
        Award.SECOND,
        Decimal(5),
        4,
    )
    assert party(case, other).result == CaseResult.SECOND


def test_there_is_nothing_to_share_with_one_left():
    one, other = build.family().pk, build.family("mesh").pk
    families = frozenset({build.family().pk})

    with pytest.raises(Unfit) as unfit:
        shares_of(Verdict(CaseDecision.SHARE), {one: families, other: families}, frozenset({other}))
    assert unfit.value.code == "nobody_to_share"


# -- who closes ----------------------------------------------------------------------------------------
def beside():
    publish(rule("All", decision="approve", contested="second"))
    seller = build.seller()
    return build.submitted(**SAME), build.submitted(at=hours(1), by=seller, **SAME), seller


def test_a_win_ends_the_deals_beside_it_and_says_that_another_has_won():
    first, second, seller = beside()

    won = outcomes.win(second, EUROS, by=seller, at=hours(2))
    outcomes.end_others(won, at=hours(2))

    first, second = fresh(first, second)
    assert (second.stage, first.stage, first.is_protected) == (Stage.WON, Stage.LOST, False)
    assert outcomes.end_others(won, at=hours(3)) == []


def wins_a_part():
    """Let a second partner win a part of what the first one is protected for."""
    publish(rule("Wait", contested="second"))
    seller = build.seller()
    first = decisions.approve(build.submitted("edge", "mesh", **SAME), by=build.manager(), at=MONDAY)
    second = build.submitted(at=hours(1), by=seller, **SAME)
    second = decisions.approve(second, by=build.manager(), at=hours(1), award=Award.SECOND)
    return first, outcomes.win(second, EUROS, by=seller, at=hours(2)), seller


def test_a_win_ends_no_protection_of_products_that_it_was_not_about():
    first, won, _seller = wins_a_part()

    assert outcomes.end_others(won, at=hours(2)) == []
    assert fresh(first)[0].is_protected

    outcomes.end_others(won, at=hours(2))
    assert Event.objects.filter(name="deals.rival.won", subject_id=first.pk, partner_path="").count() == 1


def test_those_who_ended_with_a_win_go_on_as_before_once_it_is_none_any_more():
    first, second, seller = beside()
    third = build.submitted(at=hours(1), **SAME)
    gone = outcomes.lose(build.submitted(at=hours(1), **SAME), reason_code="price", note="", by=seller, at=hours(2))
    won = outcomes.win(second, EUROS, by=seller, at=hours(2))
    outcomes.end_others(won, at=hours(2))

    reopened = outcomes.reopen(won, by=seller, at=hours(3))
    resumed = outcomes.resume_others(reopened, at=hours(3))

    first, third, gone = fresh(first, third, gone)
    assert {row.pk for row in resumed} == {first.pk, third.pk}
    assert (first.stage, first.is_protected, first.reason_code) == (Stage.PROSPECT, True, "")
    assert Protection.objects.get(registration=first).is_in_force
    assert (third.stage, third.award, gone.stage) == (Stage.PROSPECT, Award.SECOND, Stage.LOST)
    assert outcomes.resume_others(reopened, at=hours(4)) == []


def test_a_win_ends_no_deal_of_other_products_and_none_where_the_terms_say_so():
    publish(rule("All", decision="approve", contested="second"), terms=Terms(ends_others=False))
    seller = build.seller()
    first, second = build.submitted(**SAME), build.submitted(at=hours(1), by=seller, **SAME)

    won = outcomes.win(second, EUROS, by=seller, at=hours(2))

    assert outcomes.end_others(won, at=hours(2)) == []
    assert fresh(first)[0].is_protected


def test_a_deal_that_stood_alone_ends_no_other_that_is_protected_for_other_products():
    seller = build.seller()
    mine, theirs = build.approved(by=seller, **SAME), build.approved("mesh", **SAME)

    won = outcomes.win(mine, EUROS, by=seller, at=hours(2))

    assert outcomes.end_others(won, at=hours(2)) == []
    assert fresh(theirs)[0].is_protected


# -- what the rules say now ----------------------------------------------------------------------------
def two_wait(contested="shared", **effects):
    publish(rule("All", contested=contested, **effects))
    return build.submitted(**SAME), build.submitted(at=hours(1), **SAME), build.manager()


def test_several_approved_at_once_are_co_sellers_where_the_rules_want_it_so():
    one, other, manager = two_wait()

    one, other = (decisions.approve(row, by=manager, at=hours(2), aside="") for row in (one, other))

    assert [(row.award, row.is_protected) for row in (one, other)] == [(Award.SHARED, False)] * 2


def test_what_was_on_the_screen_is_refused_once_the_rules_give_something_else():
    publish(rule("All", contested="second"))
    late, manager = build.submitted(at=hours(1), **SAME), build.manager()
    decisions.approve(build.submitted(**SAME), by=manager, at=hours(2))

    with pytest.raises(AwardUnfit):
        decisions.approve(late, by=manager, at=hours(2), award=Award.SOLE)
    assert fresh(late)[0].review == Review.SUBMITTED


def test_a_rejection_that_is_overturned_gives_what_the_rules_give_beside_others():
    one, other, manager = two_wait()
    decisions.approve(one, by=manager, at=hours(2))
    other = decisions.reject(other, reason_code="duplicate", note="", by=manager, at=hours(2))

    other = overturning.overturn(other, by=manager, at=hours(30), note="")

    assert (other.award, other.is_protected) == (Award.SHARED, False)


@pytest.mark.parametrize("contested", ["first", "shared", "second"])
def test_the_rules_approve_nobody_past_an_open_conflict_case(contested):
    terms = Terms(opens_cases=True, precedence=(Criterion.VALUE, Criterion.SUBMISSION))
    publish(rule("Wait", decision="person"), on=MONDAY.date() - timedelta(days=9), terms=terms)
    build.submitted(**SAME), build.submitted(at=hours(1), **SAME)
    publish(rule("All", decision="approve", contested=contested), on=MONDAY.date(), terms=terms)

    late = build.submitted(at=hours(2), value_amount=Decimal(99999999), **SAME)

    assert late.review == Review.SUBMITTED
    assert case_queries.open_parties().filter(registration=late).exists()


def approves_from_monday(contested, before):
    """Publish rules that wait, let some register under them, and then rules that approve."""
    publish(rule("Wait", decision="person"), on=MONDAY.date() - timedelta(days=9))
    rows = before()
    publish(rule("All", decision="approve", contested=contested), on=MONDAY.date())
    return rows


def test_the_rules_give_no_partner_the_customer_beside_another_deal_of_its_own():
    seller = build.seller()
    approves_from_monday("shared", lambda: build.submitted(by=seller, **SAME))

    assert build.submitted(at=hours(1), by=seller, **SAME).review == Review.SUBMITTED


def test_the_rules_make_nobody_second_to_itself():
    seller = build.seller()
    approves_from_monday("second", lambda: build.approved(by=seller, **SAME))

    assert build.submitted(at=hours(1), by=seller, **SAME).review == Review.SUBMITTED


def test_the_rules_give_nobody_the_customer_alone_whose_rival_wants_something_else():
    approves_from_monday("shared", lambda: build.submitted("mesh", **SAME))

    assert build.submitted(at=hours(1), **SAME).review == Review.SUBMITTED


def test_whoever_the_rules_leave_to_a_person_at_the_last_moment_gets_a_case_and_is_asked_about(monkeypatch):
    publish(rule("All", decision="approve"), terms=Terms(opens_cases=True))
    holder, real, calls = build.submitted(**SAME), registrations.conflicts_of, []

    def seen_too_early(*args, **facts):
        calls.append(args)
        return [] if len(calls) == 1 else real(*args, **facts)

    monkeypatch.setattr(registrations, "conflicts_of", seen_too_early)
    late = build.submitted(at=hours(1), **SAME)

    assert (holder.is_protected, late.review) == (True, Review.SUBMITTED)
    assert case_queries.open_parties().filter(registration__in=[holder, late]).count() == 2


def test_a_deal_beside_others_is_not_amended_to_products_that_somebody_is_protected_for():
    publish(rule("All", contested="second"))
    build.approved(**SAME), build.approved("mesh", **SAME)
    seller = build.seller()
    second = build.submitted(at=hours(1), by=seller, **SAME)
    second = decisions.approve(second, by=build.manager(), at=hours(2), award=Award.SECOND)

    with acting_as(seller.actor):
        asked = amendments.propose(second, build.content("edge", "mesh", **SAME), by=seller, at=hours(3))
    with pytest.raises(Contested):
        amendments.approve(asked, by=build.manager(), at=hours(4))
