import hashlib

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from prm.documents.models import Status
from prm.events.outbox import deliver_due
from prm.tenancy.context import as_system
from tests import build
from tests.prm.documents import sample


@pytest.fixture
def seller(partner, client):
    member = build.seller(of=partner)
    client.force_login(member.user)
    return member


def at(vendor, document, rest=""):
    return f"/{vendor.slug}/documents/{document.pk}/{rest}"


def test_a_document_that_is_being_written_asks_again_until_it_is_there(vendor, client, seller, partner):
    document = sample.document(partner)
    waiting = client.get(at(vendor, document), headers={"HX-Request": "true"}).content.decode()
    assert 'hx-trigger="every 2s"' in waiting
    assert "next in line" in waiting

    with as_system(vendor.pk):
        deliver_due(vendor.pk)

    ready = client.get(at(vendor, document), headers={"HX-Request": "true"}).content.decode()
    assert "hx-trigger" not in ready
    assert at(vendor, document, "file/") in ready


def test_without_scripts_it_is_a_page_of_its_own(vendor, client, seller, partner):
    page = client.get(at(vendor, sample.document(partner))).content.decode()

    assert "<html" in page
    assert "Print view" in page


def test_the_file_comes_as_an_attachment_under_its_own_name(vendor, client, seller, partner):
    answer = client.get(at(vendor, sample.ready(partner), "file/"))

    assert answer["Content-Disposition"] == 'attachment; filename="sample-S-1.pdf"'
    assert answer["Content-Type"] == "application/pdf"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert b"".join(answer.streaming_content) == b"%PDF-1.7 sample"


def test_a_file_that_is_not_written_yet_is_not_there(vendor, client, seller, partner):
    assert client.get(at(vendor, sample.document(partner), "file/")).status_code == 404


def test_while_the_machine_cannot_set_type_the_page_says_what_is_needed(vendor, client, seller, partner):
    document = sample.document(partner)
    type(document).objects.update(problem="pango")

    page = client.get(at(vendor, document)).content.decode()

    assert "Pango" in page
    assert at(vendor, document, "print/") in page


def test_the_print_view_holds_nothing_inline(vendor, client, seller, partner):
    document = sample.document(partner)

    page = client.get(at(vendor, document, "print/")).content.decode()
    colors = client.get(at(vendor, document, "colors.css"))

    assert "Computing at the edge" in page
    assert "<style" not in page
    assert " style=" not in page
    assert at(vendor, document, "colors.css") in page
    assert "--brand:" in colors.content.decode()
    assert colors["Content-Type"].startswith("text/css")


def test_a_failed_document_is_tried_again_from_its_page(vendor, client, seller, partner):
    document = sample.document(partner)
    type(document).objects.update(status=Status.FAILED, problem="x")
    assert "Try again" in client.get(at(vendor, document)).content.decode()

    answer = client.post(at(vendor, document, "rendering/"), headers={"HX-Request": "true"})

    assert "next in line" in answer.content.decode()


def test_whoever_may_not_open_the_record_finds_no_document(vendor, client, seller, partner, monkeypatch):
    from prm.files import subjects

    document = sample.ready(partner)
    monkeypatch.setitem(subjects.VISIBLE, "partners.partner", lambda member: type(partner).objects.none())

    for rest in ("", "file/", "print/", "colors.css"):
        assert client.get(at(vendor, document, rest)).status_code == 404


# -- checking a copy: anybody may, without signing in


def verify(vendor, code):
    return f"/{vendor.slug}/verify/{code}/"


@pytest.mark.parametrize("spoken", [True, False])
def test_whoever_holds_a_document_sees_what_was_issued(vendor, client, partner, spoken):
    document = sample.ready(partner)

    answer = client.get(verify(vendor, document.spoken_code.lower() if spoken else document.code))

    page = answer.content.decode()
    assert answer.status_code == 200
    for shown in ("Sample", "S-1", vendor.name, document.sha256, "23 November"):
        assert shown in page
    assert "Computing at the edge" not in page
    assert partner.name not in page


def test_the_same_file_matches_and_any_other_does_not(vendor, client, partner):
    document = sample.ready(partner)
    url = verify(vendor, document.code)

    same = client.post(url, {"file": SimpleUploadedFile("x.pdf", b"%PDF-1.7 sample")})
    other = client.post(url, {"file": SimpleUploadedFile("x.pdf", b"%PDF-1.7 changed")})

    assert "Your copy is genuine" in same.content.decode()
    assert "is not what was issued" in other.content.decode()
    assert hashlib.sha256(b"%PDF-1.7 changed").hexdigest() in other.content.decode()


def test_a_pasted_digest_is_compared_however_it_is_written(vendor, client, partner):
    document = sample.ready(partner)
    digest = document.sha256.upper()

    answer = client.post(verify(vendor, document.code), {"digest": f" {digest[:32]} {digest[32:]}\n"})

    assert "Your copy is genuine" in answer.content.decode()


@pytest.mark.parametrize(("given", "told"), [({}, "Choose the file, or paste"), ({"digest": "abc"}, "has 64 digits")])
def test_a_comparison_with_nothing_to_compare_says_what_is_missing(vendor, client, partner, given, told):
    answer = client.post(verify(vendor, sample.ready(partner).code), given)

    assert answer.status_code == 422
    assert told in answer.content.decode()


def test_unknown_codes_and_those_of_other_vendors_get_the_same_calm_page(vendor, client, partner):
    document = sample.ready(partner)
    elsewhere = build.vendor()

    unknown = client.get(verify(vendor, "NOSUCHCODE"))
    foreign = client.get(verify(elsewhere, document.code))

    assert unknown.status_code == foreign.status_code == 404
    assert "No document has this code" in unknown.content.decode()
    assert document.sha256 not in foreign.content.decode()


def test_a_document_not_written_yet_cannot_be_compared(vendor, client, partner):
    document = sample.document(partner)

    answer = client.post(verify(vendor, document.code), {"digest": "0" * 64})

    assert "not written yet" in answer.content.decode()
    assert "genuine" not in answer.content.decode()


def test_a_private_document_can_be_checked_and_names_its_issuer(vendor, client, partner):
    document = sample.ready(partner, is_private=True, letterhead={"name": "Kestrel IT"})

    page = client.get(verify(vendor, document.code)).content.decode()

    assert "Kestrel IT" in page


def test_checking_is_never_kept_by_browsers(vendor, client, partner):
    with as_system(vendor.pk):
        document = sample.ready(partner)

    assert "no-store" in client.get(verify(vendor, document.code))["Cache-Control"]


def test_the_address_on_the_paper_is_the_one_that_answers(vendor, client, partner):
    document = sample.ready(partner)

    assert document.letterhead["verify_url"].endswith(
        f"/{vendor.slug}" + reverse("document-verification", urlconf="prm.urls_vendor", args=[document.code])
    )
