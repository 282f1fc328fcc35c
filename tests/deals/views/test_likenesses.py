import re

import pytest

from deals.models import CustomerMerge
from deals.services import decisions, merging
from tests import build

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture
def twins(vendor):
    """Two registrations of what looks like one customer."""
    names = ("Veldhaven Maritime Systems GmbH", "Veldhavne Maritime Systems")
    return [build.submitted(customer_name=name, customer_website="", customer_city="Bremen") for name in names]


@pytest.fixture
def manager(client, vendor):
    client.force_login(build.manager().user, backend=BACKEND)
    return client


def test_whoever_decides_sees_why_two_customers_look_like_one_and_tells_them_apart(manager, vendor, twins):
    first, late = twins
    item = f"/{vendor.slug}/deals/to-decide/{late.pk}/?view=team"
    verdict = f"/{vendor.slug}/deals/{late.pk}/likeness/{first.pk}/"

    page = manager.get(item).content.decode()
    assert "“veldhavne” and “veldhaven” differ by a slip of the keyboard." in page
    assert "Same city." in page

    manager.post(verdict, {"verdict": "apart"})
    page = manager.get(item).content.decode()
    assert "was said to be another company" in page
    assert "slip of the keyboard" not in page

    manager.post(verdict, {"verdict": "undo"})
    assert "slip of the keyboard" in manager.get(item).content.decode()


def test_a_partner_is_told_that_something_looks_alike_but_not_whose(client, vendor, twins):
    seller = build.seller()
    client.force_login(seller.user, backend=BACKEND)

    typed = {"customer_name": "Veldhaven Maritim Systems", "customer_country": "DE"}
    page = client.post(f"/{vendor.slug}/deals/check/", typed).content.decode()

    assert "A company that looks like this one is registered." in page
    assert "Veldhavne" not in page
    assert "%" not in page


def test_a_partner_says_nothing_about_likeness(client, vendor, twins):
    first, late = twins
    client.force_login(build.seller(of=late.partner).user, backend=BACKEND)

    assert client.post(f"/{vendor.slug}/deals/{late.pk}/likeness/{first.pk}/", {"verdict": "apart"}).status_code == 403


def test_whoever_decides_makes_two_customers_one_beside_the_registration_and_undoes_it(manager, vendor, twins):
    first, late = twins
    item = f"/{vendor.slug}/deals/to-decide/{late.pk}/?view=team"

    answer = manager.post(f"/{vendor.slug}/deals/{late.pk}/likeness/{first.pk}/?view=team", {"verdict": "same"})
    page = manager.get(answer["Location"]).content.decode()
    assert "They are one customer now" in page
    assert "known as the same customer" in page
    undo = re.search(r'action="([^"]+/split/[^"]*)"', page)[1]

    answer = manager.post(undo)
    assert str(late.pk) in answer["Location"]
    assert "slip of the keyboard" in manager.get(item).content.decode()


def test_on_its_page_a_customer_takes_in_another_which_says_where_it_went(manager, vendor, twins):
    first, late = twins
    kept = f"/{vendor.slug}/customers/{first.customer_id}/"

    page = manager.post(f"{kept}likeness/{late.customer_id}/", {"verdict": "same"}, follow=True).content.decode()
    assert "Taken into it" in page
    assert late.partner.name in page
    assert (
        f"It is part of {first.customer.name}"
        in manager.get(f"/{vendor.slug}/customers/{late.customer_id}/").content.decode()
    )
    assert late.customer.name not in _names(manager, vendor)
    assert manager.get(f"/{vendor.slug}/customers/{late.customer_id}/form/").status_code == 302

    manager.post(f"/{vendor.slug}/customers/merges/{CustomerMerge.objects.get().pk}/split/")
    assert late.customer.name in _names(manager, vendor)


def test_two_customers_are_told_apart_on_their_page_and_that_is_taken_back(manager, vendor, twins):
    first, late = twins
    address = f"/{vendor.slug}/customers/{first.customer_id}/likeness/{late.customer_id}/"

    page = manager.post(address, {"verdict": "apart"}, follow=True).content.decode()
    assert "was said to be another company" in page
    assert "said that Veldhavne Maritime Systems is another company" in page
    page = manager.post(address, {"verdict": "undo"}, follow=True).content.decode()
    assert "slip of the keyboard" in page


def test_why_two_customers_cannot_become_one_is_said(manager, vendor, twins):
    first, late = twins
    for registration in twins:
        decisions.approve(registration, by=build.manager(), at=build.MONDAY)

    address = f"/{vendor.slug}/customers/{first.customer_id}/likeness/{late.customer_id}/"
    page = manager.post(address, {"verdict": "same"}, follow=True).content.decode()

    assert "cannot become one customer while both are protected" in page
    assert not CustomerMerge.objects.exists()


def test_a_partner_merges_and_splits_nothing(client, vendor, twins):
    first, late = twins
    merged = merging.merge(first.customer, late.customer, by=build.manager(), at=build.MONDAY)
    client.force_login(build.seller(of=late.partner).user, backend=BACKEND)

    assert client.post(f"/{vendor.slug}/customers/merges/{merged.pk}/split/").status_code == 403
    assert client.post(f"/{vendor.slug}/deals/{late.pk}/likeness/{first.pk}/", {"verdict": "same"}).status_code == 403
    page = client.get(f"/{vendor.slug}/deals/{late.pk}/").content.decode()
    assert first.customer.name not in page


def _names(client, vendor):
    return [row.name for row in client.get(f"/{vendor.slug}/customers/").context["listing"].rows]
