"""Disputes on pages: appealing, asking, deciding, and who is told."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from deals.services import decisions
from prm.accounts.roles import Role
from prm.approvals import standing_in
from prm.disputes import services
from prm.disputes.models import Dispute
from prm.disputes.navigation import attention
from prm.events.outbox import UNDO_TIME, deliver_due
from prm.notifications.models import Notification
from prm.tenancy.context import as_system
from prm.tenancy.middleware import URLCONF
from prm.ui.navigation import Visit
from tests import build
from tests.build import MONDAY

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
SAID = {"reason_code": "facts_overlooked", "text": "We were <b>there</b> first."}
OUTCOME = {"outcome": "overturned", "reason_code": "mistake", "note": "They were."}


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(MONDAY + timedelta(hours=1), tick=False):
        yield


@pytest.fixture
def cast(vendor):
    firm = build.partner("Firm")
    return {
        "seller": build.member(Role.PARTNER_SALES, of=firm, name="Tomás Ferreira"),
        "marketing": build.member(Role.PARTNER_MARKETING, of=firm, name="Mia"),
        "first": build.member(Role.CHANNEL_MANAGER, name="Ingrid Solberg"),
        "neutral": build.member(Role.ADMIN, name="Nora Neutral"),
        "finance": build.member(Role.FINANCE, name="Fiona Finance"),
    }


@pytest.fixture
def deal(cast):
    facts = {"reason_code": "duplicate", "note": "Somebody else.", "by": cast["first"], "at": MONDAY}
    return decisions.reject(build.submitted(by=cast["seller"], customer_name="Globex"), **facts)


@pytest.fixture
def visit(vendor, client, cast):
    def open_page(who, path, posted=None):
        client.force_login(cast[who].user, backend=BACKEND)
        url = f"/{vendor.slug}/{path}"
        return client.get(url) if posted is None else client.post(url, posted)

    return open_page


def text_of(answer):
    return " ".join(answer.content.decode().split())


def test_a_rejection_is_appealed_looked_at_and_overturned(visit, cast, deal):
    assert "You can appeal this decision until 7 December" in text_of(visit("seller", f"deals/{deal.pk}/"))
    assert "The partner can appeal" in text_of(visit("first", f"deals/{deal.pk}/"))
    assert visit("seller", f"disputes/of/deals.registration/{deal.pk}/", SAID).status_code == 302
    dispute = Dispute.objects.get()

    theirs = text_of(visit("first", f"disputes/{dispute.pk}/"))
    assert "You had a part in the decision" in theirs
    assert "Nora Neutral" in theirs
    ours = text_of(visit("neutral", f"disputes/{dispute.pk}/"))
    assert "We were &lt;b&gt;there&lt;/b&gt; first." in ours
    assert "Another registration came first" in ours
    assert "“Somebody else.”" in ours
    assert visit("first", f"disputes/{dispute.pk}/decision/", OUTCOME).status_code == 409
    assert visit("neutral", f"disputes/{dispute.pk}/decision/", {**OUTCOME, "note": ""}).status_code == 422
    assert visit("neutral", f"disputes/{dispute.pk}/decision/", OUTCOME).status_code == 302

    page = text_of(visit("seller", f"deals/{deal.pk}/"))
    assert "After the appeal the decision was overturned" in page
    assert "The decision was a mistake. They were." in page
    assert "Nora Neutral overturned the decision after the appeal" in page


def test_after_the_last_day_the_page_says_so_and_the_form_refuses(visit, deal):
    with time_machine.travel(MONDAY + timedelta(days=15), tick=False):
        assert "The time to appeal this decision ended on 7 December" in text_of(visit("seller", f"deals/{deal.pk}/"))
        answer = visit("seller", f"disputes/of/deals.registration/{deal.pk}/", SAID)

    assert answer.status_code == 409
    assert "ended on 7 December" in text_of(answer)
    assert "We were &lt;b&gt;there&lt;/b&gt; first." in text_of(answer)


def test_who_may_not_register_may_not_appeal(visit, deal):
    assert visit("marketing", f"disputes/of/deals.registration/{deal.pk}/", SAID).status_code == 404
    assert visit("first", f"disputes/of/deals.registration/{deal.pk}/", SAID).status_code == 404


def test_the_vendor_asks_and_the_partner_answers(visit, cast, deal):
    dispute = services.appeal(deal, **SAID, by=cast["seller"], at=MONDAY)

    visit("neutral", f"disputes/{dispute.pk}/question/", {"question": "Who was there?"})
    assert "Answer the question" in text_of(visit("seller", f"deals/{deal.pk}/"))
    visit("seller", f"disputes/{dispute.pk}/answer/", {"text": "Our engineer."})

    page = text_of(visit("neutral", f"disputes/{dispute.pk}/"))
    assert "Who was there?" in page
    assert "Our engineer." in page


def test_an_appeal_is_withdrawn_by_the_partner(visit, cast, deal):
    dispute = services.appeal(deal, **SAID, by=cast["seller"], at=MONDAY)

    assert visit("neutral", f"disputes/{dispute.pk}/withdrawal/", {}).status_code == 404
    assert visit("seller", f"disputes/{dispute.pk}/withdrawal/").status_code == 200
    visit("seller", f"disputes/{dispute.pk}/withdrawal/", {"sure": "1"})

    dispute.refresh_from_db()
    assert dispute.status == "withdrawn"
    assert "The appeal was withdrawn" in text_of(visit("seller", f"deals/{deal.pk}/"))


def test_the_neutral_are_told_of_an_appeal_and_both_sides_of_what_became_of_it(vendor, cast, deal):
    def told():
        deliver_due(vendor.pk, now=lambda: timezone.now() + UNDO_TIME)
        with as_system(vendor.pk):
            rows = Notification.objects.filter(kind__startswith="prm.dispute").select_related("user")
            found = sorted((row.kind, row.user.name) for row in rows)
            rows.delete()
            return found

    dispute = services.appeal(deal, **SAID, by=cast["seller"], at=MONDAY)
    assert told() == [("prm.dispute_raised", "Nora Neutral")]
    services.uphold(dispute, reason_code="other", note="It stands.", by=cast["neutral"], at=MONDAY)
    assert told() == [("prm.dispute_upheld", "Ingrid Solberg"), ("prm.dispute_upheld", "Tomás Ferreira")]


def test_where_nobody_is_neutral_administrators_are_told_what_to_do(vendor, visit, cast, deal, settings):
    admin = cast["neutral"]
    facts = {"starts_on": MONDAY.date(), "ends_on": MONDAY.date() + timedelta(days=30), "at": MONDAY}
    standing_in.set_absence(cast["first"], admin, by=cast["first"], **facts)
    dispute = services.appeal(deal, **SAID, by=cast["seller"], at=MONDAY)

    page = text_of(visit("neutral", f"disputes/{dispute.pk}/"))
    assert "Nobody here may decide about it" in page
    assert f'href="/{vendor.slug}/people/"' in page
    assert "An administrator can give somebody else such a role." in text_of(visit("first", f"disputes/{dispute.pk}/"))
    settings.ROOT_URLCONF = URLCONF
    assert [row["action"] for row in attention(Visit(admin, admin.profile, MONDAY))] == ["Find somebody"]
    assert attention(Visit(cast["first"], admin.profile, MONDAY)) == []
    deliver_due(vendor.pk, now=lambda: timezone.now() + UNDO_TIME)
    with as_system(vendor.pk):
        row = Notification.objects.get(kind="prm.dispute_raised")
        assert (row.user_id, row.facts["is_nobodys"]) == (admin.user_id, True)


def test_it_waits_in_the_queue_of_those_who_decide_and_late_ones_are_red(cast, deal, settings):
    settings.ROOT_URLCONF = URLCONF
    services.appeal(deal, **SAID, by=cast["seller"], at=MONDAY)

    def tones(who, at):
        return [row["tone"] for row in attention(Visit(cast[who], cast[who].profile, at))]

    assert tones("neutral", MONDAY) == ["info"]
    assert tones("neutral", MONDAY + timedelta(days=8)) == ["bad"]
    assert tones("finance", MONDAY) == []
    assert tones("seller", MONDAY) == []
