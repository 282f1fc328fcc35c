"""Price lists on screen: the table, the import with its dry run, the difference, and publishing."""

from __future__ import annotations

import io
from datetime import date, timedelta
from decimal import Decimal

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from quotes.models import Price, PriceListVersion
from quotes.queries import price_lists as queries
from quotes.queries import terms
from quotes.rules.pricing import Break
from quotes.services import price_lists
from tests import build
from tests.architecture.test_routes import BACKEND
from tests.build import MONDAY
from tests.quotes import build as quoting


@pytest.fixture
def edge(vendor):
    return quoting.product("Edge 400", sku="HE-400")


@pytest.fixture
def draft(edge):
    return price_lists.draft(quoting.price_list({edge: 100}).price_list, by=None, at=MONDAY)


@pytest.fixture
def admin(vendor):
    client = Client()
    client.force_login(build.member(build.Role.ADMIN).user, backend=BACKEND)
    return client


def path(vendor, version, part=""):
    return f"/{vendor.slug}/price-lists/versions/{version.pk}/{part}"


def test_prices_are_typed_into_a_table_with_prices_for_quantities(vendor, admin, draft, edge):
    fields = {f"p-{edge.pk}-amount": "110", f"p-{edge.pk}-breaks": "50: 90; 10: 99.50", f"p-{edge.pk}-cost": "40"}
    admin.post(path(vendor, draft), {**fields, "revision": draft.revision})

    kept = queries.rows_of(draft)[edge.pk]
    assert (kept.amount, kept.cost) == (110, 40)
    assert [(row.from_quantity, str(row.amount)) for row in kept.breaks] == [(10, "99.5000"), (50, "90.0000")]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"amount": "1.234"}, "EUR has 2 decimals"),
        ({"amount": "-5"}, "The amount is zero or more."),
        ({"breaks": "10 for 90"}, "Write quantity and price, like 10: 95; 50: 90."),
        ({"breaks": "10: 90; 10: 80"}, "The quantity 10 stands there twice."),
        ({"breaks": "10: 90; 50: 95"}, "Each larger quantity costs less"),
        ({"breaks": "10: 150"}, "Each larger quantity costs less"),
        ({"amount": "", "breaks": "10: 50"}, "Enter the price for one unit."),
    ],
)
def test_what_is_wrong_with_a_price_is_said_beside_it(vendor, admin, draft, edge, typed, said):
    fields = {"amount": "100", "breaks": "", "cost": ""} | typed
    answer = admin.post(
        path(vendor, draft), {f"p-{edge.pk}-{n}": v for n, v in fields.items()} | {"revision": draft.revision}
    )

    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert Price.objects.get(version=draft).amount == 100


def test_an_import_first_says_line_by_line_what_it_would_do(vendor, admin, draft, edge):
    mesh = quoting.product("Mesh", sku="HM-1", family="mesh")
    text = "SKU\tPrice\tPrices for quantities\nHE-400\t120\t10: 110\nHM-1\t35\t\nNOPE\t5\t\nHE-400\t1\t\nHM-1\tx\t"

    page = admin.post(path(vendor, draft, "import/"), {"text": text, "do": "check"}).content.decode()

    assert "3 lines cannot be taken over" in page
    assert "No product has this SKU." in page
    assert "This SKU stands further up already." in page
    assert "Take over 2 prices" in page
    assert queries.rows_of(draft)[edge.pk].amount == 100

    admin.post(path(vendor, draft, "import/"), {"text": text, "do": "apply", "revision": draft.revision})

    kept = queries.rows_of(draft)
    assert (kept[edge.pk].amount, kept[mesh.pk].amount) == (120, 35)


