"""Registrations whose rules name approval steps wait until all of those asked agreed."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from deals.areas import problems_of
from deals.enums import Review
from deals.models import Protection
from deals.services import decisions, drafts, registrations, terminations
from deals.services.decisions import Contested, TooLateToUndo
from prm.accounts.models import Membership
from prm.accounts.roles import Role
from prm.approvals import queries
from prm.approvals.plans import Hindrance
from prm.approvals.services import DecisionStands, NotYourTurn
from prm.events.models import Event
from prm.events.outbox import UNDO_TIME
from prm.tenancy.context import acting_as
from tests import build
from tests.build import MONDAY
from tests.deals.rulebook import body, eur, publish, rule, ruling, when

pytestmark = pytest.mark.usefixtures("vendor")
SALES = {"key": "sales", "name": "Sales", "asked": [{"role": "channel_manager"}]}
LEGAL = {"key": "legal", "name": "Legal", "asked": [{"role": "finance"}], "stage": 2, "looks_at": ["value"]}


@pytest.fixture
def rules():
    publish(rule("All", decision="approve", steps=["sales", "legal"]), steps=[SALES, LEGAL])


@pytest.fixture
def manager():
    return build.manager()


@pytest.fixture
def finance():
    return build.member(Role.FINANCE)


def approve(registration, by, **facts):
    return decisions.approve(registration, by=by, at=facts.pop("at", MONDAY), **facts)


def status(registration):
    return queries.latest_of(registration).status


def internal(registration):
    names = Event.objects.filter(subject_id=registration.pk, partner_path="").order_by("at", "id")
    return [name.rpartition(".")[2] for name in names.values_list("name", flat=True)]


def test_the_last_of_those_asked_approves(rules, manager, finance):
    registration = build.submitted()

    between = approve(registration, manager)
    assert (between.review, between.version, status(between)) == (Review.SUBMITTED, registration.version, "waiting")
    assert not Protection.objects.exists()
    after = approve(between, finance, only_if_asked=True, version=registration.version)

    assert (after.review, after.decided_by_id, status(after)) == (Review.APPROVED, finance.user_id, "approved")
    assert Protection.objects.count() == 1


def test_nobody_decides_out_of_turn(rules, manager, finance):
    registration = build.submitted()
    with pytest.raises(NotYourTurn) as early:
        approve(registration, finance)
    approve(registration, manager)

    with pytest.raises(NotYourTurn) as twice:
        approve(registration, manager)
    with pytest.raises(NotYourTurn):
        decisions.reject(registration, reason_code="other", note="No", by=manager, at=MONDAY)

    assert (early.value.facts["hindrance"], twice.value.facts["hindrance"]) == (Hindrance.NOT_YET, Hindrance.ALREADY)
    registration.refresh_from_db()
    assert registration.review == Review.SUBMITTED


def test_who_only_agrees_to_steps_decides_nothing_else(finance):
    registration = build.submitted()

    for decide in (
        lambda **by: decisions.approve(registration, **by),
        lambda **by: decisions.reject(registration, reason_code="other", note="No", **by),
        lambda **by: decisions.ask(registration, question="Why?", **by),
    ):
        with pytest.raises(NotYourTurn):
            decide(by=finance, at=MONDAY, only_if_asked=True)


def test_a_step_refuses_for_all(rules, manager, finance):
    registration = approve(build.submitted(), manager)

    registration = decisions.reject(registration, reason_code="other", note="Too risky", by=finance, at=MONDAY)

    assert (registration.review, registration.decision_note) == (Review.REJECTED, "Too risky")
    assert status(registration) == "rejected"


def test_what_is_contested_is_not_agreed_to(rules, manager, finance):
    late = build.submitted(customer_website="globex.example")
    approve(approve(build.submitted(customer_website="globex.example"), manager), finance)

    with pytest.raises(Contested):
        approve(late, build.manager())

    assert not queries.decisions_of(queries.latest_of(late))


def test_an_agreement_is_taken_back_before_others_follow(rules, manager, finance):
    registration = approve(build.submitted(), manager)
    with pytest.raises(DecisionStands):
        decisions.undo(registration, by=finance, at=MONDAY)

    decisions.undo(registration, by=manager, at=MONDAY)

    assert not queries.decisions_of(queries.latest_of(registration))
    with pytest.raises(NotYourTurn):
        approve(registration, finance)
    approve(registration, manager)


def test_the_last_agreement_is_taken_back_with_the_approval(rules, manager, finance):
    registration = approve(approve(build.submitted(), manager), finance)

    registration = decisions.undo(registration, by=finance, at=MONDAY)

    assert (registration.review, status(registration)) == (Review.SUBMITTED, "waiting")
    assert not Protection.objects.exists()
    assert "undone" not in internal(registration), "the registration says it itself"
    assert approve(registration, finance).review == Review.APPROVED


def test_undoing_has_its_time(rules, manager, finance):
    registration = approve(approve(build.submitted(), manager), finance)

    with pytest.raises(TooLateToUndo):
        decisions.undo(registration, by=finance, at=MONDAY + UNDO_TIME + timedelta(seconds=1))

    assert status(registration) == "approved"


def test_a_partner_that_withdraws_recalls_it(rules, manager):
    seller = build.seller()
    registration = build.submitted(by=seller)

    with acting_as(seller.actor):
        registrations.withdraw(registration, by=seller, at=MONDAY)

    assert status(registration) == "recalled"
    assert internal(registration) == ["started", "recalled"]


def test_the_end_of_the_work_with_a_partner_recalls_it(rules):
    registration = build.submitted()

    terminations.end(registration, by=None, at=MONDAY)

    assert status(registration) == "recalled"


def answered(registration, *fields, by, at=MONDAY, **changes):
    """A question about some facts, and the partner's answer; the rest stays as it was."""
    decisions.ask(registration, question="Is it so?", fields=fields, by=build.manager(), at=at)
    content = drafts.Content(changes)
    with acting_as(by.actor):
        return registrations.answer(registration, content, text="Now", by=by, at=at + timedelta(hours=2))


