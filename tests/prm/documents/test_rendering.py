import hashlib
import signal
from datetime import timedelta

import pytest
from django.utils import timezone

from prm import documents
from prm.documents import paper, rendering
from prm.documents.models import Document, PrivateDocument, Status
from prm.events.models import Delivery
from prm.events.outbox import deliver_due
from prm.tenancy.context import acting_as, as_system
from tests import build
from tests.prm.documents import sample
from tests.prm.documents.conftest import files_in
from tests.prm.documents.worker import start
from tests.prm.events.conftest import leases_run_out

pytestmark = pytest.mark.skipif(not paper.can_set_type(), reason="Pango is not installed")


def test_a_document_waits_until_the_worker_wrote_it(vendor, partner, storage):
    document = sample.document(partner)
    assert (document.status, files_in(storage)) == (Status.WAITING, [])

    deliver_due(vendor.pk)

    document.refresh_from_db()
    content = files_in(storage)[0].read_bytes()
    assert document.is_ready
    assert content.startswith(b"%PDF")
    assert document.sha256 == hashlib.sha256(content).hexdigest()
    assert document.size == len(content)
    assert document.ready_at is not None


def test_a_kind_nobody_told_of_is_refused(partner):
    with pytest.raises(LookupError):
        documents.request("tests.unknown", on=partner, facts={}, title="", by=None, at=build.MONDAY)


def test_a_second_turn_leaves_the_file_as_it_is(vendor, partner, storage):
    document = sample.document(partner)
    deliver_due(vendor.pk)
    document.refresh_from_db()
    Delivery.objects.update(status="pending", leased_until=None)

    deliver_due(vendor.pk)

    again = Document.objects.get()
    assert (again.ready_at, again.sha256) == (document.ready_at, document.sha256)
    assert len(files_in(storage)) == 1


def test_without_pango_it_goes_on_waiting_and_says_what_is_needed(vendor, partner, monkeypatch):
    document = sample.document(partner)
    monkeypatch.setattr(paper, "_weasyprint", without_pango)

    deliver_due(vendor.pk)

    document.refresh_from_db()
    assert (document.status, document.problem) == (Status.WAITING, rendering.PANGO)
    assert not Delivery.objects.filter(status="dead").exists()


def test_once_pango_is_there_what_waited_is_written(vendor, partner, monkeypatch, storage):
    document = sample.document(partner)
    with monkeypatch.context() as machine:
        machine.setattr(paper, "_weasyprint", without_pango)
        deliver_due(vendor.pk)
        rendering.resume_waiting()
        assert not Delivery.objects.filter(handler__contains="documents", status="pending").exists()

    rendering.resume_waiting()
    deliver_due(vendor.pk)

    document.refresh_from_db()
    assert document.is_ready
    assert len(files_in(storage)) == 1


def without_pango():
    raise paper.PangoMissing("cannot load library 'libpango-1.0-0'")


def test_a_document_that_failed_says_so_and_can_be_tried_again(vendor, partner, monkeypatch):
    document = sample.document(partner)
    with monkeypatch.context() as machine:
        machine.setattr(paper, "pdf", broken)
        deliver_due(vendor.pk)
    document.refresh_from_db()
    assert (document.status, document.problem) == (Status.FAILED, "RuntimeError: out of ink")

    documents.retry(document)
    deliver_due(vendor.pk)

    document.refresh_from_db()
    assert (document.status, document.problem) == (Status.READY, "")


def test_a_failed_document_is_tried_again_by_itself(vendor, partner, monkeypatch):
    document = sample.document(partner)
    with monkeypatch.context() as machine:
        machine.setattr(paper, "pdf", broken)
        deliver_due(vendor.pk)

    deliver_due(vendor.pk, now=lambda: timezone.now() + timedelta(minutes=1))

    document.refresh_from_db()
    assert document.is_ready


def broken(document):
    raise RuntimeError("out of ink")


def test_trying_again_what_is_ready_changes_nothing(vendor, partner):
    document = sample.document(partner)
    deliver_due(vendor.pk)

    assert documents.retry(document).is_ready


@pytest.mark.parametrize("moment", ["before setting", "before storing", "between storing and mark", "before the end"])
def test_a_worker_killed_at_any_moment_leaves_one_file_in_the_end(committed, storage, moment):
    vendor = build.vendor()
    with as_system(vendor.pk):
        document = sample.document(build.partner())

    assert start(vendor, storage, moment).wait(60) == -signal.SIGKILL
    leases_run_out(vendor)
    assert start(vendor, storage).wait(60) == 0

    with as_system(vendor.pk):
        document.refresh_from_db()
    assert document.is_ready
    assert [hashlib.sha256(file.read_bytes()).hexdigest() for file in files_in(storage)] == [document.sha256]


def test_two_workers_at_once_leave_one_file(committed, storage):
    vendor = build.vendor()
    with as_system(vendor.pk):
        document = sample.document(build.partner())
    workers = [start(vendor, storage, at_once=True) for _ in range(2)]

    assert [worker.wait(60) for worker in workers] == [0, 0]

    with as_system(vendor.pk):
        document.refresh_from_db()
    assert [hashlib.sha256(file.read_bytes()).hexdigest() for file in files_in(storage)] == [document.sha256]


def test_a_private_document_is_written_too_and_the_vendor_cannot_see_it(vendor, storage):
    firm = build.partner()
    seller, manager, other = build.seller(of=firm), build.manager(), build.seller()
    with acting_as(seller.actor):
        document = sample.document(firm, is_private=True, by=seller)
    deliver_due(vendor.pk)

    assert len(files_in(storage)) == 1
    with acting_as(seller.actor):
        assert PrivateDocument.objects.get().is_ready
        assert documents.latest(firm, sample.SAMPLE.code) == document
    for stranger in (manager, other):
        with acting_as(stranger.actor):
            assert not PrivateDocument.objects.exists()


def test_the_newest_of_a_kind_is_found_for_many_records_at_once(vendor, django_assert_num_queries):
    firms = [build.partner() for _ in range(3)]
    for firm in firms[:2]:
        sample.document(firm)
    newest = sample.document(firms[0], at=build.MONDAY + timedelta(days=1))

    with django_assert_num_queries(1):
        found = documents.latest_of_each([firm.pk for firm in firms], sample.SAMPLE.code)

    assert set(found) == {firms[0].pk, firms[1].pk}
    assert found[firms[0].pk] == newest