def test_what_is_exported_is_imported_as_it_is(vendor, admin, draft, edge):
    mesh = quoting.product("Mesh", sku="HM-1", family="mesh")
    rows = {edge.pk: price_lists.Row(Decimal("1234.5"), (Break(10, Decimal("1100")),)), mesh.pk: None}
    price_lists.save_prices(draft, rows, revision=draft.revision, by=None, at=MONDAY)

    text = admin.get(path(vendor, draft, "export/")).content.decode()
    page = admin.post(path(vendor, draft, "import/"), {"text": text, "do": "check"}).content.decode()

    assert "as it is" in page
    assert "Take over" not in page


def workbook(*rows):
    book, content = openpyxl.Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(content)
    return SimpleUploadedFile("prices.xlsx", content.getvalue())


@pytest.mark.parametrize("language", ["en", "de"])
def test_prices_come_from_a_workbook_whatever_language_reads_it(vendor, admin, draft, edge, language):
    """In German "1.5" would be fifteen; a number in a cell is a number."""
    numbered = quoting.product("Mesh", sku="4711", family="mesh")
    file = workbook(["Preis", "SKU", "Mengenpreise", "Cost"], [1234.5, "HE-400", "10: 1100", 40], [99.1, 4711])
    headers = {"Accept-Language": language}

    page = admin.post(path(vendor, draft, "import/"), {"file": file, "do": "check"}, headers=headers)
    sent = {"text": page.context["text"], "do": "apply", "revision": draft.revision}
    admin.post(path(vendor, draft, "import/"), sent, headers=headers)

    kept = queries.rows_of(draft)
    assert (kept[edge.pk].amount, kept[edge.pk].cost, kept[numbered.pk].amount) == (
        Decimal("1234.5"),
        40,
        Decimal("99.1"),
    )


def test_the_workbook_to_start_from_is_imported_as_it_is(vendor, admin, draft, edge):
    quoting.product("Mesh", sku="HM-1", family="mesh")
    rows = {edge.pk: price_lists.Row(Decimal("1234.56"), (Break(10, Decimal("1100")),), Decimal("0.1"))}
    price_lists.save_prices(draft, rows, revision=draft.revision, by=None, at=MONDAY)

    content = admin.get(path(vendor, draft, "export/?as=xlsx")).content
    page = admin.post(path(vendor, draft, "import/"), {"file": SimpleUploadedFile("p.xlsx", content), "do": "check"})

    assert "as it is" in page.content.decode()
    assert "Take over" not in page.content.decode()
    assert [entry.does for entry in page.context["found"]] == ["same", "empty"]


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("prices.xlsx", b"PK\x03\x04 not a workbook", "This is no workbook that can be read."),
        ("prices.csv", b"HE-400;1\n" * 5001, "There are more than 5000 lines. Split them."),
        ("prices.csv", b"\x81\x8d", "The file is not text."),
        ("prices.csv", b" ", "Paste the prices, or choose a file."),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_where_it_was_chosen(vendor, admin, draft, name, content, said):
    answer = admin.post(path(vendor, draft, "import/"), {"file": SimpleUploadedFile(name, content), "do": "check"})

    assert answer.status_code == 422
    assert said in answer.content.decode()


def test_what_came_as_a_file_is_mended_on_the_page(vendor, admin, draft):
    file = workbook(["SKU", "Price"], ["NOPE", 5])

    page = admin.post(path(vendor, draft, "import/"), {"file": file, "do": "check"})

    assert page.context["form"]["text"].value() == page.context["text"]
    assert "NOPE" in page.context["text"]


def test_what_is_wrong_can_be_taken_along_as_a_file(vendor, admin, draft):
    text = "SKU;Price\n\nNOPE;5\nHE-400;x"

    answer = admin.post(path(vendor, draft, "import/"), {"text": text, "do": "errors"})

    assert answer["Content-Disposition"] == 'attachment; filename="prices-to-mend.csv"'
    assert answer.content.decode("utf-8-sig").splitlines() == [
        "Line;SKU;What is wrong",
        "3;NOPE;No product has this SKU.",
        "4;HE-400;The price is not an amount in EUR.",
    ]


