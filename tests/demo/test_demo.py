import json
from collections import Counter
from datetime import date, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from deals.areas import problems_of
from deals.demo.plots import PLOTS
from deals.enums import Because, ExtensionStatus, ProtectionState, Review, Stage
from deals.models import (
    ConflictCase,
    CustomerMerge,
    DirectOpportunity,
    DirectTouch,
    EndCustomer,
    Extension,
    Registration,
    RegistrationLine,
    Ruling,
)
from deals.queries.conflicts import conflicts_of
from deals.queries.terms import pinned
from deals.rules.terms import AREA
from deals.services.vendors import REASONS
from partners.enums import PartnerStatus, PartnerType, TierReason
from partners.models import Partner, TierMembership
from prm.accounts import memberships
from prm.accounts.models import Invitation, Membership, User
from prm.accounts.roles import Role
from prm.clocks import calendars
from prm.clocks.hours import day_of
from prm.demo import logins
from prm.demo.people import PASSWORD
from prm.documents.models import Document, PrivateDocument
from prm.events.models import Delivery, Event
from prm.events.outbox import SEAL
from prm.files.models import File
from prm.notifications.models import OutgoingMail
from prm.policies import versions
from prm.questions.models import Question
from prm.tenancy.context import acting_as, as_system
from prm.tenancy.models import Vendor
from quotes.enums import OrderStatus, Status, StepStatus
from quotes.models import Order, QuoteApprovalStep, QuoteLine, QuoteRevision
from quotes.queries import pricing
from quotes.rules import pricing as rules
from quotes.rules.terms import LADDER
from tests.demo.conftest import NOW

pytestmark = pytest.mark.usefixtures("demo")


def everywhere(question):
    """Ask the same of each vendor and return all answers in one list."""
    answers = []
    for vendor in Vendor.objects.order_by("slug"):
        with as_system(vendor.pk):
            answers += question()
    return answers


def test_there_are_two_vendors_with_thirteen_partners_each_and_forty_people():
    partners = everywhere(lambda: [Counter(Partner.objects.values_list("tenant__slug", flat=True))])

    assert partners == [{"halyard": 13}, {"ostwerk": 13}]
    assert User.objects.count() == 40


def test_there_are_people_in_every_role_and_one_with_both_vendors():
    members = everywhere(lambda: list(Membership.objects.values_list("role", "user_id")))

    assert {role for role, _ in members} == set(Role.values)
    assert [count for count in Counter(user for _, user in members).values() if count > 1] == [2]
    assert User.objects.filter(is_operator=True).count() == 1


def test_each_vendor_keeps_its_opening_hours_and_holidays():
    for vendor in Vendor.objects.all():
        with as_system(vendor.pk):
            calendar = calendars.default()
            assert not calendar.opens_on(date(2026, 12, 25))
            assert calendar.days[date(2026, 4, 6)].name in ("Easter Monday", "Ostermontag")
            assert {
                day_of(row.decide_by, calendar.zone).isoweekday()
                for row in Registration.objects.filter(decide_by__isnull=False)
            } <= {1, 2, 3, 4, 5}


def test_partners_are_of_every_type_and_stand_in_two_tiers():
    partners = everywhere(lambda: list(Partner.objects.all()))

    assert {partner.type for partner in partners} == set(PartnerType.values)
    below = Counter(partner.distributor_id for partner in partners if partner.distributor_id)
    assert sorted(below.values()) == [2, 2]
    assert {PartnerStatus.ONBOARDING, PartnerStatus.SUSPENDED} < {partner.status for partner in partners}


def test_one_firm_works_with_both_vendors():
    names = Counter(everywhere(lambda: list(Partner.objects.values_list("name", flat=True))))

    assert [name for name, count in names.items() if count == 2] == ["Quadrant Engineering GmbH"]


def test_partners_have_moved_between_tiers():
    reasons = everywhere(lambda: list(TierMembership.objects.values_list("reason", flat=True)))

    assert {TierReason.MIGRATION, TierReason.EARNED, TierReason.DEMOTION} <= set(reasons)


def test_there_are_150_registrations_in_every_state_of_every_axis():
    registrations = everywhere(lambda: list(Registration.objects.all()))

    assert len(registrations) == 150
    assert {row.review for row in registrations} == set(Review.values)
    assert {row.protection for row in registrations} == set(ProtectionState.values)
    assert {row.stage for row in registrations} == set(Stage.values)


