"""Appealing the refusal of a quote's discounts, and what overturning it does."""

from datetime import timedelta

import pytest
import time_machine

from prm.accounts.roles import Role
from prm.disputes import services
from prm.disputes.services import NothingToAppeal, NotNeutral, TooLateToAppeal
from prm.events.models import Event
from prm.tenancy.context import acting_as
from quotes.enums import Approval, Status
from quotes.models import QuoteRevision
from quotes.queries import approvals as queries
from quotes.services import approvals, issuing, quotes
from quotes.services.moves import NotPossible
from quotes.views import timeline
from tests import build
from tests.build import MONDAY
from tests.deals.rulebook import rule
from tests.deals.views.test_registering import signed_in
from tests.quotes import build as quoting
from tests.quotes.rulebook import publish

SAID = {"reason_code": "facts_overlooked", "text": "The rival gives more."}
OUTCOME = {"reason_code": "evidence_convinces", "note": "Right."}
LATER = MONDAY + timedelta(hours=1)


@pytest.fixture(autouse=True)
def terms(vendor):
    return quoting.terms()


@pytest.fixture
def seller(vendor):
    return build.seller()


@pytest.fixture
def first(vendor):
    return build.member(Role.CHANNEL_MANAGER, name="First")


@pytest.fixture
def neutral(vendor):
    return build.member(Role.ADMIN, name="Neutral")


@pytest.fixture
def refused(seller, first):
    revision = quoting.requested(quoting.some(quoting.usual(), 10, special=20), by=seller)
    return approvals.reject(revision, reason_code="too_high", note="Too much.", by=first, at=MONDAY)


def appeal(revision, by, at=LATER):
    with acting_as(by.actor):
        return services.appeal(revision, **SAID, by=by, at=at)


def test_an_overturned_refusal_is_an_approval_that_can_be_issued(refused, seller, neutral):
    dispute = appeal(refused, seller)
    services.overturn(dispute, **OUTCOME, by=neutral, at=LATER)

    revision = QuoteRevision.objects.get(pk=refused.pk)
    assert (revision.status, revision.approval) == (Status.APPROVED, Approval.APPROVED)
    assert queries.outlook_of(revision).is_clear
    assert issuing.issue(revision, by=seller, at=LATER).status == Status.ISSUED


def test_whoever_refused_is_not_neutral(refused, seller, first):
    with pytest.raises(NotNeutral):
        services.overturn(appeal(refused, seller), **OUTCOME, by=first, at=LATER)


def test_what_was_changed_since_cannot_be_appealed_or_overturned(refused, seller, neutral):
    dispute = appeal(refused, seller)
    lines = quoting.content(quoting.some(queries.pricing.lines_of(refused.pk)[0].product, 10, special=25))
    changed = quotes.save(refused, lines, by=seller, at=LATER)

    with pytest.raises(NothingToAppeal):
        services.overturn(dispute, **OUTCOME, by=neutral, at=LATER)
    assert changed.status == Status.DRAFT


def test_what_is_changed_at_the_last_moment_is_not_approved_for_it(refused, neutral, seller):
    lines = quoting.content(quoting.some(queries.pricing.lines_of(refused.pk)[0].product, 10, special=60))
    quotes.save(refused, lines, by=seller, at=LATER)

    with pytest.raises(NotPossible):
        approvals.overturn(refused, by=neutral, at=LATER, note="Right.")
    assert QuoteRevision.objects.get().approval == Approval.REJECTED


def test_what_rules_refuse_alone_is_not_appealed(seller):
    publish(rule("All", None, decision="refuse", reason="too_high"))
    revision = quotes.send(
        quoting.drafted(quoting.some(quoting.usual(), 10, special=20), by=seller), by=seller, at=MONDAY
    )

    with pytest.raises(NothingToAppeal):
        appeal(revision, seller)


def test_after_the_last_day_it_is_too_late(refused, seller):
    with pytest.raises(TooLateToAppeal):
        appeal(refused, seller, at=MONDAY + timedelta(days=15))


def test_the_quote_tells_of_it_and_its_page_offers_it(refused, seller, neutral):
    with time_machine.travel(LATER, tick=False):
        page = signed_in(seller)
        assert "disputes" in page.get(f"{page.portal}/quotes/{refused.quote_id}/").content.decode()
        services.overturn(appeal(refused, seller), **OUTCOME, by=neutral, at=LATER)
        shown = signed_in(neutral).get(f"{page.portal}/quotes/{refused.quote_id}/")

    assert shown.status_code == 200
    assert Event.objects.filter(subject_id=refused.quote_id, name="prm.dispute.overturned").exists()
    assert timeline.entries(refused.quote, neutral)
