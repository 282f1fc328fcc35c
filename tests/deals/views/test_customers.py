import csv
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from deals.models import EndCustomer
from deals.services import customer_book, lists, outcomes
from prm.accounts.roles import Role
from tests import build
from tests.build import MONDAY

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
TYPED = {"name": "Orlinda Werke GmbH", "country": "DE", "website": "orlinda.example"}


@pytest.fixture
def manager(vendor):
    return build.manager()


@pytest.fixture
def page(client, manager):
    client.force_login(manager.user, backend=BACKEND)
    return client


def text(answer):
    return answer.content.decode()


def test_the_list_finds_other_spellings_parts_and_other_names(page, vendor, manager):
    known = build.submitted(customer_name="Müller Maschinenbau GmbH", customer_website="mm.example").customer
    other = build.submitted(customer_name="Orlinda", customer_website="orlinda.example").customer
    seen = customer_book.fingerprint(other)
    customer_book.change(other, {"other_names": ["Kestrel Foundries"]}, seen=seen, by=manager, at=MONDAY)

    def found(asked):
        page_ = text(page.get(f"/{vendor.slug}/customers/", {"q": asked}))
        return [name for name in ("Müller", "Orlinda") if f"<b>{name}" in page_]

    assert found("aschinenb") == ["Müller"]
    assert found("Mueller Maschinenbau") == ["Müller"]
    assert found("mm.example") == ["Müller"]
    assert found("strel Foun") == ["Orlinda"]
    assert found("Nobody at all") == []
    assert known.name in text(page.get(f"/{vendor.slug}/customers/"))


def test_the_list_is_narrowed_by_what_there_is_of_a_customer(page, vendor, manager):
    admin = build.member(Role.ADMIN)
    buyer = build.approved(customer_name="Buyer", customer_website="buyer.example")
    outcomes.win(buyer, buyer.value, by=build.seller(of=buyer.partner), at=MONDAY)
    for name in ("Veldhaven Maritime Systems", "Veldhavne Maritime Systems"):
        build.submitted(customer_name=name, customer_website="", customer_country="DK")
    customer_book.add({"name": "Written", "country": "DE"}, by=manager, at=MONDAY)
    named = lists.add("Named", "customers", by=admin, at=MONDAY)
    lists.add_customers(named, [("", "www.buyer.example", "", "")], by=admin, at=MONDAY)

    def names(**asked):
        rows = page.get(f"/{vendor.slug}/customers/", asked).context["listing"].rows
        return [row.name for row in rows]

    assert names(buys="yes") == names(listed="on") == names(list=str(named.pk)) == ["Buyer"]
    assert names(registered="no") == ["Written"]
    assert names(alike="on") == names(country="DK") == ["Veldhaven Maritime Systems", "Veldhavne Maritime Systems"]
    assert names(sort="-name")[0] == "Written"


def test_the_list_asks_as_much_for_many_as_for_few(page, vendor):
    def asked():
        with CaptureQueriesContext(connection) as queries:
            page.get(f"/{vendor.slug}/customers/")
        return len(queries)

    build.submitted()
    asked()
    few = asked()
    for _ in range(8):
        build.submitted()

    assert asked() == few <= 18


def test_a_customer_is_one_page_over_all_partners(page, vendor, manager):
    admin = build.member(Role.ADMIN)
    first = build.approved(customer_name="Veldhaven Maritime Systems GmbH", customer_website="veldhaven.example")
    build.submitted(customer_name="VMS", customer_website="veldhaven.example")
    build.submitted(customer_name="Veldhavne Maritime Systems", customer_website="", customer_city="Bremen")
    lists.add_customers(
        lists.add("Named accounts", "customers", by=admin, at=MONDAY), [("", "veldhaven.example", "", "")],
        by=admin, at=MONDAY,
    )  # fmt: skip
    child = customer_book.add({"name": "Kestrel", "country": "DE", "parent": first.customer}, by=manager, at=MONDAY)

    shown = text(page.get(f"/{vendor.slug}/customers/{first.customer_id}/"))

    assert first.partner.name in shown
    assert "as “VMS”" in shown
    assert "differ by a slip of the keyboard" in shown
    assert "Named accounts" in shown
    assert child.name in shown
    assert first.customer.name in text(page.get(f"/{vendor.slug}/customers/{child.pk}/"))


def test_before_a_customer_is_added_one_sees_whom_it_looks_like(page, vendor):
    build.submitted(customer_name="Orlinda Werke AG", customer_website="other.example")

    warned = page.post(f"/{vendor.slug}/customers/new/", TYPED)
    assert warned.status_code == 422
    assert "The names differ only in their legal form." in text(warned)
    assert EndCustomer.objects.count() == 1

    page.post(f"/{vendor.slug}/customers/new/", TYPED | {"do": "anyway"})
    assert EndCustomer.objects.count() == 2


