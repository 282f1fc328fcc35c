import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from prm.accounts.roles import Role
from prm.files import services, subjects
from prm.files.models import File
from prm.tenancy.context import acting_as, as_system
from tests import build
from tests.prm.files import samples


@pytest.fixture
def partner(vendor):
    return build.partner()


@pytest.fixture
def seller(partner, client):
    member = build.seller(of=partner)
    client.force_login(member.user)
    return member


def send(client, vendor, subject, name="offer.pdf", content=None, **headers):
    upload = SimpleUploadedFile(name, samples.pdf() if content is None else content)
    path = f"/{vendor.slug}/files/of/partners.partner/{subject.pk}/"
    return client.post(path, {"file": upload}, **headers)


def kept(member, subject, name="offer.pdf", content=None, **facts):
    with acting_as(member.actor):
        upload = SimpleUploadedFile(name, samples.pdf() if content is None else content)
        return services.add(upload, on=subject, by=member, at=timezone.now(), **facts)


def test_an_upload_answers_the_files_row(vendor, client, seller, partner):
    answer = send(client, vendor, partner, name="<b>offer<b>.pdf")

    assert answer.status_code == 200
    file = File.objects.get()
    assert file.name == "_b_offer_b_.pdf"
    assert f"/{vendor.slug}/files/{file.pk}/" in answer.content.decode()
    assert "<b>" not in answer.content.decode()


@pytest.mark.parametrize(
    ("name", "content", "word"),
    [("a.exe", samples.EXE, "not taken"), ("a.png", samples.HTML, "not what its name says"), ("a.pdf", b"", "empty")],
)
def test_a_refused_upload_answers_a_short_sentence(vendor, client, seller, partner, name, content, word):
    answer = send(client, vendor, partner, name=name, content=content)

    assert answer.status_code == 422
    assert answer["Content-Type"].startswith("text/plain")
    assert word in answer.content.decode()
    assert len(answer.content) < 300


def test_a_form_without_a_file_is_told_so(vendor, client, seller, partner):
    answer = client.post(f"/{vendor.slug}/files/of/partners.partner/{partner.pk}/")

    assert (answer.status_code, answer.content) == (422, b"Choose a file first.")


def test_a_file_of_twenty_five_megabytes_is_refused_in_words(vendor, client, seller, partner):
    answer = send(client, vendor, partner, content=b"%PDF-1.7" + b"\0" * 25_000_000)

    assert answer.status_code == 422
    assert "larger than" in answer.content.decode()


@pytest.mark.parametrize(("wanted", "status"), [("empty", 422), ("document", 413)])
def test_a_request_larger_than_any_is_answered_in_words(vendor, client, seller, partner, settings, wanted, status):
    settings.MAX_REQUEST_BYTES = 1_000_000

    answer = send(client, vendor, partner, content=b"%PDF" + b"\0" * 2_000_000, HTTP_SEC_FETCH_DEST=wanted)

    assert answer.status_code == status
    assert "20 MB" in answer.content.decode()
    assert not File.objects.exists()


def test_a_download_is_always_an_attachment(vendor, client, seller, partner):
    file = kept(seller, partner, name='Ängebot "neu" 日本.pdf')

    answer = client.get(f"/{vendor.slug}/files/{file.pk}/")

    assert b"".join(answer.streaming_content) == samples.pdf()
    assert answer["Content-Disposition"].startswith("attachment; filename*=utf-8''%C3%84ngebot")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer["Cache-Control"] == "private, no-store"


def test_only_pictures_are_shown_inside_a_page(vendor, client, seller, partner):
    picture, paper = kept(seller, partner, name="a.png", content=samples.picture()), kept(seller, partner)

    shown = client.get(f"/{vendor.slug}/files/{picture.pk}/preview/")

    assert shown["Content-Disposition"].startswith("inline")
    assert shown["Content-Type"] == "image/png"
    assert client.get(f"/{vendor.slug}/files/{paper.pk}/preview/").status_code == 404


