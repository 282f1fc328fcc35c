"""Adding files to records and taking them away."""

from __future__ import annotations

import hashlib
from datetime import datetime

from django.conf import settings
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.template.loader import render_to_string

from prm.accounts.models import Membership
from prm.events import outbox
from prm.events.outbox import record
from prm.events.refusals import DomainError
from prm.events.service import service
from prm.files import inspection, names, rules, scanning
from prm.files.events import FileAdded, FileRemoved
from prm.files.models import File
from prm.files.rules import Found, Reason, Unfit
from prm.tenancy.fields import uuid7
from prm.tenancy.models import TenantModel

ON_ONE_RECORD = 100


class FileUnfit(DomainError):
    """The file is not taken; `reason` says why."""

    @property
    def sentence(self) -> str:
        """Return the reason in the reader's language."""
        facts = {"allowed": ", ".join(rules.KINDS), **self.facts}
        return render_to_string(f"files/refusals/{self.facts['reason']}.txt", facts).strip()


class NoFile(DomainError):
    """A form for a file came without one."""


class NotYours(DomainError):
    """Only the firm that added a file may remove it."""


@service
def add(
    upload: UploadedFile,
    *,
    on: TenantModel,
    by: Membership,
    at: datetime,
    is_internal: bool = False,
) -> File:
    """Take a file for a record, if it is fit; an internal one is seen by the vendor's own people only.

    With a scanner the file stays in quarantine until that has seen it. Raises `FileUnfit`.
    """
    if is_internal and not by.is_vendor:
        raise ValueError("Only the vendor's own people add internal files.")
    name = names.clean(upload.name or "")
    try:
        found = _look_into(upload, name, on)
    except Unfit as unfit:
        raise FileUnfit(reason=unfit.reason.value, name=name, **unfit.facts) from unfit
    file = File(
        pk=uuid7(),
        subject_type=on._meta.label_lower,
        subject_id=on.pk,
        name=name,
        media_type=found.media_type,
        pages=found.pages,
        size=upload.size,
        sha256=_digest(upload),
        status=File.Status.QUARANTINED if settings.CLAMD_ADDRESS else File.Status.CLEAN,
        added_by_id=by.user_id,
        added_at=at,
        partner_path="" if is_internal else getattr(on, "partner_path", ""),
    )
    file.key = default_storage.save(f"{by.tenant_id}/{file.pk}", upload)
    file.save(force_insert=True)
    if file.status == File.Status.QUARANTINED:
        outbox.enqueue(scanning.scan, file.pk)
    record(FileAdded(file_id=file.pk, file_name=name), on=on, by=by, at=at, is_internal=is_internal)
    return file


def _look_into(upload: UploadedFile, name: str, on: TenantModel) -> Found:
    rules.refuse_size(upload.size or 0, settings.UPLOAD_LIMIT)
    rules.kind_of(name)
    if File.objects.filter(subject_id=on.pk, removed_at__isnull=True).count() >= ON_ONE_RECORD:
        raise Unfit(Reason.TOO_MANY, most=ON_ONE_RECORD)
    return inspection.look_into(name, upload.file)


def _digest(upload: UploadedFile) -> str:
    upload.seek(0)
    digest = hashlib.sha256()
    for chunk in upload.chunks():
        digest.update(chunk)
    upload.seek(0)
    return digest.hexdigest()


@service
def remove(file: File, *, on: TenantModel, by: Membership, at: datetime) -> File:
    """Take a file away from its record; its content is kept for a while. Raises `NotYours`."""
    file = File.objects.locked(file.pk)
    if not may_remove(file, by):
        raise NotYours(name=file.name)
    if file.removed_at is None:
        file.removed_at = at
        file.save(update_fields=["removed_at"])
        is_internal = not file.partner_path
        record(FileRemoved(file_id=file.pk, file_name=file.name), on=on, by=by, at=at, is_internal=is_internal)
    return file


def may_remove(file: File, member: Membership) -> bool:
    """Say whether a file was added by the member or by somebody of the same firm."""
    if file.added_by_id == member.user_id:
        return True
    adder = Membership.objects.filter(user_id=file.added_by_id).first()
    return adder is not None and adder.partner_id == member.partner_id
