"""Approving several requests at once."""

import re
from datetime import timedelta

import pytest
import time_machine

from mdf.enums import RequestStatus
from mdf.models import FundRequest
from mdf.services import decisions
from prm.events.models import Event
from prm.tenancy.context import as_system
from tests import build
from tests.build import MONDAY
from tests.mdf import build as mdf

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(MONDAY + timedelta(hours=1), tick=False):
        yield


@pytest.fixture
def manager(vendor):
    return build.manager()


@pytest.fixture
def post(client, vendor, manager):
    """Send the ticked rows as the inbox, or the page that confirms them, does."""
    client.force_login(manager.user, backend=BACKEND)

    def send(where, ticks):
        url = f"/{vendor.slug}/funds/requests/to-decide/{where}/?view=team"
        return client.post(url, {"id": ticks}).content.decode()

    return send


def tick(request):
    return f"{request.pk}.{request.version}"


def status_of(request):
    return FundRequest.objects.get(pk=request.pk).status


def ticked_again(page):
    return re.findall(r'<input type="hidden" name="id" value="([^"]+)">', page)


def test_what_each_would_reserve_is_said_before_anything_happens(post):
    share = mdf.allocation(5_000)
    first, second, third = (mdf.submitted(share, title=f"Roadshow {number}") for number in (1, 2, 3))
    large = mdf.submitted(mdf.allocation(20_000, of=mdf.fund(50_000)), title="Trade fair", costs=(12_000,))
    before, told = mdf.held(share), Event.objects.count()

    page = post("selection", [tick(row) for row in (first, second, third, large)])

    assert "Approve 3 requests as they were asked for?" in page
    assert "€4,000" in page
    assert "1 of 2 approvals" in page
    assert "€2,000 is more than the €1,000 that is there." in page
    assert ticked_again(page) == [tick(row) for row in (first, second, large)]
    assert {status_of(row) for row in (first, second, third, large)} == {RequestStatus.SUBMITTED}
    assert (mdf.held(share), Event.objects.count()) == (before, told)


def test_each_is_approved_on_its_own_and_can_be_undone(post, manager, client, vendor):
    share = mdf.allocation(5_000)
    first, second, third, stale = (mdf.submitted(share, title=f"Roadshow {number}") for number in (1, 2, 3, 4))
    own = mdf.submitted(title="Own dinner")
    FundRequest.objects.filter(pk=own.pk).update(owner=manager.user_id)
    decisions.open_review(stale, by=build.manager(), at=MONDAY)

    page = post("approval", [tick(row) for row in (stale, own, first, second, third)] + ["nonsense", "x.1"])

    assert "2 requests approved" in page
    assert [status_of(row) for row in (first, second, third)] == [
        RequestStatus.APPROVED,
        RequestStatus.APPROVED,
        RequestStatus.SUBMITTED,
    ]
    assert mdf.held(share).reserved == 4_000
    assert f"{stale.number} changed while it was open here" in page
    assert "Nobody decides what they asked for themselves." in page

    client.post(f"/{vendor.slug}/funds/requests/{second.pk}/undo/")
    assert status_of(second) == RequestStatus.SUBMITTED
    assert mdf.held(share).reserved == 2_000


def test_the_second_step_approves_what_the_first_agreed_to(post):
    request = mdf.submitted(mdf.allocation(20_000, of=mdf.fund(50_000)), costs=(9_000, 4_000))
    request = decisions.approve(request, mdf.amounts_of(request, 4_500, 1_000), by=build.manager(), at=MONDAY)

    assert "€5,500" in post("selection", [tick(request)])
    post("approval", [tick(request)])

    assert FundRequest.objects.get(pk=request.pk).approved_amount == 5_500


def test_nothing_that_can_be_approved_offers_no_approval(post):
    request = mdf.approved()

    page = post("selection", [tick(request)])

    assert "None of these can be approved as asked" in page
    assert ticked_again(page) == []


def test_at_most_fifty_are_approved_at_once(post, monkeypatch):
    monkeypatch.setattr("mdf.views.bulk.AT_MOST", 1)
    rows = [mdf.submitted(), mdf.submitted()]

    assert "1 more was left as it is" in post("approval", [tick(row) for row in rows])
    assert FundRequest.objects.filter(status=RequestStatus.APPROVED).count() == 1


def test_another_vendors_request_is_passed_over(post):
    with as_system(build.vendor().pk):
        theirs = mdf.submitted()

    assert "0 requests approved" in post("approval", [tick(theirs)])
    with as_system(theirs.tenant_id):
        assert status_of(theirs) == RequestStatus.SUBMITTED