def test_a_picture_that_was_exchanged_in_the_storage_is_not_shown(vendor, client, seller, partner, storage):
    picture = kept(seller, partner, name="a.png", content=samples.picture())
    (storage / picture.key).write_bytes(samples.HTML)

    assert client.get(f"/{vendor.slug}/files/{picture.pk}/preview/").status_code == 404


def test_files_of_others_are_not_there(vendor, client, seller, partner):
    sibling, manager, other = build.partner(), build.manager(), build.vendor()
    hidden = [
        kept(build.seller(of=sibling), sibling),
        kept(manager, partner, is_internal=True),
    ]
    with as_system(other.pk):
        foreign = build.partner()
        hidden.append(kept(build.seller(of=foreign), foreign))

    for file in hidden:
        for path in ("", "preview/"):
            assert client.get(f"/{vendor.slug}/files/{file.pk}/{path}").status_code == 404
        assert client.post(f"/{vendor.slug}/files/{file.pk}/removal/").status_code == 404
    assert send(client, vendor, sibling).status_code == 404
    assert send(client, other, foreign).status_code == 404


def test_a_distributor_opens_files_of_those_below_it_and_they_none_of_its(vendor, client):
    distributor = build.partner(type="distributor")
    reseller = build.partner(distributor=distributor)
    above, below = build.member(Role.PARTNER_ADMIN, of=distributor), build.member(Role.PARTNER_ADMIN, of=reseller)
    of_below, of_above = kept(below, reseller), kept(above, distributor)

    client.force_login(above.user)
    assert client.get(f"/{vendor.slug}/files/{of_below.pk}/").status_code == 200
    client.force_login(below.user)
    assert client.get(f"/{vendor.slug}/files/{of_above.pk}/").status_code == 404


def test_a_file_of_a_record_that_no_app_shows_is_not_there(vendor, client, seller, partner, monkeypatch):
    file = kept(seller, partner)
    monkeypatch.delitem(subjects.VISIBLE, "partners.partner")

    assert client.get(f"/{vendor.slug}/files/{file.pk}/").status_code == 404


@pytest.mark.parametrize("status", ["quarantined", "refused"])
def test_a_file_that_is_not_cleared_cannot_be_opened(vendor, client, seller, partner, status):
    file = kept(seller, partner)
    File.objects.update(status=status)

    assert client.get(f"/{vendor.slug}/files/{file.pk}/").status_code == 404


def test_a_removed_file_is_gone_from_the_page(vendor, client, seller, partner):
    file = kept(seller, partner)
    address = f"/{vendor.slug}/files/{file.pk}/removal/"

    assert client.get(address).status_code == 405
    back = client.post(address, headers={"Referer": f"http://testserver/{vendor.slug}/deals/"})

    assert back.url == f"http://testserver/{vendor.slug}/deals/"
    assert client.get(f"/{vendor.slug}/files/{file.pk}/").status_code == 404
    assert client.post(address, headers={"HX-Request": "true"}).status_code == 404


def test_removal_does_not_lead_to_another_site(vendor, client, seller, partner):
    file = kept(seller, partner)

    back = client.post(f"/{vendor.slug}/files/{file.pk}/removal/", headers={"Referer": "https://evil.example/"})

    assert back.url == f"/{vendor.slug}/"


def test_a_record_that_is_closed_takes_and_loses_no_files(vendor, client, seller, partner, monkeypatch):
    file = kept(seller, partner)
    monkeypatch.setitem(subjects.CHANGEABLE, "partners.partner", lambda subject, member: False)

    assert send(client, vendor, partner).status_code == 403
    assert client.post(f"/{vendor.slug}/files/{file.pk}/removal/").status_code == 403


def test_content_lost_from_the_storage_is_not_an_error_page(vendor, client, seller, partner):
    file = kept(seller, partner)
    default_storage.delete(file.key)

    assert client.get(f"/{vendor.slug}/files/{file.pk}/").status_code == 404


def test_visitors_are_sent_to_sign_in(vendor, client, partner):
    file = kept(build.seller(of=partner), partner)

    assert client.get(f"/{vendor.slug}/files/{file.pk}/").status_code == 302
