"""Which documents a record has, and which one a code belongs to."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from prm.documents.models import BOTH, Document, PrivateDocument
from prm.tenancy.models import TenantModel


def of(subject: TenantModel, kind: str = "") -> list[Document | PrivateDocument]:
    """Return a record's documents that the current actor may reach, the newest first."""
    facts = {"subject_id": subject.pk} | ({"kind": kind} if kind else {})
    found = [document for model in BOTH for document in model.objects.filter(**facts)]
    return sorted(found, key=lambda document: (document.requested_at, document.pk), reverse=True)


def latest(subject: TenantModel, kind: str) -> Document | PrivateDocument | None:
    """Return the newest document of a kind that a record has."""
    return next(iter(of(subject, kind)), None)


def latest_of_each(subject_ids: Iterable[UUID], kind: str) -> dict[UUID, Document]:
    """Return the newest document of a kind for each of many records, in one query; private ones are not asked for."""
    found = Document.objects.filter(subject_id__in=list(subject_ids), kind=kind).order_by("requested_at", "pk")
    return {document.subject_id: document for document in found}


def with_code(code: str) -> Document | PrivateDocument | None:
    """Return the document that a code is printed on, however the code was typed."""
    plain = "".join(letter for letter in code.upper() if letter.isalnum())
    return next((found for model in BOTH if (found := model.objects.filter(code=plain).first())), None)
