"""The worker's part: writes the file of a document, once, however often it is told or killed."""

from __future__ import annotations

import hashlib
from uuid import UUID

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

from prm.documents import paper
from prm.documents.models import BOTH, Document, PrivateDocument, Status
from prm.events import outbox
from prm.events.models import Delivery
from prm.events.outbox import sends
from prm.events.schedule import every, for_each_vendor
from prm.tenancy.context import as_system

PANGO = "pango"
AT_ONCE = 200


@sends
def write(document_id: UUID, delivery: Delivery) -> None:
    """Set a document in type and keep the file; without Pango it goes on waiting and says so."""
    with as_system(delivery.tenant_id):
        document = _begin(document_id)
    if document is None:
        return
    try:
        content = paper.pdf(document)
        with as_system(delivery.tenant_id):
            _keep(document, content)
    except paper.PangoMissing:
        with as_system(delivery.tenant_id):
            _say(document, Status.WAITING, PANGO)
    except Exception as error:
        with as_system(delivery.tenant_id):
            _say(document, Status.FAILED, f"{type(error).__name__}: {error}"[:2000])
        raise


def _begin(pk: UUID) -> Document | PrivateDocument | None:
    for model in BOTH:
        document = model.objects.select_for_update().filter(pk=pk).first()
        if document is not None and not document.is_ready:
            document.status = Status.RENDERING
            document.save(update_fields=["status"])
            return document
    return None


def _keep(document: Document | PrivateDocument, content: bytes) -> None:
    """Store the file and say that it is ready. The lock is held while storing, so that one worker stores it.

    Whoever was killed after storing left the same bytes at the same place; they are replaced.
    """
    document = type(document).objects.locked(document.pk)
    if document.is_ready:
        return
    key = f"{document.tenant_id}/documents/{document.pk}.pdf"
    if default_storage.exists(key):
        default_storage.delete(key)
    document.key = default_storage.save(key, ContentFile(content))
    document.sha256, document.size = hashlib.sha256(content).hexdigest(), len(content)
    document.status, document.problem, document.ready_at = Status.READY, "", timezone.now()
    document.save(update_fields=["key", "sha256", "size", "status", "problem", "ready_at"])


def _say(document: Document | PrivateDocument, status: Status, problem: str) -> None:
    unready = type(document).objects.filter(pk=document.pk).exclude(status=Status.READY)
    unready.update(status=status, problem=problem)


@every(minutes=1)
def resume_waiting() -> None:
    """Write what waited for Pango, once this machine has it."""
    if paper.can_set_type():
        for_each_vendor(lambda _vendor: queue_waiting())


def queue_waiting() -> None:
    """Queue what waits in the current tenant for a machine that can set type."""
    for model in BOTH:
        waiting = model.objects.filter(status=Status.WAITING, problem=PANGO).order_by("requested_at")
        for pk in waiting.values_list("pk", flat=True)[:AT_ONCE]:
            outbox.enqueue_again(write, pk)
