"""The signed copy of an agreement, the same for both sides."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from partners.models import Agreement
from partners.rules import agreements as rules
from prm.accounts.models import Membership
from prm.documents import kinds
from prm.documents import services as documents
from prm.documents.models import Document, PrivateDocument
from prm.events.service import service

KIND = kinds.kind(
    "partners.agreement",
    template="partners/documents/agreement.html",
    file_name="agreement",
    label=_("Signed agreement"),
)


@service
def request(agreement: Agreement, *, by: Membership | None, at: datetime) -> Document | PrivateDocument:
    """Ask the worker for the signed copy; raises `ValueError` for an agreement that nobody signed."""
    if not agreement.is_signed or agreement.decided_by is None:
        raise ValueError(f"{agreement} is not signed.")
    wording = agreement.version.wording(agreement.language)
    return documents.request(
        KIND.code,
        on=agreement,
        number=agreement.number,
        title=wording.title,
        language=agreement.language,
        by=by,
        at=at,
        facts={
            "firm": agreement.partner.name,
            "version": agreement.version.number,
            "effective_on": agreement.version.effective_on,
            "blocks": [{"kind": block.kind.value, "lines": block.lines} for block in rules.blocks(wording.text)],
            "offered_at": agreement.offered_at,
            "signer": agreement.signer_name,
            "position": agreement.signer_title,
            "login": agreement.decided_by.email,
            "signed_at": agreement.decided_at,
            "ip_address": agreement.ip_address or "",
            "user_agent": agreement.user_agent,
            "sha256": agreement.sha256,
        },
    )
