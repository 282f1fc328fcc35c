"""A form sent twice acts once."""

import pytest
from django.test import Client

from prm.comments.events import CommentAdded
from prm.events.models import Event
from prm.tenancy.fields import uuid7
from tests import build

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture
def deal(vendor):
    return build.submitted(by=build.seller())


@pytest.fixture
def browser(deal):
    client = Client()
    client.force_login(deal.owner, backend=BACKEND)
    return client


def comments() -> int:
    return Event.objects.filter(name=CommentAdded.name).count()


def path_of(vendor, deal) -> str:
    return f"/{vendor.slug}/comments/of/deals.registration/{deal.pk}/"


def test_a_form_sent_twice_acts_once_and_leads_to_the_same_place(browser, vendor, deal):
    path, sent = path_of(vendor, deal), {"text": "Any news?", "submission": str(uuid7())}

    first, second = browser.post(path, sent), browser.post(path, sent)

    assert comments() == 1
    assert first.headers["Location"] == second.headers["Location"] == f"/{vendor.slug}/deals/{deal.pk}/#timeline"


def test_a_refused_form_may_be_sent_again(browser, vendor, deal):
    path, sent = path_of(vendor, deal), {"text": "", "submission": str(uuid7())}
    assert browser.post(path, sent).status_code == 422

    browser.post(path, {**sent, "text": "Any news?"})

    assert comments() == 1


def test_an_id_that_is_none_is_left_alone(browser, vendor, deal):
    browser.post(path_of(vendor, deal), {"text": "Any news?", "submission": "7"})

    assert comments() == 1


def test_somebody_elses_id_leads_nowhere_and_does_nothing(browser, vendor, deal):
    sent = {"text": "Any news?", "submission": str(uuid7())}
    browser.post(path_of(vendor, deal), sent)
    other = Client()
    other.force_login(build.manager().user, backend=BACKEND)

    answer = other.post(path_of(vendor, deal), {**sent, "text": "Mine"})

    assert answer.status_code == 302
    assert comments() == 1
