"""Those whom approval steps ask decide in the inbox; everybody else sees how it stands."""

from datetime import timedelta

import pytest
import time_machine

from deals.enums import Review
from deals.services import decisions
from prm.accounts.roles import Role
from prm.approvals import queries
from prm.tenancy.models import Vendor
from tests import build
from tests.build import MONDAY
from tests.deals.rulebook import eur, publish, rule

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
NOW = MONDAY + timedelta(seconds=2)
HTMX = {"HX-Request": "true", "HX-Target": "item"}
SALES = {"key": "sales", "name": "Sales agrees", "asked": [{"role": "channel_manager"}]}
LEGAL = {"key": "legal", "name": "Terms are sound", "asked": [{"role": "finance"}], "stage": 2}


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def rules(vendor):
    publish(rule("All", decision="approve", steps=["sales", "legal"]), steps=[SALES, LEGAL])


@pytest.fixture
def manager(vendor):
    return build.member(Role.CHANNEL_MANAGER, name="Ines Duarte")


@pytest.fixture
def finance(vendor):
    return build.member(Role.FINANCE, name="Tomas Reiter")


@pytest.fixture
def inbox(vendor):
    return f"/{vendor.slug}/deals/to-decide/"


@pytest.fixture
def page(client):
    def signed_in(member):
        client.force_login(member.user, backend=BACKEND)
        return client

    return signed_in


def names_in(response):
    return [row["registration"].customer_name for group in response.context["groups"] for row in group["rows"]]


def post(client, registration, noun, **facts):
    slug = Vendor.objects.get(pk=registration.tenant_id).slug
    return client.post(f"/{slug}/deals/{registration.pk}/{noun}/?view=mine", facts)


def test_the_inbox_of_each_holds_what_asks_them(rules, page, inbox, manager, finance):
    registration = build.submitted()
    assert names_in(page(manager).get(inbox)) == [registration.customer_name]
    assert names_in(page(finance).get(inbox)) == []

    decisions.approve(registration, by=manager, at=MONDAY)

    assert names_in(page(manager).get(inbox, {"view": "mine"})) == []
    answer = page(finance).get(inbox)
    assert names_in(answer) == [registration.customer_name]
    assert [tab["label"] for tab in answer.context["inbox_tabs"]] == ["Mine", "Done"]


def test_finance_decides_where_a_step_asks(rules, page, inbox, manager, finance):
    registration = decisions.approve(build.submitted(), by=manager, at=MONDAY)
    text = page(finance).get(f"{inbox}{registration.pk}/").text
    assert "Ines Duarte agreed on" in text
    assert "Approve until" in text

    post(page(finance), registration, "approval", version=registration.version)

    registration.refresh_from_db()
    assert registration.review == Review.APPROVED
    assert names_in(page(finance).get(inbox, {"view": "done"})) == [registration.customer_name]


def test_nothing_else_is_for_finance_to_decide(page, inbox, finance):
    registration = build.submitted()
    text = page(finance).get(f"{inbox}{registration.pk}/").text
    assert "No approval step asks you." in text
    assert "Approve until" not in text

    for noun, facts in (("approval", {}), ("rejection", {"reason_code": "other", "note": "No"})):
        assert post(page(finance), registration, noun, **facts).status_code == 409
    page(finance).post(f"{inbox}{registration.pk}/")

    registration.refresh_from_db()
    assert registration.review == Review.SUBMITTED


def test_whoever_has_to_wait_reads_why(rules, page, inbox, manager, finance):
    registration = build.submitted()

    text = page(finance).get(f"{inbox}{registration.pk}/").text

    assert "Others have to agree first." in text
    assert "Can decide now: Ines Duarte" in " ".join(text.split())


def test_agreeing_is_said_and_can_be_undone(rules, page, inbox, manager):
    registration = build.submitted()
    assert "Agree" in page(manager).get(f"{inbox}{registration.pk}/").text

    answer = page(manager).post(f"/{inbox.split('/')[1]}/deals/{registration.pk}/approval/?view=team", headers=HTMX)
    assert f"Agreed to {registration.customer_name}" in answer.text
    post(page(manager), registration, "undo")

    assert queries.decisions_of(queries.latest_of(registration)) == []


def test_several_are_agreed_to_at_once(rules, page, inbox, manager):
    rows = [build.submitted(), build.submitted()]

    answer = page(manager).post(f"{inbox}?view=team", {"id": [f"{row.pk}.{row.version}" for row in rows]})

    assert "0 registrations approved" in answer.text
    assert "Agreed, others are still asked" in answer.text
    assert [queries.latest_of(row).status for row in rows] == ["waiting", "waiting"]


def test_the_page_of_the_deal_names_people_to_the_vendor_and_roles_to_the_partner(vendor, page, manager, finance):
    limited = SALES | {"asked": [{"role": "channel_manager", "up_to": eur(10)}, {"person": str(finance.user_id)}]}
    publish(rule("All", decision="approve", steps=["sales", "legal"]), steps=[limited, LEGAL])
    seller = build.seller()
    registration = build.submitted(by=seller)
    decisions.approve(registration, by=finance, at=MONDAY, note="Good customer", only_if_asked=True)
    url = f"/{vendor.slug}/deals/{registration.pk}/"

    ours = " ".join(page(manager).get(url).text.split())
    theirs = " ".join(page(seller).get(url).text.split())

    assert "Tomas Reiter agreed on" in ours
    assert "“Good customer”" in ours
    assert "Sales agrees" in theirs
    assert "Finance agreed on" in theirs
    for hidden in ("Tomas Reiter", "Ines Duarte", "Good customer", "up to"):
        assert hidden not in theirs


def test_home_shows_finance_what_waits(rules, page, vendor, manager, finance):
    registration = decisions.approve(build.submitted(), by=manager, at=MONDAY)

    text = page(finance).get(f"/{vendor.slug}/").text

    assert f"{registration.customer_name} waits for your approval" in text
    assert (
        f"{registration.customer_name} waits for your approval"
        not in page(build.member(Role.EXECUTIVE)).get(f"/{vendor.slug}/").text
    )