def test_two_spellings_of_one_customer_wait_for_a_decision_and_two_others_were_merged():
    with as_system(Vendor.objects.get(slug="halyard").pk):
        late = Registration.objects.waiting().get(customer_name="Stichting Ziekenhuis Maasoever")
        conflicts = conflicts_of(late, families=[], today=NOW.date(), terms=pinned(late.policy))
        merged = CustomerMerge.objects.select_related("kept").get()

        assert [conflict.likeness.may_be_same for conflict in conflicts if conflict.likeness] == [True]
        assert merged.kept.other_names == ["Rikswakten Säkerhet"]


def test_every_plot_and_every_reason_for_a_rejection_is_used():
    told = everywhere(lambda: list(Event.objects.values_list("name", flat=True)))
    reasons = everywhere(
        lambda: list(Registration.objects.filter(review="rejected").values_list("reason_code", flat=True))
    )

    assert set(reasons) == set(REASONS["deals.registration"])
    assert {"deals.decision.undone", "deals.extension.rejected", "deals.protection.reminded"} <= set(told)
    assert {"deals.protection.expired", "deals.protection.revoked", "prm.comment.added"} <= set(told)
    assert {"prm.dispute.raised", "prm.dispute.upheld", "prm.dispute.overturned"} <= set(told)
    assert len(PLOTS) == 26


def test_older_registrations_stand_under_the_first_terms():
    numbers = everywhere(lambda: list(Registration.objects.values_list("policy__number", flat=True)))

    assert set(numbers) == {None, 1, 2, 3}


def test_something_is_due_today_something_is_late_and_something_ends_in_nine_days():
    with as_system(Vendor.objects.get(slug="halyard").pk):
        waiting = list(Registration.objects.waiting())
        ostrava = Registration.objects.get(customer_name="Ostrava Rail a.s.")

        assert any(day_of(row.decide_by, "Europe/Berlin") == NOW.date() and row.decide_by > NOW for row in waiting)
        assert any(row.decide_by < NOW for row in waiting)
        assert ostrava.days_left(NOW.date()) == 9
        assert Extension.objects.filter(status=ExtensionStatus.PENDING).exists()
        assert Question.objects.filter(
            subject_type=Registration._meta.label_lower, answered_at__isnull=True, answer_by__gt=NOW
        ).exists()


def test_rivals_meet_at_one_customer_under_other_names():
    with as_system(Vendor.objects.get(slug="halyard").pk):
        aveiro = EndCustomer.objects.get(name="Port of Aveiro")
        late = Registration.objects.get(customer_name="Nordhavn Logistik A/S")
        families = RegistrationLine.objects.filter(registration=late).values_list("family_id", flat=True)
        conflicts = conflicts_of(late, families=families, today=NOW.date(), terms=pinned(late.policy))

        assert aveiro.registrations.values("partner").distinct().count() == 2
        assert [conflict.blocks_approval for conflict in conflicts] == [True]


def test_one_vendor_has_business_of_its_own_and_a_conflict_to_decide():
    with as_system(Vendor.objects.get(slug="halyard").pk):
        assert DirectOpportunity.objects.count() == 3
        assert DirectTouch.objects.count() == 3
        assert ConflictCase.objects.get().parties.count() == 2


def test_the_history_is_in_the_order_of_time_and_ends_now():
    for vendor in Vendor.objects.all():
        with as_system(vendor.pk):
            times = list(Event.objects.order_by("recorded_at").values_list("at", flat=True))

        assert times[0] < NOW - timedelta(days=365)
        assert times == sorted(times)
        assert times[-1] <= NOW


def test_a_partner_sees_nothing_of_another():
    members = everywhere(lambda: list(Membership.objects.exclude(partner_id=None).exclude(reaches_below=True)))

    for member in members:
        with acting_as(member.actor):
            seen = {row.partner_id for row in Registration.objects.all()}
        assert seen <= {member.partner_id}


def test_nobody_gets_mail_about_the_past():
    waiting = everywhere(
        lambda: list(
            Delivery.objects.filter(status=Delivery.Status.PENDING)
            .exclude(handler=SEAL)
            .values_list("handler", flat=True)
        )
    )

    assert set(waiting) == {"prm.documents.rendering.write"}, "only papers wait, for the worker"
    assert everywhere(lambda: list(OutgoingMail.objects.all())) == []


