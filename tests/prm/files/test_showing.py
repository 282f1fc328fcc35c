"""Files looked at inside the portal: pages of documents as pictures, tables as their first rows."""

import io

import openpyxl
import pytest
from django.core.files.storage import default_storage
from PIL import Image
from pypdf import PdfWriter

from prm.files import artist, evidence, showing
from prm.files.models import File
from prm.tenancy.context import as_system
from tests import build
from tests.prm.files import samples
from tests.prm.files.test_pages import kept

WEBP = b"WEBP"


@pytest.fixture
def partner(vendor):
    return build.partner()


@pytest.fixture
def seller(partner, client):
    member = build.seller(of=partner)
    client.force_login(member.user)
    return member


def page(client, vendor, file, number=1):
    return client.get(f"/{vendor.slug}/files/{file.pk}/pages/{number}/")


def sized_pdf(width, height):
    writer, content = PdfWriter(), io.BytesIO()
    writer.add_blank_page(width, height)
    writer.write(content)
    return content.getvalue()


def sheet_of(rows, name="leads.xlsx"):
    book, content = openpyxl.Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(content)
    return content.getvalue()


def test_a_page_of_a_document_is_shown_as_a_picture(vendor, client, seller, partner):
    file = kept(seller, partner, content=samples.pdf(3))

    answer = page(client, vendor, file, 2)

    assert (answer.status_code, answer["Content-Type"]) == (200, "image/webp")
    assert answer.content[8:12] == WEBP
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert File.objects.get().pages == 3
    assert page(client, vendor, file, 4).status_code == 404
    assert page(client, vendor, file, 0).status_code == 404


def test_a_page_is_drawn_once(vendor, client, seller, partner, monkeypatch):
    file = kept(seller, partner)
    first = page(client, vendor, file).content
    monkeypatch.setattr(showing, "_draw", lambda *_: pytest.fail("drawn again"))

    assert page(client, vendor, file).content == first


@pytest.mark.parametrize("size", [(14_000, 14_000), (1, 14_000), (14_000, 1)])
def test_a_huge_page_is_scaled_down(vendor, client, seller, partner, size):
    file = kept(seller, partner, content=sized_pdf(*size))

    picture = Image.open(io.BytesIO(page(client, vendor, file).content))

    assert picture.width <= artist.WIDTH + 1
    assert picture.height <= artist.HEIGHT + 1


def test_of_a_long_scan_the_first_fifty_pages_are_shown(vendor, client, seller, partner):
    file = kept(seller, partner, content=samples.pdf(200))

    assert page(client, vendor, file, 50).status_code == 200
    assert page(client, vendor, file, 51).status_code == 404


@pytest.mark.urls("prm.urls_vendor")
def test_of_a_long_scan_the_viewer_says_how_many_pages_it_has(vendor, seller, partner):
    file = kept(seller, partner, content=samples.pdf(200))

    sheet = evidence.look_at([file], {"page": "900"}, "/x/").sheet

    assert (sheet.page, sheet.pages, sheet.left_out) == (50, 50, 150)
    assert evidence.note_on(file) == "PDF, 200 pages"
    assert [link.number for link in sheet.links] == [1, 0, 49, 50]


@pytest.mark.parametrize("content", [samples.pdf(password="x"), b"%PDF-1.7 nothing %%EOF"], ids=["locked", "broken"])
def test_what_cannot_be_drawn_is_a_picture_that_says_so(vendor, client, seller, partner, storage, content, monkeypatch):
    file = kept(seller, partner)
    (storage / file.key).write_bytes(content)

    answer = page(client, vendor, file)

    assert (answer.status_code, answer["Content-Type"]) == (200, "image/svg+xml")
    assert "cannot be shown" in answer.content.decode()
    monkeypatch.setattr(showing, "_draw", lambda *_: pytest.fail("tried again"))
    assert page(client, vendor, file).status_code == 200


def test_a_page_that_takes_too_long_is_given_up(vendor, client, seller, partner, monkeypatch):
    monkeypatch.setattr(showing, "SECONDS", 0.001)

    assert "cannot be shown" in page(client, vendor, kept(seller, partner)).content.decode()


def test_only_documents_have_pages(vendor, client, seller, partner):
    picture = kept(seller, partner, name="a.png", content=samples.picture())

    assert page(client, vendor, picture).status_code == 404


def test_pages_of_others_are_not_there(vendor, client, seller, partner):
    sibling, other = build.partner(), build.vendor()
    hidden = [kept(build.seller(of=sibling), sibling), kept(build.manager(), partner, is_internal=True)]
    with as_system(other.pk):
        foreign = build.partner()
        hidden.append(kept(build.seller(of=foreign), foreign))

    assert [page(client, vendor, file).status_code for file in hidden] == [404, 404, 404]


def test_content_lost_from_the_storage_has_no_pages(vendor, client, seller, partner):
    file = kept(seller, partner)
    default_storage.delete(file.key)

    assert page(client, vendor, file).status_code == 404


def test_visitors_see_no_pages(vendor, client, partner):
    file = kept(build.seller(of=partner), partner)

    assert page(client, vendor, file).status_code == 302


def test_of_a_list_of_leads_the_first_rows_are_read(vendor, client, seller, partner):
    lines = "\n".join(["name;firm", *(f"Lead {n};Firm, {n}" for n in range(60))])
    leads = kept(seller, partner, name="leads.csv", content=lines.encode())
    book = kept(seller, partner, name="leads.xlsx", content=sheet_of([["name", "age"], ["Ana", 41], [None, None]]))

    table = showing.table(leads)

    assert table.rows[:2] == [["name", "firm"], ["Lead 0", "Firm, 0"]]
    assert (table.count, len(table.rows), table.left_out) == (61, 20, 41)
    assert showing.table(book).rows == [["name", "age"], ["Ana", "41"]]
    assert showing.table(kept(seller, partner)) is None


def test_what_was_drawn_is_forgotten_with_the_file(vendor, client, seller, partner, storage):
    file = kept(seller, partner, content=samples.pdf(2))
    leads = kept(seller, partner, name="leads.csv", content=b"a,b")
    page(client, vendor, file, 2)
    showing.table(leads)
    shown = storage / "shown"
    assert len([path for path in shown.rglob("*") if path.is_file()]) == 2

    showing.forget(file)
    showing.forget(leads)

    assert not [path for path in shown.rglob("*") if path.is_file()]