def test_a_customer_is_changed_with_names_and_a_parent(page, vendor, manager):
    top = customer_book.add({"name": "Kestrel Holding", "country": "DE"}, by=manager, at=MONDAY)
    row = customer_book.add({"name": "Orlinda", "country": "DE"}, by=manager, at=MONDAY)
    address = f"/{vendor.slug}/customers/{row.pk}/form/"
    typed = TYPED | {"other_names": "VMS\n\n Orla \nVMS", "parent_text": "Kestrel Holding"}

    page.post(address, typed | {"seen": customer_book.fingerprint(row)})

    row.refresh_from_db()
    assert (row.name, row.other_names, row.parent_id) == ("Orlinda Werke GmbH", ["VMS", "Orla"], top.pk)
    assert "changed: Company name" in text(page.get(f"/{vendor.slug}/customers/{row.pk}/"))
    stale = page.post(address, typed | {"seen": "older", "name": "Other"})
    assert stale.status_code == 422
    assert "changed while it was open here" in text(stale)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"name": "???"}, "Write the company&#x27;s name with letters or digits."),
        ({"website": "orlinda"}, "Write a website with its ending"),
        ({"other_websites": "orlinda"}, "Write a website with its ending"),
        ({"other_names": "x" * 201}, "A line is longer than 200 characters."),
        ({"other_names": "\n".join(map(str, range(21)))}, "At most 20."),
        ({"parent_text": "Nobody"}, "No customer, or more than one, is called that."),
        ({"country": "XQ"}, "Select a valid choice"),
    ],
)
def test_what_cannot_be_is_said_beside_its_field(page, vendor, wrong, said):
    answer = page.post(f"/{vendor.slug}/customers/new/", TYPED | wrong)

    assert answer.status_code == 422
    assert said in text(answer)
    assert not EndCustomer.objects.exists()


def test_the_export_has_what_the_list_has_and_runs_nothing(page, vendor, manager):
    customer_book.add({"name": "=1+1 Orlinda", "country": "DE"}, by=manager, at=MONDAY)
    customer_book.add({"name": "Veldhaven", "country": "DK"}, by=manager, at=MONDAY)

    answer = page.get(f"/{vendor.slug}/customers/export/", {"country": "DE"})

    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert [row["Name"] for row in rows] == ["'=1+1 Orlinda"]


@pytest.mark.parametrize("role", [Role.FINANCE, Role.EXECUTIVE])
def test_others_of_the_vendor_read_but_do_not_write(client, vendor, manager, role):
    row = customer_book.add({"name": "Orlinda", "country": "DE"}, by=manager, at=MONDAY)
    client.force_login(build.member(role).user, backend=BACKEND)

    assert "Orlinda" in text(client.get(f"/{vendor.slug}/customers/{row.pk}/"))
    assert client.get(f"/{vendor.slug}/customers/{row.pk}/form/").status_code == 403


def test_a_partner_sees_no_customer(client, vendor):
    registration = build.submitted()
    client.force_login(build.seller(of=registration.partner).user, backend=BACKEND)

    for path in ("", "export/", f"{registration.customer_id}/", "options/?q=customer"):
        assert client.get(f"/{vendor.slug}/customers/{path}").status_code == 403
    assert "/customers/" not in text(client.get(f"/{vendor.slug}/deals/{registration.pk}/"))


def test_related_companies_are_listed_with_the_reason(page, vendor, manager):
    made = {"by": manager, "at": MONDAY}
    mother = customer_book.add({"name": "Orlinda Marine Systems", "country": "DE", "city": "Bremen"}, **made)
    customer_book.add({"name": "Orlinda Shipping Lines", "country": "DE", "city": "Kiel"}, **made)
    customer_book.add({"name": "Wexcombe", "country": "DE", "parent": mother}, **made)
    alone = customer_book.add({"name": "Veldhaven Bakery", "country": "DE"}, **made)

    shown = text(page.get(f"/{vendor.slug}/customers/{mother.pk}/related/"))

    for said in ("Orlinda Shipping Lines", "similar in name or place", "stands against"):
        assert said in shown
    for said in ("Wexcombe", "of the same group"):
        assert said in shown
    assert "No other company seems to belong to it" in text(page.get(f"/{vendor.slug}/customers/{alone.pk}/related/"))


def test_a_number_of_the_vendors_systems_is_of_one_customer(page, vendor, manager):
    known = customer_book.add({"name": "Kestrel", "country": "DE", "external_id": "4711"}, by=manager, at=MONDAY)
    typed = TYPED | {"external_id": "4711", "do": "anyway"}

    assert "Kestrel has the number 4711 already." in text(page.post(f"/{vendor.slug}/customers/new/", typed))
    assert EndCustomer.objects.count() == 1

    page.post(f"/{vendor.slug}/customers/new/", typed | {"external_id": "4712"})
    row = EndCustomer.objects.get(external_id="4712")
    address = f"/{vendor.slug}/customers/{row.pk}/form/"
    seen = {"seen": customer_book.fingerprint(row)}
    assert "Kestrel has the number 4711 already." in text(page.post(address, typed | seen))
    page.post(address, typed | seen | {"external_id": ""})
    row.refresh_from_db()
    assert (row.external_id, known.external_id) == ("", "4711")
