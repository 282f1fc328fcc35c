import pytest
import time_machine

from deals.models import ListEntry, NamedList
from deals.services import lists
from prm.accounts.roles import Role
from tests import build
from tests.build import MONDAY

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture
def admin(vendor):
    return build.member(Role.ADMIN)


@pytest.fixture
def page(client, admin):
    client.force_login(admin.user, backend=BACKEND)
    with time_machine.travel(MONDAY, tick=False):
        yield client


@pytest.fixture
def targets(admin):
    return lists.add("Targets", "customers", by=admin, at=MONDAY)


def test_a_list_is_started_filled_and_read(page, vendor):
    address = page.post(f"/{vendor.slug}/lists/", {"name": "Targets", "kind": "customers"})["Location"]

    page.post(address, {"lines": "Globex; globex.example\nNordhavn Logistik A/S;;;DK\nGlobex; www.globex.example"})

    shown = page.get(address).content.decode()
    assert "globex.example" in shown
    assert "Nordhavn" in shown
    assert ListEntry.objects.count() == 2


def test_lines_that_name_nobody_are_numbered_and_nothing_is_lost(page, vendor, targets):
    answer = page.post(f"/{vendor.slug}/lists/{targets.pk}/", {"lines": "Globex\n???\n;;;DEU"})

    assert answer.status_code == 422
    assert "Lines 2, 3 name nobody" in answer.content.decode()
    assert "Globex" in answer.content.decode()
    assert not ListEntry.objects.exists()


def test_two_lists_never_share_a_name(page, vendor, targets):
    answer = page.post(f"/{vendor.slug}/lists/", {"name": "Targets", "kind": "products"})

    assert answer.status_code == 422
    assert "Another list is called Targets" in answer.content.decode()
    assert NamedList.objects.count() == 1


def test_products_are_chosen_from_the_catalog_and_taken_off(page, vendor, admin):
    product = build.catalog.add_product(build.family(), "SKU-1", "Rack", unit="piece")
    kept = lists.add("Excluded", "products", by=admin, at=MONDAY)
    address = f"/{vendor.slug}/lists/{kept.pk}/"

    page.post(address, {"products": [str(product.pk)]})
    entry = ListEntry.objects.get()
    page.post(f"{address}removal/", {"entry": [str(entry.pk)]})
    page.post(f"{address}removal/", {"entry": ["nothing"]})

    assert entry.product == product
    assert not ListEntry.objects.exists()
