"""Applications take the course that the vendor's rules give them, and pass the steps that those name."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from partners.areas import problems_of
from partners.enums import ApplicationStatus as Status
from partners.models import Application, Partner
from partners.queries import application_approvals as ahead
from partners.queries import applications as queries
from partners.queries import past
from partners.rules.catalogue import APPLICATION
from partners.services import application_decisions as decisions
from partners.services import applications
from partners.services.applications import Content
from prm.accounts.models import Invitation, VendorProfile
from prm.accounts.roles import Role
from prm.approvals.models import Approval
from prm.approvals.services import NotYourTurn
from prm.custom_fields.kinds import KINDS
from prm.custom_fields.services import FieldTypeInUse, answer
from prm.policies import following, versions
from prm.policies.courses import Because
from prm.policies.models import CourseTaken, PolicyVersion, ReasonCode
from tests import build
from tests.build import MONDAY
from tests.deals.rulebook import EARLIER, every, rule, when
from tests.mdf.rulebook import body
from tests.partners import applicants
from tests.prm.custom_fields.asking import ask, change

pytestmark = pytest.mark.usefixtures("vendor")
LATER = MONDAY + timedelta(seconds=5)
LARGE = {"in": "answers", "any": every(when("question", "is", "staff"), when("number", "at_least", "20"))}
LEGAL = {"key": "legal", "name": "The contract is sound", "asked": [{"role": "finance"}]}
CHIEF = {"key": "chief", "name": "We want them", "asked": [{"role": "admin"}], "stage": 2}


def publish(*rules, **facts):
    made = body(*rules, **facts)
    assert not problems_of(made), problems_of(made)
    PolicyVersion.objects.filter(area=APPLICATION).delete()
    return versions.publish(APPLICATION, made, effective_on=EARLIER, at=MONDAY)


def ruled(**facts):
    application = applicants.applied(**facts)
    return decisions.follow(application, at=MONDAY)


def test_whoever_answers_well_becomes_a_partner_at_once():
    publish(rule("Large", LARGE, decision="approve"))

    application = ruled()

    assert (application.status, application.decided_by_id) == (Status.APPROVED, None)
    assert Invitation.objects.get(email=application.contact_email).invited_by_id is None
    assert following.matched(following.latest(application)) == ("Large",)
    assert ruled(answers={**applicants.ANSWERS, "staff": 3}).status == Status.SUBMITTED


def test_rules_about_applications_can_be_about_custom_fields_which_then_keep_their_type():
    heard = ask("Heard", "choice", "Fair", "Mail", of=APPLICATION)
    publish(rule("From a fair", when("custom.heard", "is", "fair"), decision="approve"))
    application = applicants.applied()
    answer(KINDS[APPLICATION], application, {"heard": "fair"}, seen={}, by=build.manager(), at=MONDAY)

    assert decisions.follow(application, at=MONDAY).status == Status.APPROVED
    assert ruled().status == Status.SUBMITTED
    with pytest.raises(FieldTypeInUse) as refusal:
        change(heard, type="text")
    assert refusal.value.facts["rules"] == ["From a fair"]


def test_rules_about_custom_fields_are_followed_though_something_else_they_name_is_gone():
    ask("Heard", "choice", "Fair", "Mail", of=APPLICATION)
    publish(
        rule("Old", when("country", "is", "FR"), decision="refuse", reason="territory_full"),
        rule("From a fair", when("custom.heard", "is", "fair"), decision="approve"),
    )
    ReasonCode.objects.filter(code="territory_full").delete()
    application = applicants.applied()
    answer(KINDS[APPLICATION], application, {"heard": "fair"}, seen={}, by=build.manager(), at=MONDAY)

    assert decisions.follow(application, at=MONDAY).status == Status.APPROVED


def test_whoever_agrees_to_no_messages_does_not_join():
    ask("Messages welcome", "boolean", is_required=True, of=APPLICATION)
    publish(rule("No consent", when("custom.messages_welcome", "is", False), decision="refuse", reason="other"))
    answered = {}
    for says in (True, False):
        form = replace(applicants.content(), custom={"messages_welcome": says})
        sent = applications.send(applicants.started()[0], form, at=MONDAY)
        answered[says] = decisions.follow(applications.confirm(sent, at=MONDAY), at=MONDAY).status

    assert answered == {True: Status.SUBMITTED, False: Status.REJECTED}


def test_following_the_rules_again_changes_nothing():
    publish(rule("Large", LARGE, decision="approve"))
    application = ruled()

    decisions.follow(application, at=LATER)

    assert CourseTaken.objects.count() == Partner.objects.count() == 1


def test_an_application_is_refused_with_the_reason_of_the_rule():
    publish(rule("Elsewhere", when("country", "is_not", "DE"), decision="refuse", reason="territory_full"))

    application = ruled(country="FR")

    assert (application.status, application.reason_code) == (Status.REJECTED, "territory_full")
    assert not Partner.objects.exists()


def test_who_may_be_known_already_is_for_a_person_whatever_rules_say():
    publish(rule("All", None, decision="approve"))
    build.partner(name="Applicant Known GmbH", website="known.example")

    application = ruled(company_name="Applicant Known GmbH", website="known.example")

    assert application.status == Status.SUBMITTED
    assert following.latest(application).because == Because.CONTESTED


def test_whose_contact_cannot_be_invited_is_for_a_person_whatever_rules_say():
    publish(rule("All", None, decision="approve", promise_days="1"))
    colleague = build.seller().user

    application = ruled(contact_email=colleague.email)

    assert application.status == Status.SUBMITTED
    assert application.decide_by == MONDAY + timedelta(days=1)
    assert not Partner.objects.filter(name=application.company_name).exists()
    assert following.latest(application).because == Because.CONTESTED


def test_steps_follow_one_another_and_only_the_last_makes_a_partner():
    publish(rule("All", None, decision="person", steps=["legal", "chief"], promise_days="1"), steps=(LEGAL, CHIEF))
    application, finance, admin = ruled(), build.member(Role.FINANCE), build.member(Role.ADMIN)
    place = applicants.placement(application)
    assert application.decide_by == MONDAY + timedelta(days=1)
    with pytest.raises(NotYourTurn):
        decisions.approve(application, place, by=admin, at=MONDAY)

    application = decisions.approve(application, place, by=finance, at=MONDAY)
    assert (application.status, Partner.objects.count()) == (Status.IN_REVIEW, 0)
    assert queries.rows_of(queries.View.MINE, admin, MONDAY).get() == application
    application = decisions.approve(application, place, by=admin, at=MONDAY)

    assert (application.status, Partner.objects.count()) == (Status.APPROVED, 1)


def test_a_step_that_names_a_person_gives_the_application_to_them():
    manager = build.manager()
    person = {"key": "maja", "name": "Maja knows them", "asked": [{"person": str(manager.user_id)}]}
    publish(rule("North", when("country", "is", "DE"), decision="person", steps=["maja"]), steps=(person,))

    application = ruled()

    assert application.owner_id == manager.user_id


def test_a_step_is_taken_back_and_a_withdrawn_application_asks_nobody():
    publish(rule("All", None, decision="person", steps=["legal", "chief"]), steps=(LEGAL, CHIEF))
    application, finance = ruled(), build.member(Role.FINANCE)
    application = decisions.approve(application, applicants.placement(application), by=finance, at=MONDAY)

    application = decisions.undo(application, by=finance, at=LATER)
    assert queries.rows_of(queries.View.MINE, finance, MONDAY).get() == application
    applications.withdraw(application, at=LATER)

    assert Approval.objects.get().status == Approval.Status.RECALLED


def test_past_applications_are_judged_under_a_draft():
    application = applicants.applied()
    draft = body(rule("Large", LARGE, decision="approve"))
    days = date(2026, 1, 1), MONDAY.date()

    (found,) = past.APPLICATIONS.compare(*days, after=None, limit=10, before_body={}, after_body=draft)

    assert (found.pk, found.changes(["decision"])) == (application.pk, [("decision", "person", "approve")])


def test_somebody_who_is_faster_than_the_rules_passes_their_steps_all_the_same():
    publish(rule("All", None, decision="person", steps=["legal"]), steps=(LEGAL,))
    manager, finance = build.manager(), build.member(Role.FINANCE)
    opened, fresh = decisions.open_review(applicants.applied(), by=manager, at=MONDAY), applicants.applied()

    decisions.follow(opened, at=MONDAY)
    assert Approval.objects.get().subject_id == opened.pk
    with pytest.raises(NotYourTurn):
        decisions.approve(fresh, applicants.placement(fresh), by=manager, at=MONDAY)
    with pytest.raises(NotYourTurn):
        decisions.reject(fresh, reason_code="other", note="", by=manager, at=MONDAY)
    approved = decisions.approve(fresh, applicants.placement(fresh), by=finance, at=MONDAY)

    assert approved.status == Status.APPROVED


def test_an_answer_asks_again_who_approved_what_it_changes():
    sound = {**LEGAL, "looks_at": ["answers"]}
    seen = {"key": "seen", "name": "We know the company", "asked": [{"role": "channel_manager"}]}
    seen |= {"looks_at": ["company"]}
    publish(rule("All", None, decision="person", steps=["legal", "seen", "chief"]), steps=(sound, seen, CHIEF))
    application = ruled()
    for by in (build.member(Role.FINANCE), build.manager()):
        application = decisions.approve(application, applicants.placement(application), by=by, at=MONDAY)
    fields = ("q_staff",)
    application = decisions.ask(application, question="How many?", fields=fields, by=build.manager(), at=MONDAY)

    applications.answer(application, Content(answers={"staff": 3}), text="Three", at=LATER)

    assert list(Approval.objects.get().asked) == ["legal"]


def test_own_fields_of_the_vendor_are_judged_again_and_ask_whom_the_rules_name_since():
    ask("Heard", "choice", "Fair", "Mail", of=APPLICATION)
    fair = rule("From a fair", when("custom.heard", "is", "fair"), decision="person", steps=["legal"])
    publish(fair, rule("Others", None, decision="person", steps=["chief"]), steps=(LEGAL, CHIEF))
    application = ruled()
    assert list(Approval.objects.get().asked) == ["chief"]

    answer(KINDS[APPLICATION], application, {"heard": "fair"}, seen={}, by=build.manager(), at=LATER)

    assert list(Approval.objects.get().asked) == ["legal"]


def test_deciding_locks_the_vendor_before_the_application():
    publish(rule("All", None, decision="person"))
    application = applicants.applied()

    with CaptureQueriesContext(connection) as caught:
        application = decisions.follow(application, at=MONDAY)
        application = decisions.reject(application, reason_code="other", note="", by=build.manager(), at=MONDAY)
    assert locked(caught)[:2] == ["vendor", "application"]
    with CaptureQueriesContext(connection) as caught:
        decisions.overturn(application, by=build.manager(), at=MONDAY, note="")
    assert locked(caught)[:2] == ["vendor", "application"]


def locked(caught):
    names = {VendorProfile._meta.db_table: "vendor", Application._meta.db_table: "application"}
    taken = [query["sql"].split('FROM "')[1].split('"')[0] for query in caught if "FOR UPDATE" in query["sql"]]
    return [names[table] for table in taken if table in names]


def test_before_it_is_confirmed_an_applicant_sees_which_roles_will_decide():
    publish(rule("Large", LARGE, steps=["legal", "chief"]), steps=(LEGAL, CHIEF))
    large = applicants.sent(answers=applicants.ANSWERS | {"staff": 50})

    plan = ahead.plan_ahead(large, at=MONDAY)

    assert [step.name for step in plan.steps] == ["The contract is sound", "We want them"]


def test_nobody_learns_by_applying_who_is_known_to_the_vendor():
    known = rule("Known", when("is_known", "is", True), steps=["legal"])
    publish(known, rule("All", steps=["chief"]), steps=(LEGAL, CHIEF))

    assert ahead.plan_ahead(applicants.sent(), at=MONDAY) is None
