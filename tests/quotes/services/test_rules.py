"""Quotes take the course that the vendor's rules give them, and pass the steps that those and the ladder name."""

from datetime import date, timedelta

import pytest

from prm.accounts.roles import Role
from prm.approvals import services as agreement
from prm.approvals import standing_in
from prm.approvals.models import Approval
from prm.events.models import Event
from prm.policies import following
from prm.policies.courses import Because
from prm.policies.models import CourseTaken
from prm.tenancy.context import acting_as
from quotes.areas import problems_of
from quotes.enums import Approval as Agreed
from quotes.enums import Status
from quotes.models import Price
from quotes.queries import approvals as queries
from quotes.queries import inbox, past
from quotes.services import approvals, issuing, quotes
from quotes.services.approvals import NotYourStep, TooLateToUndo
from quotes.services.issuing import ApprovalMissing, RefusedByRules
from tests import build
from tests.build import MONDAY
from tests.deals.rulebook import eur, rule, when
from tests.mdf.rulebook import body
from tests.quotes import build as quoting
from tests.quotes.rulebook import publish

LATER = MONDAY + timedelta(seconds=5)
LEGAL = {"key": "legal", "name": "The terms are sound", "asked": [{"role": "finance"}]}
OWNER = {"key": "owner", "name": "The partner can do it", "asked": [{"owner": True}], "stage": 2}
LARGE = when("value", "at_least", eur(900))


@pytest.fixture(autouse=True)
def terms(vendor):
    return quoting.terms()


def steps(revision):
    return [(step.label, step.status) for step in queries.steps_of(revision)]


def sent(*lines, **facts):
    by = build.seller()
    return quotes.send(quoting.drafted(*lines, by=by, **facts), by=by, at=MONDAY)


def special(percent, quantity=10):
    return quoting.some(quoting.usual(), quantity, special=percent)


def test_what_rules_approve_is_issued_at_once_whatever_the_ladder_asks():
    publish(rule("Small", when("value", "at_most", eur(1_000)), decision="approve"))

    revision = sent(special(20))

    assert revision.state == (Status.APPROVED, Agreed.NOT_REQUIRED)
    assert following.matched(following.latest(revision)) == ("Small",)
    cleared = Event.objects.get(name="quotes.quote.cleared")
    assert cleared.payload["rules"] == ["Small"]
    assert issuing.issue(revision, by=build.seller(), at=MONDAY).status == Status.ISSUED


def test_without_rules_that_say_anything_the_ladder_decides_as_ever():
    publish(rule("Huge", when("value", "over", eur(90_000)), decision="refuse", reason="other"))

    assert sent(special(5)).status == Status.APPROVED
    assert steps(sent(special(20))) == [("Channel manager", "waiting")]


def test_what_rules_refuse_is_a_draft_again_with_their_reason():
    publish(rule("Too much", when("special", "over", "15"), decision="refuse", reason="too_high"))

    revision = sent(special(20))

    assert revision.state == (Status.DRAFT, Agreed.REJECTED)
    refused = Event.objects.get(name="quotes.approval.refused")
    assert (refused.by_id, refused.payload["reason_code"]) == (None, "too_high")
    assert not Approval.objects.exists()
    with pytest.raises(RefusedByRules) as refusal:
        issuing.issue(quoting.drafted(special(20)), by=build.seller(), at=MONDAY)
    assert str(refusal.value.facts["reason"]) in refusal.value.sentence


def test_steps_of_rules_are_asked_beside_those_of_the_ladder():
    publish(rule("Large", LARGE, decision="person", steps=["legal"]), steps=(LEGAL,))

    revision = sent(special(15, 20))

    assert steps(revision) == [("Channel manager", "waiting"), ("The terms are sound", "waiting")]
    revision = approvals.approve(revision, by=build.manager(), at=MONDAY)
    assert revision.status == Status.PENDING_APPROVAL
    revision = approvals.approve(revision, by=build.member(Role.FINANCE), at=MONDAY)
    assert revision.state == (Status.APPROVED, Agreed.APPROVED)


def test_steps_of_rules_stand_in_the_place_of_the_ladder_where_a_rule_says_so():
    publish(rule("Large", LARGE, decision="person", steps=["legal"], ladder="instead"), steps=(LEGAL,))

    assert steps(sent(special(15, 20))) == [("The terms are sound", "waiting")]


