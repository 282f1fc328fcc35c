"""The inbox of quote approvals, and the pages around it."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from prm.accounts.roles import Role
from prm.events import outbox
from prm.notifications.models import Notification
from quotes.enums import Approval, Counted, Status
from quotes.models import QuoteRevision
from quotes.services import approvals, quotes
from tests import build
from tests.quotes import build as quoting

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture(autouse=True)
def terms(vendor):
    return quoting.terms()


class Desk:
    """Somebody at a browser without scripts, or with htmx."""

    def __init__(self, vendor, member):
        self.home, self.client = f"/{vendor.slug}", Client()
        self.client.force_login(member.user, backend=BACKEND)

    def get(self, path, **facts):
        return self.client.get(f"{self.home}/{path}", **facts)

    def post(self, path, form=None, **facts):
        return self.client.post(f"{self.home}/{path}", form or {}, **facts)


@pytest.fixture
def manager(vendor):
    return build.manager()


@pytest.fixture
def desk(vendor, manager):
    return Desk(vendor, manager)


def asked(**facts):
    return quoting.requested(at=timezone.now(), **facts)


def test_the_first_quote_stands_beside_the_list_with_its_waterfall_and_the_amount_in_the_button(desk):
    asked()

    page = desk.get("quotes/to-approve/").content.decode()

    assert "Special discount" in page
    assert "Approve €800" in page
    assert "20% off" in page


def test_an_approval_leads_to_the_next_quote_and_can_be_undone(desk):
    first, second = asked(), asked(customer_name="Globex")

    answer = desk.post(f"quotes/revisions/{first.pk}/approval/?view=team", {"version": first.version}, follow=True)

    page = answer.content.decode()
    assert "Approved €800 for" in page
    assert answer.redirect_chain[-1][0].startswith(f"{desk.home}/quotes/to-approve/{second.pk}/")
    desk.post(f"quotes/revisions/{first.pk}/undo/")
    first.refresh_from_db()
    assert first.state == (Status.PENDING_APPROVAL, Approval.PENDING)


def test_htmx_gets_the_next_quote_the_list_and_a_toast(desk):
    first, _second = asked(), asked(customer_name="Globex")

    answer = desk.post(
        f"quotes/revisions/{first.pk}/approval/?view=team", {"version": first.version}, headers={"HX-Request": "true"}
    )

    page = answer.content.decode()
    assert answer["HX-Retarget"] == "#item"
    assert "Globex" in page
    assert 'class="toast' in page
    assert "</html>" not in page


def test_a_stale_page_is_answered_with_the_quote_as_it_is_now(desk):
    revision = asked()

    answer = desk.post(f"quotes/revisions/{revision.pk}/approval/", {"version": revision.version - 1})

    assert answer.status_code == 409
    assert "changed while it was open here" in answer.content.decode()


def test_a_rejection_needs_its_reason_and_tells_the_partner(vendor, desk):
    seller = build.seller()
    revision = asked(by=seller)
    path = f"quotes/revisions/{revision.pk}/rejection/"

    assert desk.post(path, {"version": revision.version}).status_code == 422
    desk.post(path, {"version": revision.version, "reason_code": "too_high", "note": "15 %."})
    outbox.deliver_due(vendor.pk, now=lambda: timezone.now() + outbox.UNDO_TIME)

    revision.refresh_from_db()
    assert revision.state == (Status.DRAFT, Approval.REJECTED)
    assert Notification.objects.filter(user=seller.user, kind="quotes.approval_refused").count() == 1


def test_what_waits_for_another_role_is_shown_but_not_decided_here(desk):
    revision = asked_for_an_executive()

    page = desk.get("quotes/to-approve/?view=others").content.decode()
    answer = desk.post(f"quotes/revisions/{revision.pk}/approval/", {"version": revision.version})

    assert "Waits for:" in page
    assert answer.status_code == 409
    assert "Executive" in answer.content.decode()


def asked_for_an_executive():
    return quoting.requested(quoting.some(quoting.usual(), special=45), at=timezone.now())


def test_the_executive_finds_it(vendor):
    revision = asked_for_an_executive()
    desk = Desk(vendor, build.member(Role.EXECUTIVE))

    assert "Approve €550" in desk.get("quotes/to-approve/").content.decode()
    assert "1 quote waits for your approval" in desk.get("").content.decode()
    desk.post(f"quotes/revisions/{revision.pk}/approval/", {"version": revision.version})
    revision.refresh_from_db()
    assert revision.status == Status.APPROVED


def test_what_changed_since_the_last_approval_is_marked(desk, manager):
    seller = build.seller()
    revision = asked(by=seller)
    approvals.approve(revision, by=manager, at=timezone.now())
    revision = approvals.reopen(QuoteRevision.objects.get(), by=seller, at=timezone.now())
    content = quoting.content(quoting.some(quoting.usual(), 12, special=24))
    revision = quotes.save(revision, content, by=seller, at=timezone.now())
    approvals.request(revision, by=seller, at=timezone.now())

    page = desk.get("quotes/to-approve/").content.decode()

    assert "Changed" in page
    assert "When it was approved last: 10 pieces, 20% as a special discount." in page


def test_the_partner_sees_before_sending_what_is_asked_and_who_decides(vendor):
    seller = build.seller()
    draft = quoting.drafted(quoting.some(quoting.usual(), special=20), by=seller, at=timezone.now())
    manager = build.member(Role.CHANNEL_MANAGER, name="Tomás Ferreira")

    page = Desk(vendor, seller).get(f"quotes/revisions/{draft.pk}/request/").content.decode()

    assert "20% as a special discount" in page
    assert manager.user.name in page


@pytest.mark.parametrize(
    ("counted", "badge", "note"),
    [
        (Counted.SPECIAL, "20% special", "special discounts count"),
        (Counted.EVERYTHING, "20% off list", "everything off the list price counts"),
    ],
)
def test_the_inbox_says_what_was_counted(desk, counted, badge, note):
    quoting.terms(counted=counted)
    asked()

    page = desk.get("quotes/to-approve/").content.decode()

    assert badge in page
    assert note in page


def test_the_inbox_costs_the_same_whatever_the_number_of_quotes(desk):
    asked()
    few = queries_of(desk)
    for number in range(12):
        asked(customer_name=f"Customer {number}")

    assert queries_of(desk) <= few


def queries_of(desk):
    desk.get("quotes/to-approve/")
    with CaptureQueriesContext(connection) as found:
        desk.get("quotes/to-approve/")
    return len(found)
