"""Who is certified in what, on a day."""

from __future__ import annotations

from datetime import date

from partners.models import Certificate, Certification, Partner
from prm.accounts.models import Membership


def certified_people(
    partner: Partner, on: date, role: str | None = None, certification: Certification | None = None
) -> int:
    """Return how many people who work for a partner are certified on a day, each counted once.

    `role` (a `CertifiedRole`) and `certification` narrow what counts. Whoever no longer has an entry does not count.
    """
    rows = Certificate.objects.valid_on(on).filter(partner=partner)
    if role:
        rows = rows.filter(certification__role=role)
    if certification:
        rows = rows.filter(certification=certification)
    people = Membership.objects.filter(partner_id=partner.pk, status=Membership.Status.ACTIVE)
    return rows.filter(holder__in=people.values("user_id")).values("holder").distinct().count()