def test_steps_follow_one_another_by_stage_and_the_second_asks_who_looks_after_the_partner():
    publish(rule("Large", LARGE, decision="person", steps=["legal", "owner"]), steps=(LEGAL, OWNER))
    manager, finance = build.manager(), build.member(Role.FINANCE)
    partner = build.partner(channel_manager=manager.user)
    by = build.seller(partner)

    revision = quotes.send(quoting.drafted(by=by), by=by, at=MONDAY)

    assert inbox.rows_of(inbox.View.TEAM, finance, MONDAY).get() == revision
    assert not inbox.rows_of(inbox.View.TEAM, manager, MONDAY).exists()
    with pytest.raises(NotYourStep):
        approvals.approve(revision, by=manager, at=MONDAY)
    approvals.approve(revision, by=finance, at=MONDAY)
    assert inbox.rows_of(inbox.View.MINE, manager, MONDAY).get() == revision
    assert approvals.approve(revision, by=manager, at=MONDAY).status == Status.APPROVED


def test_a_rule_that_names_nobody_leaves_it_to_whoever_looks_after_partners():
    publish(rule("Large", LARGE, decision="person", guidance="Read the contract."))

    revision = sent()

    assert steps(revision) == [("Somebody who looks after partners", "waiting")]
    assert approvals.approve(revision, by=build.manager(), at=MONDAY).status == Status.APPROVED


def test_what_rules_cannot_tell_waits_for_a_person():
    publish(rule("New customers", when("customer_is_new", "is", True), decision="approve"))

    revision = sent()

    assert revision.status == Status.PENDING_APPROVAL
    assert following.latest(revision).because == Because.UNCERTAIN


def test_a_partner_sends_without_seeing_what_the_rules_said():
    publish(rule("Large", LARGE, decision="person", steps=["legal"]), steps=(LEGAL,))
    by = build.seller()
    draft = quoting.drafted(by=by)

    with acting_as(by.actor):
        revision = quotes.send(draft, by=by, at=MONDAY)
        assert not CourseTaken.objects.exists()
        assert not Approval.objects.exists()

    assert revision.status == Status.PENDING_APPROVAL
    assert CourseTaken.objects.count() == 1


def test_a_quote_that_a_rule_stops_is_not_issued_past_it():
    publish(rule("Large", LARGE, decision="person", steps=["legal"]), steps=(LEGAL,))

    with pytest.raises(ApprovalMissing) as refusal:
        issuing.issue(quoting.drafted(), by=build.seller(), at=MONDAY)

    assert refusal.value.facts["roles"] == ["The terms are sound"]


def test_a_step_that_does_not_look_at_what_changed_is_not_asked_again():
    dates = {**LEGAL, "looks_at": ["valid_until"]}
    goods = {**LEGAL, "key": "goods", "name": "It can be delivered", "looks_at": ["lines"]}
    publish(rule("Large", LARGE, decision="person", steps=["legal", "goods"]), steps=(dates, goods))
    by, finance = build.seller(), build.member(Role.FINANCE)
    revision = quotes.send(quoting.drafted(by=by), by=by, at=MONDAY)
    revision = approvals.approve(revision, by=finance, at=MONDAY)
    revision = approvals.approve(revision, by=build.member(Role.FINANCE), at=MONDAY)
    revision = approvals.reopen(revision, by=by, at=MONDAY)

    revision = quotes.save(revision, quoting.content(quoting.some(quoting.usual(), 12)), by=by, at=MONDAY)
    revision = quotes.send(revision, by=by, at=LATER)

    assert steps(revision)[-1] == ("It can be delivered", "waiting")
    assert steps(revision)[:2] == [("The terms are sound", "approved"), ("It can be delivered", "stale")]


def test_whoever_stands_in_decides_for_who_is_away():
    manager, other = build.manager(), build.member(Role.CHANNEL_MANAGER)
    person = {"key": "maja", "name": "Maja agrees", "asked": [{"person": str(manager.user_id)}]}
    publish(rule("Large", LARGE, decision="person", steps=["maja"]), steps=(person,))
    days = {"starts_on": MONDAY.date(), "ends_on": MONDAY.date()}
    standing_in.set_absence(member=manager, stand_in=other, by=manager, at=MONDAY, **days)
    revision = sent()

    assert inbox.rows_of(inbox.View.TEAM, other, MONDAY).get() == revision
    assert approvals.approve(revision, by=other, at=MONDAY).status == Status.APPROVED