def test_a_change_asks_again_only_whom_it_touches(manager, finance):
    steps = [SALES | {"looks_at": ["close_on"]}, LEGAL | {"stage": 1}]
    publish(rule("All", decision="approve", steps=["sales", "legal"]), steps=steps)
    seller = build.seller()
    registration = approve(build.submitted(by=seller), manager)

    answered(registration, "value", by=seller, value_amount=Decimal(99))
    assert [row.is_stale for row in queries.decisions_of(queries.latest_of(registration))] == [False]
    later = MONDAY + timedelta(hours=3)
    answered(registration, "close_on", by=seller, at=later, close_on=date(2027, 5, 5))

    assert [row.is_stale for row in queries.decisions_of(queries.latest_of(registration))] == [True]
    assert internal(registration)[-1] == "touched"
    approve(registration, finance, at=later + timedelta(hours=3))
    assert approve(registration, manager, at=later + timedelta(hours=4)).review == Review.APPROVED


def test_a_change_that_no_rule_asks_about_any_more_recalls_it(manager):
    publish(rule("Large", when("value", "over", eur(1000)), decision="approve", steps=["sales"]), steps=[SALES])
    seller = build.seller()
    registration = build.submitted(by=seller)

    answered(registration, "value", by=seller, value_amount=Decimal(10))

    assert status(registration) == "recalled"
    assert approve(registration, build.manager()).review == Review.APPROVED


def test_a_change_may_be_what_asks_for_it(manager):
    publish(rule("Large", when("value", "over", eur(90000)), decision="approve", steps=["sales"]), steps=[SALES])
    seller = build.seller()
    registration = build.submitted(by=seller)
    assert queries.latest_of(registration) is None

    answered(registration, "value", by=seller, value_amount=Decimal(100_000))

    assert status(registration) == "waiting"


