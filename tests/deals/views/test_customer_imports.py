import csv
import io
from collections import Counter

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import Workbook

from deals.enums import Found
from deals.forms import customer_imports as forms
from deals.models import CustomerImport, EndCustomer, ImportedLine
from deals.services import customer_imports as services
from prm.accounts.roles import Role
from tests import build
from tests.deals import newcomer

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture
def page(client, vendor):
    client.force_login(build.manager().user, backend=BACKEND)
    return client


def text(answer):
    return answer.content.decode()


def uploaded(page, vendor, content, name="list.csv"):
    content = content if isinstance(content, bytes) else content.encode()
    answer = page.post(f"/{vendor.slug}/customers/imports/", {"file": SimpleUploadedFile(name, content)})
    assert answer.status_code == 302, text(answer)
    return answer["Location"]


def meanings(job_columns):
    return {f"column_{place}": meaning for place, meaning in enumerate(job_columns)}


def checked(page, address, **typed):
    job = CustomerImport.objects.get(pk=address.rstrip("/").rpartition("/")[2])
    asked = {"do": "check", "has_head": "on", "country": "DE", **meanings(job.columns), **typed}
    return page.post(address, asked, follow=True)


def test_a_list_is_uploaded_understood_looked_at_and_taken_over(page, vendor):
    build.submitted(customer_name="Veldhaven Maritime Systems", customer_website="", customer_city="Bremen")
    address = uploaded(page, vendor, "Firma;Ort\nVeldhavne Maritime Systems;Bremen\nOrlinda;Ulm\n;Kassel\n")
    assert "Such as: Veldhavne Maritime Systems · Orlinda" in text(page.get(address))

    shown = text(checked(page, address))
    assert "differ by a slip of the keyboard" in shown
    assert "It has no name." in shown
    assert EndCustomer.objects.count() == 1

    shown = text(page.post(address, {"do": "add", "with_alike": "on"}, follow=True))
    assert "2 customers were taken over" in shown
    assert EndCustomer.objects.count() == 3


def test_workbooks_are_read_and_numbers_stay_what_they_were(page, vendor):
    book = Workbook()
    for row in (["Name", "Account ID"], ["Orlinda", 4711]):
        book.active.append(row)
    content = io.BytesIO()
    book.save(content)

    checked(page, uploaded(page, vendor, content.getvalue(), "list.xlsx"))

    assert ImportedLine.objects.get().facts["external_id"] == "4711"


def test_what_is_wrong_can_be_downloaded_mended_and_brought_again(page, vendor):
    address = uploaded(page, vendor, "Name,Country\nOrlinda,Atlantis\nKestrel,DE\n")
    checked(page, address)

    answer = page.get(f"{address}export/", {"found": "wrong"})
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert [(row["Company name"], row["Line"]) for row in rows] == [("Orlinda", "2")]
    assert rows[0]["Why"].startswith("The country is not known.")

    mended = answer.content.decode("utf-8-sig").replace("Atlantis", "Germany")
    again = uploaded(page, vendor, mended)
    checked(page, again)
    assert ImportedLine.objects.get(job=again.rstrip("/").rpartition("/")[2]).found == Found.NEW


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("list.csv", b"", "empty"),
        ("list.csv", b"\n\n ; ;\n", "The file is empty."),
        ("list.xlsx", b"no workbook", "This is no workbook that can be read."),
        ("list.csv", b"Name\n" + b"x\n" * 100_001, "There are more than 100000 lines."),
    ],
)
def test_files_that_cannot_be_read_are_refused_beside_the_field(page, vendor, name, content, said):
    answer = page.post(f"/{vendor.slug}/customers/imports/", {"file": SimpleUploadedFile(name, content)})

    assert answer.status_code == 422
    assert said in text(answer)
    assert not CustomerImport.objects.exists()


@pytest.mark.parametrize(
    "raw", [b"\xff\xfeN\x00a\x00m\x00e\x00", b"\x00\x01\x02\xff" * 50, b'Name\n"never closed', b"\xe4"]
)
def test_bytes_of_any_kind_are_answered(page, vendor, raw):
    answer = page.post(f"/{vendor.slug}/customers/imports/", {"file": SimpleUploadedFile("list.csv", raw)})

    assert answer.status_code in (302, 422)