def test_when_its_time_is_over_the_next_may_decide_too():
    late = {**LEGAL, "within": {"count": 1, "unit": "days"}, "then": [{"role": "executive"}]}
    publish(rule("Large", LARGE, decision="person", steps=["legal"]), steps=(late,))
    revision, executive = sent(), build.member(Role.EXECUTIVE)
    with pytest.raises(NotYourStep):
        approvals.approve(revision, by=executive, at=MONDAY)

    agreement.escalate(Approval.objects.get(), at=MONDAY + timedelta(days=2))

    later = MONDAY + timedelta(days=2)
    assert approvals.approve(revision, by=executive, at=later).status == Status.APPROVED


def test_a_decision_on_a_step_is_taken_back_at_once():
    publish(rule("Large", LARGE, decision="person", steps=["legal"]), steps=(LEGAL,))
    revision, finance = sent(), build.member(Role.FINANCE)
    approvals.approve(revision, by=finance, at=MONDAY)

    revision = approvals.undo(revision, by=finance, at=LATER)

    assert revision.state == (Status.PENDING_APPROVAL, Agreed.PENDING)
    assert steps(revision) == [("The terms are sound", "waiting")]
    with pytest.raises(TooLateToUndo):
        approvals.undo(revision, by=finance, at=LATER)


def test_a_recalled_or_withdrawn_quote_asks_nobody_any_more():
    by = build.seller()
    first, second = quoting.requested(by=by), quoting.requested(by=by)

    approvals.recall(first, by=by, at=MONDAY)
    issuing.withdraw(second, by=by, at=MONDAY)

    assert {approval.status for approval in Approval.objects.all()} == {Approval.Status.RECALLED}
    assert steps(second) == [("Channel manager", "dropped")]


@pytest.mark.parametrize(
    ("condition", "outcome"),
    [
        ({"in": "lines", "any": when("special", "over", "15")}, True),
        ({"in": "lines", "all": when("special", "over", "15")}, False),
        ({"total": "lines", "how": "sum", "of": "quantity", "is": "over", "value": "10"}, True),
        (when("discount", "over", "15"), False),
        (when("margin", "under", "10"), True),
        ({"in": "lines", "none": when("margin", "under", "50")}, False),
        (when("currency", "is", "EUR"), True),
        (when("is_protected", "is", False), True),
        ({"total": "quotes", "how": "count", "is": "at_least", "value": "1"}, False),
        (when("validity", "at_most", {"count": 30, "unit": "days"}), True),
        (when("customer_lists", "not_given"), False),
    ],
)
def test_rules_can_be_about_lines_sums_margins_and_what_was_before(condition, outcome):
    cheap, dear = quoting.product(), quoting.product()
    quoting.price_list({cheap: 10, dear: 1_000})
    publish(rule("This", condition, decision="refuse", reason="other"))
    Price.objects.filter(product=dear).update(cost=950)
    Price.objects.filter(product=cheap).update(cost=7)

    revision = sent(quoting.some(cheap, 10, special=20), quoting.some(dear, 1))

    assert (revision.approval == Agreed.REJECTED) is outcome


def test_past_quotes_are_judged_under_a_draft_and_stay_as_they_are():
    small, large = sent(special(20, 5)), sent(special(20, 50))
    never = quoting.drafted()
    days = date(2026, 1, 1), MONDAY.date()
    draft = body(rule("Large", when("value", "over", eur(1_000)), decision="refuse", reason="too_high"))

    found = past.QUOTES.compare(*days, after=None, limit=10, before_body={}, after_body=draft)

    assert never.pk not in [row.pk for row in found]
    changed = {row.pk: row.changes(["decision"]) for row in found}
    assert changed == {small.pk: [], large.pk: [("decision", "person", "refuse")]}
    large.refresh_from_db()
    assert large.status == Status.PENDING_APPROVAL


def test_steps_of_rules_never_carry_the_name_of_a_rung():
    taken = {**LEGAL, "key": "ladder-admin"}

    found = problems_of(body(steps=(taken,)))

    assert [problem.code for problem in found] == ["key_taken"]