def test_asking_lets_the_time_of_steps_stand_still(manager):
    in_time = SALES | {"within": {"count": 2, "unit": "days"}, "then": [{"role": "executive"}]}
    publish(rule("All", decision="approve", steps=["sales"]), steps=[in_time])
    seller = build.seller()
    registration = build.submitted(by=seller)
    due = queries.latest_of(registration).next_late_at

    decisions.ask(registration, question="Why?", by=manager, at=MONDAY)
    assert queries.latest_of(registration).next_late_at is None
    with acting_as(seller.actor):
        registrations.answer(registration, None, text="So", by=seller, at=MONDAY + timedelta(hours=5))

    assert queries.latest_of(registration).next_late_at == due + timedelta(hours=5)


def test_a_question_that_is_taken_back_lets_the_time_run_on(rules, manager):
    registration = build.submitted()

    decisions.ask(registration, question="Why?", by=manager, at=MONDAY)
    decisions.undo(registration, by=manager, at=MONDAY)

    assert [end is None for _start, end in queries.latest_of(registration).pauses] == [False]


@pytest.mark.parametrize(("deemed", "review"), [("approved", Review.APPROVED), ("rejected", Review.REJECTED)])
def test_silence_decides_over_the_heads_of_those_asked(deemed, review, manager):
    publish(rule("All", decision="approve", steps=["sales"], deemed=deemed), steps=[SALES])
    registration = build.submitted()
    later = registration.decide_by + timedelta(minutes=1)

    assert decisions.deem(registration, at=later)

    registration.refresh_from_db()
    assert (registration.review, status(registration)) == (review, "recalled")
    decisions.undo(registration, by=manager, at=later)
    assert status(registration) == "waiting"
    assert approve(registration, manager, at=later).review == Review.APPROVED


def test_amounts_and_the_owner_of_the_partner_say_who_is_asked(finance):
    manager = build.manager()
    up_to = {"role": "channel_manager", "up_to": eur(10_000)}
    step = SALES | {"asked": [up_to, {"owner": True}]}
    publish(rule("All", decision="approve", steps=["sales"]), steps=[step])
    owner = build.member(Role.FINANCE)
    seller = build.seller(of=build.partner(channel_manager=owner.user))
    registration = build.submitted(by=seller, value_amount=Decimal(20_000))

    with pytest.raises(NotYourTurn) as refused:
        approve(registration, manager)
    assert refused.value.facts["hindrance"] == Hindrance.LIMIT
    assert approve(registration, owner, only_if_asked=True).review == Review.APPROVED


def test_steps_that_are_gone_from_the_rules_leave_it_to_a_person(manager):
    registration = build.submitted()

    assert ruling(registration).effects.get("steps") is None
    assert approve(registration, manager).review == Review.APPROVED


def test_a_step_names_only_who_works_here(finance):
    named = body(rule("All", steps=["legal"]), steps=[LEGAL | {"asked": [{"person": str(finance.user_id)}]}])
    assert not problems_of(named)

    Membership.objects.filter(pk=finance.pk).update(status=Membership.Status.SUSPENDED)

    (problem,) = problems_of(named)
    assert (problem.path, problem.code) == (("steps", 0, "asked", 0), "unknown_person")


def test_why_another_was_passed_over_is_kept_once_when_nobody_else_has_to_agree(rules, manager, finance):
    same = {"customer_website": "globex.example", "customer_name": "Globex"}
    build.submitted(**same)
    late = build.submitted(at=MONDAY + timedelta(hours=1), **same)

    for by in (manager, finance):
        assert "overridden" not in internal(late)
        late = approve(late, by, aside="It knows the customer.", at=MONDAY + timedelta(hours=2))

    assert internal(late).count("overridden") == 1
