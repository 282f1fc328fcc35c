"""What a new vendor starts with, so that its first fund is set up in minutes."""

from __future__ import annotations

from datetime import datetime

from django.utils import translation

from mdf.enums import FIRST_ACTIVITY_TYPES, ProofKind
from mdf.models import ActivityType
from mdf.queries import terms
from mdf.rules.catalogue import AREA as REQUEST_AREA
from mdf.rules.catalogue import CLAIM
from mdf.rules.terms import AREA, Terms
from prm.accounts.models import VendorProfile
from prm.events.service import service
from prm.policies import versions
from prm.policies.courses import NOBODY_RULES
from prm.policies.models import PolicyVersion, ReasonCode

REASONS = {
    "mdf.request": ("not_eligible", "no_fit", "no_result", "too_expensive", "no_budget", "incomplete", "other"),
    "mdf.claim": ("no_proof", "not_in_plan", "invoice_used", "too_late", "unreadable", "incomplete", "other"),
    "mdf.clawback": ("untrue", "not_held", "paid_twice", "other"),
}
TYPES: dict[str, tuple[tuple[ProofKind, ...], tuple[ProofKind, ...]]] = {
    "event": ((ProofKind.INVOICE,), (ProofKind.ATTENDEE_LIST, ProofKind.PHOTO)),
    "webinar": ((ProofKind.INVOICE, ProofKind.ATTENDEE_LIST), ()),
    "digital": ((ProofKind.INVOICE,), (ProofKind.SCREENSHOT, ProofKind.REPORT)),
    "print": ((ProofKind.INVOICE, ProofKind.ARTWORK), ()),
    "telemarketing": ((ProofKind.INVOICE, ProofKind.LEAD_LIST), ()),
    "content": ((ProofKind.INVOICE,), (ProofKind.ARTWORK, ProofKind.REPORT)),
    "training": ((ProofKind.INVOICE,), (ProofKind.ATTENDEE_LIST, ProofKind.AGENDA)),
}


@service
def prepare(at: datetime) -> PolicyVersion:
    """Publish the first terms, the reasons and the usual kinds of activity; doing it again changes nothing.

    The reasons carry no words of their own: each reader gets them in their language, until the vendor renames one.
    Kinds of activity are the vendor's own words, so they begin in its language.
    """
    ReasonCode.objects.bulk_create(
        [
            ReasonCode(area=area, code=code, position=position)
            for area, codes in REASONS.items()
            for position, code in enumerate(codes)
        ],
        ignore_conflicts=True,
    )
    ActivityType.objects.bulk_create(_activity_types(), ignore_conflicts=True)
    first = PolicyVersion.objects.filter(area=AREA).order_by("number").first()
    today = terms.today_of_vendor(at)
    for area in (REQUEST_AREA, CLAIM):
        if not PolicyVersion.objects.filter(area=area).exists():
            versions.publish(area, {"rules": NOBODY_RULES}, effective_on=today, at=at)
    return first or versions.publish(AREA, Terms().body(), effective_on=today, at=at)


def _activity_types() -> list[ActivityType]:
    with translation.override(VendorProfile.objects.values_list("language", flat=True).get() or "en"):
        return [
            ActivityType(
                code=code,
                name=str(FIRST_ACTIVITY_TYPES[code][0]),
                help=str(FIRST_ACTIVITY_TYPES[code][1]),
                proofs_all=list(proofs_all),
                proofs_any=list(proofs_any),
                position=position,
            )
            for position, (code, (proofs_all, proofs_any)) in enumerate(TYPES.items())
        ]
