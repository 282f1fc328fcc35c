"""Before it is sent, a partner sees which roles will decide and how long they usually take."""

from datetime import timedelta

import pytest
import time_machine

from deals.services import decisions
from prm.accounts.roles import Role
from tests import build
from tests.build import MONDAY
from tests.deals.rulebook import publish, rule, when

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
SALES = {"key": "sales", "name": "Sales agrees", "asked": [{"role": "channel_manager"}]}
LEGAL = {"key": "legal", "name": "Terms are sound", "asked": [{"role": "finance"}], "stage": 2}
TENDERS = rule("Tenders", when("type", "is", "tender"), decision="approve", steps=["sales", "legal"])


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(MONDAY + timedelta(hours=3), tick=False):
        yield


@pytest.fixture
def seller(vendor):
    return build.seller()


@pytest.fixture
def shown(client, vendor, seller):
    client.force_login(seller.user, backend=BACKEND)

    def ask(draft):
        text = client.get(f"/{vendor.slug}/deals/{draft.pk}/deciders/").text
        assert " ".join(text.split()) in " ".join(client.get(f"/{vendor.slug}/deals/{draft.pk}/form/").text.split())
        return " ".join(text.split())

    return ask


def test_a_draft_says_which_roles_will_decide_and_how_long_they_take(shown, seller):
    publish(TENDERS, steps=[SALES, LEGAL])
    finance = build.member(Role.FINANCE, name="Tomas Reiter")
    for _number in range(3):
        deal = decisions.approve(build.submitted(type="tender"), by=build.manager(), at=MONDAY)
        decisions.approve(deal, by=finance, at=MONDAY + timedelta(hours=2), only_if_asked=True)

    text = shown(build.draft(by=seller, type="tender"))

    assert "Who will decide" in text
    assert "Sales agrees" in text
    assert "Finance" in text
    assert "Usually decided within 2 business hours." in text
    assert "Tomas Reiter" not in text


def test_without_steps_nothing_is_said(shown, seller):
    publish(TENDERS, steps=[SALES, LEGAL])

    assert "Who will decide" not in shown(build.draft(by=seller, type="resale"))


def test_nobody_learns_of_rivals_by_trying_names(shown, seller):
    publish(rule("Contested", when("rivals", "over", "0"), steps=["legal"]), TENDERS, steps=[SALES, LEGAL])
    build.approved(customer_website="globex.example")

    rivalled = shown(build.draft(by=seller, type="tender", customer_website="globex.example"))
    free = shown(build.draft(by=seller, type="tender"))

    assert "Who will decide" not in rivalled
    assert "Who will decide" not in free


def test_the_draft_of_another_firm_says_nothing(client, vendor, seller):
    publish(TENDERS, steps=[SALES, LEGAL])
    client.force_login(seller.user, backend=BACKEND)

    assert client.get(f"/{vendor.slug}/deals/{build.draft(type='tender').pk}/deciders/").status_code == 404
