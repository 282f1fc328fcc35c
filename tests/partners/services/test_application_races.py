"""What only real, concurrent transactions can show."""

from collections import Counter
from datetime import timedelta

import pytest

from partners.enums import ApplicationStatus as Status
from partners.models import Application, Partner
from partners.rules.catalogue import APPLICATION
from partners.services import application_decisions as decisions
from partners.services import applications
from partners.services.application_decisions import PartnerAlready
from partners.services.application_moves import ApplicationNotPossible
from prm.accounts.models import Invitation
from prm.events.models import Event
from prm.policies import versions
from prm.tenancy.context import acting_as, as_system
from tests import build
from tests.build import MONDAY
from tests.deals.rulebook import EARLIER, rule
from tests.mdf.rulebook import body
from tests.partners import applicants
from tests.races import at_once

MANAGERS = 8


def test_managers_approving_one_application_at_once_make_one_partner(committed):
    vendor = build.vendor()
    with as_system(vendor.pk):
        application = applicants.applied()
        managers = [build.manager() for _ in range(MANAGERS)]

    def approve(manager):
        with acting_as(manager.actor):
            return decisions.approve(application, applicants.placement(application), by=manager, at=MONDAY)

    answers = at_once([lambda m=m: approve(m) for m in managers])

    assert Counter(type(answer) for answer in answers) == {Application: 1, ApplicationNotPossible: MANAGERS - 1}
    with as_system(vendor.pk):
        assert Partner.objects.count() == Invitation.objects.count() == 1


def test_two_applications_of_one_company_approved_at_once_make_one_partner(committed):
    vendor = build.vendor()
    with as_system(vendor.pk):
        facts = {"website": "globex.example", "company_name": "Globex"}
        rivals = [applicants.applied(contact_email=f"{name}@globex.example", **facts) for name in "abcd"]
        manager = build.manager()

    def approve(application):
        with acting_as(manager.actor):
            return decisions.approve(application, applicants.placement(application), by=manager, at=MONDAY)

    answers = at_once([lambda a=a: approve(a) for a in rivals])

    assert Counter(type(answer) for answer in answers) == {Application: 1, PartnerAlready: len(rivals) - 1}
    with as_system(vendor.pk):
        assert Partner.objects.count() == 1


def test_a_link_opened_in_many_windows_submits_once(committed):
    vendor = build.vendor()
    with as_system(vendor.pk):
        application = applicants.sent()

    def confirm():
        with as_system(vendor.pk):
            return applications.confirm(application, at=MONDAY)

    answers = at_once([confirm] * MANAGERS)

    assert {answer.number for answer in answers} == {"AP-2026-000001"}
    with as_system(vendor.pk):
        assert Event.objects.filter(name="partners.application.submitted").count() == 1


# -- silence ---------------------------------------------------------------------------------------------
ROUNDS = 4
OUTCOMES = ("approved", "rejected", "withdrawn", "expired")


def silent(*, deemed, **facts):
    """An application of which silence decides, and the moment after the promised time."""
    then = {"decision": "person", "deemed": deemed} | ({"reason": "too_small"} if deemed == "rejected" else {})
    made = body(rule("All", None, **then))
    versions.publish(APPLICATION, made, effective_on=EARLIER + timedelta(days=1), at=MONDAY)
    row = decisions.follow(applicants.applied(**facts), at=MONDAY)
    return row, row.decide_by + timedelta(minutes=5)


def within(vendor, work, *args, **facts):
    """Do something as the platform, in a thread of its own."""

    def call():
        with as_system(vendor.pk):
            return work(*args, **facts)

    return call


@pytest.mark.parametrize("deemed", ["approved", "rejected"])
def test_silence_counts_once_however_many_workers_hear_it(committed, deemed):
    vendor = build.vendor()
    with as_system(vendor.pk):
        build.manager()
        row, late = silent(deemed=deemed)

    answers = at_once([within(vendor, decisions.deem, row, at=late)] * MANAGERS)

    assert Counter(answers) == {True: 1, False: MANAGERS - 1}
    with as_system(vendor.pk):
        made = 1 if deemed == "approved" else 0
        assert Application.objects.get().status == deemed
        assert Partner.objects.count() == Invitation.objects.count() == made
        assert Event.objects.filter(name=f"partners.application.{deemed}").count() == 1


@pytest.mark.parametrize("deemed", ["approved", "rejected"])
def test_of_silence_people_and_the_applicant_at_once_exactly_one_decides(committed, deemed):
    vendor = build.vendor()
    with as_system(vendor.pk):
        manager, other = build.manager(), build.manager()
        rows = [silent(deemed=deemed) for _ in range(ROUNDS)]
    said = {"reason_code": "no_fit", "note": "No."}

    for row, late in rows:
        place = applicants.placement(row)
        answers = at_once(
            [
                within(vendor, decisions.deem, row, at=late),
                within(vendor, decisions.deem, row, at=late),
                within(vendor, decisions.approve, row, place, by=manager, at=late),
                within(vendor, decisions.reject, row, **said, by=other, at=late),
                within(vendor, applications.withdraw, row, at=late),
            ]
        )
        assert all(isinstance(answer, bool | Application | ApplicationNotPossible) for answer in answers), answers
        assert sum(answer is True or isinstance(answer, Application) for answer in answers) == 1, answers

    with as_system(vendor.pk):
        ended = Application.objects.values_list("status", flat=True)
        assert Partner.objects.count() == sum(status == Status.APPROVED for status in ended)
        for row, _late in rows:
            names = [f"partners.application.{outcome}" for outcome in OUTCOMES]
            assert Event.objects.filter(subject_id=row.pk, name__in=names).count() == 1


def test_silence_about_one_company_twice_makes_one_partner(committed):
    vendor = build.vendor()
    with as_system(vendor.pk):
        build.manager()
        facts = {"website": "globex.example", "company_name": "Globex"}
        rivals = [silent(deemed="approved", contact_email=f"{name}@globex.example", **facts) for name in "abcd"]

    answers = at_once([within(vendor, decisions.deem, row, at=late) for row, late in rivals])

    assert not any(isinstance(answer, Exception) for answer in answers), answers
    with as_system(vendor.pk):
        assert Partner.objects.count() == answers.count(True) <= 1
        left = Application.objects.exclude(status=Status.APPROVED)
        assert {(row.status, row.deemed) for row in left} == {(Status.SUBMITTED, "none")}


def test_silence_never_decides_over_a_question_that_is_asked_at_the_same_moment(committed):
    vendor = build.vendor()
    with as_system(vendor.pk):
        manager = build.manager()
        rows = [silent(deemed="approved") for _ in range(ROUNDS)]

    for row, late in rows:
        done, asked = at_once(
            [
                within(vendor, decisions.deem, row, at=late),
                within(vendor, decisions.ask, row, question="Who sells?", by=manager, at=late),
            ]
        )
        assert (done is True) is isinstance(asked, ApplicationNotPossible), (done, asked)

    with as_system(vendor.pk):
        assert Partner.objects.count() == Application.objects.filter(status=Status.APPROVED).count()