def test_an_overlap_is_refused_where_the_day_is_typed(vendor, admin, edge):
    today = timezone.localdate()
    ends = today + timedelta(days=30)
    earlier = quoting.price_list({edge: 100}, ends_on=ends)
    draft = price_lists.draft(earlier.price_list, by=None, at=MONDAY)

    answer = admin.post(
        path(vendor, draft, "publication/"), {"effective_from": ends.isoformat(), "revision": draft.revision}
    )

    assert answer.status_code == 409
    assert "Version 1 applies from" in answer.content.decode()
    assert not PriceListVersion.objects.get(pk=draft.pk).is_published


def test_a_version_is_published_for_a_day_to_come(vendor, admin, draft):
    soon = (timezone.localdate() + timedelta(days=9)).isoformat()

    answer = admin.post(path(vendor, draft, "publication/"), {"effective_from": soon, "revision": draft.revision})

    assert answer.status_code == 302
    assert PriceListVersion.objects.get(pk=draft.pk).effective_from == date.fromisoformat(soon)
    assert "Version 2 from" in admin.get(f"/{vendor.slug}/price-lists/").content.decode()


def test_terms_are_drafted_compared_and_published(vendor, admin):
    quoting.terms()
    page = f"/{vendor.slug}/quotes/terms/"
    fields = {
        "validity_days": "45",
        "decision_business_days": "2",
        "appeal_days": "14",
        "appeal_business_days": "3",
        "registration_percent": "6.5",
        "largest_special": "50",
        "margin_floor": "",
        "counted": "everything",
        "free": "8",
        "manager": "20",
        "admin": "35",
        "place_volume": "1",
        "place_tier": "2",
        "place_registration": "3",
        "place_special": "4",
        "volumes-TOTAL_FORMS": "1",
        "volumes-INITIAL_FORMS": "0",
        "volumes-0-from_quantity": "10",
        "volumes-0-percent": "2",
        "taxes-TOTAL_FORMS": "1",
        "taxes-INITIAL_FORMS": "0",
        "taxes-0-name": "VAT",
        "taxes-0-percent": "19",
    }

    assert admin.post(page + "draft/", fields).status_code == 302
    shown = admin.get(page).content.decode()
    assert "Days that prices are held: now 45, before 30." in shown
    assert "VAT 19%" in shown
    assert "now Everything off the list price, before The special discount alone" in shown
    today = timezone.localdate()
    answer = admin.post(page + "publication/", {"effective_on": today.isoformat(), "revision": "1"})

    assert answer.status_code == 302
    assert "the draft of the next one" not in admin.get(page).content.decode()
    version, current = terms.current(today)
    assert (current.validity_days, current.free_up_to, current.tax_named("VAT").percent) == (45, 8, 19)
    assert version.number == 3


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"manager": "5"}, "Each step of the ladder is higher"),
        ({"place_volume": "2"}, "Give each discount a place of its own."),
        ({"taxes-0-percent": ""}, "Fill in both"),
        ({"validity_days": "0"}, "greater than or equal to 1"),
    ],
)
def test_terms_that_make_no_sense_are_refused_beside_their_fields(vendor, admin, typed, said):
    quoting.terms()
    fields = {
        "validity_days": "45",
        "decision_business_days": "2",
        "appeal_days": "14",
        "appeal_business_days": "3",
        "registration_percent": "6",
        "largest_special": "50",
        "counted": "everything",
        "free": "8",
        "manager": "20",
        "admin": "35",
        "place_volume": "1",
        "place_tier": "2",
        "place_registration": "3",
        "place_special": "4",
        "volumes-TOTAL_FORMS": "0",
        "volumes-INITIAL_FORMS": "0",
        "taxes-TOTAL_FORMS": "1",
        "taxes-INITIAL_FORMS": "0",
        "taxes-0-name": "VAT",
        "taxes-0-percent": "19",
    }

    answer = admin.post(f"/{vendor.slug}/quotes/terms/draft/", fields | typed)

    assert answer.status_code == 422
    assert said in answer.content.decode()
