import socketserver
import threading
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile

from prm.accounts.roles import Role
from prm.events.models import Delivery, Event
from prm.events.outbox import deliver_due
from prm.files import inspection, queries, services
from prm.files.models import File
from prm.files.rules import Unfit
from prm.tenancy.context import acting_as
from tests import build
from tests.prm.files import samples

pytestmark = pytest.mark.urls("prm.urls_vendor")
NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)


def upload(name="offer.pdf", content=None):
    return SimpleUploadedFile(name, samples.pdf() if content is None else content)


def add(member, subject, **facts):
    with acting_as(member.actor):
        return services.add(facts.pop("upload", None) or upload(), on=subject, by=member, at=NOON, **facts)


@pytest.fixture
def partner(vendor):
    return build.partner()


@pytest.fixture
def seller(partner):
    return build.seller(of=partner)


def test_a_file_is_kept_under_a_key_nobody_chose(vendor, partner, seller):
    file = add(seller, partner)

    assert (file.status, file.name, file.media_type) == ("clean", "offer.pdf", "application/pdf")
    assert file.key == f"{vendor.pk}/{file.pk}"
    assert default_storage.open(file.key).read() == samples.pdf()
    assert file.partner_path == partner.partner_path
    assert Event.objects.get(name="prm.file.added").subject_id == partner.pk


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("setup.exe", samples.EXE, "kind"),
        ("offer.pdf", samples.EXE, "mismatch"),
        ("offer.pdf", b"", "empty"),
        ("logo.png", samples.SVG, "mismatch"),
        ("bomb.png", samples.png_bomb(), "too_big_a_picture"),
    ],
)
def test_an_unfit_file_leaves_nothing_behind_and_is_told_why(vendor, partner, seller, storage, name, content, reason):
    with pytest.raises(services.FileUnfit) as refusal:
        add(seller, partner, upload=upload(name, content))

    assert refusal.value.facts["reason"] == reason
    assert len(refusal.value.sentence) > 20
    assert not File.objects.exists()
    assert not any(storage.rglob("*"))


def test_every_reason_has_its_sentence(db):
    from prm.files.rules import Reason

    for reason in Reason:
        facts = {"limit": 20_000_000, "pages": 5, "most": 9}
        assert services.FileUnfit(reason=reason.value, **facts).sentence.endswith(".")


def test_a_file_over_the_limit_is_refused(vendor, partner, seller, settings):
    settings.UPLOAD_LIMIT = 100

    with pytest.raises(services.FileUnfit) as refusal:
        add(seller, partner)

    assert refusal.value.facts["reason"] == "too_large"


def test_a_file_that_takes_too_long_is_given_up(monkeypatch):
    monkeypatch.setattr(inspection, "SECONDS", 0.001)

    with pytest.raises(Unfit) as refusal:
        inspection.look_into("offer.pdf", upload())

    assert refusal.value.reason == "too_hard"


def test_an_internal_file_is_seen_by_the_vendors_people_only(vendor, partner, seller):
    manager = build.manager()
    file = add(manager, partner, is_internal=True)

    assert file.partner_path == ""
    with acting_as(seller.actor):
        assert list(queries.of(partner)) == []
        assert not Event.objects.filter(name="prm.file.added").exists()
    with acting_as(manager.actor):
        assert list(queries.of(partner)) == [file]
    with pytest.raises(ValueError, match="own people"):
        add(seller, partner, is_internal=True)


def test_a_record_holds_a_limited_number_of_files(vendor, partner, seller, monkeypatch):
    monkeypatch.setattr(services, "ON_ONE_RECORD", 1)
    add(seller, partner)

    with pytest.raises(services.FileUnfit):
        add(seller, partner)


def test_a_file_is_removed_by_the_firm_that_added_it(vendor, partner, seller):
    file, colleague, manager = add(seller, partner), build.seller(of=partner), build.member(Role.ADMIN)

    with acting_as(manager.actor), pytest.raises(services.NotYours):
        services.remove(file, on=partner, by=manager, at=NOON)
    with acting_as(colleague.actor):
        services.remove(file, on=partner, by=colleague, at=NOON)
        services.remove(file, on=partner, by=colleague, at=NOON)
        assert list(queries.of(partner)) == []

    assert Event.objects.filter(name="prm.file.removed").count() == 1
    assert default_storage.exists(file.key)


# -- the scanner -----------------------------------------------------------------------------------
class Clamd(socketserver.ThreadingTCPServer):
    """Speaks enough of clamd's protocol: finds the word EICAR."""

    allow_reuse_address = daemon_threads = True
    fails = False
    heard = b""

    class RequestHandlerClass(socketserver.StreamRequestHandler):
        def handle(self):
            assert self.rfile.read(10) == b"zINSTREAM\0"
            content = b""
            while size := int.from_bytes(self.rfile.read(4)):
                content += self.rfile.read(size)
            self.server.heard = content
            found = b"Eicar-Signature FOUND" if b"EICAR" in content else b"OK"
            self.wfile.write(
                b"INSTREAM size limit exceeded. ERROR\0" if self.server.fails else b"stream: " + found + b"\0"
            )


@contextmanager
def clamd():
    with Clamd(("127.0.0.1", 0), Clamd.RequestHandlerClass) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


@pytest.fixture
def scanner(settings):
    with clamd() as server:
        settings.CLAMD_ADDRESS = f"127.0.0.1:{server.server_address[1]}"
        yield server


def test_with_a_scanner_a_file_waits_for_its_verdict(vendor, partner, seller, scanner):
    file = add(seller, partner, upload=upload("big.txt", b"word\n" * 200_000))
    assert file.status == "quarantined"
    with acting_as(seller.actor):
        assert queries.entry(file)["url"] == ""

    deliver_due(vendor.pk)

    file.refresh_from_db()
    assert file.status == "clean"
    assert scanner.heard == b"word\n" * 200_000


def test_an_infected_file_is_deleted_and_told(vendor, partner, seller, scanner):
    file = add(seller, partner, upload=upload("list.csv", b"a;EICAR;b\n"))

    deliver_due(vendor.pk)

    file.refresh_from_db()
    assert (file.status, file.refusal) == ("refused", "infected")
    assert not default_storage.exists(file.key)
    assert Event.objects.get(name="prm.file.refused").payload["reason"] == "infected"
    assert "virus" in queries.entry(file)["note"]


def test_without_a_verdict_a_file_stays_in_quarantine(vendor, partner, seller, scanner):
    scanner.fails = True
    file = add(seller, partner)

    deliver_due(vendor.pk)

    file.refresh_from_db()
    assert file.status == "quarantined"
    assert "size limit" in Delivery.objects.get(handler__endswith="scan").last_error


def test_an_absent_scanner_clears_nothing(vendor, partner, seller, settings):
    settings.CLAMD_ADDRESS = "127.0.0.1:1"
    file = add(seller, partner)

    deliver_due(vendor.pk)

    file.refresh_from_db()
    assert file.status == "quarantined"
