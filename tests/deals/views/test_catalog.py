import pytest

from deals.models import Product, ProductFamily
from deals.services import catalog
from prm.accounts.roles import Role
from prm.tenancy.context import as_system
from tests import build
from tests.prm.ui.test_shell import sign_in

FAMILY = {"name": "Vault", "code": "vault", "summary": "", "position": "", "is_active": "on"}
PRODUCT = {"name": "Vault 100", "sku": "V-100", "unit": "site", "is_active": "on"}


@pytest.fixture
def portal(vendor):
    return f"/{vendor.slug}/catalog/"


@pytest.fixture
def admin(vendor):
    return sign_in(build.member(Role.ADMIN))


def edited(row, **values):
    """The posted form of somebody who opened the page just now."""
    names = catalog.FAMILY if isinstance(row, ProductFamily) else catalog.PRODUCT
    kept = {name: getattr(row, name) for name in names} | values
    fields = {name: "on" if value is True else value for name, value in kept.items() if value is not False}
    return {**fields, "seen": catalog.fingerprint(row)}


def test_an_administrator_adds_a_family_with_a_product(vendor, portal, admin):
    response = admin.post(f"{portal}families/new/", FAMILY)
    family = ProductFamily.objects.get(code="vault")
    assert response.headers["Location"] == f"{portal}#{family.pk}"
    assert family.position > build.family("mesh").position

    admin.post(f"{portal}families/{family.pk}/products/new/", PRODUCT)

    assert Product.objects.get(sku="V-100").family_id == family.pk
    page = admin.get(portal).content.decode()
    assert "Vault 100" in page
    assert "Vault 100 saved" in page


def test_a_taken_code_is_refused_beside_its_field(vendor, portal, admin):
    response = admin.post(f"{portal}families/new/", {**FAMILY, "code": "edge"})

    assert response.status_code == 422
    assert response.context["form"].errors["code"] == ["Another family has the code edge. Choose another one."]
    assert 'value="Vault"' in response.content.decode()


def test_a_taken_sku_is_refused_beside_its_field(vendor, portal, admin):
    catalog.add_product(build.family(), "V-100", "First", unit="site")

    response = admin.post(f"{portal}families/{build.family('mesh').pk}/products/new/", PRODUCT)

    assert response.status_code == 422
    assert "sku" in response.context["form"].errors
    assert Product.objects.count() == 1


def test_two_vendors_may_use_the_same_code_and_sku(vendor, portal, admin):
    other = build.vendor()
    with as_system(other.pk):
        catalog.add_product(build.family(), "V-100", "Theirs", unit="site")

    assert admin.post(f"{portal}families/{build.family().pk}/products/new/", PRODUCT).status_code == 302


def test_a_family_is_renamed_and_switched_off(vendor, portal, admin):
    family = build.family()

    response = admin.post(f"{portal}families/{family.pk}/", edited(family, name="Edge II", is_active=False))

    assert response.status_code == 302
    family.refresh_from_db()
    assert (family.name, family.is_active) == ("Edge II", False)


def test_an_old_page_overwrites_nothing_and_shows_both_values(vendor, portal, admin):
    family = build.family()
    mine = edited(family, name="Mine")
    catalog.change_family(
        family,
        {"code": "edge", "name": "Theirs"},
        seen=catalog.fingerprint(family),
        by=build.member(Role.ADMIN),
        at=build.MONDAY,
    )

    response = admin.post(f"{portal}families/{family.pk}/", mine)

    page = response.content.decode()
    assert response.status_code == 422
    assert "Theirs" in page
    assert "Mine" in page
    family.refresh_from_db()
    assert family.name == "Theirs"

    again = admin.post(f"{portal}families/{family.pk}/", {**mine, "seen": response.context["form"].data["seen"]})
    assert again.status_code == 302
    family.refresh_from_db()
    assert family.name == "Mine"


def test_an_empty_position_keeps_the_place(vendor, portal, admin):
    family = build.family("mesh")
    place = family.position

    admin.post(f"{portal}families/{family.pk}/", edited(family, position="", name="Mesh II"))

    family.refresh_from_db()
    assert (family.name, family.position) == ("Mesh II", place)


@pytest.mark.parametrize("role", [Role.CHANNEL_MANAGER, Role.PARTNER_SALES, Role.PARTNER_MARKETING])
def test_others_read_what_is_sold_and_change_nothing(vendor, portal, role):
    catalog.add_product(build.family(), "E-1", "Edge One", unit="site")
    catalog.add_product(build.family(), "E-0", "Edge Zero", unit="site", is_active=False)
    client = sign_in(build.member(role))

    page = client.get(portal).content.decode()

    assert "Edge One" in page
    assert "Edge Zero" not in page
    assert "Add a family" not in page
    assert client.get(f"{portal}families/new/").status_code == 403
    assert client.post(f"{portal}families/{build.family().pk}/", FAMILY).status_code == 403


def test_another_vendors_family_does_not_exist(vendor, portal, admin):
    other = build.vendor()
    with as_system(other.pk):
        theirs = build.family()

    assert admin.get(f"{portal}families/{theirs.pk}/").status_code == 404
    assert admin.post(f"{portal}families/{theirs.pk}/products/new/", PRODUCT).status_code == 404


def test_an_empty_catalog_says_what_to_do(vendor, portal, admin):
    ProductFamily.objects.all().delete()

    assert "No products yet" in admin.get(portal).content.decode()


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": ""},
        {"name": "x" * 121},
        {"name": "a\0b"},
        {"code": "no spaces"},
        {"position": "-1"},
        {"position": "99999"},
        {"position": "1e9"},
    ],
)
def test_a_mistyped_family_is_not_saved(vendor, portal, admin, wrong):
    before = ProductFamily.objects.count()

    assert admin.post(f"{portal}families/new/", {**FAMILY, **wrong}).status_code == 422
    assert ProductFamily.objects.count() == before
