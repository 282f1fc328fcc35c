"""Approvals of a record are decided once, by those who are asked, and follow what changes."""

from datetime import UTC, datetime, timedelta

import pytest

from prm.accounts.roles import Role
from prm.approvals import queries, services
from prm.approvals.models import Approval, ApprovalDecision, StandIn
from prm.approvals.plans import Facts, plan
from prm.approvals.services import DecisionStands, NotYourTurn
from prm.events.models import Delivery, Event
from prm.tenancy.context import acting_as
from tests import build
from tests.build import MONDAY
from tests.prm.approvals.sample import OWNER, person, role, step, within

pytestmark = pytest.mark.usefixtures("vendor")
TODAY = MONDAY.date()
SALES, LEGAL = step("sales"), step("legal", role("finance"), stage=2)


def started(*steps, by=None, subject=None, **facts):
    return services.start(subject or build.draft(), plan(steps, Facts(**facts)), requested_by=by, at=MONDAY)


def waiting(member, at=MONDAY):
    return list(queries.waiting_for(member, at))


def away(absent, stand_in, starts_on=TODAY, ends_on=TODAY):
    who = {"user_id": absent.user_id, "stand_in_id": stand_in.user_id, "set_by_id": absent.user_id}
    return StandIn.objects.create(**who, starts_on=starts_on, ends_on=ends_on, set_at=MONDAY)


def names(approval):
    return [name.rpartition(".")[2] for name in _events(approval)]


def _events(approval):
    events = Event.objects.filter(subject_id=approval.subject_id, name__startswith="prm.approval")
    return events.order_by("at", "id").values_list("name", flat=True)


def test_each_stage_is_asked_when_the_one_before_agreed():
    manager, finance = build.manager(), build.member(Role.FINANCE)
    approval = started(SALES, LEGAL)
    assert (waiting(manager), waiting(finance)) == ([approval], [])

    approval = services.approve(approval, by=manager, at=MONDAY, note="Good")
    assert (approval.status, waiting(manager), waiting(finance)) == ("waiting", [], [approval])
    approval = services.approve(approval, by=finance, at=MONDAY)

    assert (approval.status, waiting(finance), approval.closed_at) == ("approved", [], MONDAY)
    assert names(approval) == ["started", "given"], "the record's own service says how it ended"


def test_a_partner_starts_and_recalls_an_approval_without_seeing_it():
    manager, seller = build.manager(), build.seller()
    subject = build.draft(by=seller)
    with acting_as(seller.actor):
        approval = services.start(subject, plan([SALES], Facts()), requested_by=seller, at=MONDAY)
        assert not Approval.objects.exists()
        assert not Event.objects.filter(name__startswith="prm.approval").exists()
    assert waiting(manager) == [approval]

    with acting_as(seller.actor):
        services.recall(subject, by=seller, at=MONDAY)

    approval.refresh_from_db()
    assert (approval.status, waiting(manager)) == ("recalled", [])
    with pytest.raises(NotYourTurn):
        services.approve(approval, by=manager, at=MONDAY)


def test_a_refusal_keeps_its_reason_and_ends_it():
    manager = build.manager()

    approval = services.reject(started(SALES, LEGAL), reason_code="price", note="Too low", by=manager, at=MONDAY)

    decision = ApprovalDecision.objects.get()
    assert (approval.status, decision.reason_code, decision.note) == ("rejected", "price", "Too low")


def test_nobody_decides_what_they_asked_for_and_does_not_find_it_waiting():
    manager = build.manager()
    build.manager()
    approval = started(SALES, by=manager)

    assert waiting(manager) == []
    with pytest.raises(NotYourTurn) as refused:
        services.approve(approval, by=manager, at=MONDAY)
    assert "asked for themselves" in refused.value.sentence


def test_where_nobody_is_left_an_administrator_decides():
    admin, manager = build.member(Role.ADMIN), build.manager()
    approval = started(step("sales", person(manager.user_id)), by=manager)

    assert waiting(admin) == [approval]
    assert services.approve(approval, by=admin, at=MONDAY).status == "approved"


def test_an_administrator_does_not_decide_instead_of_somebody_who_can():
    admin = build.member(Role.ADMIN)
    build.manager()
    approval = started(SALES)

    assert waiting(admin) == []
    with pytest.raises(NotYourTurn):
        services.approve(approval, by=admin, at=MONDAY)


def test_a_stand_in_decides_for_whoever_is_away_and_it_says_so():
    owner, colleague = build.manager(), build.manager()
    approval = started(step("owner", OWNER), owner=str(owner.user_id))
    assert waiting(colleague) == []
    away(owner, colleague)
    assert waiting(colleague) == [approval]

    services.approve(approval, by=colleague, at=MONDAY)

    decision = ApprovalDecision.objects.get()
    assert (decision.by, decision.on_behalf) == (colleague.user, owner.user)


def test_a_stand_in_needs_the_same_right_and_only_has_it_meanwhile():
    owner, finance, colleague = build.manager(), build.member(Role.FINANCE), build.manager()
    approval = started(step("owner", OWNER), owner=str(owner.user_id))
    away(owner, finance)
    assert waiting(finance) == []
    StandIn.objects.update(stand_in=colleague.user)

    assert waiting(colleague) == [approval]
    assert waiting(colleague, MONDAY + timedelta(days=1)) == []


