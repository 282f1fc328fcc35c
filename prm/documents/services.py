"""Asking for a document, and again after it failed."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from prm.accounts.models import Membership, VendorProfile
from prm.documents import rendering
from prm.documents.facts import frozen
from prm.documents.kinds import KINDS
from prm.documents.letterhead import letterhead as vendors_letterhead
from prm.documents.models import Document, PrivateDocument, Status
from prm.events import outbox
from prm.events.service import service
from prm.tenancy.context import current_tenant_id
from prm.tenancy.models import TenantModel, Vendor

LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"  # without those that are read as one another
CODE_LENGTH = 16


@service
def request(
    kind: str,
    *,
    on: TenantModel,
    facts: Mapping[str, Any],
    title: str,
    by: Membership | None,
    at: datetime,
    number: str = "",
    language: str = "",
    letterhead: Mapping[str, Any] | None = None,
    is_private: bool = False,
) -> Document | PrivateDocument:
    """Ask the worker for a document about a record; it is written after the current transaction.

    `facts` is all that its template gets: texts, numbers, `Money`, days and moments, in lists and mappings. Its
    language is the vendor's unless one is given. `letterhead` replaces parts of the vendor's (`name`, `lines`,
    `color`, …). A private one is out of the vendor's sight; its record must carry the partner's path.
    """
    if kind not in KINDS:
        raise LookupError(f"No document is called {kind}.")
    vendor, profile = Vendor.objects.get(pk=current_tenant_id()), VendorProfile.objects.get()
    code = "".join(secrets.choice(LETTERS) for _ in range(CODE_LENGTH))
    model = PrivateDocument if is_private else Document
    document = model(
        kind=kind,
        subject_type=on._meta.label_lower,
        subject_id=on.pk,
        number=number,
        title=title,
        language=language or profile.language,
        facts=frozen(facts),
        letterhead={**vendors_letterhead(vendor, profile, code), **frozen(letterhead or {})},
        code=code,
        requested_by_id=by.user_id if by else None,
        requested_at=at,
        partner_path=getattr(on, "partner_path", ""),
    )
    document.save(force_insert=True)
    outbox.enqueue(rendering.write, document.pk)
    return document


@service
def retry(document: Document | PrivateDocument) -> Document | PrivateDocument:
    """Have a document that failed written once more; nothing happens to one that is ready or under way."""
    document = type(document).objects.locked(document.pk)
    if document.status == Status.FAILED:
        document.status, document.problem = Status.WAITING, ""
        document.save(update_fields=["status", "problem"])
        outbox.enqueue_again(rendering.write, document.pk)
    return document
