"""What only real, concurrent transactions can show."""

from collections import Counter

from partners.models import Application, Partner
from partners.services import application_decisions as decisions
from partners.services import applications
from partners.services.application_decisions import PartnerAlready
from partners.services.application_moves import ApplicationNotPossible
from prm.accounts.models import Invitation
from prm.events.models import Event
from prm.tenancy.context import acting_as, as_system
from tests import build
from tests.build import MONDAY
from tests.deals.services.test_races import at_once
from tests.partners import applicants

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