def test_nobody_decides_their_own_request_through_a_stand_in():
    owner, colleague = build.manager(), build.manager()
    started(step("owner", OWNER), by=owner, owner=str(owner.user_id))
    away(owner, colleague)

    assert waiting(colleague) == []


def test_a_change_asks_only_those_again_who_looked_at_it():
    manager, finance = build.manager(), build.member(Role.FINANCE)
    looking = [step("sales", looks_at=frozenset({"value"})), step("legal", role("finance"), looks_at=frozenset("x"))]
    subject = build.draft()
    approval = started(*looking, subject=subject)
    services.approve(approval, by=manager, at=MONDAY)
    assert services.approve(approval, by=finance, at=MONDAY).status == "approved"

    later = MONDAY + timedelta(hours=1)
    changed = services.amend(subject, plan(looking, Facts()), facts={"value"}, by=None, at=later)

    assert changed.status == "waiting"
    assert (waiting(manager), waiting(finance)) == ([approval], [])
    assert names(approval)[-1] == "touched"
    assert services.approve(approval, by=manager, at=later).status == "approved"


def test_a_change_that_nobody_looked_at_changes_nothing():
    manager = build.manager()
    subject, looking = build.draft(), [step("sales", looks_at=frozenset({"value"}))]
    services.approve(started(*looking, subject=subject), by=manager, at=MONDAY)

    assert services.amend(subject, plan(looking, Facts()), facts={"notes"}, by=None, at=MONDAY).status == "approved"
    assert services.amend(build.draft(), plan(looking, Facts()), facts={"notes"}, by=None, at=MONDAY) is None


def test_a_decision_is_taken_back_before_others_are_told():
    manager, finance = build.manager(), build.member(Role.FINANCE)
    approval = started(SALES, LEGAL)
    services.approve(approval, by=manager, at=MONDAY)

    approval = services.undo(approval, by=manager, at=MONDAY)

    assert (waiting(manager), waiting(finance), approval.status) == ([approval], [], "waiting")
    assert approval.asked == {"sales": MONDAY.isoformat()}
    given = Event.objects.get(name="prm.approval.given")
    assert not Delivery.objects.filter(subject_id=given.pk, status="pending").exclude(handler="prm.audit.seal").exists()
    assert names(approval) == ["started", "given", "undone"]


@pytest.mark.parametrize("late", [True, False])
def test_a_decision_stands_once_its_time_is_over_or_another_followed(late):
    manager, finance = build.manager(), build.member(Role.FINANCE)
    approval = started(SALES, LEGAL)
    services.approve(approval, by=manager, at=MONDAY)
    if not late:
        services.approve(approval, by=finance, at=MONDAY)

    with pytest.raises(DecisionStands):
        services.undo(approval, by=manager, at=MONDAY + timedelta(seconds=11 if late else 1))


def test_the_last_decision_and_a_refusal_are_taken_back_too():
    manager = build.manager()
    approval = started(SALES)
    services.approve(approval, by=manager, at=MONDAY)
    assert services.undo(approval, by=manager, at=MONDAY).status == "waiting"
    services.reject(approval, reason_code="price", note="", by=manager, at=MONDAY)

    assert services.undo(approval, by=manager, at=MONDAY).status == "waiting"
    assert waiting(manager) == [approval]


def test_when_time_is_over_the_next_person_may_decide_and_it_is_told_once():
    manager, boss = build.manager(), build.member(Role.EXECUTIVE)
    approval = started(step("sales", **within(30, role("executive"))))
    due = MONDAY + timedelta(hours=30)
    assert not queries.late(due - timedelta(minutes=1)).exists()
    assert list(queries.late(due)) == [approval]

    assert services.escalate(approval, at=due) == ("sales",)
    assert services.escalate(approval, at=due + timedelta(days=9)) == ()

    assert not queries.late(due + timedelta(days=9)).exists()
    assert waiting(boss) == waiting(manager) == [approval]
    assert names(approval) == ["started", "escalated"]


def test_time_counts_open_hours_and_stands_still_while_the_partner_has_to_answer():
    friday = datetime(2026, 11, 27, 22, tzinfo=UTC)
    subject = build.draft()
    approval = services.start(
        subject, plan([step("sales", **within(6, role("executive")))], Facts()), requested_by=None, at=friday
    )
    assert approval.next_late_at == datetime(2026, 11, 30, 4, tzinfo=UTC)

    services.pause(subject, at=friday + timedelta(hours=1))
    services.pause(subject, at=friday + timedelta(hours=2))
    approval.refresh_from_db()
    assert approval.next_late_at is None
    services.resume(subject, at=datetime(2026, 12, 1, 12, tzinfo=UTC))
    approval.refresh_from_db()

    assert approval.next_late_at == datetime(2026, 12, 1, 17, tzinfo=UTC)
    services.approve(approval, by=build.manager(), at=datetime(2026, 12, 1, 13, tzinfo=UTC))
    assert ApprovalDecision.objects.get().took == timedelta(hours=2)
