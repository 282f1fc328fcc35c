"""What silence counts as for applications, where the vendor's rules say so."""

from datetime import timedelta

import pytest

from partners.enums import ApplicationStatus as Status
from partners.models import Partner
from partners.promises import promised
from partners.queries import application_approvals as ahead
from partners.queries import due
from partners.rules.catalogue import APPLICATION
from partners.services import application_decisions as decisions
from partners.services import applications
from partners.services.applications import Content
from prm.accounts.models import Invitation
from prm.approvals import queries as approvals
from prm.audit import words
from prm.events import outbox
from prm.events.models import Delivery, Event
from prm.notifications.models import Notification
from prm.policies import versions
from tests import build
from tests.build import MONDAY
from tests.deals.rulebook import EARLIER, rule, when
from tests.mdf.rulebook import body
from tests.partners import applicants

pytestmark = pytest.mark.usefixtures("vendor")
LEGAL = {"key": "legal", "name": "The contract is sound", "asked": [{"role": "channel_manager"}]}


@pytest.fixture(autouse=True)
def manager(vendor):
    return build.manager()


def publish(*rules, steps=(), **then):
    made = body(*(rules or [rule("All", None, **then)]), steps=steps)
    return versions.publish(APPLICATION, made, effective_on=EARLIER + timedelta(days=1), at=MONDAY)


def applied(**facts):
    return decisions.follow(applicants.applied(**facts), at=MONDAY)


def deem(row):
    """Let the clock do what it does after the promised time."""
    at = row.decide_by + timedelta(minutes=5)
    assert not list(due.undecided(row.decide_by))
    done = [decisions.deem(found, at=at) for found in due.undecided(at)]
    assert not list(due.undecided(at + timedelta(days=30))), "doing it again finds nothing"
    row.refresh_from_db()
    return done


def last(row):
    return Event.objects.filter(subject_id=row.pk).order_by("-at", "-id").first()


def test_silence_makes_a_partner_and_invites_its_administrator():
    publish(decision="person", deemed="approved")
    row = applied()

    assert deem(row) == [True]

    assert (row.status, row.partner, row.decided_by) == (Status.APPROVED, Partner.objects.get(), None)
    assert Invitation.objects.filter(email=row.contact_email).exists()
    event = Event.objects.get(subject_id=row.pk, name="partners.application.approved")
    assert "Nobody decided in time, so it counts as approved" in words.sentence(event)


def test_silence_rejects_for_the_reason_of_the_rules_and_whoever_decides_is_told(manager):
    publish(decision="person", deemed="rejected", reason="too_small")
    row = applied()

    assert deem(row) == [True]

    assert (row.status, row.reason_code) == (Status.REJECTED, "too_small")
    Delivery.objects.update(due_at=MONDAY)
    outbox.deliver_due(row.tenant_id)
    assert Notification.objects.filter(user=manager.user, kind="partners.deemed").exists()


def test_without_such_a_rule_silence_is_late_and_nothing_else():
    publish(decision="person")

    assert deem(applied()) == []


def test_silence_makes_nobody_a_partner_who_may_be_known():
    publish(decision="person", deemed="approved")
    build.partner(website="globex.example")
    row = applied(website="globex.example", contact_email="ida@globex.example")

    assert deem(row) == [False]

    assert (row.is_waiting, row.deemed, row.partner) == (True, "none", None)
    assert last(row).name == "partners.application_deeming.stopped"


def test_silence_never_approves_in_place_of_those_who_have_to_agree():
    publish(rule("All", None, decision="person", steps=["legal"], deemed="approved"), steps=[LEGAL])

    assert deem(applied()) == [False]


def test_nobody_is_asked_any_more_about_what_silence_rejected():
    publish(rule("All", None, decision="person", steps=["legal"], deemed="rejected"), steps=[LEGAL])
    row = applied()
    assert approvals.current_of(row)

    assert deem(row) == [True]
    assert approvals.current_of(row) is None


def test_where_rules_cannot_tell_silence_cannot_either():
    publish(rule("Valid", when("tax_id_is_valid", "is", True), decision="person", deemed="rejected"))

    assert deem(applied(tax_id="")) == []


def test_an_answer_that_came_when_the_time_was_over_leaves_it_to_a_person(manager):
    publish(decision="person", deemed="approved")
    row = applied()
    late = row.decide_by + timedelta(minutes=1)
    row = decisions.ask(row, question="Who sells?", fields=("city",), by=manager, at=late)
    row = applications.answer(row, Content({"city": "Kiel"}, {}), text="We do.", at=late + timedelta(hours=1))

    assert row.deemed == "none"


def test_the_page_of_promises_says_that_silence_may_decide():
    assert not promised().deemed

    publish(decision="person", deemed="rejected")

    assert promised().deemed


def test_silence_decides_nothing_that_a_person_has_just_taken_up_again(manager):
    publish(decision="person", deemed="approved")
    row = applied()
    late = row.decide_by + timedelta(seconds=3)
    decisions.reject(row, reason_code="too_small", note="", by=manager, at=row.decide_by)

    undone = decisions.undo(row, by=manager, at=late)

    assert (undone.status, undone.deemed) == (Status.SUBMITTED, "none")
    assert not list(due.undecided(late))


def test_nobody_learns_by_applying_what_answers_are_worth():
    publish(rule("Poor", when("score", "lte", 3), steps=["legal"]), rule("All"), steps=(LEGAL,))

    assert ahead.plan_ahead(applicants.sent(), at=MONDAY) is None
