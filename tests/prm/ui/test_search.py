import pytest

from prm.accounts.roles import Role
from tests import build
from tests.prm.ui.test_shell import sign_in


def search(member, vendor, text, **headers):
    return sign_in(member).get(f"/{vendor.slug}/search/", {"q": text}, **headers)


def test_the_palette_gets_the_records_only(vendor):
    seller = build.seller()
    deal = build.submitted(by=seller, customer_name="Ostrava Rail")

    found = search(seller, vendor, "ostr", HTTP_HX_REQUEST="true").content.decode()

    assert "Ostrava Rail" in found
    assert f"/{vendor.slug}/deals/{deal.pk}/" in found
    assert 'role="option"' in found
    assert "<html" not in found


def test_without_scripts_it_is_a_page(vendor):
    seller = build.seller()
    build.submitted(by=seller, customer_name="Ostrava Rail")

    found = search(seller, vendor, "ostr").content.decode()

    assert "Ostrava Rail" in found
    assert '<form class="search" method="get"' in found


def test_pages_are_found_by_name(vendor):
    assert "Register a deal" in search(build.seller(), vendor, "register").content.decode().split('id="main"')[1]
    main = search(build.member(Role.PARTNER_MARKETING), vendor, "register").content.decode().split('id="main"')[1]
    assert "Register a deal" not in main


def test_nobody_finds_the_deals_of_others(vendor):
    build.submitted(customer_name="Ostrava Rail")
    firm = build.partner()
    build.draft(by=build.seller(of=firm), customer_name="Ostrava Rail")

    assert "Ostrava Rail" not in search(build.seller(), vendor, "ostrava").content.decode()
    alone = build.member(Role.PARTNER_SALES, of=firm, sees="own")
    assert "Ostrava Rail" not in search(alone, vendor, "ostrava").content.decode()


def test_the_vendor_finds_no_drafts(vendor):
    build.draft(customer_name="Ostrava Rail")

    assert "Ostrava Rail" not in search(build.manager(), vendor, "ostrava").content.decode()


@pytest.mark.parametrize("text", ["", "\0", "a\0b", "%", "'; drop table", "<script>alert(1)</script>", "x" * 5000])
def test_nothing_that_is_typed_breaks_it(vendor, text):
    build.submitted()

    response = search(build.manager(), vendor, text)

    assert response.status_code == 200
    assert "<script>alert" not in response.content.decode()
