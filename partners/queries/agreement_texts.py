"""The agreements a vendor keeps, and how far each version has been accepted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q, QuerySet

from partners.enums import AgreementStatus
from partners.models import Agreement, AgreementText, AgreementVersion
from partners.queries import agreements


def kept() -> list[AgreementText]:
    """Return the agreements by name, with the number of the latest version and how many partners accepted one."""
    rows = list(AgreementText.objects.order_by("name", "id"))
    versions: dict[object, AgreementVersion] = {}
    for version in AgreementVersion.objects.order_by("number"):
        versions[version.text_id] = version
    found = Agreement.objects.values_list("text_id").annotate(
        accepted=Count("pk", filter=Q(status=AgreementStatus.ACCEPTED)),
        waiting=Count("pk", filter=Q(status=AgreementStatus.OFFERED)),
    )
    counts = {text_id: (accepted, waiting) for text_id, accepted, waiting in found}
    for row in rows:
        row.latest = versions.get(row.pk)
        row.accepted, row.waiting = counts.get(row.pk, (0, 0))
        row.is_changed = row.latest is None or row.latest.sha256 != row.digest
    return rows


@dataclass(frozen=True)
class Spread:
    """A published version, and what the partners did with it."""

    version: AgreementVersion
    accepted: int
    waiting: int
    late: int
    declined: int
    is_in_force: bool


def versions_of(text: AgreementText, today: date) -> list[Spread]:
    """Return the versions of an agreement, the newest first."""
    is_open = Q(status=AgreementStatus.OFFERED)
    rows = Agreement.objects.filter(text=text).values("version_id")
    counted = {
        row["version_id"]: row
        for row in rows.annotate(
            accepted=Count("pk", filter=~Q(signer_name="")),
            waiting=Count("pk", filter=is_open),
            late=Count("pk", filter=is_open & Q(accept_by__lt=today)),
            declined=Count("pk", filter=Q(status=AgreementStatus.DECLINED)),
        )
    }
    in_force = agreements.in_force(text, today)
    nobody = dict.fromkeys(("accepted", "waiting", "late", "declined"), 0)
    return [
        Spread(
            version=version,
            is_in_force=version == in_force,
            **{name: counted.get(version.pk, nobody)[name] for name in nobody},
        )
        for version in AgreementVersion.objects.filter(text=text).select_related("published_by").order_by("-number")
    ]


def listed() -> QuerySet[Agreement]:
    """Return the agreements of all partners as their list shows them."""
    return Agreement.objects.select_related("partner", "version", "text")
