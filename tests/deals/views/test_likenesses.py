import pytest

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