def test_a_list_that_failed_half_way_offers_to_go_on(page, vendor):
    address = uploaded(page, vendor, "Name\nOrlinda\nKestrel\n")
    checked(page, address)
    CustomerImport.objects.update(status=CustomerImport.Status.FAILED, done=0)

    assert "Go on with the rest" in text(page.get(address))

    assert "2 customers were taken over" in text(page.post(address, {"do": "add"}, follow=True))


def test_a_list_that_is_under_way_is_not_read_to_say_how_far_it_is(page, vendor):
    address = uploaded(page, vendor, "Name\nOrlinda\n")
    CustomerImport.objects.update(status=CustomerImport.Status.ADDING)

    with CaptureQueriesContext(connection) as asked:
        assert page.get(address).status_code == 200
    assert not any('"lines"' in query["sql"] for query in asked)


def test_empty_lines_count_for_nothing_and_a_list_that_is_too_long_is_refused(page, vendor, monkeypatch):
    monkeypatch.setattr(forms, "MOST_LINES", 3)
    uploaded(page, vendor, "Name\n" + "\n;\n" * 9 + "Orlinda\rKestrel")

    answer = page.post(
        f"/{vendor.slug}/customers/imports/", {"file": SimpleUploadedFile("list.csv", b"Name\n1\n2\n3\n4\n5")}
    )
    assert "There are more than 3 lines." in text(answer)


def test_two_columns_never_mean_the_same_and_one_has_the_names(page, vendor):
    address = uploaded(page, vendor, "A,B\nOrlinda,Kestrel\n")

    answer = checked(page, address, column_0="name", column_1="name")
    assert "Another column is said to be that: Company name." in text(answer)
    answer = checked(page, address, column_0="", column_1="city")
    assert "Say which column has the names of the customers." in text(answer)


def test_only_who_keeps_customers_imports_them(client, vendor):
    job = services.start("list.csv", [["Name"], ["Orlinda"]], by=build.manager(), at=build.MONDAY)
    for member in (build.member(Role.FINANCE), build.seller()):
        client.force_login(member.user, backend=BACKEND)
        for path in ("", f"{job.pk}/", f"{job.pk}/export/"):
            assert client.get(f"/{vendor.slug}/customers/imports/{path}").status_code == 403


def test_a_newcomers_list_finds_every_planted_conflict_and_explains_each(page, vendor):
    planted = newcomer.lines()
    assert len(planted) == 300
    content = io.StringIO()
    csv.writer(content).writerows([newcomer.HEAD, *(line.cells for line in planted)])
    address = uploaded(page, vendor, content.getvalue())
    job = CustomerImport.objects.get()
    services.check(job, job.columns, has_head=True, country="")
    desk = services.Desk()
    while services.go_on(job.pk, desk):
        pass

    rows = {row.number - 2: row for row in ImportedLine.objects.all()}
    missed = Counter()
    for place, line in enumerate(planted):
        row = rows[place]
        is_found = row.found in (Found.SAME, Found.ALIKE)
        if line.kind in newcomer.SAME and not is_found:
            missed[line.kind] += 1
        if line.kind in newcomer.RELATED and not (is_found or row.likeness):
            missed[line.kind] += 1
        if line.kind in ("", newcomer.NUMBERED) and is_found:
            missed[f"alarm where there is none {line.kind}"] += 1
        if row.found == Found.ALIKE and not row.likeness.evidence:
            missed["alarm without a reason"] += 1
    assert missed == Counter()

    shown = text(page.get(address, {"found": "alike", "size": "100"}))
    assert "differ by a slip of the keyboard" in shown


def test_a_list_that_is_under_way_can_be_stopped_and_gone_on_with(page, vendor):
    address = uploaded(page, vendor, "Name\nOrlinda\nKestrel\n")
    checked(page, address)
    CustomerImport.objects.update(status=CustomerImport.Status.ADDING, done=0)

    assert "The rest waits here" in text(page.post(address, {"do": "stop"}, follow=True))

    assert "2 customers were taken over" in text(page.post(address, {"do": "add"}, follow=True))