def test_a_second_start_changes_nothing_but_writes_the_logins_again(demo, settings):
    settings.VAR_DIR = demo
    before = everywhere(lambda: [Event.objects.count()])

    call_command("demo", "--if-empty")

    assert everywhere(lambda: [Event.objects.count()]) == before
    logins = json.loads((demo / "demo.json").read_text())
    assert {login["password"] for login in logins} == {PASSWORD}
    assert [login["vendor"] for login in logins if login["email"].startswith("k.wojcik")] == ["Halyard", "Ostwerk"]
    assert logins[-1]["start"] == "/operator/"


def test_whoever_is_shown_as_a_login_finds_pages_that_work(client):
    for email in logins.SHOWN:
        user = User.objects.get(email=email)
        client.force_login(user)
        for portal in memberships.portals_of(user):
            pages = [portal.url, f"{portal.url}deals/", f"{portal.url}notifications/", f"{portal.url}people/"]
            with acting_as(portal.membership.actor):
                deal = (
                    Registration.objects.visible_to(portal.membership).exclude(review=Review.DRAFT).latest("saved_at")
                )
            pages.append(f"{portal.url}deals/{deal.pk}/")
            assert {page: client.get(page).status_code for page in pages if client.get(page).status_code >= 500} == {}


def test_files_and_open_invitations_are_there():
    assert everywhere(
        lambda: [File.objects.filter(subject_type="deals.registration", status=File.Status.CLEAN).count()]
    ) == [3, 2]
    assert everywhere(lambda: list(Invitation.objects.values_list("status", flat=True))) == ["open"] * 4


def test_the_demo_refuses_a_portal_that_has_vendors():
    with pytest.raises(CommandError):
        call_command("demo")


def test_somebody_of_the_demo_can_sign_in(client, settings):
    address = reverse("account_login", urlconf=settings.ROOT_URLCONF)

    answer = client.post(address, {"login": "maja.lindqvist@northlight.example", "password": PASSWORD})

    assert answer.status_code == 302


def test_one_vendor_has_rules_a_trace_for_what_came_since_and_a_draft_to_try():
    with as_system(Vendor.objects.get(slug="halyard").pk):
        draft = versions.draft_of(AREA)
        traced = Ruling.objects.exclude(trace=[])

        assert not problems_of(draft.body)
        assert draft.body["steps"]
        assert traced.exists()
        assert not traced.filter(because=Because.UNCERTAIN).exists()


def test_there_is_a_quote_in_each_state_and_an_order_in_several():
    found, moved = Counter(), Counter()
    for vendor in Vendor.objects.all():
        with as_system(vendor.pk):
            found += Counter(QuoteRevision.objects.values_list("status", flat=True))
            moved += Counter(Order.objects.values_list("status", flat=True))

    assert set(found) == set(Status.values)
    assert len(moved) >= 4
    assert {OrderStatus.FULFILLED, OrderStatus.REQUESTED} <= set(moved)


def test_every_issued_quote_recomputes_from_its_stored_steps_to_the_cent():
    seen = 0
    for vendor in Vendor.objects.all():
        with as_system(vendor.pk):
            for revision in QuoteRevision.objects.filter(issued_at__isnull=False).select_related("quote"):
                lines = pricing.lines_of(revision.pk)
                again = [pricing.recomputed(line, revision.quote.currency) for line in lines]
                totals = rules.totals(again, revision.quote.currency, tax_percent=revision.tax_percent)
                assert [line.net_unit for line in lines] == [priced.unit.amount for priced in again]
                assert (revision.net_total, revision.tax_total) == (totals.net.amount, totals.tax.amount)
                assert revision.list_total == totals.list_price.amount
                seen += len(lines)

    assert seen > 20


def test_every_issued_quote_is_sealed_and_has_both_papers():
    for vendor in Vendor.objects.all():
        with as_system(vendor.pk):
            issued = QuoteRevision.objects.filter(issued_at__isnull=False)
            assert not QuoteLine.objects.filter(revision__in=issued, is_sealed=False).exists()
            for revision in issued:
                assert Document.objects.filter(pk=revision.document_id).exists()
                papers = [Document, PrivateDocument]
                assert any(model.objects.filter(pk=revision.resale_document_id).exists() for model in papers)


def test_every_step_of_the_ladder_waits_for_somebody_and_some_for_a_channel_manager():
    found = Counter()
    for vendor in Vendor.objects.all():
        with as_system(vendor.pk):
            steps = QuoteApprovalStep.objects.filter(status=StepStatus.WAITING)
            found[vendor.slug] += steps.filter(role=Role.CHANNEL_MANAGER).count()
            found.update(steps.values_list("role", flat=True))

    assert {rung.role for rung in LADDER if rung.role} <= set(found)
    assert min(found["halyard"], found["ostwerk"]) >= 2
