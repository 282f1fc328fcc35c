"""What becomes of deals when the work with their partner ends."""

from datetime import timedelta

import pytest
from django.utils import timezone

from deals.enums import ProtectionState, Review, Stage
from deals.models import Protection
from deals.queries.terminations import endings_of
from deals.services import decisions, protection, terminations
from partners.services import partners
from prm.accounts.roles import Role
from prm.events.models import Event
from prm.events.outbox import deliver_due
from prm.notifications import words
from prm.notifications.models import Notification
from prm.tenancy.context import as_system
from tests import build
from tests.build import MONDAY
from tests.deals.rulebook import publish, rule


@pytest.fixture
def firm(vendor):
    manager = build.member(Role.CHANNEL_MANAGER, name="Tomás Ferreira")
    return build.partner("Northlight", channel_manager=manager.user)


@pytest.fixture
def seller(firm):
    return build.seller(firm)


def end(vendor, firm):
    """End the work with a partner and let everybody who listens do so."""
    partners.terminate(firm, reason="Insolvent", by=build.member(Role.ADMIN, name="Ingrid Solberg"), at=MONDAY)
    deliver_due(vendor.pk, now=timezone.now)


def test_a_termination_releases_protections_and_withdraws_what_is_undecided(vendor, seller, firm):
    protected = build.approved(by=seller)
    asked = build.submitted(by=seller)
    decisions.ask(asked, question="Who signs?", by=build.manager(), at=MONDAY)
    waiting, draft = build.submitted(by=seller), build.draft(by=seller)

    end(vendor, firm)

    for row in (protected, asked, waiting, draft):
        row.refresh_from_db()
    assert (protected.protection, protected.review) == (ProtectionState.RELEASED, Review.APPROVED)
    assert not Protection.objects.filter(registration=protected, is_in_force=True).exists()
    assert (asked.review, waiting.review, draft.review) == (Review.WITHDRAWN, Review.WITHDRAWN, Review.DRAFT)


def test_the_customer_of_a_terminated_partner_is_free_for_another(vendor, seller, firm):
    build.approved(by=seller, customer_website="globex.example")

    end(vendor, firm)

    assert build.approved(customer_website="globex.example").is_protected


def test_deals_of_other_partners_and_protections_that_are_over_stay(vendor, seller, firm):
    other, released = build.approved(), build.approved(by=seller)
    protection.release(released, by=seller, at=MONDAY)

    end(vendor, firm)

    other.refresh_from_db()
    assert other.is_protected
    assert Event.objects.filter(subject_id=released.pk, name="deals.protection.released").count() == 1


def test_the_history_says_why_and_by_whom(vendor, seller, firm):
    row = build.approved(by=seller)

    end(vendor, firm)

    event = Event.objects.get(subject_id=row.pk, name="deals.protection.released")
    assert event.payload["is_terminated"]
    assert event.by.name == "Ingrid Solberg"


def test_ending_a_deal_again_changes_nothing(vendor, seller, firm):
    row = build.approved(by=seller)

    first = terminations.end(row, by=None, at=MONDAY)
    again = terminations.end(row, by=None, at=MONDAY)

    assert first
    assert again is None
    assert Event.objects.filter(subject_id=row.pk, name="deals.protection.released").count() == 1


def test_the_channel_manager_is_told_of_all_deals_in_one_message(vendor, seller, firm):
    for _number in range(2):
        build.approved(by=seller)
    build.submitted(by=seller)

    end(vendor, firm)

    with as_system(vendor.pk):
        told = Notification.objects.filter(kind__startswith="deals.").exclude(kind="deals.registration_submitted")
        row = told.get()
    assert (row.kind, row.user.name) == ("deals.deals_ended", "Tomás Ferreira")
    said = words.of(row.kind, row.facts)
    assert said.subject == "The deals of Northlight have ended"
    assert "2 protections were released" in said.text
    assert "1 registration that was not decided was withdrawn" in said.text


def test_without_deals_nobody_is_told(vendor, firm):
    end(vendor, firm)

    with as_system(vendor.pk):
        assert not Notification.objects.filter(kind="deals.deals_ended").exists()


def test_a_suspension_releases_nothing(vendor, seller, firm):
    row = build.approved(by=seller)

    partners.suspend(firm, by=build.manager(), at=MONDAY)
    deliver_due(vendor.pk)

    row.refresh_from_db()
    assert row.is_protected


def test_what_a_termination_ends_is_counted_beforehand(vendor, seller, firm):
    build.approved(by=seller)
    for _number in range(2):
        build.submitted(by=seller)
    build.draft(by=seller)
    build.approved()

    assert [ending.count for ending in endings_of(firm)] == [1, 2, 0]


def test_a_termination_ends_what_is_approved_beside_others(vendor, seller, firm):
    publish(rule("All", decision="approve", contested="second"))
    same = {"customer_website": "globex.example", "customer_name": "Globex"}
    first = build.submitted(**same)
    second = build.submitted(by=seller, at=MONDAY + timedelta(hours=1), **same)
    assert [ending.count for ending in endings_of(firm) if ending.count] == [1]

    end(vendor, firm)

    for row in (first, second):
        row.refresh_from_db()
    assert (second.stage, second.is_in_force, first.is_protected) == (Stage.LOST, False, True)
