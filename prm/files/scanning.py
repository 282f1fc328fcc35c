"""The virus scanner: asks clamd about files in quarantine, where one is configured (`CLAMD_ADDRESS`)."""

from __future__ import annotations

import socket
import struct
from collections.abc import Iterable
from uuid import UUID

from django.apps import apps
from django.conf import settings
from django.core.files.storage import default_storage
from django.utils import timezone

from prm.events.models import Delivery
from prm.events.outbox import record, sends
from prm.files.events import FileRefused
from prm.files.models import File
from prm.files.rules import Reason
from prm.tenancy.context import as_system

SECONDS = 60
CHUNK = 256 * 1024
FINE = "OK"
FOUND = "FOUND"


class ScannerFailed(RuntimeError):
    """The scanner gave no verdict; the file stays in quarantine and is tried again."""


@sends
def scan(file_id: UUID, delivery: Delivery) -> None:
    """Ask the scanner about a file, then open it for people or delete what it holds."""
    with as_system(delivery.tenant_id):
        file = File.objects.get(pk=file_id)
    if file.status != File.Status.QUARANTINED:
        return
    with default_storage.open(file.key) as content:
        answer = ask(iter(lambda: content.read(CHUNK), b""))
    if answer.endswith(FOUND):
        _refuse(file)
    elif answer.endswith(FINE):
        with as_system(file.tenant_id):
            File.objects.filter(pk=file.pk, status=File.Status.QUARANTINED).update(status=File.Status.CLEAN)
    else:
        raise ScannerFailed(answer[:200])


def _refuse(file: File) -> None:
    default_storage.delete(file.key)
    with as_system(file.tenant_id):
        waiting = File.objects.filter(pk=file.pk, status=File.Status.QUARANTINED)
        now = timezone.now()
        if not waiting.update(status=File.Status.REFUSED, refusal=Reason.INFECTED, content_gone_at=now):
            return
        subject = apps.get_model(file.subject_type).objects.filter(pk=file.subject_id).first()
        if subject is not None:
            fact = FileRefused(file_id=file.pk, file_name=file.name, reason=Reason.INFECTED)
            record(fact, on=subject, by=None, at=now, is_internal=not file.partner_path)


def ask(chunks: Iterable[bytes]) -> str:
    """Send a file by clamd's INSTREAM command and return the answer."""
    with _connected(settings.CLAMD_ADDRESS) as line:
        line.sendall(b"zINSTREAM\0")
        for chunk in chunks:
            line.sendall(struct.pack("!L", len(chunk)) + chunk)
        line.sendall(struct.pack("!L", 0))
        answer = b""
        while not answer.endswith(b"\0") and len(answer) < 4096 and (part := line.recv(4096)):
            answer += part
    return answer.rstrip(b"\0\n ").decode(errors="replace")


def _connected(address: str) -> socket.socket:
    """Connect to `host:port` or to the path of a socket."""
    if address.startswith("/"):
        line = socket.socket(socket.AF_UNIX)
        line.settimeout(SECONDS)
        line.connect(address)
        return line
    host, _, port = address.rpartition(":")
    return socket.create_connection((host.strip("[]"), int(port)), timeout=SECONDS)
