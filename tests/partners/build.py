"""Makes things of this app for tests, through the services; say only what matters to the test."""

from __future__ import annotations

import io
from datetime import date, timedelta
from itertools import count
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from partners.enums import Checker, PartnerType, TaskKind
from partners.models import (
    Agreement,
    AgreementText,
    AgreementVersion,
    BankAccount,
    Certificate,
    Certification,
    ChecklistTask,
    ChecklistTemplate,
    Partner,
)
from partners.rules.agreements import Wording
from partners.rules.checklists import PlannedTask
from partners.services import agreement_texts, agreements, bank_accounts, onboarding
from partners.services.agreements import Signature
from prm.accounts.models import Membership
from prm.accounts.roles import Role
from tests import build
from tests.build import MONDAY

_serial = count(1)
WORDS = {
    "en": Wording("Reseller agreement", "# Scope\nYou sell.\n\n- We deliver."),
    "de": Wording("Händlervertrag", "# Umfang\nSie verkaufen.\n\n- Wir liefern."),
}


def text(**facts: Any) -> AgreementText:
    """An agreement of the vendor that is not published yet."""
    content = {"name": f"Agreement {next(_serial)}", "wordings": WORDS, **facts}
    return agreement_texts.add(agreement_texts.Content(**content), by=build.member(Role.ADMIN), at=MONDAY)


def published(kept: AgreementText | None = None, *, words: str = "", **facts: Any) -> AgreementVersion:
    """The next version of an agreement, in other words than the one before."""
    kept = kept or text()
    if words:
        wordings = kept.by_language | {"en": Wording("Reseller agreement", words)}
        content = agreement_texts.Content(kept.name, wordings, tuple(kept.partner_types))
        admin = build.member(Role.ADMIN)
        kept = agreement_texts.change(kept, content, seen=kept.revision, by=admin, at=MONDAY)
    facts = {"effective_on": MONDAY.date(), "by": build.member(Role.ADMIN), "at": MONDAY, **facts}
    return agreement_texts.publish(kept, **facts)


def offered(to: Partner | None = None, version: AgreementVersion | None = None, **facts: Any) -> Agreement:
    """An agreement that waits for a partner's signature."""
    facts = {"by": build.manager(), "at": MONDAY, **facts}
    return agreements.offer_version(to or build.partner(), version or published(), **facts)


def signature(agreement: Agreement, **facts: Any) -> Signature:
    """A signer who read what is offered and ticked the box."""
    facts = {
        "name": "Maja Lindqvist",
        "title": "Managing director",
        "language": "en",
        "sha256": agreement.sha256,
        "is_ticked": True,
        "ip_address": "198.51.100.7",
        "user_agent": "Firefox",
        **facts,
    }
    return Signature(**facts)


def signed(to: Partner | None = None, version: AgreementVersion | None = None, at: Any = MONDAY) -> Agreement:
    """An agreement that an administrator of the partner accepted."""
    agreement = offered(to, version)
    by = administrator(agreement.partner)
    return agreements.accept(agreement, signature(agreement), by=by, at=at)


def administrator(of: Partner) -> Membership:
    return build.member(Role.PARTNER_ADMIN, of=of)


def certification(name: str = "", **facts: Any) -> Certification:
    facts = {"name": name or f"Certification {next(_serial)}", "role": "technical", "valid_months": 24, **facts}
    row = Certification(**facts)
    row.save(force_insert=True)
    return row


def certificate(holder: Membership, of: Certification | None = None, **facts: Any) -> Certificate:
    """A confirmed certificate, valid for a year from the first of this year on."""
    issued_on = facts.pop("issued_on", date(2026, 1, 1))
    facts = {
        "number": f"C-{next(_serial)}",
        "issued_on": issued_on,
        "expires_on": issued_on + timedelta(days=364),
        "status": "active",
        **facts,
    }
    row = Certificate(
        certification=of or certification(),
        partner_id=holder.partner_id,
        partner_path=holder.partner_path,
        holder_id=holder.user_id,
        submitted_by_id=holder.user_id,
        submitted_at=MONDAY,
        **facts,
    )
    row.save(force_insert=True)
    return row


IBAN = "DE89370400440532013000"
PLAN = PlannedTask(TaskKind.OTHER, "Geschäftsplan", checked_by=Checker.CHANNEL_MANAGER)


def planned(*tasks: PlannedTask, partner_type: str = PartnerType.RESELLER, **facts: Any) -> ChecklistTemplate:
    """What partners of a type are asked when they join."""
    kept = {"tasks": [task.body for task in tasks], "saved_at": MONDAY, **facts}
    return ChecklistTemplate.objects.update_or_create(
        partner_type=partner_type, tier=kept.pop("tier", None), defaults=kept
    )[0]


def task(of: Partner, *planned_tasks: PlannedTask) -> ChecklistTask:
    """The first task of a partner's new checklist."""
    planned(*(planned_tasks or (PLAN,)), partner_type=of.type)
    checklist = onboarding.open_checklist(of, by=build.manager(), at=MONDAY)
    return ChecklistTask.objects.select_related("partner").get(checklist=checklist, position=1)


def bank_account(by: Membership, account: str = IBAN) -> BankAccount:
    """Bank details that wait for finance."""
    details = bank_accounts.Details("Northlight AB", account)
    return bank_accounts.enter(Partner.objects.get(pk=by.partner_id), details, by=by, at=MONDAY)


def picture(name: str = "certificate.png") -> SimpleUploadedFile:
    """A small picture as a browser sends it."""
    content = io.BytesIO()
    Image.new("RGB", (4, 4)).save(content, "PNG")
    return SimpleUploadedFile(name, content.getvalue(), "image/png")
