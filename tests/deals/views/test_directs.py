import csv

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile

from deals.enums import DirectStage
from deals.models import DirectOpportunity, DirectTouch
from tests import build
from tests.build import MONDAY

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
FACTS = {
    "name": "Globex",
    "country": "DE",
    "owner": "Ada Brandt",
    "stage": "open",
    "opened_on": "2026-11-02",
}
ROWS = """Id;Customer;Country;Owner;Stage;Products;Opened
A-1;Globex;DE;Ada;open;edge|mesh;2026-10-01
A-2;Initech;DE;Ada;dreamt;;2026-10-01
A-3;Hooli;DE;Ada;won;;2026-12-24"""


@pytest.fixture
def page(client, vendor):
    client.force_login(build.manager().user, backend=BACKEND)
    with time_machine.travel(MONDAY, tick=False):
        yield client


def test_an_opportunity_is_logged_and_found_in_the_list(page, vendor):
    answer = page.post(f"/{vendor.slug}/direct/new/", FACTS | {"title": "Backbone"})

    assert answer.status_code == 302
    shown = page.get(f"/{vendor.slug}/direct/?q=backbone&stage=open").content.decode()
    assert "Globex" in shown
    assert "Globex" not in page.get(f"/{vendor.slug}/direct/?stage=lost").content.decode()


def test_a_day_that_is_still_to_come_is_refused_beside_the_field(page, vendor):
    answer = page.post(f"/{vendor.slug}/direct/new/", FACTS | {"opened_on": "2027-01-01"})

    assert answer.status_code == 422
    assert "This day is still to come." in answer.content.decode()


def test_an_opportunity_is_changed_but_not_over_the_work_of_somebody_else(page, vendor):
    row = build.direct()
    change = {"owner": "Finn", "stage": "won", "opened_on": "2026-11-02", "version": "1"}

    assert page.post(f"/{vendor.slug}/direct/{row.pk}/", change).status_code == 302
    assert page.post(f"/{vendor.slug}/direct/{row.pk}/", change | {"stage": "lost"}).status_code == 409

    row.refresh_from_db()
    assert row.stage == DirectStage.WON


def test_a_file_is_checked_row_by_row_before_anything_is_logged(page, vendor):
    file = SimpleUploadedFile("crm.csv", ROWS.encode())

    shown = page.post(f"/{vendor.slug}/direct/import/", {"file": file, "do": "check"}).content.decode()

    assert "dreamt is none of these: open, won, lost." in shown
    assert "This day is still to come." in shown
    assert not DirectOpportunity.objects.exists()


def test_lines_may_end_as_old_spreadsheets_end_them(page, vendor):
    file = SimpleUploadedFile("crm.csv", ROWS.replace("\n", "\r").encode())

    shown = page.post(f"/{vendor.slug}/direct/import/", {"file": file, "do": "check"}).content.decode()

    assert "dreamt is none of these: open, won, lost." in shown


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("A-1\t" + "x" * 500, "This cannot be read as rows and columns."),
        ("A-1\r" * 1002, "There are more than 1000 lines."),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_beside_the_field(page, vendor, content, said):
    before = csv.field_size_limit(400)
    try:
        file = SimpleUploadedFile("crm.csv", content.encode())
        answer = page.post(f"/{vendor.slug}/direct/import/", {"file": file, "do": "check"})
    finally:
        csv.field_size_limit(before)

    assert answer.status_code == 422
    assert said in answer.content.decode()


def test_what_is_right_in_a_file_is_taken_over_twice_without_harm(page, vendor):
    for _ in range(2):
        page.post(f"/{vendor.slug}/direct/import/", {"text": ROWS, "do": "apply"})

    kept = DirectOpportunity.objects.get()
    assert (kept.external_id, len(kept.families)) == ("A-1", 2)


def test_touches_are_logged_by_hand_and_from_a_file(page, vendor):
    page.post(
        f"/{vendor.slug}/direct/touches/new/",
        {"name": "Globex", "country": "DE", "kind": "call", "happened_on": "2026-11-20"},
    )
    page.post(f"/{vendor.slug}/direct/touches/import/", {"text": "T-1\tGlobex\tDE\t\t\tmeeting\t2026-11-21\tCTO"})

    assert DirectTouch.objects.count() == 1
    page.post(
        f"/{vendor.slug}/direct/touches/import/",
        {"text": "T-1\tGlobex\tDE\t\t\tmeeting\t2026-11-21\tCTO", "do": "apply"},
    )

    shown = page.get(f"/{vendor.slug}/direct/touches/").content.decode()
    assert shown.count("<b>Globex</b>") == 2
