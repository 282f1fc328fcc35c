"""What becomes of marketing money when the work with a partner ends."""

from datetime import timedelta

import pytest
from django.utils import timezone

from mdf.enums import RequestStatus as Status
from mdf.models import FundRequest
from mdf.queries.terminations import endings_of
from mdf.services import balances, claim_decisions, claims, terminations
from partners.services import partners
from prm.accounts.roles import Role
from prm.events.outbox import UNDO_TIME, deliver_due
from prm.notifications.models import Notification
from prm.tenancy.context import as_system
from tests import build
from tests.build import MONDAY
from tests.mdf import build as mdf
from tests.mdf import claim_build as made
from tests.mdf.claim_build import AFTER


@pytest.fixture(autouse=True)
def storage(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def end(vendor, firm):
    """End the work with a partner and let everybody who listens do so."""
    partners.terminate(firm, reason="Insolvent", by=build.member(Role.ADMIN), at=MONDAY)
    deliver(vendor)


def deliver(vendor):
    deliver_due(vendor.pk, now=lambda: timezone.now() + UNDO_TIME + timedelta(seconds=1))


def status_of(request):
    return FundRequest.objects.get(pk=request.pk).status


def test_a_termination_frees_reservations_and_withdraws_what_waits(vendor):
    share = mdf.allocation(10_000)
    approved = mdf.approved(share)
    waiting, draft = mdf.submitted(share), mdf.draft(share)
    other = mdf.approved()
    assert mdf.held(share).reserved == 2_000

    end(vendor, share.partner)

    statuses = [status_of(request) for request in (approved, waiting, draft, other)]
    assert statuses == [Status.CANCELLED, Status.WITHDRAWN, Status.DRAFT, Status.APPROVED]
    assert (mdf.held(share).reserved, mdf.held(share).available) == (0, 10_000)
    assert balances.check(at=MONDAY) == 0
    with as_system(vendor.pk):
        told = Notification.objects.filter(kind="mdf.fund_requests_ended").first()
    assert (told.facts["freed"], told.facts["withdrawn"], told.facts["claimed"]) == (1, 1, 0)


def test_an_open_claim_keeps_its_money_until_it_is_decided(vendor):
    claim = made.submitted()
    share, firm = claim.allocation, claim.partner
    before = mdf.held(share)
    assert [ending.count for ending in endings_of(firm)] == [0, 0, 1]

    end(vendor, firm)

    assert status_of(claim.request) == Status.APPROVED
    assert mdf.held(share) == before

    claim_decisions.reject(claim, reason_code="late", note="", by=build.manager(), at=AFTER)
    deliver(vendor)

    assert status_of(claim.request) == Status.CANCELLED
    assert mdf.held(share).reserved == 0
    assert balances.check(at=AFTER) == 0


def test_a_claim_of_a_partner_that_stays_frees_nothing(vendor):
    claim = made.submitted()

    claims.withdraw(claim, by=made.owner_of(claim), at=AFTER)
    deliver(vendor)

    assert status_of(claim.request) == Status.APPROVED


def test_ending_a_request_again_moves_no_money(vendor):
    request = mdf.approved()

    assert terminations.end(request, by=None, at=MONDAY) == Status.CANCELLED
    after = mdf.held(request.allocation)

    assert terminations.end(request, by=None, at=MONDAY) is None
    assert mdf.held(request.allocation) == after
